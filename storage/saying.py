"""What a turn says: of each message its body and version, for every chat that it goes to. `mail` shows them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cached_property

from msgspec import Struct

from handlers.bodies import encode
from handlers.model import Message, Text, ToChat, ToGroup, ToHere, ToPerson, Update, Urgency
from handlers.plain import stamp
from handlers.spoken import as_command
from storage.record import address_of
from storage.several import several
from storage.transaction import Param, Row, Tx

NOBODY = ""  # the address of a message that cannot be sent to anybody


class To(Struct, frozen=True):
    """Where a message goes, and whose chat that is."""

    address: str
    person: str | None


class Known(Struct, frozen=True):
    """A message as it is wanted, in one chat."""

    body: str
    shown: int
    ref: str | None
    state: str
    unknown: int

    @property
    def unseen(self) -> bool:
        return self.shown == 0 and self.unknown == 0


def say(tx: Tx, update: Update, messages: Sequence[Message]) -> None:
    """Writes what is wanted, for every address it goes to. A message to nobody is kept as `never`."""
    saying = Saying(tx, update, messages)
    for place, message in enumerate(messages):
        saying.say(message, place)
    saying.write()


def over(ref: str) -> str:
    """The key of what says that a card is none of ours any more."""
    return f"over:{ref}"


def close(tx: Tx, update: Update, words: Text, ref: str, code: str, until: datetime) -> None:
    """What was tapped is no message of ours any more, for that was sent anew. With the tap's own code it says so: after
    everything else, and never as another message. Where it was only just sent, `mail.shown` knows better."""
    message = Message(over(ref), ToHere(), words, urgency=Urgency.BROADCAST)
    say(tx, update, [message])
    tx.run(
        """UPDATE message SET ref = :ref, edit_code = :code, edit_until = :until, loud = 0
           WHERE key = :key AND address = (SELECT id FROM address WHERE channel = :channel AND native = :native)""",
        ref=ref,
        code=code,
        until=stamp(until),
        key=message.key,
        channel=update.channel,
        native=update.chat,
    )


INSERT = """
INSERT INTO message (key, address, person, body, want, shown, ref, numbered, typed, loud, urgency, not_after, about,
  until, fresh, state, put_at, due_at, place, tries, unknown, told)
