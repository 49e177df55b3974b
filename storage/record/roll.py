"""花名册, dated: schools, classes, people with their duties, pupils with their places."""

from datetime import date

from handlers import facts as f
from storage.record.lane import Cause
from storage.transaction import Tx

FOREVER = "9999-12-31"


def roll(tx: Tx, fact: f.RollChanged, cause: Cause) -> None:
    since = fact.since.isoformat()
    if not fact.district:
        tx.run(
            """INSERT INTO school (id, name, short, place) VALUES (:id, :name, :short, :place)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, short = excluded.short, place = excluded.place""",
            id=fact.school.id,
            name=fact.school.name,
            short=fact.school.short,
            place=fact.school.order,
        )
    for klass in fact.classes:
        _name_class(tx, klass.id, fact.school.id, (klass.name, klass.grade, klass.number), since)
    for class_id in fact.closed:
        _end(tx, "class_name", "class", class_id, since)
    for person in fact.people:
        _known_person(tx, person, None if fact.district else fact.school.id, since)
    for person_id in fact.retired:
        end_person(tx, person_id, fact.since, cause)
    for pupil in fact.pupils:
        _known_pupil(tx, pupil, since)
    for pupil_id in fact.left:
        _end(tx, "enrolment", "pupil", pupil_id, since)


def end_person(tx: Tx, id: str, since: date, cause: Cause) -> None:
    """From that day on: no duty, no right, no code; and what was still to be said is not said."""
    tx.run("UPDATE person SET until = :since WHERE id = :id", id=id, since=since.isoformat())
    tx.run("DELETE FROM duty WHERE person = :id AND since >= :since", id=id, since=since.isoformat())
    tx.run("UPDATE duty SET until = :since WHERE person = :id AND until > :since", id=id, since=since.isoformat())
    tx.run("UPDATE invite SET state = 'void' WHERE person = :id AND state = 'open'", id=id)
    if since <= cause.day:
        tx.run("UPDATE message SET state = 'withdrawn' WHERE person = :id AND state = 'due'", id=id)


def _end_duties(tx: Tx, person: str, since: str) -> None:
    """Those of the office's file: a 代班 goes on to its own end."""
    tx.run("DELETE FROM duty WHERE person = :id AND since = :since AND duty <> 'substitute'", id=person, since=since)
    tx.run(
        "UPDATE duty SET until = :since WHERE person = :id AND until = :forever",
        id=person,
        since=since,
        forever=FOREVER,
    )


def _end(tx: Tx, table: str, column: str, id: str, since: str) -> None:
    """Ends what holds. What began this very day has never held: it goes."""
    tx.run(f"DELETE FROM {table} WHERE {column} = :id AND since = :since", id=id, since=since)  # noqa: S608
    tx.run(
        f"UPDATE {table} SET until = :since WHERE {column} = :id AND until = :forever",  # noqa: S608
        id=id,
        since=since,
        forever=FOREVER,
    )


def _name_class(tx: Tx, id: str, school: str, name: tuple[str, str, int], since: str) -> None:
    tx.run("INSERT INTO class (id, school) VALUES (:id, :school) ON CONFLICT (id) DO NOTHING", id=id, school=school)
    _end(tx, "class_name", "class", id, since)
    tx.run(
        """INSERT INTO class_name (class, since, until, name, grade, number)
           VALUES (:class, :since, :until, :name, :grade, :number)""",
        since=since,
        until=FOREVER,
        name=name[0],
        grade=name[1],
        number=name[2],
        **{"class": id},
    )


def _known_person(tx: Tx, person: f.KnownPerson, school: str | None, since: str) -> None:
    tx.run(
        """INSERT INTO person (id, school, staff_no, name, title, phone, language, place, since, until)
           VALUES (:id, :school, :staff_no, :name, :title, :phone, 'zh', :place, :since, :until)
           ON CONFLICT (id) DO UPDATE SET school = excluded.school, staff_no = excluded.staff_no, name = excluded.name,
             title = excluded.title, phone = excluded.phone, place = excluded.place, until = excluded.until""",
        id=person.id,
        place=person.place,
        school=school,
        staff_no=person.staff_no,
        name=person.name,
        title=person.title,
        phone=person.phone,
        since=since,
        until=FOREVER,
    )
    _end_duties(tx, person.id, since)
    tx.many(
        """INSERT INTO duty (person, duty, class, since, until) VALUES (:person, :duty, :class, :since, :until)
           ON CONFLICT (person, duty, class, since) DO UPDATE SET until = excluded.until""",
        [
            {
                "person": person.id,
                "duty": held.duty,
                "class": held.class_id or "",
                "since": since,
                "until": FOREVER,
            }
            for held in person.duties
        ],
    )


def _known_pupil(tx: Tx, pupil: f.KnownPupil, since: str) -> None:
    tx.run(
        """INSERT INTO pupil (id, student_no, name, sex, initials, pinyin)
           VALUES (:id, :student_no, :name, :sex, :initials, :pinyin)
           ON CONFLICT (id) DO UPDATE SET student_no = excluded.student_no, name = excluded.name, sex = excluded.sex,
             initials = excluded.initials, pinyin = excluded.pinyin""",
        id=pupil.id,
        student_no=pupil.student_no,
        name=pupil.name,
        sex=pupil.sex,
        initials=" ".join(pupil.initials),
        pinyin=" ".join(pupil.pinyin),
    )
    _end(tx, "enrolment", "pupil", pupil.id, since)
    tx.run(
        """INSERT INTO enrolment (pupil, class, seat, status, dorm, since, until)
           VALUES (:pupil, :class, :seat, :status, :dorm, :since, :until)""",
        pupil=pupil.id,
        seat=pupil.seat,
        status=pupil.status,
        dorm=pupil.dorm,
        since=since,
        until=FOREVER,
        **{"class": pupil.class_id},
    )
