"""One case a fact: the fact itself first, then the tables that questions read. Nothing else writes them."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from handlers import facts as f
from handlers.facts import Fact
from handlers.plain import canonical, stamp
from storage.transaction import Tx

FOREVER = "9999-12-31"


@dataclass(frozen=True)
class Cause:
    """The inbox row behind a fact. `seed`: its 16 random bytes, from which the salts derive."""

    id: str
    lane: str
    actor: str
    at: datetime
    channel: str
    seed: bytes


def record(tx: Tx, fact: Fact, cause: Cause) -> None:
    """Appends the fact to its lane and keeps the tables. A fact that settles something withdraws the unsent messages
    that name it."""
    _append(tx, fact, cause)
    _keep(tx, fact, cause)
    if isinstance(fact, f.Reported):
        tx.run("UPDATE message SET state = 'withdrawn' WHERE until = :until AND state = 'due'", until=fact.settles)


def _append(tx: Tx, fact: Fact, cause: Cause) -> None:
    tx.run("INSERT INTO lane (name, n) VALUES (:lane, 0) ON CONFLICT (name) DO NOTHING", lane=cause.lane)
    tx.run("UPDATE lane SET n = n + 1 WHERE name = :lane", lane=cause.lane)
    row = tx.one("SELECT n FROM lane WHERE name = :lane", lane=cause.lane)
    n = int(row["n"]) if row else 0
    body = canonical(fact)
    salt = hashlib.sha256(cause.seed + f"salt:{n}".encode()).digest()[:16]
    tx.run(
        """INSERT INTO fact (id, lane, n, kind, body, salt, digest, actor, at, channel, cause)
           VALUES (:id, :lane, :n, :kind, :body, :salt, :digest, :actor, :at, :channel, :cause)""",
        id=f"{cause.lane}:{n}",
        lane=cause.lane,
        n=n,
        kind=type(fact).__name__,
        body=body,
        salt=salt,
        digest=hashlib.sha256(salt + body.encode()).hexdigest(),
        actor=cause.actor,
        at=stamp(cause.at),
        channel=cause.channel,
        cause=cause.id,
    )


def _keep(tx: Tx, fact: Fact, cause: Cause) -> None:
    match fact:
        case f.RulesSet():
            _rules(tx, fact, cause)
        case f.CalendarSet():
            _calendar(tx, fact)
        case f.RollChanged():
            _roll(tx, fact)
        case f.Invited():
            _invited(tx, fact, cause)
        case f.AdminInvited():
            _admin_invited(tx, fact, cause)
        case f.Bound():
            _bound(tx, fact, cause)
        case f.Unbound():
            _unbound(tx, fact)
        case f.Guessed():
            tx.run(
                "INSERT INTO guess (channel, native, at, cause) VALUES (:channel, :native, :at, :cause)",
                channel=fact.channel,
                native=fact.native,
                at=stamp(cause.at),
                cause=cause.id,
            )
        case f.GroupBound():
            _group_bound(tx, fact, cause)
        case f.GroupUnbound():
            tx.run("UPDATE address SET name = NULL, state = 'unbound' WHERE name = :name", name=fact.name)
        case f.GroupMoved():
            _group_moved(tx, fact)
        case f.AddressLost():
            _address_state(tx, fact.channel, fact.native, fact.why, cause)
        case f.AddressBack():
            _address_state(tx, fact.channel, fact.native, "bound", cause)
        case f.LanguageChosen():
            tx.run("UPDATE person SET language = :language WHERE id = :id", language=fact.language, id=fact.person)
        case f.LinkKnown():
            progress(tx, f"link:{fact.channel}", fact.prefix)
        case f.Reported():
            _reported(tx, fact)
        case f.Alerted():
            _alerted(tx, fact)
        case f.Acknowledged():
            tx.run(
                "UPDATE alert SET acked_by = :by, acked_at = :at WHERE id = :id AND acked_by IS NULL",
                id=fact.alert,
                by=fact.by,
                at=stamp(fact.at),
            )
        case f.AlertWithdrawn():
            tx.run(
                "UPDATE alert SET withdrawn_at = :at, withdrawn_body = :body, withdrawn_by = :by WHERE id = :id",
                id=fact.alert,
                at=stamp(fact.at),
                body=canonical(fact.entry) if fact.entry else None,
                by=fact.by,
            )
        case f.Settled():
            _settled(tx, fact)
        case f.Summarised():
            tx.run(
                """INSERT INTO summary (day, round, version, at, body)
                   VALUES (:day, :round, :version, :at, :body)""",
                day=fact.day.isoformat(),
                round=fact.round,
                version=fact.version,
                at=stamp(fact.at),
                body=fact.body,
            )
        case _:
            assert_never(fact)


def progress(tx: Tx, name: str, value: str) -> None:
    tx.run(
        """INSERT INTO progress (name, value) VALUES (:name, :value)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
        name=name,
        value=value,
    )


