"""What stands in the chats: what a turn asks of it, and what the postman shows of what was said (`saying`)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from handlers.bodies import Body, decode, encode
from handlers.model import (
    Choices,
    Draft,
    Forget,
    Message,
    Update,
    Urgency,
    text,
)
from handlers.plain import canonical, stamp, unstamp
from storage.saying import over
from storage.several import Several, several
from storage.transaction import Row, Tx

ALERT_PATIENCE = timedelta(minutes=2)
HOUR = timedelta(hours=1)


class Due(Struct, frozen=True):
    """A message whose shown version is not the wanted one."""

    key: str
    address: str
    channel: str
    native: str
    private: bool
    person: str | None
    language: str
    body: str
    want: int
    shown: int
    ref: str | None
    edit_code: str | None
    urgency: Urgency
    fresh: bool
    typed: bool
    quiet: bool
    paged: int
    tries: int
    unknown: int
    put_at: datetime
    due_at: datetime
    shown_at: datetime | None
    not_after: datetime | None


class Asked(Struct, frozen=True):
    """The question last asked in a chat, with the choices that the phone shows, and when; whether they bear numbers
    there."""

    choices: Choices
    ref: str
    at: datetime
    numbered: bool


# Asked and noted by a turn


def stands(tx: Tx, update: Update, message: Message) -> bool:
    """Whether it is in this chat already, as it is to be."""
    row = tx.one(
        """SELECT m.body FROM message m JOIN address a ON a.id = m.address
           WHERE m.key = :key AND a.channel = :channel AND a.native = :native""",
        key=message.key,
        channel=update.channel,
        native=update.chat,
    )
    return row is not None and row["body"] == encode(message)


def keep_draft(tx: Tx, draft: Draft | Forget, now: datetime) -> None:
    """A draft is overwritten freely."""
    key = {
        "person": draft.person,
        "class": draft.class_id,
        "day": draft.day.isoformat(),
        "round": draft.round,
    }
    if isinstance(draft, Forget):
        tx.run("DELETE FROM draft WHERE person = :person AND class = :class AND day = :day AND round = :round", **key)
        return
    tx.run(
        """INSERT INTO draft (person, class, day, round, changed_at, body)
           VALUES (:person, :class, :day, :round, :at, :body)
           ON CONFLICT (person, class, day, round) DO UPDATE
           SET changed_at = excluded.changed_at, body = excluded.body""",
        at=stamp(now),
        body=canonical(draft),
        **key,
    )


def key_of(tx: Tx, channel: str, native: str, ref: str) -> str | None:
    """The message that shows as this ref in a chat."""
    row = tx.one(
        """SELECT min(m.key) AS key FROM message m JOIN address a ON a.id = m.address
           WHERE a.channel = :channel AND a.native = :native AND m.ref = :ref""",
        channel=channel,
        native=native,
        ref=ref,
    )
    return row["key"] if row else None


def offered(tx: Tx, channel: str, native: str, ref: str) -> Choices:
    """What can be chosen on the message that shows as this ref in a chat."""
    row = tx.one(
        """SELECT m.body FROM message m JOIN address a ON a.id = m.address
           WHERE a.channel = :channel AND a.native = :native AND m.ref = :ref ORDER BY m.key LIMIT 1""",
        channel=channel,
        native=native,
        ref=ref,
    )
    return decode(row["body"]).choices if row else ()


def heard(tx: Tx, channel: str, native: str, at: datetime) -> None:
    """Where somebody with several chats is written to next."""
    tx.run(
        """UPDATE address SET heard_at = :at WHERE channel = :channel AND native = :native AND EXISTS (
             SELECT 1 FROM address o
             WHERE o.person = address.person AND o.channel <> :channel AND o.state = 'bound')""",
        channel=channel,
        native=native,
        at=stamp(at),
    )


def may_edit(tx: Tx, channel: str, native: str, ref: str, code: str, until: datetime) -> bool:
    """A tap brings what allows one more edit of what was tapped. False where none of our messages shows as this."""
    found = tx.run(
        """UPDATE message SET edit_code = :code, edit_until = :until WHERE ref = :ref
           AND address = (SELECT id FROM address WHERE channel = :channel AND native = :native)""",
        code=code,
        until=stamp(until),
        ref=ref,
        channel=channel,
        native=native,
    )
    return found > 0


def asked(tx: Tx, channel: str, native: str) -> Asked | None:
    """A number means what stands beside it, whatever its message is to be by now: as a tap on an older card does."""
    row = tx.one(
        """SELECT m.asks, m.ref, m.numbered, m.asked_at FROM message m JOIN address a ON a.id = m.address
           WHERE a.channel = :channel AND a.native = :native AND m.ref IS NOT NULL AND m.asked_at IS NOT NULL
           ORDER BY m.asked_at DESC, m.put_at DESC, m.place DESC LIMIT 1""",
        channel=channel,
        native=native,
    )
    if row is None:
        return None
    return Asked(decode(row["asks"]).choices, row["ref"], unstamp(row["asked_at"]), bool(row["numbered"]))


# Shown by the postman

_DUE = """
SELECT m.key, m.address, a.channel, a.native, a.private, m.person, p.language, m.body, m.want, m.shown, m.ref,
       CASE WHEN m.edit_until > :now THEN m.edit_code END AS edit_code, m.typed, m.loud,
       m.paged, m.urgency, m.fresh, m.tries, m.unknown, m.put_at, m.due_at, m.shown_at, m.not_after
