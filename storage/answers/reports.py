"""A class's reports, revision by revision, and the drafts of what is not yet confirmed."""

import json
from collections.abc import Iterable, Mapping
from datetime import date

from handlers import questions as q
from handlers.model import Attendance, Draft, Entry, Method, Report, Symptom, Where
from handlers.plain import day_or_none, instant_or_none, read, stamp, unstamp
from handlers.rules.sums import SUMMED
from storage.transaction import Row, Tx

REPORT = """
SELECT r.day, r.round, r.class, r.rev, r.expected, r.person, r.at, r.first_at, r.timely, r.behalf, r.heard_at, r.reason,
       r.present, r.sick, r.personal, r.unknown, r.unwell, r.fever, r.listed, r.groups, p.title, f.title AS first_title
FROM report r LEFT JOIN person p ON p.id = r.person
JOIN report o ON o.day = r.day AND o.round = r.round AND o.class = r.class AND o.rev = 1
LEFT JOIN person f ON f.id = o.person WHERE """


def latest_report(tx: Tx, class_id: str, day: str, round_id: str) -> Report | None:
    row = tx.one(
        REPORT + "r.day = :day AND r.round = :round AND r.class = :class AND r.latest = 1",
        day=day,
        round=round_id,
        **{"class": class_id},
    )
    return _with_entries(tx, row) if row else None


def _with_entries(tx: Tx, row: Row) -> Report:
    entries = tx.all(
        "SELECT * FROM entry WHERE day = :day AND round = :round AND class = :class AND rev = :rev ORDER BY place",
        day=row["day"],
        round=row["round"],
        rev=row["rev"],
        **{"class": row["class"]},
    )
    return report_from(row, entries)


def report_from(row: Row, kept: Iterable[Row]) -> Report:
    entries = tuple(entry_of(one) for one in kept)
    return Report(
        day=date.fromisoformat(row["day"]),
        round=row["round"],
        class_id=row["class"],
        rev=row["rev"],
        expected=row["expected"],
        entries=entries,
        by=row["person"],
        at=unstamp(row["at"]),
        timely=bool(row["timely"]),
        behalf=row["behalf"],
        heard_at=instant_or_none(row["heard_at"]),
        reason=row["reason"],
        first_at=unstamp(row["first_at"]),
        by_title=row["title"] or "",
        first_by_title=row["first_title"] or "",
        counts=_counts(row) if len(entries) < row["listed"] else None,
    )


def _counts(row: Row) -> Mapping[str, int]:
    groups: dict[str, int] = json.loads(row["groups"])
    return {name: row[name] for name in SUMMED} | groups


def entry_of(row: Row) -> Entry:
    return Entry(
        pupil=row["pupil"],
        attendance=Attendance(row["attendance"]),
        temperature=row["temperature"],
        method=Method(row["method"]) if row["method"] else None,
        afebrile=bool(row["afebrile"]),
        symptoms=tuple(Symptom(code) for code in row["symptoms"].split()),
        where=Where(row["whereabouts"]) if row["whereabouts"] else None,
        added=instant_or_none(row["added"]),
        cause=row["cause"],
        until=day_or_none(row["until"]),
        onset=day_or_none(row["onset"]),
    )


def draft_of(tx: Tx, question: q.DraftOf) -> Draft | None:
    row = tx.one(
        "SELECT body FROM draft WHERE person = :person AND class = :class AND day = :day AND round = :round",
        person=question.person,
        day=question.day.isoformat(),
        round=question.round,
        **{"class": question.class_id},
    )
    return read(Draft, row["body"]) if row else None


def draft_left(tx: Tx, question: q.DraftLeft) -> Draft | None:
    row = tx.one(
        """SELECT body FROM draft WHERE person = :person AND class = :class AND day = :day AND round = :round
             AND changed_at <= :since""",
        person=question.person,
        day=question.day.isoformat(),
        round=question.round,
        since=stamp(question.since),
        **{"class": question.class_id},
    )
    return read(Draft, row["body"]) if row else None


def drafts_for(tx: Tx, question: q.DraftsFor) -> tuple[Draft, ...]:
    rows = tx.all(
        """SELECT body FROM draft WHERE class = :class AND day = :day AND round = :round
           ORDER BY changed_at DESC, person""",
        day=question.day.isoformat(),
        round=question.round,
        **{"class": question.class_id},
    )
    return tuple(read(Draft, row["body"]) for row in rows)


def drafts_of(tx: Tx, question: q.DraftsOf) -> tuple[Draft, ...]:
    rows = tx.all(
        "SELECT body FROM draft WHERE person = :person AND changed_at >= :since ORDER BY changed_at DESC",
        person=question.person,
        since=stamp(question.since),
    )
    return tuple(read(Draft, row["body"]) for row in rows)


def drafts_before(tx: Tx, question: q.DraftsBefore) -> tuple[Draft, ...]:
    rows = tx.all(
        """SELECT d.body FROM draft d JOIN class c ON c.id = d.class
           WHERE c.school = :school AND d.changed_at < :before ORDER BY d.changed_at, d.person""",
        school=question.school,
        before=stamp(question.before),
    )
    return tuple(read(Draft, row["body"]) for row in rows)