# Settings


def _rules(tx: Tx, fact: f.RulesSet, cause: Cause) -> None:
    tx.many(
        """INSERT INTO rule (key, valid_from, value, source, set_by)
           VALUES (:key, :valid_from, :value, :source, :set_by)
           ON CONFLICT (key, valid_from) DO UPDATE
           SET value = excluded.value, source = excluded.source, set_by = excluded.set_by""",
        [
            {
                "key": rule.key,
                "valid_from": rule.valid_from.isoformat(),
                "value": rule.value,
                "source": rule.source,
                "set_by": cause.actor,
            }
            for rule in fact.rules
        ],
    )


def _calendar(tx: Tx, fact: f.CalendarSet) -> None:
    tx.many(
        """INSERT INTO calendar (day, scope, school_day, name, source)
           VALUES (:day, :scope, :school_day, :name, :source)
           ON CONFLICT (day, scope) DO UPDATE
           SET school_day = excluded.school_day, name = excluded.name, source = excluded.source""",
        [
            {
                "day": day.day.isoformat(),
                "scope": day.scope,
                "school_day": int(day.school_day),
                "name": day.name,
                "source": day.source,
            }
            for day in fact.days
        ],
    )


# The roll


def _roll(tx: Tx, fact: f.RollChanged) -> None:
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
        tx.run("UPDATE person SET until = :since WHERE id = :id", id=person_id, since=since)
        _end(tx, "duty", "person", person_id, since)
        tx.run("UPDATE invite SET state = 'void' WHERE person = :id AND state = 'open'", id=person_id)
    for pupil in fact.pupils:
        _known_pupil(tx, pupil, since)
    for pupil_id in fact.left:
        _end(tx, "enrolment", "pupil", pupil_id, since)


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
        """INSERT INTO person (id, school, staff_no, name, title, phone, language, since, until)
           VALUES (:id, :school, :staff_no, :name, :title, :phone, 'zh', :since, :until)
           ON CONFLICT (id) DO UPDATE SET school = excluded.school, staff_no = excluded.staff_no, name = excluded.name,
             title = excluded.title, phone = excluded.phone, until = excluded.until""",
        id=person.id,
        school=school,
        staff_no=person.staff_no,
        name=person.name,
        title=person.title,
        phone=person.phone,
        since=since,
        until=FOREVER,
    )
    _end(tx, "duty", "person", person.id, since)
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
        """INSERT INTO enrolment (pupil, class, seat, status, since, until)
           VALUES (:pupil, :class, :seat, :status, :since, :until)""",
        pupil=pupil.id,
        seat=pupil.seat,
        status=pupil.status,
        since=since,
        until=FOREVER,
        **{"class": pupil.class_id},
    )


# Chats and codes


def _invited(tx: Tx, fact: f.Invited, cause: Cause) -> None:
    for person, code_hash in fact.invites:
        tx.run("UPDATE invite SET state = 'void' WHERE person = :person AND state = 'open'", person=person)
        _open_invite(tx, person, code_hash, fact.expires, cause)


