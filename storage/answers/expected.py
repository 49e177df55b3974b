"""应到: who is expected on a day, and who is not, being on long leave or taught at home."""

from collections.abc import Mapping
from datetime import date, timedelta

from handlers import questions as q
from handlers.model import Klass
from handlers.rulebook import Kind, Round
from handlers.rules.names import Pupil
from storage.calendar import calendar_of
from storage.record.roll import FOREVER
from storage.transaction import Row, Tx


def held(pupil: str) -> str:
    return f"FROM long_leave l WHERE l.pupil = {pupil} AND l.since <= :day AND :day < l.until"


def expected_by(pupil: str) -> str:
    """`pupil`: the column by which a leave is looked up."""
    return f"e.status = 'enrolled' AND e.since <= :day AND :day < e.until AND NOT EXISTS (SELECT 1 {held(pupil)})"


HELD, EXPECTED = held("e.pupil"), expected_by("e.pupil")
BOARDS = " AND e.dorm IS NOT NULL"
NOT_REPORTED = """NOT EXISTS (SELECT 1 FROM report r
  WHERE r.day = :day AND r.round = :round AND r.class = c.id AND r.latest = 1)"""
PUPIL = "p.id, e.seat, p.name, p.initials, p.pinyin"


def register(tx: Tx, question: q.Register) -> q.RegisterView:
    day = question.day.isoformat()
    rows = tx.all(
        f"""SELECT {PUPIL} FROM enrolment e JOIN pupil p ON p.id = e.pupil
            WHERE e.class = :class AND {EXPECTED}{BOARDS if question.boarders else ""} ORDER BY e.seat, p.id""",  # noqa: S608
        day=day,
        **{"class": question.class_id},
    )
    return q.RegisterView(tuple(map(_pupil, rows)), leaves_in(tx, "class", question.class_id, day))


def expected_in(tx: Tx, class_id: str, day: str, *, boarders: bool) -> int:
    """应到 of a class; `boarders`: who sleeps at the school only."""
    row = tx.one(
        f"SELECT count(*) AS n FROM enrolment e WHERE e.class = :class AND {EXPECTED}{BOARDS if boarders else ''}",  # noqa: S608
        day=day,
        **{"class": class_id},
    )
    return row["n"] if row else 0


def of_boarders(round: Round | None) -> bool:
    return round is not None and round.kind is Kind.BOARDERS


def expected(tx: Tx, question: q.Expected) -> int:
    round = calendar_of(tx, question.day, question.day).rules.round(question.round)
    return expected_in(tx, question.class_id, question.day.isoformat(), boarders=of_boarders(round))


def boarders_in(tx: Tx, day: str) -> Mapping[str, int]:
    """By class, who sleeps at its school; a class without any is not there."""
    rows = tx.all(f"SELECT e.class, count(*) AS n FROM enrolment e WHERE {EXPECTED}{BOARDS} GROUP BY e.class", day=day)  # noqa: S608
    return {row["class"]: row["n"] for row in rows}


def names(tx: Tx, question: q.Names) -> bool:
    """A school's own pupils are found by its classes: nobody else's are looked at."""
    where, params = ("", {}) if question.school is None else ("c.school = :school AND", {"school": question.school})
    row = tx.one(
        f"""SELECT count(*) AS n FROM class c JOIN enrolment e ON e.class = c.id JOIN pupil p ON p.id = e.pupil
            WHERE {where} e.since <= :day AND :day < e.until
              AND p.name <> '' AND (:words LIKE '%' || p.name || '%'
                OR (length(p.name) > 2 AND :words LIKE '%' || substr(p.name, 2) || '%'))""",  # noqa: S608
        day=question.day.isoformat(),
        words=question.words,
        **params,
    )
    return bool(row and row["n"])


def leaves_of(tx: Tx, question: q.LeavesOf) -> tuple[q.OnLeave, ...]:
    return leaves_in(tx, "school", question.school, question.day.isoformat())


def leaves_in(tx: Tx, place: str, id: str, day: str) -> tuple[q.OnLeave, ...]:
    """Of a class or a school. What the office's file says of a pupil comes before what the 报告人 has set."""
    where = {"class": "e.class", "school": "c.school"}[place]
    rows = tx.all(
        f"""SELECT {PUPIL}, e.status, c.id AS class, c.school, n.name AS class_name, n.grade, n.number,
              (SELECT max(l.until) {HELD}) AS until, (SELECT max(l.kind) {HELD}) AS kind
            FROM enrolment e JOIN pupil p ON p.id = e.pupil JOIN class c ON c.id = e.class
            JOIN class_name n ON n.class = c.id AND n.since <= :day AND :day < n.until
            WHERE {where} = :id AND e.since <= :day AND :day < e.until AND NOT ({EXPECTED})
            ORDER BY n.grade, n.number, e.seat, p.id""",  # noqa: S608
        id=id,
        day=day,
    )
    return tuple(map(_on_leave, rows))


def _pupil(row: Row) -> Pupil:
    return Pupil(row["id"], row["seat"], row["name"], tuple(row["initials"].split()), tuple(row["pinyin"].split()))


def _on_leave(row: Row) -> q.OnLeave:
    by_file = row["status"] != "enrolled"
    klass = Klass(row["class"], row["school"], row["class_name"], row["grade"], row["number"])
    if by_file:
        return q.OnLeave(klass, _pupil(row), row["status"], None, by_file=True)
    back = None if row["until"] == FOREVER else date.fromisoformat(row["until"])
    until = back - timedelta(days=1) if back else None
    return q.OnLeave(klass, _pupil(row), row["kind"], until, by_file=False)
