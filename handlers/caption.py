"""The morning in words: a caption that can be pasted into a report as it stands. Classes and schools, no names.

A caption is short (1,024 UTF-16 units): a list that would not fit is counted there and named in a second message.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from msgspec import Struct

from handlers import day_view
from handlers.day_view import trips_in
from handlers.district import AsOf, District
from handlers.lists import Line, List, by_school, lines, pages, side_by_side, units
from handlers.model import School, Text, Value, Where, text
from handlers.numbers import Count, clustered
from handlers.outages import line
from handlers.questions import LastSeal, SchoolDays, SchoolMorningView, SickOn
from handlers.rulebook import Kind
from handlers.seals import in_fours
from handlers.values import replace
from handlers.words import NOTHING, day_full, day_short, listed, literal

MOST_NAMED: Final = 8  # missing classes in a caption: more cannot be taken in at a glance
USUAL_DAYS: Final = 5

# UTF-16 units that the fixed words leave for the lists, and what an item takes beside its names and numbers;
# tests/handlers/test_caption.py holds all of them against the words of either language.
CAPTION: Final[Mapping[str, int]] = {"zh": 417, "en": 45}
LONG: Final = 2800  # of a message without a picture
MISSING, CLUSTER, NAME = 9, 37, 4
HEADING: Final = 60
ROUND: Final = 130  # a later round's line, whole


class Said(Struct, frozen=True):
    """The caption, and the second message in as many pages as it needs; none where the caption names everything."""

    caption: Text
    pages: tuple[Text, ...]


def say(district: District, hours: AsOf, room: int, *, kept: bool = True) -> Said:
    """`room`: CAPTION of the reader's language, or LONG. `kept`: the post itself, which says that it will be kept true
    and ends with the seal."""
    said = _Saying(district, hours, room - units(district.rules.district), kept=kept).said()
    return said if kept else replace(said, caption=not_kept(said.caption))


def not_kept(caption: Text) -> Text:
    """The same without the promise, for a message that will not be edited."""
    return (
        replace(caption, values={**caption.values, "ending": text("summary.not_kept")})
        if "ending" in caption.values
        else caption
    )


def nobody_yet(district: District) -> bool:
    """Before the hour of the post it alarms nobody that no class has reported."""
    update = district.update
    return not district.whole.standing.reported and not district.round.summed(update.now, district.day, update.zone)


def head(district: District, hours: AsOf) -> Text:
    return text(
        "summary.head",
        district=district.rules.district,
        round=district.round.name,
        day=day_full(district.day),
        time=hours.first,
        updated=_updated(hours),
    )


def _updated(hours: AsOf) -> Value:
    if hours.updated is None:
        return NOTHING
    when = text("day.hour", day=day_short(hours.on), time=hours.updated) if hours.on else hours.updated
    return text("summary.updated", time=when)


def seal_line(district: District) -> Value:
    """存证: the newest seal from before the post's hour, so that it stays the same in every edit."""
    at = district.round.summary_at(district.day, district.update.zone)
    last = district.ask(LastSeal(at))
    return text("summary.seal", digits=in_fours(last.hash)) if last else NOTHING


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "0.00"


