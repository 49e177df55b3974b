"""假期日报: what is asked of a pupil in the holidays. Left town, where to, until when, contact, risk; unwell, seen
by a doctor. What is declared stays known until the day of return, so nobody lists it twice."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from handlers.drafts import known_of, listed, next_open, turned, without
from handlers.frame import button, foot, head, note
from handlers.model import (
    Attendance,
    Choices,
    Draft,
    Entry,
    PupilRef,
    Sure,
    Text,
    Trip,
    Typed,
    Value,
    Where,
    in_rows,
    text,
)
from handlers.rules.dates import of_month, read_day
from handlers.rules.spelling import plain
from handlers.scene import Scene
from handlers.values import replace
from handlers.words import NOTHING, day_short
from handlers.words import listed as in_a_row

HOW, DESTINATION, RETURN_ON, CONTACT, RISK, HEALTH = "at_home", "destination", "return_on", "contact", "risk", "unwell"
QUESTIONS: Final = (DESTINATION, RETURN_ON, CONTACT, RISK, HEALTH)
AHEAD: Final = (0, 1, 2, 3, 5, 7, 10, 14)  # days until the return, offered as buttons
UNKNOWN: Final = "x"
LONGEST: Final = 30  # characters of a destination
PLACES: Final = (Where.HOME, Where.HOSPITAL)  # where an unwell pupil is in the holidays


# What the buttons do


def opened(draft: Draft, pupil: str) -> Draft:
    """A pupil's first screen in the holidays."""
    known = known_of(draft, pupil) or Entry(pupil, method=draft.method)
    return turned(draft, open=HOW, current=known, choices=())


def _left(scene: Scene, draft: Draft, value: str) -> Draft | None:
    if draft.current is None or draft.open != HOW:
        return None
    return turned(draft, open=DESTINATION, trip=Trip(draft.current.pupil, by=draft.person))


def _unwell(scene: Scene, draft: Draft, value: str) -> Draft | None:
    """Of a pupil at home, and the last question of a journey."""
    if draft.current is None or draft.open not in (HOW, HEALTH):
        return None
    return turned(_kept(draft), open="temperature")


def _unreached(scene: Scene, draft: Draft, value: str) -> Draft | None:
    if draft.current is None or draft.open != HOW:
        return None
    return listed(draft, Entry(draft.current.pupil, Attendance.UNKNOWN))


def _back_home(scene: Scene, draft: Draft, value: str) -> Draft | None:
    """已回来, 没有离开: what was declared before no longer holds."""
    if draft.current is None or draft.open != HOW:
        return None
    trip = Trip(draft.current.pupil, away=False, by=draft.person)
    return next_open(turned(_with(draft, trip), current=None))


def _destination(scene: Scene, draft: Draft, value: str) -> Draft | None:
    return _asked(draft, DESTINATION, RETURN_ON, destination="") if value == UNKNOWN else None


def _return_on(scene: Scene, draft: Draft, value: str) -> Draft | None:
    if value == UNKNOWN:
        return _asked(draft, RETURN_ON, CONTACT, until=None)
    if value not in map(str, AHEAD):
        return None
    return _asked(draft, RETURN_ON, CONTACT, until=scene.day + timedelta(days=int(value)))


def _contact(scene: Scene, draft: Draft, value: str) -> Draft | None:
    return _asked(draft, CONTACT, RISK, contact=Sure(value)) if value in set(Sure) else None


def _risk(scene: Scene, draft: Draft, value: str) -> Draft | None:
    return _asked(draft, RISK, HEALTH, risk=Sure(value)) if value in set(Sure) else None


def _well(scene: Scene, draft: Draft, value: str) -> Draft | None:
    if draft.trip is None or draft.open != HEALTH:
        return None
    return next_open(turned(_kept(draft), current=None))


STEPS: Final[dict[str, Callable[[Scene, Draft, str], Draft | None]]] = {
    "trip_left": _left,
    "trip_unwell": _unwell,
    "trip_unreached": _unreached,
    "trip_back_home": _back_home,
    "trip_destination": _destination,
    "trip_return_on": _return_on,
    "trip_contact": _contact,
    "trip_risk": _risk,
    "trip_well": _well,
}


def _asked(draft: Draft, open: str, following: str, **answer: object) -> Draft | None:
    if draft.trip is None or draft.open != open:
        return None
    return turned(draft, open=following, trip=replace(draft.trip, **answer))  # type: ignore[arg-type]


def _kept(draft: Draft) -> Draft:
    return _with(draft, draft.trip) if draft.trip is not None else draft


def _with(draft: Draft, trip: Trip) -> Draft:
    others = tuple(one for one in draft.trips if one.pupil != trip.pupil)
    return replace(draft, trips=(*others, trip), trip=None, entries=without(draft.entries, trip.pupil))


# What is typed


