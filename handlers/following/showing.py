"""How a case reads, and the row of buttons that answers for it."""

from collections.abc import Callable
from datetime import date

from handlers.model import Attendance, Case, Choice, Observation, PupilRef, Text, Value, text
from handlers.rulebook import Kind, Rules
from handlers.rules.returning import Bar, ReturnRule, barred, earliest, first_day, named, rule_of
from handlers.scene import Scene
from handlers.words import NOTHING, day_short, listed, temperature

Button = Callable[[Text, str, str], Choice]  # label, verb, pupil


def case_line(scene: Scene, case: Case) -> Text:
    """17号 病假第3天，水痘；最早9月15日返校（要复课证明和校医复核）."""
    return text(
        "case.line",
        pupil=PupilRef(case.pupil, case.seat),
        what=listed(_what(scene, case), "list.comma"),
        back=_back(scene, case),
    )


def _what(scene: Scene, case: Case) -> list[Text]:
    entry, days = case.entry, (scene.day - case.opened).days + 1
    warm = temperature(entry) if case.fever_at is not None and entry.temperature is not None else None
    parts = [
        text("case.away", kind=text(f"attendance.{entry.attendance}"), n=days) if case.away else text("case.watched"),
        text("case.warm", was=warm, day=day_short(case.seen)) if warm else None,
        *(text(f"symptom.{code}") for code in entry.symptoms),
        cause_name(scene.rules, case.cause) if case.cause else _unknown(case),
    ]
    return [part for part in parts if part is not None]


def _unknown(case: Case) -> Text | None:
    """事假 needs no cause; 原因不明 says so itself."""
    return text("case.no_cause") if case.entry.attendance is Attendance.SICK else None


def cause_name(rules: Rules, cause: str) -> Text:
    """As the district names it, in each language; else as it was said."""
    rule = named(cause, rules.returns)
    return text("case.cause", name=rule.name if rule else cause)


def observation_line(one: Observation, day: date) -> Text:
    """医学观察第3天/14，到9月14日; 外出未归 while they are away."""
    if one.left is not None and one.left > day:
        return text("observation.leaving", day=day_short(one.left))
    if one.since is None or one.until is None or one.since > day:
        return text("observation.away")
    n, of = (day - one.since).days + 1, (one.until - one.since).days + 1
    return text("observation.days", n=min(n, of), of=of, until=day_short(one.until))


def observed_lines(scene: Scene) -> tuple[Text, ...]:
    """Of whom no case says it. In the holidays nobody is to come, and who is away stands among the journeys."""
    if scene.round.kind is Kind.HOME:
        return ()
    return tuple(
        text("observation.line", pupil=PupilRef(one.pupil, one.seat), what=observation_line(one, scene.day))
        for one in scene.observed
        if one.pupil is not None and scene.case_of(one.pupil) is None
    )


def _back(scene: Scene, case: Case) -> Text | str:
    """最早返校: a leave's end, what 校医 has said, or what the table reckons."""
    kept = scene.observation_of(case.pupil)
    if kept is not None:
        return text("observation.back", what=observation_line(kept, scene.day))
    granted = case.entry.attendance is Attendance.PERSONAL and case.cause is None and case.entry.until is not None
    soonest = earliest_words(scene, case) if case.away and not granted else None
    if soonest is not None:
        return text("case.next", what=soonest)
    return text("case.until", day=day_short(case.entry.until)) if case.entry.until else NOTHING


def earliest_words(scene: Scene, case: Case) -> Text | None:
    """最早9月15日返校（要复课证明和校医复核）; what 校医 has said stands above it. None where nothing is waited for."""
    if case.review is not None:
        return text(f"case.review_{case.review}")
    zone = scene.update.zone
    rule = rule_of(case, scene.rules.returns)
    soonest = earliest(case, rule, zone)
    if soonest is None or rule is None:
        return None
    return text(
        "case.earliest", day=day_short(first_day(soonest, zone, scene.round.deadline)), needs=_needs(case, rule)
    )


def _needs(case: Case, rule: ReturnRule) -> Text | str:
    """（要复课证明和校医复核）; nothing where the day alone decides."""
    if rule.asks_paper and case.certified_at is not None:
        return text("case.paper_given")
    return needs(rule)


def needs(rule: ReturnRule) -> Text | str:
    asked = [name for name, wanted in (("certificate", rule.asks_paper), ("review", rule.review)) if wanted]
    return text(f"case.needs_{'_'.join(asked)}") if asked else NOTHING


def held_line(scene: Scene, case: Case) -> Text | None:
    """17号还不能返校（最早9月15日返校）：请先带到临时留观点 …; None of who may."""
    bar = barred(case, scene.rules.returns, scene.update.at, scene.update.zone, scene.round.deadline)
    if bar is None:
        return None
    pupil = PupilRef(case.pupil, case.seat)
    if bar.why == "refused" and not scene.past:
        return text("receipt.held_refused", pupil=pupil)
    asked = not (scene.past or scene.closed)  # whoever decides
    return text("receipt.held" if asked else "receipt.held_past", pupil=pupil, why=bar_words(scene, bar))


def bar_words(scene: Scene, bar: Bar) -> Text:
    """最早9月15日返校; 还没有复课证明; …"""
    day: Value = NOTHING
    if bar.earliest is not None:
        day = day_short(first_day(bar.earliest, scene.update.zone, scene.round.deadline))
    return text(f"return.bar_{bar.why}", day=day)


def case_rows(scene: Scene, cases: tuple[Case, ...], button: Button) -> tuple[tuple[Choice, ...], ...]:
    """One row a case: still away, back, its cause."""
    return tuple(_row(case, button) for case in cases)


def _row(case: Case, button: Button) -> tuple[Choice, ...]:
    seat = text("pupil.seat", seat=case.seat)
    if case.in_class:
        return (button(text("button.warmth", pupil=seat), "still", case.pupil),)
    if not case.away:
        return (
            button(text("button.still_unwell", pupil=seat), "still", case.pupil),
            button(text("button.well", pupil=seat), "came", case.pupil),
        )
    row = (
        button(text("button.still", pupil=seat), "still", case.pupil),
        button(text("button.came", pupil=seat), "came", case.pupil),
    )
    if case.cause is not None or case.entry.attendance is Attendance.PERSONAL:
        return row
    return (*row, button(text("button.cause", pupil=seat), "cause", case.pupil))