FROM {messages} m JOIN address a ON a.id = m.address LEFT JOIN person p ON p.id = m.person """
# Few of what may be thousands: read in the order of their index, and joined then. PostgreSQL guesses what a condition
# leaves, by counts of long ago: where it expects few it would rather read and sort them all, 50 to 240 ms a look. So
# nothing here looks rare, or like another index: `|| ''`, and CASE for the platform, with which an address begins.
FIRST_DUE = (
    _DUE.format(  # noqa: S608
        messages="""(SELECT * FROM message m WHERE m.state = 'due' AND m.due_at || '' <= :now
  AND CASE WHEN substr(m.address, 1, :letters) = :of THEN 1 ELSE 0 END > 0
  AND (:silent = 0 OR m.urgency <= :reply OR (m.ref IS NOT NULL AND m.fresh = 0 AND (:edits = 1
    OR (SELECT o.private FROM address o WHERE o.id = m.address) = 1)))
  ORDER BY m.urgency, m.due_at, m.place, m.key, m.address LIMIT :limit)"""
    )
    + "ORDER BY m.urgency, m.due_at, m.place, m.key, m.address"
)
ALIKE = (
    _DUE.format(messages="message")
    + """WHERE m.state = 'due' AND m.due_at <= :now AND a.channel = :channel AND a.private = 1 AND m.body = :body
  AND COALESCE(p.language, 'zh') = :language AND m.typed = 0 AND m.urgency = :urgency
  AND (m.ref IS NULL OR m.fresh = 1) AND m.address <> :address
  AND m.paged = :paged AND m.unknown = :unknown AND (:unknown = 0 OR m.due_at = :due)
