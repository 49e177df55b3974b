"""花名册 as it is known: what an office's file is compared with."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from handlers import questions as q
from handlers.facts import KnownPerson, KnownPupil
from handlers.model import Duty, Held
from storage.answers.classes import CLASS, klass_from
from storage.answers.schools import school_from
from storage.record.roll import FOREVER
from storage.transaction import Tx


def roll_of(tx: Tx, question: q.RollOf) -> q.RollView:
    row = tx.one("SELECT id, name, short, place FROM school WHERE name = :name", name=question.name)
    school = school_from(row) if row else None
    if school is None and not question.district:
        return q.RollView(None, (), (), ())
    day = question.day.isoformat()
    params = {"day": day} if school is None else {"day": day, "school": school.id}
    where = "p.school IS NULL" if school is None else "p.school = :school"
    duties: dict[str, list[Held]] = defaultdict(list)
    for row in tx.all(
        f"""SELECT d.person, d.duty, d.class FROM duty d JOIN person p ON p.id = d.person
            WHERE {where} AND d.duty <> 'substitute' AND d.since <= :day AND :day < d.until
            ORDER BY d.person, d.duty, d.class""",  # noqa: S608
        **params,
    ):
        duties[row["person"]].append(Held(Duty(row["duty"]), row["class"] or None))
    people = tuple(
        KnownPerson(
            row["id"], row["staff_no"], row["name"], row["title"], row["phone"], tuple(duties[row["id"]]), row["place"]
        )
        for row in tx.all(
            f"SELECT p.* FROM person p WHERE {where} AND p.since <= :day AND :day < p.until ORDER BY p.id",  # noqa: S608
            **params,
        )
    )
    latest = _latest(tx, school.id if school else None)
    if school is None:
        return q.RollView(None, (), people, (), latest)
    classes = tuple(klass_from(row) for row in tx.all(CLASS + "c.school = :school ORDER BY n.name", **params))
    return q.RollView(school, classes, people, _known_pupils(tx, params), latest)


def _latest(tx: Tx, school: str | None) -> date | None:
    """Every import leaves its day where something begins or ends."""
    if school is None:
        dated = """SELECT p.since, p.until FROM person p WHERE p.school IS NULL
                   UNION ALL SELECT d.since, d.until FROM duty d JOIN person p ON p.id = d.person
                   WHERE p.school IS NULL"""
    else:
        dated = """SELECT n.since, n.until FROM class_name n JOIN class c ON c.id = n.class WHERE c.school = :school
                   UNION ALL SELECT p.since, p.until FROM person p WHERE p.school = :school
                   UNION ALL SELECT d.since, d.until FROM duty d JOIN person p ON p.id = d.person
                   WHERE p.school = :school AND d.duty <> 'substitute'
                   UNION ALL SELECT e.since, e.until FROM enrolment e JOIN class c ON c.id = e.class
                   WHERE c.school = :school"""
    row = tx.one(
        f"""SELECT max(CASE WHEN until < :forever THEN until ELSE since END) AS latest
            FROM ({dated}) AS dated""",  # noqa: S608
        forever=FOREVER,
        **({} if school is None else {"school": school}),
    )
    return date.fromisoformat(row["latest"]) if row and row["latest"] else None


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
            dorm=row["dorm"],
        )
        for row in tx.all(
            """SELECT p.*, e.class, e.seat, e.status, e.dorm FROM enrolment e JOIN pupil p ON p.id = e.pupil
               JOIN class c ON c.id = e.class
               WHERE c.school = :school AND e.since <= :day AND :day < e.until ORDER BY p.id""",
            **params,
        )
    )


def staff_elsewhere(tx: Tx, question: q.StaffElsewhere) -> Mapping[str, tuple[str, str]]:
    found = {}
    for number, name in question.rows:
        row = tx.one(
            """SELECT p.id, p.school FROM person p
               WHERE p.staff_no = :number AND p.name = :name AND p.school <> :school AND (p.until > :day
                 OR EXISTS (SELECT 1 FROM address a
                    WHERE a.person = p.id AND a.state IN ('bound', 'blocked', 'gone', 'unheard')))
               ORDER BY p.until DESC, p.since DESC, p.id LIMIT 1""",
            number=number,
            name=name,
            school=question.school,
            day=question.day.isoformat(),
        )
        if row:
            found[number] = (row["id"], row["school"])
    return found


def raised_since(tx: Tx, question: q.RaisedSince) -> date | None:
    row = tx.one(
        """SELECT max(n.since) AS since FROM class_name n JOIN class c ON c.id = n.class
           JOIN class_name b ON b.class = n.class AND b.until = n.since AND b.grade <> n.grade
           WHERE c.school = :school AND n.since >= :day""",
        school=question.school,
        day=question.day.isoformat(),
    )
    return date.fromisoformat(row["since"]) if row and row["since"] else None


def movers(tx: Tx, question: q.Movers) -> Mapping[str, str]:
    found = {}
    for number in question.student_nos:
        row = tx.one("SELECT min(id) AS id FROM pupil WHERE student_no = :number", number=number)
        if row and row["id"]:
            found[number] = row["id"]
    return found
