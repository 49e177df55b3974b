"""台账: who was added later, what others have seen, and the entries of the ledger with what came to each."""

from datetime import date, timedelta
from itertools import islice

from handlers import questions as q
from handlers.facts import Evidence
from handlers.model import Entry, Klass
from handlers.plain import read, unstamp
from storage.answers.classes import CLASS, klass_from
from storage.answers.district import rules_on
from storage.answers.people import anybody
from storage.answers.schools import school_of
from storage.calendar import calendar_of
from storage.transaction import Row, Tx

SOON = timedelta(days=100)  # longer than any vacation
ADDED = """
SELECT a.* FROM added a
JOIN report r ON r.day = a.day AND r.round = a.round AND r.class = a.class AND r.latest = 1
JOIN entry e ON e.day = a.day AND e.round = a.round AND e.class = a.class AND e.rev = r.rev AND e.pupil = a.pupil
WHERE a.known IS NULL AND a.ledger IS NULL AND """


def added_to(tx: Tx, question: q.AddedTo) -> tuple[q.AddedView, ...]:
    rows = tx.all(
        ADDED + "a.class = :class AND a.day = :day AND a.round = :round ORDER BY a.at, e.place",
        day=question.day.isoformat(),
        round=question.round,
        **{"class": question.class_id},
    )
    return tuple(map(_added, rows))


def added_in(tx: Tx, question: q.AddedIn) -> tuple[q.AddedView, ...]:
    rows = tx.all(
        ADDED + "a.school = :school AND a.day <= :day ORDER BY a.at, a.class, e.place",
        school=question.school,
        day=question.day.isoformat(),
    )
    return tuple(map(_added, rows))


def _added(row: Row) -> q.AddedView:
    return q.AddedView(
        day=date.fromisoformat(row["day"]),
        round=row["round"],
        class_id=row["class"],
        pupil=row["pupil"],
        at=unstamp(row["at"]),
        first_at=unstamp(row["first_at"]),
    )


# What others have seen


def sighting_by(tx: Tx, question: q.SightingBy) -> q.SightingView | None:
    row = tx.one("SELECT * FROM sighting WHERE id = :id", id=question.id)
    return _sighting(tx, row) if row else None


def sightings_of(tx: Tx, question: q.SightingsOf) -> tuple[q.SightingView, ...]:
    rows = tx.all(
        """SELECT * FROM sighting WHERE class = :class AND day <= :day AND :day <= until AND withdrawn_at IS NULL
           ORDER BY at, id""",
        day=question.day.isoformat(),
        **{"class": question.class_id},
    )
    return tuple(_sighting(tx, row) for row in rows)


def _sighting(tx: Tx, row: Row) -> q.SightingView:
    day = date.fromisoformat(row["day"])
    return q.SightingView(
        id=row["id"],
        kind=row["kind"],
        school=row["school"],
        klass=_klass(tx, row["class"], day),
        seat=row["seat"],
        entry=read(Entry, row["body"]),
        day=day,
        until=date.fromisoformat(row["until"]),
        by=anybody(tx, row["person"], day),
        at=unstamp(row["at"]),
        withdrawn=row["withdrawn_at"] is not None,
    )


def _klass(tx: Tx, class_id: str, day: date) -> Klass:
    row = tx.one(CLASS + "c.id = :class", day=day.isoformat(), **{"class": class_id})
    assert row is not None  # noqa: S101 - a class that had this day
    return klass_from(row)


# The entries


def ledger_entry(tx: Tx, question: q.LedgerEntry) -> q.LedgerView | None:
    row = tx.one("SELECT * FROM ledger WHERE id = :id", id=question.id)
    return _entry(tx, row) if row else None


def ledger_on(tx: Tx, question: q.LedgerOn) -> tuple[q.LedgerView, ...]:
    rows = tx.all(
        "SELECT * FROM ledger WHERE school = :school AND day = :day ORDER BY opened_at, id",
        school=question.school,
        day=question.day.isoformat(),
    )
    return tuple(_entry(tx, row) for row in rows if question.class_id in (None, row["class"]))


def ledger_page(tx: Tx, question: q.LedgerPage) -> tuple[q.LedgerView, ...]:
    whose = "person = :whose" if question.school is None else "school = :whose"
    rows = tx.all(
        f"""SELECT * FROM ledger WHERE {whose} ORDER BY day DESC, opened_at DESC, id
            LIMIT :count OFFSET :skip""",  # noqa: S608
        whose=question.person if question.school is None else question.school,
        count=question.count,
        skip=question.skip,
    )
    return tuple(_entry(tx, row) for row in rows)


def _entry(tx: Tx, row: Row) -> q.LedgerView:
    day, heard = date.fromisoformat(row["day"]), date.fromisoformat(row["heard"])
    school = school_of(tx, q.SchoolOf(row["school"]))
    assert school is not None  # noqa: S101 - recorded with the entry
    klass = _klass(tx, row["class"], day)
    days = rules_on(tx, q.RulesOn(heard)).explain_days
    round = rules_on(tx, q.RulesOn(day)).round(row["round"])
    explain_day, said = _school_day_after(tx, klass, heard, days), _explanations(tx, row["id"])
    return q.LedgerView(
        id=row["id"],
        kind=row["kind"],
        day=day,
        round=row["round"],
        school=school,
        klass=klass,
        person=anybody(tx, row["person"], day),
        told=bool(row["told"]),
        evidence=read(Evidence, row["body"]),
        opened_at=unstamp(row["opened_at"]),
        explain_day=explain_day,
        called=round.name if round else "",
        sighting=sighting_by(tx, q.SightingBy(row["sighting"])) if row["sighting"] else None,
        found_by=anybody(tx, row["found_by"], day) if row["found_by"] else None,
        explanations=said,
        settled=_settlement(tx, row, day),
        left=explain_day is not None and not said and _has_left(tx, row["person"], explain_day),
    )


def _has_left(tx: Tx, person: str, day: date) -> bool:
    """Of no school any more on that day, so that nobody could hear them."""
    held = "SELECT 1 FROM duty WHERE person = :person AND since <= :day AND :day < until LIMIT 1"
    return tx.one(held, person=person, day=day.isoformat()) is None


def _explanations(tx: Tx, entry: str) -> tuple[q.Explanation, ...]:
    rows = tx.all("SELECT reason, words, at FROM explanation WHERE ledger = :entry ORDER BY at, id", entry=entry)
    return tuple(q.Explanation(row["reason"], row["words"], unstamp(row["at"])) for row in rows)


def _settlement(tx: Tx, row: Row, day: date) -> q.Settlement | None:
    if row["state"] is None:
        return None
    by = anybody(tx, row["settled_by"], day) if row["settled_by"] else None
    return q.Settlement(row["state"], row["why"], by, unstamp(row["settled_at"]))


def school_day_after(tx: Tx, question: q.SchoolDayAfter) -> date | None:
    return _school_day_after(tx, _klass(tx, question.class_id, question.day), question.day, question.count)


def _school_day_after(tx: Tx, klass: Klass, day: date, count: int) -> date | None:
    calendar = calendar_of(tx, day, day + SOON)
    ahead = (day + timedelta(days=n) for n in range(1, SOON.days + 1))
    school = (one for one in ahead if calendar.off(one, klass, "") is None)
    return next(islice(school, count - 1, None), None)
