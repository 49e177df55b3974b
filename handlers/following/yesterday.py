"""昨日未结案: the morning begins with the open cases of the class. 都同昨日 says one word for all of them, and asks
only what must be new today: the temperature of a fever, and whether somebody is back whose day of return has come."""

from handlers.drafts import listed, next_open, turned, without
from handlers.following.course import carried_on
from handlers.following.due import over, watched
from handlers.following.showing import case_line
from handlers.frame import button, foot, head, note
from handlers.model import Attendance, Case, Choices, Draft, Entry, PupilRef, Symptom, Text, Unsure, in_rows, text
from handlers.rules.returning import earliest, first_day, rule_of
from handlers.scene import Scene
from handlers.values import replace
from handlers.words import DEGREES, degrees, literal

WARMTH, RETURN, CAUSE = "warmth", "return", "cause"  # the open questions of this page
A_ROW = 4
CAUSES_A_ROW = 2


def must_ask(scene: Scene, case: Case) -> str | None:
    """What must be new today, whatever was yesterday."""
    if _may_be_back(scene, case):
        return RETURN
    return WARMTH if _followed(scene, case) else None


def _followed(scene: Scene, case: Case) -> bool:
    """A fever that was seen lately, or of which nobody has said since that it is gone (over a weekend, say); and of
    who is in class until it is over: that needs a temperature of the last day."""
    if case.fever_at is None:
        return False
    at, rules = scene.update.at, scene.rules
    if case.in_class:
        return not over(case, at, rules)
    return case.measured_at is None or case.measured_at <= case.fever_at or watched(case, at, rules)


def _may_be_back(scene: Scene, case: Case) -> bool:
    """The last day of a leave is over, or the first day of return has come."""
    if not case.away:
        return False
    if case.entry.until is not None:
        return _leave_is_over(scene, case)
    zone = scene.update.zone
    soonest = earliest(case, rule_of(case, scene.rules.returns), zone)
    return soonest is not None and first_day(soonest, zone, scene.round.deadline) <= scene.day


def away_since(scene: Scene, draft: Draft, pupil: str) -> Entry | None:
    """As they were yesterday, of who is away by an open case and is not listed yet, be it that they were said to be
    back. None once a leave is over: that they did not come then is news."""
    case = scene.case_of(pupil)
    if case is None or not case.away or pupil not in draft.cases:
        return None
    return None if _leave_is_over(scene, case) else carried_on(case)


def _leave_is_over(scene: Scene, case: Case) -> bool:
    return case.entry.until is not None and case.entry.until < scene.day


def known_why(known: Entry | None, said: Entry) -> Entry:
    """没来 of somebody who is ill or on leave is not 原因不明, and 还没好 of a known illness no other one."""
    if known is None:
        return said
    ill = bool(known.symptoms or known.cause)
    symptoms = tuple(code for code in said.symptoms if not (ill and code is Symptom.OTHER))
    attendance = known.attendance if said.attendance is Attendance.UNKNOWN else said.attendance
    return replace(said, symptoms=symptoms, attendance=attendance)


# What the buttons do


def as_before(scene: Scene, draft: Draft, value: str) -> Draft:
    """都同昨日: everybody who is still to be answered for, but for what must be asked."""
    now = replace(draft, as_before=True)
    for pupil in draft.unanswered:
        case = scene.case_of(pupil)
        if case is not None and must_ask(scene, case) is None:
            now = listed(now, carried_on(case))
    return onward(scene, turned(now))


def all_came(scene: Scene, draft: Draft, value: str) -> Draft:
    """都已返校: everybody who is still to be answered for, and nothing more is to be said."""
    return onward(scene, turned(draft, back=(*draft.back, *draft.unanswered), current=None, as_before=True))


def still(scene: Scene, draft: Draft, pupil: str) -> Draft | None:
    """仍缺勤, 报今天体温. A fever is measured anew each day; of a leave that is over it is asked what they are away for
    now."""
    case = scene.case_of(pupil)
    if case is None or pupil not in draft.cases:
        return None
    if _leave_is_over(scene, case):
        unsure = Unsure(replace(carried_on(case), until=None), (), words="", why=True)
        return next_open(turned(draft, current=None, pending=(unsure, *draft.pending)))
    if _followed(scene, case) or case.in_class:
        return turned(draft, open=WARMTH, current=carried_on(case))
    return onward(scene, listed(draft, carried_on(case)))


