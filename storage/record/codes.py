"""Invitations: a code of one person's, open until it is used, void or expired; and guesses at codes."""

from datetime import date, datetime

from handlers import facts as f
from handlers.plain import stamp
from storage.record.lane import Cause
from storage.record.roll import FOREVER, end_person
from storage.transaction import Tx


def invited(tx: Tx, fact: f.Invited, cause: Cause) -> None:
    for person, code_hash in fact.invites:
        tx.run("UPDATE invite SET state = 'void' WHERE person = :person AND state = 'open'", person=person)
        open_invite(tx, person, code_hash, fact.expires, cause)


def open_invite(tx: Tx, person: str, code_hash: str, expires: datetime, cause: Cause) -> None:
    tx.run(
        """INSERT INTO invite (code_hash, person, expires, state, made_at)
           VALUES (:hash, :person, :expires, 'open', :at)""",
        hash=code_hash,
        person=person,
        expires=stamp(expires),
        at=stamp(cause.at),
    )


def admin_invited(tx: Tx, fact: f.AdminInvited, cause: Cause) -> None:
    since = date.min.isoformat()  # an admin made at the machine may also look at days gone by
    tx.run(
        """INSERT INTO person (id, school, staff_no, name, title, phone, language, place, since, until)
           VALUES (:id, NULL, NULL, '管理员', '管理员', NULL, 'zh', 0, :since, :until) ON CONFLICT (id) DO NOTHING""",
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
    for ended in fact.ended:
        end_person(tx, ended, fact.since, cause)
    open_invite(tx, fact.person, fact.code_hash, fact.expires, cause)


def guessed(tx: Tx, fact: f.Guessed, cause: Cause) -> None:
    tx.run(
        "INSERT INTO guess (channel, native, at, cause) VALUES (:channel, :native, :at, :cause)",
        channel=fact.channel,
        native=fact.native,
        at=stamp(cause.at),
        cause=cause.id,
    )
