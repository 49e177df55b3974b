"""One function a question: every SELECT that handlers cause. The table at the end ties each question to its answer."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final, TypeVar, cast

from handlers import questions as q
from handlers.facts import KnownPerson, KnownPupil
from handlers.model import Attendance, Draft, Duty, Entry, Held, Klass, Method, Person, Report, School, Symptom, Where
from handlers.plain import draft_from, entry_from, stamp, unstamp
from handlers.rulebook import Rules, read_rules
from handlers.rules.names import Pupil
from storage.calendar import Calendar
from storage.transaction import Row, Tx

T = TypeVar("T")


class Answers:
    """`Ask` over one open transaction. Rules and calendar are read once a turn."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def __call__(self, question: q.Question[T]) -> T:
        return cast(T, ANSWERS[type(question)](self._tx, question))


# People

PERSON = """
SELECT p.id, p.school, p.name, p.title, p.phone, p.language, d.duty, d.class,
       (SELECT count(*) FROM address a WHERE a.person = p.id AND a.state = 'bound') AS reachable,
       (SELECT count(*) FROM address a WHERE a.person = p.id AND a.state IN ('bound', 'blocked', 'gone')) AS bound
FROM person p LEFT JOIN duty d ON d.person = p.id AND d.since <= :day AND :day < d.until
WHERE p.since <= :day AND :day < p.until AND """


def _people(rows: Iterable[Row]) -> tuple[Person, ...]:
    held: dict[str, list[Held]] = defaultdict(list)
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row["id"], row)
        if row["duty"] is not None:
            held[row["id"]].append(Held(Duty(row["duty"]), row["class"] or None))
    return tuple(
        Person(
            id=row["id"],
            school=row["school"],
            name=row["name"],
            title=row["title"],
            phone=row["phone"],
            language=row["language"],
            duties=tuple(held[row["id"]]),
            reachable=row["reachable"] > 0,
            bound=row["bound"] > 0,
        )
        for row in first.values()
    )


def who_is(tx: Tx, question: q.WhoIs) -> Person | None:
    where = "p.id = :person ORDER BY d.duty, d.class"
    people = _people(tx.all(PERSON + where, day=question.day.isoformat(), person=question.person))
    return people[0] if people else None


def sender(tx: Tx, question: q.Sender) -> q.SenderView:
    row = tx.one(
        "SELECT person, state FROM address WHERE channel = :channel AND native = :native",
        channel=question.channel,
        native=question.native,
    )
    if row is None:
        return q.SenderView(None, "unknown")
    if row["person"] is None or row["state"] == "unbound":
        return q.SenderView(None, row["state"])
    return q.SenderView(who_is(tx, q.WhoIs(row["person"], question.day)), row["state"])


def staff(tx: Tx, question: q.Staff) -> tuple[Person, ...]:
    where = "p.school IS NULL" if question.school is None else "p.school = :school"
    params = {} if question.school is None else {"school": question.school}
    order = " ORDER BY p.name, p.id, d.duty, d.class"
    return _people(tx.all(PERSON + where + order, day=question.day.isoformat(), **params))


def schools(tx: Tx, question: q.Schools) -> tuple[School, ...]:
    return tuple(
        _school(row)
        for row in tx.all(
            """SELECT s.id, s.name, s.short, s.place FROM school s
               WHERE EXISTS (SELECT 1 FROM class c JOIN class_name n ON n.class = c.id
                             WHERE c.school = s.id AND n.since <= :day AND :day < n.until)
               ORDER BY s.place, s.id""",
            day=question.day.isoformat(),
        )
    )


def school_of(tx: Tx, question: q.SchoolOf) -> School | None:
    row = tx.one(
        """SELECT id, name, short, place FROM school
           WHERE id = :id OR name = :id OR id = (SELECT school FROM class WHERE id = :id)""",
        id=question.id,
    )
    return _school(row) if row else None


def _school(row: Row) -> School:
    return School(row["id"], row["name"], row["short"], row["place"])


# Classes

TEACHES = """p.id IN (SELECT person FROM duty WHERE class = :class AND since <= :day AND :day < until)
             ORDER BY p.id, d.duty, d.class"""
