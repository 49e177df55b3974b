"""What must hold after every update of a district's day."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from handlers.facts import CaseEnded, Reported, ReturnReviewed
from handlers.model import ABSENT, Attendance, Case
from handlers.outcome import Outcome
from handlers.scene import Scene
from storage import Tx
from tests.handlers.world import ZONE

WATCH = timedelta(hours=48)


def sums_hold(scenes: list[Scene]) -> Iterator[str]:
    """应到 = 实到 + 缺勤, 缺勤 = 病 + 事 + 未明, normal = roster - listed."""
    for scene in scenes:
        report = scene.report
        if report is None:
            continue
        away = Counter(entry.attendance for entry in report.entries if entry.attendance in ABSENT)
        listed = {entry.pupil for entry in report.entries}
        sums = scene.sums(report.entries)
        if len(listed) != len(report.entries):
            yield f"{_of(scene)}: somebody is listed twice"
        if sums.expected != sums.present + away.total():
            yield f"{_of(scene)}: 应到{sums.expected} is not 实到{sums.present} + 缺勤{away.total()}"
        parts = (away[Attendance.SICK], away[Attendance.PERSONAL], away[Attendance.UNKNOWN])
        if (sums.sick, sums.personal, sums.unknown) != parts:
            yield f"{_of(scene)}: 病{sums.sick} 事{sums.personal} 未明{sums.unknown}, listed are {parts}"
        if not listed <= {pupil.id for pupil in scene.everybody}:
            yield f"{_of(scene)}: somebody is listed who is not of the class"


def nobody_is_present_and_isolated(before: list[Scene], outcome: Outcome, at: datetime) -> Iterator[str]:
    """Whom the table keeps away is not present in any report that is made, but by the word of whoever decides."""
    let_in = {fact.case for fact in outcome.facts if isinstance(fact, ReturnReviewed) and fact.verdict == "yes"}
    for fact in outcome.facts:
        if not isinstance(fact, Reported):
            continue
        away = {entry.pupil for entry in fact.entries if entry.attendance in ABSENT}
        for scene in before:
            if (scene.view.klass.id, scene.day, scene.round.id) != (fact.class_id, fact.day, fact.round):
                continue
            for case in scene.open_cases:
                if case.id not in let_in and isolated(scene, case, at) and case.pupil not in away:
                    yield f"{_of(scene)}: {case.seat}号 is isolated ({case.cause}, {case.fever_at}) and present"


def isolated(scene: Scene, case: Case, at: datetime) -> bool:
    """Reckoned anew: by the 校医's word, for want of it, or within 48 hours of a fever."""
    waits = case.entry.attendance is Attendance.SICK and case.entry.where == "school"
    if (case.opened, case.seen, case.round) == (scene.day, scene.day, scene.round.id) and not waits:
        return False  # the report that first said so is corrected
    if case.review is not None:
        return case.review == "no"
    rule = next((rule for rule in scene.rules.returns.values() if rule.term == case.cause), None)
    if rule is not None and rule.rows:
        return rule.review or (rule.certificate and case.certified_at is None)
    if rule is not None or case.fever_at is None or case.entry.attendance is Attendance.PERSONAL:
        return False
    well = (case.fever_at + WATCH).astimezone(ZONE)
    first = well.date() + timedelta(days=well.time() > scene.round.deadline)
    return at.astimezone(ZONE).date() < first


def every_absence_is_followed(scenes: list[Scene]) -> Iterator[str]:
    """Who is away in a class's last report of the day has an open case."""
    last: dict[str, Scene] = {}
    for scene in scenes:
        known = last.get(scene.view.klass.id)
        if scene.report is not None and (known is None or known.report is None or known.report.at <= scene.report.at):
            last[scene.view.klass.id] = scene
    for scene in last.values():
        followed = {case.pupil for case in scene.open_cases}
        for entry in scene.report.entries if scene.report else ():
            if entry.attendance in ABSENT and entry.pupil not in followed:
                yield f"{_of(scene)}: {scene.seat(entry.pupil)}号 is away ({entry.attendance}), nobody follows"


def cases_are_in_order(tx: Tx) -> list[str]:
    """One open case a pupil at most; each that ended was ended by a fact."""
    twice = tx.all("SELECT pupil FROM case_ WHERE ended IS NULL GROUP BY pupil HAVING COUNT(*) > 1")
    ended = tx.all("SELECT id FROM case_ WHERE ended IS NOT NULL")
    facts = "".join(row["body"] for row in tx.all("SELECT body FROM fact WHERE kind = :kind", kind=CaseEnded.__name__))
    return [f"two open cases of {row['pupil']}" for row in twice] + [
        f"case {row['id']} ended by no fact" for row in ended if row["id"] not in facts
    ]


def _of(scene: Scene) -> str:
    return f"{scene.view.klass.name} {scene.day} {scene.round.id}"


def ledger_disagrees(tx: Tx) -> list[str]:
    """Whoever was late or missing when a day closed has an entry, and nobody else."""
    columns = "day, round, class, standing AS kind"
    stood = tx.all(f"SELECT {columns} FROM standing WHERE standing IN ('late', 'missing')")  # noqa: S608
    entered = tx.all("SELECT day, round, class, kind FROM ledger WHERE kind IN ('late', 'missing')")
    wanted, found = (Counter(tuple(row.values()) for row in rows) for rows in (stood, entered))
    return [f"not in the ledger: {one}" for one in wanted - found] + [f"nobody's: {one}" for one in found - wanted]