def came(scene: Scene, draft: Draft, pupil: str) -> Draft | None:
    """已返校. Whether they may is seen when it is sent."""
    if pupil not in draft.cases:
        return None
    back = (*(one for one in draft.back if one != pupil), pupil)
    return onward(scene, turned(draft, back=back, entries=without(draft.entries, pupil), current=None))


def cause(scene: Scene, draft: Draft, pupil: str) -> Draft | None:
    """病因已明: which one?"""
    case = scene.case_of(pupil)
    if case is None or pupil not in draft.cases:
        return None
    return turned(draft, open=CAUSE, current=carried_on(case))


def cause_is(scene: Scene, draft: Draft, code: str) -> Draft | None:
    """Still away, and now it is known of what. Of a fever its temperature is asked next."""
    rule = scene.rules.returns.get(code)
    if draft.current is None or draft.open != CAUSE or rule is None:
        return None
    entry = replace(draft.current, cause=rule.term, attendance=Attendance.SICK)
    case = scene.case_of(entry.pupil)
    if case is not None and _followed(scene, case):
        return turned(draft, open=WARMTH, current=entry)
    return onward(scene, listed(draft, entry))


def warmth(scene: Scene, draft: Draft, value: str) -> Draft | None:
    """Today's temperature of a fever that is followed; where they are stays as it was."""
    if draft.current is None or draft.open != WARMTH:
        return None
    if value in ("normal", "none"):
        return warm(scene, draft, None, afebrile=value == "normal")
    return warm(scene, draft, int(value), afebrile=False) if value in map(str, DEGREES) else None


def warm(scene: Scene, draft: Draft, tenths: int | None, *, afebrile: bool) -> Draft:
    if draft.current is None:
        raise ValueError("no pupil is open")
    method = draft.method if tenths is not None else None
    return onward(scene, listed(draft, replace(draft.current, temperature=tenths, method=method, afebrile=afebrile)))


def onward(scene: Scene, draft: Draft) -> Draft:
    """After 都同昨日 the next thing that must be asked; else what there is, over 发送."""
    rest = draft.unanswered
    if not draft.as_before or not rest:
        return replace(draft, open="review", current=None)
    case = scene.case_of(rest[0])
    if case is None:
        return replace(draft, open="review", current=None)
    return replace(draft, open=must_ask(scene, case) or RETURN, current=carried_on(case))


# Screens


def screen(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    entry = draft.current or Entry("")
    case = scene.case_of(entry.pupil)
    words = text(
        f"walk.{draft.open}",
        head=head(scene, draft),
        pupil=PupilRef(entry.pupil, scene.seat(entry.pupil)),
        line=case_line(scene, case) if case else "",
        method=text(f"method.{draft.method}"),
        note=note(scene, draft),
    )
    rows = {WARMTH: _warmth_rows, RETURN: _return_rows, CAUSE: _cause_rows}[draft.open](scene, draft)
    return words, (*rows, foot(scene, draft))


def _warmth_rows(scene: Scene, draft: Draft) -> Choices:
    values = [button(scene, draft, literal(degrees(value)), "warmth", value) for value in DEGREES]
    return (
        (
            button(scene, draft, text("button.afebrile"), "warmth", "normal"),
            button(scene, draft, text("button.untaken"), "warmth", "none"),
        ),
        *in_rows(values, A_ROW),
    )


def _return_rows(scene: Scene, draft: Draft) -> Choices:
    pupil = draft.current.pupil if draft.current else ""
    seat = text("pupil.seat", seat=scene.seat(pupil))
    return (
        (
            button(scene, draft, text("button.came", pupil=seat), "came", pupil),
            button(scene, draft, text("button.still", pupil=seat), "still", pupil),
        ),
    )


def _cause_rows(scene: Scene, draft: Draft) -> Choices:
    causes = [
        button(scene, draft, text("case.cause", name=rule.name), "cause_is", code)
        for code, rule in scene.rules.causes.items()
    ]
    return in_rows(causes, CAUSES_A_ROW)
