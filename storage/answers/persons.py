"""Somebody by what the office calls them, what names them, and what their guardians have agreed to."""

from collections.abc import Mapping
from datetime import date

from handlers import questions as q
from handlers.plain import day_or_none
from storage import retention
from storage.transaction import Tx

# whose bodies say who somebody of the staff is, and where they are written to
OF_STAFF = ("RollChanged", "Bound", "Unbound", "AddressLost", "AddressBack")
ABOUT_ERASING = ("PersonErased", "Viewed")


def somebody_by(tx: Tx, question: q.SomebodyBy) -> tuple[q.Somebody, ...]:
    return (*_pupils(tx, question), *_staff(tx, question))


def _pupils(tx: Tx, question: q.SomebodyBy) -> list[q.Somebody]:
    return [
        q.Somebody(
            id=row["id"],
            kind="pupil",
            name=row["name"],
            place=f"{row['school']}{row['klass']}{row['seat']}号",
            class_id=row["class"],
            here=row["until"] > question.day.isoformat(),
            open_case=bool(row["open"]),
        )
        for row in tx.all(
            """SELECT p.id, p.name, e.class, e.seat, e.until, s.name AS school,
                 (SELECT max(n.name) FROM class_name n WHERE n.class = e.class AND n.since <= e.since
                  AND e.since < n.until) AS klass,
                 (SELECT count(*) FROM case_ c WHERE c.pupil = p.id AND c.ended IS NULL) AS open
               FROM pupil p JOIN enrolment e ON e.pupil = p.id JOIN class c ON c.id = e.class
               JOIN school s ON s.id = c.school
               WHERE (p.id = :said OR p.student_no = :said)
                 AND e.since = (SELECT max(l.since) FROM enrolment l WHERE l.pupil = p.id) ORDER BY p.id""",
            said=question.said,
        )
    ]


def _staff(tx: Tx, question: q.SomebodyBy) -> list[q.Somebody]:
    return [
        q.Somebody(
            id=row["id"],
            kind="staff",
            name=row["name"],
            place=row["school"] or "学区",
            class_id="",
            here=row["until"] > question.day.isoformat(),
            open_case=False,
            chats=_chats(tx, row["id"]),
        )
        for row in tx.all(
            """SELECT p.id, p.name, p.until, s.name AS school FROM person p LEFT JOIN school s ON s.id = p.school
               WHERE p.id = :said OR p.staff_no = :said ORDER BY p.id""",
            said=question.said,
        )
    ]


def _chats(tx: Tx, person: str) -> tuple[str, ...]:
    rows = tx.all("SELECT native FROM address WHERE person = :person ORDER BY native", person=person)
    return tuple(row["native"] for row in rows)


def facts_naming(tx: Tx, question: q.FactsNaming) -> tuple[str, ...]:
    found: dict[str, int] = {}
    for word in question.mentions:
        for row in tx.all(
            """SELECT id, n, kind FROM fact WHERE lane = :lane AND body <> '' AND body LIKE :mention
               ORDER BY n LIMIT :most""",
            lane=question.lane,
            mention=f'%"{word}"%',
            most=question.most,
        ):
            if _goes(question.kind, row["kind"]):
                found[row["id"]] = row["n"]
    return tuple(sorted(found, key=lambda id: found[id])[: question.most])


def _goes(kind: str, fact: str) -> bool:
    return fact in OF_STAFF if kind == "staff" else fact not in (*retention.CHAIN, *ABOUT_ERASING)


def consents_of(tx: Tx, question: q.ConsentsOf) -> Mapping[str, q.ConsentView]:
    """The last one is the one that counts."""
    rows = tx.all(
        """SELECT k.pupil, k.since, k.version, k.withdrawn FROM consent k JOIN enrolment e ON e.pupil = k.pupil
           JOIN class c ON c.id = e.class
           WHERE (c.id = :place OR c.school = :place) AND e.since <= :day AND :day < e.until ORDER BY k.since""",
        place=question.place,
        day=question.day.isoformat(),
    )
    return {
        row["pupil"]: q.ConsentView(
            date.fromisoformat(row["since"]),
            row["version"],
            day_or_none(row["withdrawn"]),
        )
        for row in rows
    }