CLASS = """
SELECT c.id, c.school, n.name, n.grade, n.number FROM class c JOIN class_name n ON n.class = c.id
WHERE n.since <= :day AND :day < n.until AND """


def _klass(row: Row) -> Klass:
    return Klass(row["id"], row["school"], row["name"], row["grade"], row["number"])


def class_day(tx: Tx, question: q.ClassDay) -> q.ClassDayView | None:
    day = question.day.isoformat()
    row = tx.one(CLASS + "c.id = :class", day=day, **{"class": question.class_id})
    if row is None:
        return None
    klass = _klass(row)
    school = school_of(tx, q.SchoolOf(klass.school))
    assert school is not None  # noqa: S101 - a class row without its school breaks a foreign reference
    return q.ClassDayView(
        klass=klass,
        school=school,
        off=Calendar(tx, question.day, question.day).off(question.day, klass),
        pupils=_pupils(tx, klass.id, day),
        teachers=_people(
            tx.all(
                PERSON + TEACHES,
                day=day,
                **{"class": klass.id},
            )
        ),
        report=_report(tx, question.class_id, day, question.round),
        before=_listed_before(tx, klass.id, day),
    )


def _pupils(tx: Tx, class_id: str, day: str) -> tuple[Pupil, ...]:
    return tuple(
        Pupil(
            id=row["id"],
            seat=row["seat"],
            name=row["name"],
            initials=tuple(row["initials"].split()),
            pinyin=tuple(row["pinyin"].split()),
        )
        for row in tx.all(
            """SELECT p.id, e.seat, p.name, p.initials, p.pinyin FROM enrolment e JOIN pupil p ON p.id = e.pupil
               WHERE e.class = :class AND e.status = 'enrolled' AND e.since <= :day AND :day < e.until
               ORDER BY e.seat, p.id""",
            day=day,
            **{"class": class_id},
        )
    )


def _listed_before(tx: Tx, class_id: str, day: str) -> tuple[str, ...]:
    rows = tx.all(
        """SELECT e.pupil FROM entry e JOIN report r
             ON r.day = e.day AND r.round = e.round AND r.class = e.class AND r.rev = e.rev AND r.latest = 1
           WHERE e.class = :class AND e.day = (SELECT max(day) FROM report WHERE class = :class AND day < :day)
           ORDER BY e.place""",
        day=day,
        **{"class": class_id},
    )
    return tuple(row["pupil"] for row in rows)


# Reports

REPORT = """
SELECT r.day, r.round, r.class, r.rev, r.expected, r.person, r.at, r.first_at, r.timely, r.behalf, r.reason, p.title,
       f.title AS first_title
FROM report r LEFT JOIN person p ON p.id = r.person
JOIN report o ON o.day = r.day AND o.round = r.round AND o.class = r.class AND o.rev = 1
LEFT JOIN person f ON f.id = o.person WHERE """


def _report(tx: Tx, class_id: str, day: str, round_id: str) -> Report | None:
    row = tx.one(
        REPORT + "r.day = :day AND r.round = :round AND r.class = :class AND r.latest = 1",
        day=day,
        round=round_id,
        **{"class": class_id},
    )
    return _with_entries(tx, row) if row else None


