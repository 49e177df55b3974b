"""追踪: the open cases of a school with the class's day, and who asked after each."""

from datetime import timedelta

from handlers import questions as q
from handlers.model import How, Learnt, Method
from handlers.plain import instant_or_none, unstamp
from handlers.rulebook import DAILY
from storage.answers.cases import cases_of
from storage.answers.classes import CLASS, klass_from
from storage.answers.district import rules_on
from storage.answers.people import anybody
from storage.calendar import calendar_of
from storage.transaction import Row, Tx


def followed_on(tx: Tx, question: q.FollowedOn) -> tuple[q.Followed, ...]:
    open_cases = cases_of(tx, q.CasesOf(question.school, question.day))
    if not open_cases:
        return ()
    rows = tx.all(
        CLASS + "c.school = :school ORDER BY n.grade, n.number, c.id",
        school=question.school,
        day=question.day.isoformat(),
    )
    before = question.day - timedelta(days=1)
    rules = rules_on(tx, q.RulesOn(question.day))
    calendar, found = calendar_of(tx, before, question.day), []
    for klass in map(klass_from, rows):
        here = [case for case in open_cases if case.class_id == klass.id]
        if here:
            off = None if rules.every_day else calendar.off(question.day, klass, DAILY)
            rested = not rules.every_day and calendar.off(before, klass, DAILY) is not None
            found += [q.Followed(case, klass, off, rested) for case in here]
    return tuple(found)


def contacts_of(tx: Tx, question: q.ContactsOf) -> tuple[q.ContactRow, ...]:
    rows = tx.all("SELECT * FROM contact WHERE case_ = :case ORDER BY at, id", case=question.case)
    return tuple(_contact(tx, row) for row in rows)


def _contact(tx: Tx, row: Row) -> q.ContactRow:
    at = unstamp(row["at"])
    return q.ContactRow(
        at=at,
        by=anybody(tx, row["person"], at.date()),
        how=How(row["how"]),
        learnt=tuple(Learnt(code) for code in row["learnt"].split()),
        temperature=row["temperature"],
        method=Method(row["method"]) if row["method"] else None,
        afebrile=row["afebrile"] > 0,
        cause=row["cause"],
        visited_at=instant_or_none(row["visited_at"]),
        words=row["words"],
    )