def typed(scene: Scene, draft: Draft, words: str) -> Draft:
    """The answer to a question of the journey; what it cannot be is asked again."""
    said = " ".join(words.split())
    match draft.open:
        case "destination" if 0 < len(said) <= LONGEST:
            return _asked(draft, DESTINATION, RETURN_ON, destination=said) or draft
        case "return_on":
            day = _day(said, scene.day)
            if day is not None:
                return _asked(draft, RETURN_ON, CONTACT, until=day) or draft
        case "contact" | "risk" if (sure := _SURE.get(said)) is not None:
            return STEPS[f"trip_{draft.open}"](scene, draft, sure) or draft
        case "unwell" if said in ("没有", "没有不舒服", "well", "no"):
            return _well(scene, draft, "") or draft
        case _:
            pass
    return turned(draft, note=f"trip.{draft.open}_unread")


_SURE: Final = {
    **dict.fromkeys(("没有", "无", "否", "no"), Sure.NO),
    **dict.fromkeys(("有", "是", "yes"), Sure.YES),
    **dict.fromkeys(("不清楚", "不知道", "不确定", "unsure"), Sure.UNSURE),
}


def _day(said: str, today: date) -> date | None:
    """9月5日, 周五, 明天, 5号: the next such day."""
    numbered = said.removesuffix("回来").removesuffix("回").strip()
    if numbered.removesuffix("号").isdecimal() and numbered.endswith("号"):
        return of_month(int(numbered.removesuffix("号")), today).ahead
    read = read_day(plain(numbered), 0, today)
    return read[0].ahead if read and read[1] == len(plain(numbered)) else None


# Screens


def screen(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    pupil = draft.current.pupil if draft.current else ""
    words = text(
        f"trip.ask_{draft.open}",
        head=head(scene, draft),
        pupil=PupilRef(pupil, scene.seat(pupil)),
        known=tuple(line(scene, one) for one in known(scene, draft) if one.pupil == pupil),
        note=note(scene, draft),
    )
    rows = {HOW: _how, DESTINATION: _place, RETURN_ON: _days, CONTACT: _sure, RISK: _sure, HEALTH: _health}
    return words, (*rows[draft.open](scene, draft), foot(scene, draft))


def _how(scene: Scene, draft: Draft) -> Choices:
    pupil = draft.current.pupil if draft.current else ""
    out = any(one.pupil == pupil for one in known(scene, draft))
    rows = [
        (
            button(scene, draft, text("button.left_town"), "trip_left"),
            button(scene, draft, text("button.unwell"), "trip_unwell"),
        ),
        (button(scene, draft, text("button.unreached"), "trip_unreached"),),
    ]
    if out:
        rows.append((button(scene, draft, text("button.back_home"), "trip_back_home"),))
    if any(entry.pupil == pupil for entry in draft.entries):
        rows.append((button(scene, draft, text("button.drop"), "drop"),))
    return tuple(rows)


def _place(scene: Scene, draft: Draft) -> Choices:
    return ((button(scene, draft, text("button.not_known"), "trip_destination", UNKNOWN),),)


def _days(scene: Scene, draft: Draft) -> Choices:
    days = [
        button(scene, draft, text("button.today") if n == 0 else _said(scene, n), "trip_return_on", n) for n in AHEAD
    ]
    rows = in_rows(days, 4)
    return (*rows, (button(scene, draft, text("button.not_known"), "trip_return_on", UNKNOWN),))


def _said(scene: Scene, days: int) -> Text:
    return day_short(scene.day + timedelta(days=days))


def _sure(scene: Scene, draft: Draft) -> Choices:
    return (
        tuple(
            button(scene, draft, text(f"trip.{one}"), f"trip_{draft.open}", one)
            for one in (Sure.NO, Sure.YES, Sure.UNSURE)
        ),
    )


def _health(scene: Scene, draft: Draft) -> Choices:
    return (
        (button(scene, draft, text("button.not_unwell"), "trip_well"),),
        (button(scene, draft, text("button.unwell"), "trip_unwell"),),
    )


# Lines


def known(scene: Scene, draft: Draft | None = None) -> tuple[Trip, ...]:
    """Who is out of town: as declared, and as entered in this walk."""
    new = {one.pupil: one for one in draft.trips} if draft else {}
    found = {one.pupil: one for one in scene.trips} | new
    out = (one for one in found.values() if one.away)
    return tuple(sorted(out, key=lambda one: scene.seat(one.pupil)))


def line(scene: Scene, trip: Trip) -> Text:
    """17号 离开本地：武汉，1月30日返回，接触：没有，疫情：不清楚."""
    where: Value = Typed(trip.destination, trip.by) if trip.destination else text("trip.somewhere")
    parts = [
        text("trip.to", where=where),
        text("trip.until", day=day_short(trip.until)) if trip.until else text("trip.no_end"),
        text("trip.contact", sure=text(f"trip.{trip.contact}")) if trip.contact is not Sure.NO else None,
        text("trip.risk", sure=text(f"trip.{trip.risk}")) if trip.risk is not Sure.NO else None,
    ]
    what = in_a_row([part for part in parts if part is not None], "list.comma")
    return text("entry.line", pupil=PupilRef(trip.pupil, scene.seat(trip.pupil)), what=what)


def declared(scene: Scene, draft: Draft | None = None) -> Value:
    """A line each; nothing where nobody is out of town."""
    lines = tuple(line(scene, one) for one in known(scene, draft))
    return text("trip.known", n=len(lines), lines=lines) if lines else NOTHING