class _Saying:
    """Names the lists in the order of what leaders must know first, as long as there is room."""

    def __init__(self, district: District, hours: AsOf, room: int, *, kept: bool) -> None:
        self.district, self.hours, self.room, self.kept = district, hours, room, kept
        self.seal = seal_line(district) if kept else NOTHING
        self.put_off: list[Line] = []

    def said(self) -> Said:
        whole = self.district.whole
        known: dict[str, Value] = {"head": head(self.district, self.hours), "due": whole.standing.due}
        if not whole.standing.due:
            return Said(text("summary.none_due", head=known["head"], seal=self.seal), ())
        known["outage"] = line(self.district.update, self.district.ask, self.district.round, self.district.day)
        if not whole.standing.reported:
            key = "summary.nobody_yet" if nobody_yet(self.district) else "summary.nobody"
            caption = text(key, **known, not_ready=self._not_ready(), seal=self.seal)
            return Said(caption, self._pages())
        known |= self._by_system()
        known |= {"missing": self._missing(), "fever_detail": self._fever(), "unwell_detail": _unwell(whole)}
        known |= {"clusters": self._clusters(), "not_ready": self._not_ready(), "alerts": self._alerts()}
        known |= {"rounds": self._rounds(), "ending": text("summary.kept"), "seal": self.seal}
        caption = text("summary.caption", **known, **_classes(whole), **_pupils(self.district))
        return Said(caption, self._pages())

    def _named(self, found: List, heading: Text) -> Value | None:
        """All of it, while there is room; else None, and it stands under this heading in the second message."""
        if found.units > self.room:
            self.put_off += [Line(heading, HEADING), *found.lines]
            return None
        self.room -= found.units
        return listed(found.items)

    def _pages(self) -> tuple[Text, ...]:
        found = pages(self.put_off)
        of = len(found)
        return tuple(
            text(
                "summary.more",
                head=head(self.district, self.hours),
                page=text("summary.page", n=n, of=of) if of > 1 else NOTHING,
                lines=page,
            )
            for n, page in enumerate(found, 1)
        )

    # The lists

    def _missing(self) -> Value:
        rows = self.district.whole.missing
        if not rows:
            return NOTHING
        counted = {"n": len(rows), "pupils": sum(self.district.expected(row) for row in rows)}
        found = missing(self.district)
        if len(rows) > MOST_NAMED:
            found = replace(found, units=self.room + 1)
        named = self._named(found, text("summary.more_missing", **counted))
        return text("summary.missing", n=len(rows), classes=named) if named else text("summary.missing_many", **counted)

    def _clusters(self) -> Value:
        found = clusters(self.district)
        if not found.items:
            return NOTHING
        n = len(found.items)
        named = self._named(found, text("summary.more_clusters", n=n))
        return text("summary.clusters", classes=named or text("summary.classes_many", n=n))

    def _rounds(self) -> tuple[Text, ...]:
        """The day's later rounds, a line each, while there is room; else behind the caption."""
        found = (*self._away(), *day_view.lines(self.district.whole, self.district.later(noted=self.kept)))
        if len(found) * ROUND > self.room:
            self.put_off += [Line(one, ROUND) for one in found]
            return ()
        self.room -= len(found) * ROUND
        return found

    def _away(self) -> tuple[Text, ...]:
        """In the holidays: how many are out of town."""
        if self.district.round.kind is not Kind.HOME:
            return ()
        away = [one for view in self.district.views for one in trips_in(self.district.ask, view, self.district.day)]
        return (text("summary.away", n=len(away)),)

    def _by_system(self) -> dict[str, Value]:
        late, missing = self.district.by_system
        return {
            "system": text("summary.system", n=late) if late else NOTHING,
            "outage_missing": text("summary.outage_missing", n=missing) if missing else NOTHING,
        }

    def _not_ready(self) -> Value:
        schools = self.district.not_ready
        if not schools:
            return NOTHING
        found = side_by_side([literal(school.short) for school in schools], NAME)
        named = self._named(found, text("summary.more_not_ready", n=len(schools)))
        return text("summary.not_ready", schools=named) if named else text("summary.not_ready_many", n=len(schools))

    def _alerts(self) -> Value:
        """Those with a fever whom no alert was for are counted as well, so that the two numbers of them agree."""
        alerts, others = self.district.alerts, self.district.unalerted
        if not alerts:
            return text("summary.only_others", n=others) if others else NOTHING
        n = sum(alert.acked_by is None for alert in alerts)
        counted: dict[str, Value] = {"n": len(alerts), "acked": len(alerts) - n, "waiting": n}
        counted |= self._kind()
        counted["others"] = text("summary.others", n=others) if others else NOTHING
        if not n:
            return text("summary.alerts", **counted, classes=NOTHING)
        named = self._named(waiting(self.district), text("summary.more_alerts", n=n))
        classes = text("summary.in_classes", classes=named) if named else text("summary.in_next")
        return text("summary.alerts", **counted, classes=classes)

    def _kind(self) -> dict[str, Value]:
        """发热提醒, 急症提醒, or both with how many are without a fever."""
        severe = self.district.severe
        if 0 < severe < len(self.district.alerts):
            return {"kind": text("alert.kind.both"), "severe": text("summary.severe", n=severe)}
        return {"kind": text("alert.kind.symptom" if severe else "alert.kind.fever"), "severe": NOTHING}

    def _fever(self) -> Value:
        whole = self.district.whole
        if not whole.sums.fever:
            return NOTHING
        found = fevers(self.district)
        named = self._named(found, text("summary.more_fever", n=whole.sums.fever))
        schools = named or text("summary.schools_many", n=len(found.items))
        return text("summary.fever_detail", schools=schools, places=_places(whole))