VALUES (:key, :address, :person, :body, 1, 0, :ref, 0, :typed, 1, :urgency, :not_after, :about,
  :until, :fresh, :state, :now, :now, :place, 0, 0, 0)"""


class Saying:
    """The messages of one update. What must be known of them is read for all at once, and those that are new are
    written together: a tick of a school has as many as it has classes."""

    def __init__(self, tx: Tx, update: Update, messages: Sequence[Message]) -> None:
        self._tx = tx
        self._update = update
        self._now = stamp(update.now)
        self._chats: dict[str, list[Row]] = {}
        self._new: list[dict[str, Param]] = []
        self._find_chats({message.to.id for message in messages if isinstance(message.to, ToPerson)})
        self._known = _known(tx, {message.key for message in messages})

    def say(self, message: Message, place: int) -> None:
        """`place` is its turn among the update's messages."""
        nobody = To(NOBODY, message.to.id if isinstance(message.to, ToPerson) else None)
        for to in self._addresses(message) or [nobody]:
            self._want(message, to, place)

    def write(self) -> None:
        """What is new and not written yet."""
        new, self._new = self._new, []
        if new:
            self._tx.many(INSERT, new)

    # Where to

    def _find_chats(self, people: Collection[str]) -> None:
        """Where each was heard last comes first."""
        self._chats |= {person: [] for person in people}
        for some in several(people):
            for row in self._tx.all(
                f"""SELECT a.id, a.channel, a.native, a.person, p.until FROM address a JOIN person p ON p.id = a.person
                    WHERE a.person IN ({some.names}) AND a.state = 'bound'
                    ORDER BY COALESCE(a.heard_at, '') DESC, a.id""",  # noqa: S608
                **some.values,
            ):
                self._chats[row["person"]].append(row)

    def _addresses(self, message: Message) -> list[To]:
        match message.to:
            case ToHere():
                return [self._chat(self._update.channel, self._update.chat, private=self._update.private)]
            case ToChat(channel, native):
                return [self._chat(channel, native, private=True)]
            case ToPerson():
                return self._of_person(message, message.to)
            case ToGroup(name):
                return self._of_group(message, name)

    def _chat(self, channel: str, native: str, *, private: bool) -> To:
        address = address_of(self._tx, channel, native, private, self._update.now)
        row = self._tx.one("SELECT person FROM address WHERE id = :id", id=address)
        return To(address, row["person"] if row else None)

    def _of_person(self, message: Message, to: ToPerson) -> list[To]:
        """An alert or a menu goes to every chat of theirs; a reply where they wrote, anything else where they were
        heard last; and what is there already becomes true wherever it is."""
        if to.id not in self._chats:
            self._find_chats({to.id})
        today = self._update.today.isoformat()
        rows = [row for row in self._chats[to.id] if to.leaving or row["until"] > today]
        found = {row["id"]: To(row["id"], to.id) for row in rows}
        if message.urgency is Urgency.ALERT or message.menu or to.everywhere or len(rows) < 2:
            return list(found.values())
        there = [id for id in found if (message.key, id) in self._known and not message.fresh]
        here = [row["id"] for row in rows if (row["channel"], row["native"]) == self._here]
        return [found[id] for id in dict.fromkeys((*there, *here)) or [rows[0]["id"]]]

    def _of_group(self, message: Message, name: str) -> list[To]:
        """Where nothing can be tapped, what is to be tapped goes to each 学区领导 in private as well."""
        groups = self._tx.all(
            "SELECT id, deaf FROM address WHERE name = :name AND state = 'bound' ORDER BY id", name=name
        )
        addresses = [To(row["id"], None) for row in groups]
        if any(row["deaf"] for row in groups) and (message.choices or message.only_if_shown):
            leaders = self._tx.all(
                """SELECT DISTINCT d.person FROM duty d JOIN person p ON p.id = d.person
                   WHERE d.duty = 'leader' AND d.since <= :today AND :today < d.until AND p.until > :today
                   ORDER BY d.person""",
                today=self._update.today.isoformat(),
            )
            for row in leaders:
                addresses += self._of_person(message, ToPerson(row["person"]))
        return addresses

    # What is wanted there

    def _want(self, message: Message, to: To, place: int) -> None:
        body, known = encode(message), self._known.get((message.key, to.address))
        ref = self._taken_over(message, to.address)
        if known is None:
            if not message.only_if_shown:
                self._insert(message, to, place, body, ref)
            return
        if message.only_if_shown and known.shown == 0 and known.state != "due":
            return
        if known.body == body and not message.fresh and ref in (None, known.ref) and known.state != "never":
            return
        self._change(message, to, place, body, ref, known)

    def _insert(self, message: Message, to: To, place: int, body: str, ref: str | None) -> None:
        state = "never" if to.address == NOBODY else "due"
        self._new.append(
            {
                "key": message.key,
                "address": to.address,
                "person": to.person,
                "body": body,
                "ref": ref,
                "typed": int(self._answers_words(to.address)),
                "urgency": message.urgency,
                "not_after": stamp(message.not_after) if message.not_after else None,
                "about": message.about,
                "until": message.until,
                "fresh": int(message.fresh),
                "state": state,
                "now": self._now,
                "place": place,
            }
        )
        self._known[message.key, to.address] = Known(body, 0, ref, state, 0)

    def _change(self, message: Message, to: To, place: int, body: str, ref: str | None, known: Known) -> None:
        self.write()
        state = "never" if to.address == NOBODY else "over" if known.unseen and message.over else "due"
        self._tx.run(
            """UPDATE message SET body = :body, want = want + 1,
                 urgency = CASE WHEN state = 'due' AND urgency < :urgency THEN urgency ELSE :urgency END,
                 not_after = CASE WHEN :edit = 1 THEN not_after ELSE :not_after END, until = :until,
                 about = :about, fresh = :fresh, put_at = CASE WHEN :fresh = 1 THEN :now ELSE put_at END,
                 state = :state, due_at = :now, place = :place, paged = 0, tries = 0,
                 ref = COALESCE(CAST(:ref AS TEXT), ref), typed = :typed,
                 loud = CASE WHEN :quiet = 0 THEN want + 1 WHEN state = 'due' THEN loud ELSE shown END,
                 unknown = 0, problem = NULL WHERE key = :key AND address = :address""",
            body=body,
            urgency=message.urgency,
            not_after=stamp(message.not_after) if message.not_after else None,
            until=message.until,
            about=message.about,
            edit=int(message.only_if_shown),
            quiet=int(message.only_if_shown and not self._asks_on(message, to.address)),
            fresh=int(message.fresh),
            now=self._now,
            state=state,
            place=place,
            ref=ref,
            typed=int(self._answers_words(to.address)),
            key=message.key,
            address=to.address,
        )
        self._known[message.key, to.address] = Known(body, known.shown, ref or known.ref, state, 0)

    def _asks_on(self, message: Message, address: str) -> bool:
        """What was answered in this chat asks something again: worth another message where it cannot be edited."""
        return message.key == self._update.on and bool(message.choices) and self._is_here(address)

    def _answers_words(self, address: str) -> bool:
        """What was written in this chat stands there already; the word of a command alone says nothing of anybody."""
        return self._in_words and self._is_here(address)

    def _taken_over(self, message: Message, address: str) -> str | None:
        """The ref of what was tapped, when this message is to become it."""
        return self._update.ref if message.in_place and self._update.ref and self._is_here(address) else None

    # Here

    @cached_property
    def _in_words(self) -> bool:
        return self._update.tap is None and bool(as_command(self._update).text)

    @property
    def _here(self) -> tuple[str, str]:
        return (self._update.channel, self._update.chat)

    def _is_here(self, address: str) -> bool:
        """Whether it is the chat of the update: asked of its row, for a group that has moved keeps its id."""
        return self._address_here == address

    @cached_property
    def _address_here(self) -> str | None:
        channel, native = self._here
        here = self._tx.one(
            "SELECT id FROM address WHERE channel = :channel AND native = :native", channel=channel, native=native
        )
        return here["id"] if here else None


def _known(tx: Tx, keys: Iterable[str]) -> dict[tuple[str, str], Known]:
    """What is wanted by now, by key and address; locked, for a postman elsewhere may be writing down what is shown."""
    return {
        (row["key"], row["address"]): Known(row["body"], row["shown"], row["ref"], row["state"], row["unknown"])
        for some in several(keys)
        for row in tx.locked(
            f"""SELECT key, address, body, shown, ref, state, unknown FROM message
                WHERE key IN ({some.names}) ORDER BY key, address""",  # noqa: S608
            skip=False,
            **some.values,
        )
    }