def report_at(tx: Tx, question: q.ReportAt) -> Report | None:
    row = tx.one(
        REPORT + "r.day = :day AND r.round = :round AND r.class = :class AND r.rev = :rev",
        day=question.day.isoformat(),
        round=question.round,
        rev=question.rev,
        **{"class": question.class_id},
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
    return _make_report(row, entries)


def _make_report(row: Row, entries: Iterable[Row]) -> Report:
    return Report(
        day=date.fromisoformat(row["day"]),
        round=row["round"],
        class_id=row["class"],
        rev=row["rev"],
        expected=row["expected"],
        entries=tuple(_entry(entry) for entry in entries),
        by=row["person"],
        at=unstamp(row["at"]),
        timely=bool(row["timely"]),
        behalf=row["behalf"],
        reason=row["reason"],
        first_at=unstamp(row["first_at"]),
        by_title=row["title"] or "",
        first_by_title=row["first_title"] or "",
    )


def _entry(row: Row) -> Entry:
    return Entry(
        pupil=row["pupil"],
        attendance=Attendance(row["attendance"]),
        temperature=row["temperature"],
        method=Method(row["method"]) if row["method"] else None,
        afebrile=bool(row["afebrile"]),
        symptoms=tuple(Symptom(code) for code in row["symptoms"].split()),
        where=Where(row["whereabouts"]) if row["whereabouts"] else None,
        added=unstamp(row["added"]) if row["added"] else None,
    )


def draft_of(tx: Tx, question: q.DraftOf) -> Draft | None:
    row = tx.one(
        "SELECT body FROM draft WHERE person = :person AND class = :class AND day = :day AND round = :round",
        person=question.person,
        day=question.day.isoformat(),
        round=question.round,
        **{"class": question.class_id},
    )
    return draft_from(row["body"]) if row else None


def drafts_of(tx: Tx, question: q.DraftsOf) -> tuple[Draft, ...]:
    rows = tx.all(
        "SELECT body FROM draft WHERE person = :person AND day = :day ORDER BY changed_at DESC",
        person=question.person,
        day=question.day.isoformat(),
    )
    return tuple(draft_from(row["body"]) for row in rows)


# A school's morning


def school_morning(tx: Tx, question: q.SchoolMorning) -> q.SchoolMorningView:
    day, params = question.day.isoformat(), {"school": question.school, "day": question.day.isoformat()}
    school = school_of(tx, q.SchoolOf(question.school))
    assert school is not None  # noqa: S101 - asked with an id that `schools` gave
    classes = tuple(_klass(row) for row in tx.all(CLASS + "c.school = :school ORDER BY n.number, c.id", **params))
    expected = {
        row["class"]: row["n"]
        for row in tx.all(
            """SELECT e.class, count(*) AS n FROM enrolment e JOIN class c ON c.id = e.class
               WHERE c.school = :school AND e.status = 'enrolled' AND e.since <= :day AND :day < e.until
               GROUP BY e.class""",
            **params,
        )
    }
    reports = _school_reports(tx, question)
    teachers = _teachers(staff(tx, q.Staff(question.school, question.day)))
    reminded = _reminded(tx, question)
    drafts = {
        row["class"]: draft_from(row["body"])
        for row in tx.all(
            """SELECT d.class, d.body FROM draft d JOIN class c ON c.id = d.class
               WHERE c.school = :school AND d.day = :day AND d.round = :round ORDER BY d.changed_at""",
            round=question.round,
            **params,
        )
    }
    calendar = Calendar(tx, question.day, question.day)
    rows = tuple(
        q.ClassRow(
            klass=klass,
            off=calendar.off(question.day, klass),
            expected=expected.get(klass.id, 0),
            report=reports.get(klass.id),
            teachers=teachers.get(klass.id, ()),
            reminded=reminded.get(f"{klass.id}:{day.replace('-', '')}:{question.round}", 0),
            draft=drafts.get(klass.id),
        )
        for klass in sorted(classes, key=lambda klass: (_grade_order(klass.grade), klass.number, klass.id))
    )
    return q.SchoolMorningView(school, rows)


GRADES = "一二三四五六七八九"


def _grade_order(grade: str) -> tuple[int, str]:
    return (GRADES.find(grade[-1:]) if grade[-1:] in GRADES else len(GRADES), grade)


def _teachers(people: Iterable[Person]) -> Mapping[str, tuple[Person, ...]]:
    found: dict[str, tuple[Person, ...]] = {}
    for person in people:
        for class_id in dict.fromkeys(person.classes):
            found[class_id] = (*found.get(class_id, ()), person)
    return found


def _school_reports(tx: Tx, question: q.SchoolMorning) -> Mapping[str, Report]:
    params = {"school": question.school, "day": question.day.isoformat(), "round": question.round}
    entries: dict[str, list[Row]] = defaultdict(list)
    for row in tx.all(
        """SELECT e.* FROM report r JOIN entry e
             ON e.day = r.day AND e.round = r.round AND e.class = r.class AND e.rev = r.rev
           WHERE r.school = :school AND r.day = :day AND r.round = :round AND r.latest = 1 ORDER BY e.place""",
        **params,
    ):
        entries[row["class"]].append(row)
    rows = tx.all(REPORT + "r.school = :school AND r.day = :day AND r.round = :round AND r.latest = 1", **params)
    return {row["class"]: _make_report(row, entries[row["class"]]) for row in rows}


def _reminded(tx: Tx, question: q.SchoolMorning) -> Mapping[str, int]:
    """Reminders shown, by class:day:round, from keys `remind…:<class>:<day>:<round>:<person>`; a step counts once."""
    steps: dict[str, set[str]] = defaultdict(set)
    for row in tx.all(
        """SELECT m.key FROM message m JOIN person p ON p.id = m.person
           WHERE p.school = :school AND m.shown > 0 AND m.put_at >= :since
             AND m.key >= 'remind' AND m.key < 'remine'""",
        school=question.school,
        since=(question.day - timedelta(days=1)).isoformat(),
    ):
        step, *subject, _ = row["key"].split(":")
        steps[":".join(subject)].add(step)
    return {subject: len(found) for subject, found in steps.items()}


# The district


def history(tx: Tx, question: q.History) -> tuple[q.HistoryRow, ...]:
    days = [day.isoformat() for day in question.days]
    found = {
        (row["school"], row["day"]): row
        for row in tx.all(
            """SELECT school, day, count(*) AS reported, sum(expected) AS expected, sum(sick) AS sick,
                      sum(fever) AS fever
               FROM report WHERE latest = 1 AND round = :round AND day >= :first AND day <= :last
               GROUP BY school, day""",
            round=question.round,
            first=min(days),
            last=max(days),
        )
    }
    due = {
        (row["school"], day): row["n"]
        for day in days
        for row in tx.all(
            """SELECT c.school, count(*) AS n FROM class c JOIN class_name n ON n.class = c.id
               WHERE n.since <= :day AND :day < n.until GROUP BY c.school""",
            day=day,
        )
    }
    return tuple(
        q.HistoryRow(
            school=school,
            day=date.fromisoformat(day),
            due=n,
            reported=int(row["reported"]) if (row := found.get((school, day))) else 0,
            expected=int(row["expected"]) if row else 0,
            sick=int(row["sick"]) if row else 0,
            fever=int(row["fever"]) if row else 0,
        )
        for (school, day), n in due.items()
    )


def school_days(tx: Tx, question: q.SchoolDays) -> q.SchoolDaysView:
    first = question.last - timedelta(days=question.count * 2 + 90)
    calendar = Calendar(tx, first, question.last)
    days: list[date] = []
    gaps: list[tuple[date, str]] = []
    day, name = question.last, ""
    while len(days) < question.count and day >= first:
        view = calendar.district(day)
        if view.school_day:
            if name and days:
                gaps.append((day, name))
            name = ""
            days.append(day)
        elif view.name:
            name = view.name
        day -= timedelta(days=1)
    return q.SchoolDaysView(tuple(reversed(days)), tuple(reversed(gaps)))


def last_summary(tx: Tx, question: q.LastSummary) -> q.SummaryView | None:
    row = tx.one(
        """SELECT version, body, at FROM summary WHERE day = :day AND round = :round
           ORDER BY version DESC LIMIT 1""",
        day=question.day.isoformat(),
        round=question.round,
    )
    return q.SummaryView(row["version"], row["body"], unstamp(row["at"])) if row else None


def day_of(tx: Tx, question: q.DayOf) -> q.DayView:
    return Calendar(tx, question.day, question.day).district(question.day)


def rules_on(tx: Tx, question: q.RulesOn) -> Rules:
    rows = tx.all(
        "SELECT key, value, source FROM rule WHERE valid_from <= :day ORDER BY key, valid_from",
        day=question.day.isoformat(),
    )
    return read_rules({row["key"]: (row["value"], row["source"]) for row in rows})


# Alerts

ALERT = "SELECT * FROM alert WHERE "


def alert_by(tx: Tx, question: q.AlertBy) -> q.AlertView | None:
    row = tx.one(ALERT + "id = :id", id=question.id)
    return _alert(tx, row) if row else None


def alerts_on(tx: Tx, question: q.AlertsOn) -> tuple[q.AlertView, ...]:
    rows = tx.all(
        ALERT + "day = :day AND school = :school ORDER BY at, id", day=question.day.isoformat(), school=question.school
    )
    return tuple(_alert(tx, row) for row in rows if question.class_id in (None, row["class"]))


def _alert(tx: Tx, row: Row) -> q.AlertView:
    day = date.fromisoformat(row["day"])
    school = school_of(tx, q.SchoolOf(row["school"]))
    klass = tx.one(CLASS + "c.id = :class", day=row["day"], **{"class": row["class"]})
    by = _anybody(tx, row["person"])
    assert school is not None  # noqa: S101 - recorded with the alert
    assert klass is not None  # noqa: S101
    return q.AlertView(
        id=row["id"],
        day=day,
        round=row["round"],
        school=school,
        klass=_klass(klass),
        pupil=row["pupil"],
        seat=row["seat"],
        entry=entry_from(json.loads(row["body"])),
        by=by,
        at=unstamp(row["at"]),
        told=tuple(row["told"].split()),
        acked_by=_anybody(tx, row["acked_by"]) if row["acked_by"] else None,
        acked_at=unstamp(row["acked_at"]) if row["acked_at"] else None,
        withdrawn_at=unstamp(row["withdrawn_at"]) if row["withdrawn_at"] else None,
        now=entry_from(json.loads(row["withdrawn_body"])) if row["withdrawn_body"] else None,
    )


def _anybody(tx: Tx, person: str) -> Person:
    """A person by id, retired ones too: who acted stays who acted."""
    row = tx.one("SELECT since FROM person WHERE id = :id", id=person)
    if row is None:
        raise LookupError(f"no person {person}")
    found = who_is(tx, q.WhoIs(person, date.fromisoformat(row["since"])))
    assert found is not None  # noqa: S101 - valid on the day it began
    return found


# Chats and codes


def group(tx: Tx, question: q.Group) -> q.GroupView | None:
    row = tx.one("SELECT channel, native, state FROM address WHERE name = :name", name=question.name)
    return q.GroupView(row["channel"], row["native"], row["state"]) if row else None


def group_here(tx: Tx, question: q.GroupHere) -> str | None:
    row = tx.one(
        "SELECT name FROM address WHERE channel = :channel AND native = :native AND private = 0",
        channel=question.channel,
        native=question.native,
    )
    return row["name"] if row else None


def invite_by(tx: Tx, question: q.InviteBy) -> q.InviteView | None:
    row = tx.one("SELECT person, expires, state FROM invite WHERE code_hash = :hash", hash=question.code_hash)
    return q.InviteView(row["person"], unstamp(row["expires"]), row["state"]) if row else None


def guesses(tx: Tx, question: q.Guesses) -> int:
    row = tx.one(
        "SELECT count(*) AS n FROM guess WHERE channel = :channel AND native = :native AND at >= :since",
        channel=question.channel,
        native=question.native,
        since=stamp(question.since),
    )
    return int(row["n"]) if row else 0


def deep_links(tx: Tx, question: q.DeepLinks) -> Mapping[str, str]:
    rows = tx.all("SELECT name, value FROM progress WHERE name >= 'link:' AND name < 'link;'")
    return {row["name"].removeprefix("link:"): row["value"] for row in rows}


def message_at(tx: Tx, question: q.MessageAt) -> q.MessageView | None:
    row = tx.one(
        "SELECT person, shown FROM message WHERE key = :key AND address = :address",
        key=question.key,
        address=question.address,
    )
    if row is None:
        return None
    person = who_is(tx, q.WhoIs(row["person"], question.day)) if row["person"] else None
    return q.MessageView(question.key, person, row["shown"] > 0)


# The office's file


def roll_of(tx: Tx, question: q.RollOf) -> q.RollView:
    row = tx.one("SELECT id, name, short, place FROM school WHERE name = :name", name=question.name)
    school = _school(row) if row else None
    if school is None and not question.district:
        return q.RollView(None, (), (), ())
    day = question.day.isoformat()
    params = {"day": day} if school is None else {"day": day, "school": school.id}
    where = "p.school IS NULL" if school is None else "p.school = :school"
    duties: dict[str, list[Held]] = defaultdict(list)
    for row in tx.all(
        f"""SELECT d.person, d.duty, d.class FROM duty d JOIN person p ON p.id = d.person
            WHERE {where} AND d.since <= :day AND :day < d.until ORDER BY d.person, d.duty, d.class""",  # noqa: S608
        **params,
    ):
        duties[row["person"]].append(Held(Duty(row["duty"]), row["class"] or None))
    people = tuple(
        KnownPerson(row["id"], row["staff_no"], row["name"], row["title"], row["phone"], tuple(duties[row["id"]]))
        for row in tx.all(
            f"SELECT p.* FROM person p WHERE {where} AND p.since <= :day AND :day < p.until ORDER BY p.id",  # noqa: S608
            **params,
        )
    )
    if school is None:
        return q.RollView(None, (), people, ())
    classes = tuple(_klass(row) for row in tx.all(CLASS + "c.school = :school ORDER BY n.name", **params))
    return q.RollView(school, classes, people, _known_pupils(tx, params))


def _known_pupils(tx: Tx, params: Mapping[str, str]) -> tuple[KnownPupil, ...]:
    return tuple(
        KnownPupil(
            id=row["id"],
            student_no=row["student_no"],
            name=row["name"],
            sex=row["sex"],
            initials=tuple(row["initials"].split()),
            pinyin=tuple(row["pinyin"].split()),
            class_id=row["class"],
            seat=row["seat"],
            status=row["status"],
        )
        for row in tx.all(
            """SELECT p.*, e.class, e.seat, e.status FROM enrolment e JOIN pupil p ON p.id = e.pupil
               JOIN class c ON c.id = e.class
               WHERE c.school = :school AND e.since <= :day AND :day < e.until ORDER BY p.id""",
            **params,
        )
    )


def movers(tx: Tx, question: q.Movers) -> Mapping[str, str]:
    found = {}
    for number in question.student_nos:
        row = tx.one("SELECT min(id) AS id FROM pupil WHERE student_no = :number", number=number)
        if row and row["id"]:
            found[number] = row["id"]
    return found


ANSWERS: Final[Mapping[type[q.Question[Any]], Callable[..., Any]]] = {
    q.AlertBy: q.AlertBy.answered_by(alert_by),
    q.AlertsOn: q.AlertsOn.answered_by(alerts_on),
    q.ClassDay: q.ClassDay.answered_by(class_day),
    q.DayOf: q.DayOf.answered_by(day_of),
    q.DeepLinks: q.DeepLinks.answered_by(deep_links),
    q.DraftOf: q.DraftOf.answered_by(draft_of),
    q.DraftsOf: q.DraftsOf.answered_by(drafts_of),
    q.Group: q.Group.answered_by(group),
    q.GroupHere: q.GroupHere.answered_by(group_here),
    q.Guesses: q.Guesses.answered_by(guesses),
    q.History: q.History.answered_by(history),
    q.InviteBy: q.InviteBy.answered_by(invite_by),
    q.LastSummary: q.LastSummary.answered_by(last_summary),
    q.MessageAt: q.MessageAt.answered_by(message_at),
    q.Movers: q.Movers.answered_by(movers),
    q.ReportAt: q.ReportAt.answered_by(report_at),
    q.RollOf: q.RollOf.answered_by(roll_of),
    q.RulesOn: q.RulesOn.answered_by(rules_on),
    q.SchoolDays: q.SchoolDays.answered_by(school_days),
    q.SchoolMorning: q.SchoolMorning.answered_by(school_morning),
    q.SchoolOf: q.SchoolOf.answered_by(school_of),
    q.Schools: q.Schools.answered_by(schools),
    q.Sender: q.Sender.answered_by(sender),
    q.Staff: q.Staff.answered_by(staff),
    q.WhoIs: q.WhoIs.answered_by(who_is),
}