ORDER BY m.due_at, m.place, m.key, m.address LIMIT :limit"""
)


def due(tx: Tx, now: datetime, limit: int, channel: str, *, silent: bool, edits: bool) -> list[Due]:
    """The most urgent messages that may be shown now on a platform. In silent hours nothing rings but alerts and
    answers. What is shown already may go on changing, for an edit makes no sound: but in a group only where what was
    said there can be edited (`edits`), else its change is another message."""
    of = f"{channel}:"
    rows = tx.all(
        FIRST_DUE,
        now=stamp(now),
        of=of,
        letters=len(of),
        silent=int(silent),
        edits=int(edits),
        reply=int(Urgency.REPLY),
        limit=limit,
    )
    return [_due(row) for row in rows]


def alike(tx: Tx, one: Due, now: datetime, limit: int) -> list[Due]:
    """Other new messages that may go now and say the same in the same language, each to somebody in private. Of what
    may have been shown, those that were sent together."""
    rows = tx.all(
        ALIKE,
        now=stamp(now),
        channel=one.channel,
        body=one.body,
        language=one.language,
        urgency=int(one.urgency),
        address=one.address,
        paged=one.paged,
        unknown=one.unknown,
        due=stamp(one.due_at),
        limit=limit,
    )
    return [_due(row) for row in rows]


def _due(row: Row) -> Due:
    return Due(
        key=row["key"],
        address=row["address"],
        channel=row["channel"],
        native=row["native"],
        private=bool(row["private"]),
        person=row["person"],
        language=row["language"] or "zh",
        body=row["body"],
        want=row["want"],
        shown=row["shown"],
        ref=row["ref"],
        edit_code=row["edit_code"],
        urgency=Urgency(row["urgency"]),
        fresh=bool(row["fresh"]),
        typed=bool(row["typed"]),
        quiet=row["loud"] <= row["shown"],
        paged=row["paged"],
        tries=row["tries"],
        unknown=row["unknown"],
        put_at=unstamp(row["put_at"]),
        due_at=unstamp(row["due_at"]),
        shown_at=unstamp(row["shown_at"]) if row["shown_at"] else None,
        not_after=unstamp(row["not_after"]) if row["not_after"] else None,
    )


def next_due(tx: Tx, now: datetime) -> datetime | None:
    """When the first becomes due of those that are not yet."""
    row = tx.one(
        "SELECT min(due_at) AS at FROM message WHERE state = 'due' AND want > 0 AND due_at > :now", now=stamp(now)
    )
    return unstamp(row["at"]) if row and row["at"] else None


class Standing(Struct, frozen=True):
    """How a message stands on the phone: see bot.channels.Shown. `edit_until`: of the code; None where an edit needs
    none. `answered_by_number`: whether a number may mean one of its choices."""

    ref: str
    edit_code: str | None
    edit_until: datetime | None
    numbered: bool
    answered_by_number: bool


def shown(tx: Tx, message: Due, how: Standing, now: datetime) -> None:
    """Commit 3. What was wanted meanwhile stays due; so does that it is over, of what was on the wire as yet unseen."""
    row = {"key": message.key, "address": message.address}
    if how.edit_until is not None:
        used(tx, message)
        # a tap that came while an edit was on the wire has brought a code of its own, which holds
        tx.run(
            """UPDATE message SET edit_code = :code, edit_until = :until WHERE key = :key AND address = :address
               AND (COALESCE(ref, '') <> :ref OR edit_code IS NULL OR edit_until <= :now)""",
            ref=how.ref,
            code=how.edit_code,
            until=stamp(how.edit_until),
            now=stamp(now),
            **row,
        )
        tx.run(
            "DELETE FROM message WHERE key = :over AND address = :address AND key <> :key", over=over(how.ref), **row
        )
    tx.run(
        """UPDATE message SET shown = :version, ref = :ref, shown_at = :now, tries = 0, unknown = 0, problem = NULL,
             numbered = :numbered, asks = :asks,
             asked_at = CASE WHEN CAST(:asks AS TEXT) IS NULL THEN NULL WHEN :quiet = 1 THEN asked_at ELSE :now END,
             first_shown_at = COALESCE(first_shown_at, :now),
             fresh = CASE WHEN want > :version THEN fresh ELSE 0 END,
             state = CASE WHEN want = :version THEN 'idle' WHEN state = 'over' THEN 'due' ELSE state END
           WHERE key = :key AND address = :address""",
        version=message.want,
        ref=how.ref,
        numbered=int(how.numbered),
        asks=_choices(message.body) if how.answered_by_number else None,
        quiet=int(message.quiet),
        now=stamp(now),
        **row,
    )


def page_shown(tx: Tx, message: Due, ref: str) -> None:
    """One that others follow; the last of them is what the message is known by. Whoever goes on with this version
    later, after a crash or a refusal, begins behind it, and whether it was repeated says nothing of what follows."""
    tx.run(
        """UPDATE message SET pages = pages || :page, paged = CASE WHEN want = :want THEN paged + 1 ELSE paged END,
             tries = 0, unknown = 0, problem = NULL
           WHERE key = :key AND address = :address""",
        page=f"{ref} ",
        want=message.want,
        key=message.key,
        address=message.address,
    )


def _choices(body: str) -> str | None:
    """These alone: a number means what the phone shows, whatever the message has become since."""
    choices = decode(body).choices
    return encode(Body(text(""), choices)) if choices else None


def used(tx: Tx, message: Due) -> None:
    """Its code has been tried and holds no more, nor does it for whatever else the same card has been."""
    if message.edit_code is not None:
        tx.run(
            "UPDATE message SET edit_code = NULL WHERE edit_code = :code AND address = :address",
            code=message.edit_code,
            address=message.address,
        )


def page_given_up(tx: Tx, message: Due, now: datetime, problem: str) -> None:
    """What follows it is still wanted, and begins behind it."""
    tx.run(
        """UPDATE message SET paged = paged + 1, due_at = :now, tries = 0, unknown = 0, problem = :problem
           WHERE key = :key AND address = :address AND want = :want AND state = 'due'""",
        now=stamp(now),
        problem=problem,
        want=message.want,
        key=message.key,
        address=message.address,
    )


def sent(tx: Tx, address: str, at: datetime) -> None:
    tx.run(
        "INSERT INTO sent (at, address) VALUES (:at, :address) ON CONFLICT (at, address) DO NOTHING",
        at=stamp(at),
        address=address,
    )


def sent_since(tx: Tx, since: datetime) -> list[tuple[datetime, str]]:
    """For a restarted pacer. Older rows go."""
    tx.run("DELETE FROM sent WHERE at < :since", since=stamp(since))
    return [(unstamp(row["at"]), row["address"]) for row in tx.all("SELECT at, address FROM sent ORDER BY at")]


def later(tx: Tx, message: Due, until: datetime, problem: str, *, unknown: bool = False) -> None:
    """Still wanted: tried again at `until`."""
    tx.run(
        """UPDATE message SET due_at = :until, tries = tries + 1, problem = :problem, unknown = unknown + :unknown
           WHERE key = :key AND address = :address AND state = 'due'""",
        until=stamp(until),
        problem=problem,
        unknown=int(unknown),
        key=message.key,
        address=message.address,
    )


def put_off(tx: Tx, messages: Iterable[tuple[Due, datetime]]) -> None:
    """Each is not to go before its hour: until then nobody looks at it again."""
    for message, hour in messages:
        tx.run(
            """UPDATE message SET due_at = :hour
               WHERE key = :key AND address = :address AND want = :want AND state = 'due'""",
            hour=stamp(hour),
            key=message.key,
            address=message.address,
            want=message.want,
        )


def set_back(tx: Tx, now: datetime) -> None:
    """The clock was put back: nothing waits for an hour that a wrong clock has named, nor for what it says was shown
    then; and no question of then is the last one for that long."""
    row = {"now": stamp(now)}
    tx.run("UPDATE message SET shown_at = :now WHERE shown_at > :now", **row)
    tx.run("UPDATE message SET asked_at = :now WHERE asked_at > :now", **row)
    tx.run("UPDATE message SET due_at = :now WHERE state = 'due' AND due_at > :now", **row)
    tx.run("UPDATE message SET put_at = :now WHERE state = 'due' AND put_at > :now", **row)
    tx.run("DELETE FROM sent WHERE at > :now", **row)


def never(tx: Tx, message: Due, problem: str) -> None:
    """This version cannot be shown; a later one may be."""
    tx.run(
        """UPDATE message SET state = 'never', problem = :problem
           WHERE key = :key AND address = :address AND want = :want""",
        problem=problem,
        key=message.key,
        address=message.address,
        want=message.want,
    )


def anew(tx: Tx, message: Due, problem: str) -> None:
    """What was to be edited is gone: the ref is forgotten, so that it is sent. A code that is left closes then what it
    takes the place of."""
    tx.run(
        """UPDATE message SET ref = NULL, unknown = 0, problem = :problem
           WHERE key = :key AND address = :address""",
        problem=problem,
        key=message.key,
        address=message.address,
    )


def expire(tx: Tx, now: datetime) -> None:
    """Messages past their `not_after` are no longer wanted, if they were never shown. One that was put in the future,
    by a clock that has been put back since, is due now."""
    tx.run("UPDATE message SET put_at = :now, due_at = :now WHERE state = 'due' AND put_at > :now", now=stamp(now))
    tx.run(
        "UPDATE message SET state = 'withdrawn' WHERE state = 'due' AND shown = 0 AND not_after < :now", now=stamp(now)
    )


def late_alerts(tx: Tx, now: datetime) -> Sequence[tuple[str, str]]:
    """Alerts not delivered in two minutes, or never to be: each is told of once."""
    rows = tx.all(
        """SELECT key, address FROM message WHERE urgency = 0 AND told = 0 AND shown = 0
           AND (state = 'never' OR (state = 'due' AND put_at < :before))""",  # 0: ALERT, as the index says it
        before=stamp(now - ALERT_PATIENCE),
    )
    for row in rows:
        tx.run("UPDATE message SET told = 1 WHERE key = :key AND address = :address", **row)
    return [(row["key"], row["address"]) for row in rows]


def names_for(tx: Tx, pupils: Collection[str], person: str, day: str) -> dict[str, str]:
    """By pupil, the names of those for whom this person answers on that day: class teachers, 疫情报告人 and deputy,
    校医 and 校长 of the school; who stands in for a teacher, once they have accepted."""
    found: dict[str, str] = {}
    for some in several(pupils):
        found |= _named(tx, some, person, day)
    return found


def _named(tx: Tx, pupils: Several, person: str, day: str) -> dict[str, str]:
    rows = tx.all(
        f"""SELECT p.id, min(p.name) AS name FROM pupil p
           JOIN enrolment e ON e.pupil = p.id AND e.since <= :day AND :day < e.until
           JOIN class c ON c.id = e.class
           JOIN duty d ON d.person = :person AND d.since <= :day AND :day < d.until
           JOIN person s ON s.id = d.person
           WHERE p.id IN ({pupils.names}) AND ((d.class = c.id AND d.duty <> 'substitute') OR
             (s.school = c.school AND d.duty IN ('reporter', 'deputy', 'nurse', 'principal')) OR
             (d.class = c.id AND EXISTS (SELECT 1 FROM substitute i
               WHERE i.class = c.id AND i.person = :person AND i.accepted_at IS NOT NULL AND i.declined_at IS NULL
                 AND i.since <= :day AND :day < COALESCE(i.ended, i.until))))
           GROUP BY p.id""",  # noqa: S608
        person=person,
        day=day,
        **pupils.values,
    )
    return {row["id"]: row["name"] for row in rows}