def _open_invite(tx: Tx, person: str, code_hash: str, expires: datetime, cause: Cause) -> None:
    tx.run(
        """INSERT INTO invite (code_hash, person, expires, state, made_at)
           VALUES (:hash, :person, :expires, 'open', :at)""",
        hash=code_hash,
        person=person,
        expires=stamp(expires),
        at=stamp(cause.at),
    )


def _admin_invited(tx: Tx, fact: f.AdminInvited, cause: Cause) -> None:
    since = date.min.isoformat()  # an admin made at the machine may also look at days gone by
    tx.run(
        """INSERT INTO person (id, school, staff_no, name, title, phone, language, since, until)
           VALUES (:id, NULL, NULL, '管理员', '管理员', NULL, 'zh', :since, :until) ON CONFLICT (id) DO NOTHING""",
        id=fact.person,
        since=since,
        until=FOREVER,
    )
    tx.run(
        """INSERT INTO duty (person, duty, class, since, until) VALUES (:id, 'admin', '', :since, :until)
           ON CONFLICT (person, duty, class, since) DO NOTHING""",
        id=fact.person,
        since=since,
        until=FOREVER,
    )
    _open_invite(tx, fact.person, fact.code_hash, fact.expires, cause)


ADDRESS = """
INSERT INTO address (id, channel, native, private, person, name, state, since)
VALUES (:id, :channel, :native, :private, :person, :name, :state, :since)
ON CONFLICT (channel, native) DO UPDATE SET """


def address_of(tx: Tx, channel: str, native: str, private: bool, now: datetime) -> str:
    """The address row of a chat; made when a chat is first written to."""
    row = tx.one("SELECT id FROM address WHERE channel = :channel AND native = :native", channel=channel, native=native)
    if row is not None:
        return str(row["id"])
    tx.run(
        ADDRESS + "state = address.state",
        id=f"{channel}:{native}",
        channel=channel,
        native=native,
        private=int(private),
        person=None,
        name=None,
        state="unknown",
        since=stamp(now),
    )
    return f"{channel}:{native}"


def _bound(tx: Tx, fact: f.Bound, cause: Cause) -> None:
    tx.run("UPDATE invite SET state = 'used' WHERE code_hash = :hash", hash=fact.code_hash)
    tx.run(
        ADDRESS + "person = excluded.person, state = 'bound', since = excluded.since",
        id=f"{fact.channel}:{fact.native}",
        channel=fact.channel,
        native=fact.native,
        private=1,
        person=fact.person,
        name=None,
        state="bound",
        since=stamp(cause.at),
    )
    tx.run(
        """UPDATE address SET person = NULL, state = 'unbound'
           WHERE person = :person AND channel = :channel AND native <> :native""",
        person=fact.person,
        channel=fact.channel,
        native=fact.native,
    )


def _unbound(tx: Tx, fact: f.Unbound) -> None:
    """The chat is nobody's, and what was still to be said to the person there is not said."""
    where = {"channel": fact.channel, "native": fact.native}
    tx.run(
        """UPDATE message SET state = 'withdrawn' WHERE state = 'due'
           AND address = (SELECT id FROM address WHERE channel = :channel AND native = :native)""",
        **where,
    )
    tx.run("UPDATE address SET person = NULL, state = 'unbound' WHERE channel = :channel AND native = :native", **where)


def _group_bound(tx: Tx, fact: f.GroupBound, cause: Cause) -> None:
    tx.run("UPDATE address SET name = NULL, state = 'unbound' WHERE name = :name", name=fact.name)
    tx.run(
        ADDRESS + "name = excluded.name, state = 'bound', since = excluded.since",
        id=f"{fact.channel}:{fact.native}",
        channel=fact.channel,
        native=fact.native,
        private=0,
        person=None,
        name=fact.name,
        state="bound",
        since=stamp(cause.at),
    )


