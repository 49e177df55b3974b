"""Cases: who is away or followed, and since when."""

from datetime import date

from handlers import questions as q
from handlers.model import Case, Entry
from handlers.plain import day_or_none, instant_or_none, read, unstamp
from storage.answers.expected import expected_by
from storage.transaction import Row, Tx

# with the class and the seat of that day; of a pupil who has left, those of the report that opened it
CASE = """
SELECT c.*, COALESCE(e.class, c.class) AS class_now, COALESCE(e.seat, 0) AS seat FROM case_ c
LEFT JOIN enrolment e ON e.pupil = c.pupil AND e.since <= :day AND :day < e.until
WHERE """


# a real day sees none of a rehearsal, and a rehearsal none of the real ones
def same_kind(began: str) -> str:
    """`began`: the column that holds the day on which a row began."""
    return f"""(SELECT COALESCE((SELECT value FROM rule WHERE key = 'rehearsal' AND valid_from <= {began}
  ORDER BY valid_from DESC LIMIT 1), 'false')) = (SELECT COALESCE((SELECT value FROM rule WHERE key = 'rehearsal'
  AND valid_from <= :day ORDER BY valid_from DESC LIMIT 1), 'false'))"""  # noqa: S608


SAME_KIND = same_kind("c.opened")
# By the case's pupil, so that a leave is looked up for who has a case, and not for the whole school.
EXPECTED = expected_by("c.pupil")


def cases(tx: Tx, question: q.Cases) -> tuple[Case, ...]:
    rows = tx.all(
        f"""{CASE} e.class = :class AND {EXPECTED} AND (c.ended IS NULL OR c.ended_on >= :day) AND {SAME_KIND}
            ORDER BY e.seat, c.opened""",
        day=question.day.isoformat(),
        **{"class": question.class_id},
    )
    return tuple(map(case_from, rows))


def cases_of(tx: Tx, question: q.CasesOf) -> tuple[Case, ...]:
    rows = tx.all(
        f"""{CASE} c.ended IS NULL AND {EXPECTED} AND {SAME_KIND}
            AND e.class IN (SELECT k.id FROM class k WHERE k.school = :school)
            ORDER BY e.class, e.seat, c.id""",  # noqa: S608
        day=question.day.isoformat(),
        school=question.school,
    )
    return tuple(map(case_from, rows))


def cases_left(tx: Tx, question: q.CasesLeft) -> tuple[Case, ...]:
    rows = tx.all(
        f"{CASE} c.ended IS NULL AND c.school = :school AND e.pupil IS NULL ORDER BY c.id",
        day=question.day.isoformat(),
        school=question.school,
    )
    return tuple(map(case_from, rows))


def cases_between(tx: Tx, question: q.CasesBetween) -> tuple[Case, ...]:
    rows = tx.all(
        f"""{CASE} c.school = :school AND c.opened <= :day AND (c.ended IS NULL OR c.ended <> 'mistaken')
            AND (c.opened >= :first OR c.ended_on IS NULL OR c.ended_on >= :first) AND {SAME_KIND}
            ORDER BY class_now, seat, c.opened, c.id""",
        day=question.last.isoformat(),
        first=question.first.isoformat(),
        school=question.school,
    )
    return tuple(map(case_from, rows))


def case_by(tx: Tx, question: q.CaseBy) -> Case | None:
    row = tx.one(f"{CASE} c.id = :id", id=question.id, day=question.day.isoformat())
    return case_from(row) if row else None


def case_from(row: Row) -> Case:
    return Case(
        id=row["id"],
        pupil=row["pupil"],
        seat=row["seat"],
        school=row["school"],
        class_id=row["class_now"],
        opened=date.fromisoformat(row["opened"]),
        onset=date.fromisoformat(row["onset"]),
        reported_at=unstamp(row["reported_at"]),
        entry=read(Entry, row["body"]),
        seen=date.fromisoformat(row["seen"]),
        round=row["round"],
        fever_at=instant_or_none(row["fever_at"]),
        measured_at=instant_or_none(row["measured_at"]),
        symptoms_on=day_or_none(row["symptoms_on"]),
        isolated_at=instant_or_none(row["isolated_at"]),
        visited_at=instant_or_none(row["visited_at"]),
        rash_on=day_or_none(row["rash_on"]),
        certified_at=instant_or_none(row["certified_at"]),
        asked_at=instant_or_none(row["asked_at"]),
        review=row["review"],
        reviewed_at=instant_or_none(row["reviewed_at"]),
        contacts=row["contacts"],
        contacted_at=instant_or_none(row["contacted_at"]),
        tried_at=instant_or_none(row["tried_at"]),
        escalated_at=instant_or_none(row["escalated_at"]),
        reviewed_by=row["reviewed_by"],
        turn=row["turn"],
        ended=row["ended"],
        ended_on=day_or_none(row["ended_on"]),
    )
