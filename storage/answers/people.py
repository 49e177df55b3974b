"""Who somebody is, on a day: people with their duties, and the senders of chats."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from handlers import questions as q
from handlers.model import Duty, Held, Person
from storage.transaction import Row, Tx

UNHEARD, REACHABLE = 2, 3  # the best of a person's chats

PERSON = """
SELECT p.id, p.school, p.staff_no, p.name, p.title, p.phone, p.language, d.duty, d.class,
       (SELECT count(*) FROM substitute s WHERE s.class = d.class AND s.absent = p.id
          AND s.since <= :day AND :day < COALESCE(s.ended, s.until)) AS away,
       (SELECT max(CASE a.state WHEN 'bound' THEN 3 WHEN 'unheard' THEN 2 WHEN 'blocked' THEN 1 WHEN 'gone' THEN 1
          ELSE 0 END) FROM address a WHERE a.person = p.id) AS chat
FROM person p LEFT JOIN duty d ON d.person = p.id AND d.since <= :day AND :day < d.until
WHERE p.since <= :day AND :day < p.until AND """


def people_from(rows: Iterable[Row]) -> tuple[Person, ...]:
    held: dict[str, list[Held]] = defaultdict(list)
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row["id"], row)
        if row["duty"] is not None:
            duty = Duty(row["duty"])
            away = row["away"] > 0 and duty is not Duty.SUBSTITUTE
            held[row["id"]].append(Held(duty, row["class"] or None, away))
    return tuple(
        Person(
            id=row["id"],
            school=row["school"],
            name=row["name"],
            title=row["title"],
            phone=row["phone"],
            language=row["language"],
            duties=tuple(held[row["id"]]),
            reachable=row["chat"] == REACHABLE,
            unheard=row["chat"] == UNHEARD,
            bound=bool(row["chat"]),
            staff_no=row["staff_no"],
        )
        for row in first.values()
    )


def who_is(tx: Tx, question: q.WhoIs) -> Person | None:
    where = "p.id = :person ORDER BY d.duty, d.class"
    people = people_from(tx.all(PERSON + where, day=question.day.isoformat(), person=question.person))
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
    order = " ORDER BY p.place, p.name, p.id, d.duty, d.class"
    return people_from(tx.all(PERSON + where + order, day=question.day.isoformat(), **params))


def holders(tx: Tx, question: q.Holders) -> tuple[Person, ...]:
    where = """p.school = :school AND EXISTS (SELECT 1 FROM duty h WHERE h.person = p.id AND h.duty = :duty
          AND h.since <= :day AND :day < h.until)
        ORDER BY p.place, p.name, p.id, d.duty, d.class"""
    day = question.day.isoformat()
    return people_from(tx.all(PERSON + where, day=day, school=question.school, duty=question.duty))


def officers(tx: Tx, question: q.Officers) -> tuple[Person, ...]:
    where = """p.id IN (SELECT o.person FROM duty o WHERE o.duty IN ('liaison', 'leader', 'admin')
          AND o.since <= :day AND :day < o.until)
        ORDER BY CASE WHEN p.school IS NULL THEN 0 ELSE 1 END, p.name, p.id, d.duty, d.class"""
    return people_from(tx.all(PERSON + where, day=question.day.isoformat()))


def anybody(tx: Tx, person: str, day: date) -> Person:
    """A person as of a day, else as of their first: who acted stays who acted, retired or not."""
    known = who_is(tx, q.WhoIs(person, day))
    if known is not None:
        return known
    row = tx.one("SELECT since FROM person WHERE id = :id", id=person)
    if row is None:
        raise LookupError(f"no person {person}")
    found = who_is(tx, q.WhoIs(person, date.fromisoformat(row["since"])))
    assert found is not None  # noqa: S101 - valid on the day it began
    return found