def missing(district: District) -> List:
    """With the number of their pupils, who are in no figure; in the second message without, a silent school in one."""
    named = by_school(((view.school, _with_pupils(district, one)) for view, one in district.by_school), MISSING)
    silent = lines(((view.school, _or_all(one)) for view, one in district.by_school), NAME)
    return replace(named, lines=tuple(silent))


def _with_pupils(district: District, one: Count) -> list[Text]:
    return [text("summary.missing_class", klass=row.klass.name, n=district.expected(row)) for row in one.missing]


def _or_all(one: Count) -> list[Text]:
    if one.missing and not one.standing.reported:
        return [text("summary.all_classes", n=one.standing.due)]
    return [literal(row.klass.name) for row in one.missing]


def clusters(district: District) -> List:
    """同班3人及以上: every class with three unwell or more, with the commonest group."""

    def of_school(view: SchoolMorningView, one: Count) -> list[Text]:
        return [
            text("summary.cluster", klass=klass.name, group=text(f"group.{group}"), n=n)
            for klass, group, n in clustered(view, one.unwell)
        ]

    return by_school(((view.school, of_school(view, one)) for view, one in district.by_school), CLUSTER)


def waiting(district: District) -> List:
    """Classes whose fever nobody has acknowledged."""
    found: dict[School, dict[str, Text]] = {}
    for alert in district.alerts:
        if alert.acked_by is None:
            found.setdefault(alert.school, {})[alert.klass.id] = literal(alert.klass.name)
    return by_school(((school, list(classes.values())) for school, classes in found.items()), NAME)


def fevers(district: District) -> List:
    items = [
        text("summary.at_school", school=view.school.short, n=one.sums.fever)
        for view, one in district.by_school
        if one.sums.fever
    ]
    return side_by_side(items, NAME)


# Figures


def _classes(whole: Count) -> dict[str, Value]:
    standing = whole.standing
    return {
        "reported": standing.reported,
        "on_time": standing.on_time,
        "late": standing.late,
        "zero": standing.zero,
    }


def _pupils(district: District) -> dict[str, Value]:
    sums = district.whole.sums
    return {
        "expected": sums.expected,
        "present": sums.present,
        "absent": sums.absent,
        "sick": sums.sick,
        "personal": sums.personal,
        "unknown": sums.unknown,
        "rate": percent(sums.sick, sums.expected),
        "usual": _usual(district),
        "line": f"{min(district.rules.fever.values()) / 10:.1f}",
        "fever": sums.fever,
        "unwell": sums.unwell - sums.fever,
    }


def _usual(district: District) -> Value:
    """The mean over the five school days before, each school day with what was reported."""
    days = district.ask(SchoolDays(district.day - timedelta(days=1), USUAL_DAYS, district.day)).days
    sick, expected = district.ask(SickOn(days, district.round.id))
    return text("summary.usual", rate=percent(sick, expected)) if expected else NOTHING


def _places(whole: Count) -> Value:
    """去向 of all who have a fever: in the order of the pupil's screen, the unsaid last."""
    found = whole.where()
    unsaid = ("unsaid", whole.sums.fever - sum(found.values()))
    said = [*((place, found.get(place, 0)) for place in Where), unsaid]
    return listed([text("summary.at_place", place=text(f"summary.place.{place}"), n=n) for place, n in said if n])


def _unwell(whole: Count) -> Value:
    groups = [text("summary.group", group=text(f"group.{group}"), n=n) for group, n in ordered(whole.groups())]
    return text("summary.unwell_detail", groups=listed(groups)) if groups else NOTHING


def ordered(groups: Mapping[str, int]) -> list[tuple[str, int]]:
    """The commonest first."""
    return sorted(groups.items(), key=lambda item: (-item[1], item[0]))