def _group_moved(tx: Tx, fact: f.GroupMoved) -> None:
    """The old row moves, so that every message and the group's name follow; a row of the new id steps aside."""
    known = tx.one(
        "SELECT id FROM address WHERE channel = :channel AND native = :native", channel=fact.channel, native=fact.native
    )
    if known is None:
        return
    tx.run(
        "DELETE FROM address WHERE channel = :channel AND native = :to AND name IS NULL",
        channel=fact.channel,
        to=fact.to,
    )
    tx.run(
        "UPDATE address SET native = :to, state = 'bound' WHERE channel = :channel AND native = :native",
        channel=fact.channel,
        native=fact.native,
        to=fact.to,
    )


def _address_state(tx: Tx, channel: str, native: str, state: str, cause: Cause) -> None:
    tx.run(
        """UPDATE address SET state = :state, since = :since WHERE channel = :channel AND native = :native
           AND (person IS NOT NULL OR name IS NOT NULL)""",
        channel=channel,
        native=native,
        state=state,
        since=stamp(cause.at),
    )


# Reports and alerts


def _reported(tx: Tx, fact: f.Reported) -> None:
    key = {"day": fact.day.isoformat(), "round": fact.round, "class": fact.class_id}
    tx.run("UPDATE report SET latest = 0 WHERE day = :day AND round = :round AND class = :class AND latest = 1", **key)
    tx.run(
        """INSERT INTO report (day, round, class, rev, latest, school, expected, present, sick, personal, unknown,
             unwell, fever, zero, person, at, first_at, timely, kind, behalf, reason)
           VALUES (:day, :round, :class, :rev, 1, :school, :expected, :present, :sick, :personal, :unknown,
             :unwell, :fever, :zero, :person, :at, :first_at, :timely, :kind, :behalf, :reason)""",
        rev=fact.rev,
        school=fact.school,
        expected=fact.sums.expected,
        present=fact.sums.present,
        sick=fact.sums.sick,
        personal=fact.sums.personal,
        unknown=fact.sums.unknown,
        unwell=fact.sums.unwell,
        fever=fact.sums.fever,
        zero=int(fact.sums.zero),
        person=fact.by,
        at=stamp(fact.at),
        first_at=stamp(fact.first_at),
        timely=int(fact.timely),
        kind=fact.kind,
        behalf=fact.behalf,
        reason=fact.reason,
        **key,
    )
    tx.many(
        """INSERT INTO entry (day, round, class, rev, place, pupil, attendance, temperature, method, afebrile, symptoms,
             whereabouts, added, fever)
           VALUES (:day, :round, :class, :rev, :place, :pupil, :attendance, :temperature, :method, :afebrile, :symptoms,
             :whereabouts, :added, :fever)""",
        [
            {
                **key,
                "rev": fact.rev,
                "place": place,
                "pupil": entry.pupil,
                "attendance": entry.attendance,
                "temperature": entry.temperature,
                "method": entry.method,
                "afebrile": int(entry.afebrile),
                "symptoms": " ".join(entry.symptoms),
                "whereabouts": entry.where,
                "added": stamp(entry.added) if entry.added else None,
                "fever": int(entry.pupil in fact.fevers),
            }
            for place, entry in enumerate(fact.entries)
        ],
    )


def _alerted(tx: Tx, fact: f.Alerted) -> None:
    tx.run(
        """INSERT INTO alert (id, day, round, school, class, pupil, seat, body, person, at, told)
           VALUES (:id, :day, :round, :school, :class, :pupil, :seat, :body, :person, :at, :told)""",
        id=fact.id,
        day=fact.day.isoformat(),
        round=fact.round,
        school=fact.school,
        pupil=fact.entry.pupil,
        seat=fact.seat,
        body=canonical(fact.entry),
        person=fact.by,
        at=stamp(fact.at),
        told=" ".join(fact.told),
        **{"class": fact.class_id},
    )


def _settled(tx: Tx, fact: f.Settled) -> None:
    tx.many(
        """INSERT INTO standing (day, round, class, school, standing)
           VALUES (:day, :round, :class, :school, :standing) ON CONFLICT (day, round, class) DO NOTHING""",
        [
            {
                "day": fact.day.isoformat(),
                "round": fact.round,
                "class": class_id,
                "school": fact.school,
                "standing": standing,
            }
            for class_id, standing in fact.standings
        ],
    )
