"""What the phones showed and the bot called: counted on the sandbox's side, never asked of the bot."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from msgspec import Struct

from bot.demo.reading import reminder
from sandbox import Entry, Message
from sandbox.crowd import ZONE, How, Plan, Platform, Record, plain
from sandbox.model import Keyboard

LISTENING = "getUpdates"
FOR_GOOD = datetime.max.replace(tzinfo=ZONE)
Look = tuple[str, Keyboard, datetime]
EXCHANGE = timedelta(seconds=45)  # in it a tapped report is all done


class Face(Struct, frozen=True):
    """A message as it looked from `at` on, `until` it was edited; where nothing that was said is edited, it stands for
    the moment at which it came."""

    message: Message
    text: str
    keyboard: Keyboard
    at: datetime
    until: datetime

    last: bool  # of its day

    @property
    def card(self) -> bool:
        """Short, and without any name."""
        return bool(self.message.card)

    @property
    def buttons(self) -> str:
        return "、".join(button.text for row in self.keyboard for button in row)


class Ping(Struct, frozen=True):
    person: int
    klass: str
    at: datetime
    text: str


class Witness:
    """Looks on from the first moment of a day: a picture that was edited away is kept. What was written on the day is
    its own for ever, with all later edits."""

    def __init__(self, platform: Platform, day: date) -> None:
        self.platform = platform
        self._day = day
        self._from = len(platform.journal)
        self._to: int | None = None
        self.photos: list[tuple[datetime, str]] = []
        platform.on_change(self._noticed)

    def leave(self) -> None:
        """The day is over."""
        self._to = len(self.platform.journal)

    def _noticed(self, chat: int | None) -> None:
        if chat != self.group or self._to is not None:
            return
        for message in self.from_bot(self.group):
            if message.photo is not None and message.photo not in [photo for _, photo in self.photos]:
                self.photos.append((message.edit_date or message.date, message.photo))

    @property
    def group(self) -> int:
        return self.platform.group

    @property
    def calls(self) -> Sequence[Entry]:
        """Since it looks on; listening is no call about anybody."""
        return [entry for entry in self.platform.journal[self._from : self._to] if entry.method != LISTENING]

    @property
    def chats(self) -> Sequence[int]:
        """Of everybody who has a phone, and the groups."""
        return list(self.platform.titles)

    def from_bot(self, chat: int) -> list[Message]:
        said = (one for one in self.platform.chat(chat) if one.sender == 0 and not one.service)
        return [one for one in said if one.date.astimezone(ZONE).date() == self._day]

    def faces(self, chat: int) -> Iterator[Face]:
        """Every face of every message of the bot in a chat, on the day on which it was written."""
        over = datetime.combine(self._day + timedelta(days=1), time(), ZONE)
        for message in self.from_bot(chat):
            looks = [(one.text, one.keyboard, one.at) for one in message.revisions]
            looks.append((message.text, message.keyboard, message.edit_date or message.date))
            looks = [looks[0], *(look for before, look in pairwise(looks) if not self._closes(before, look))]
            ends = [*(at for _, _, at in looks[1:]), FOR_GOOD]
            for (text, keyboard, at), until in zip(looks, ends, strict=True):
                if at < over:
                    stands = until if self.platform.edits else at
                    yield Face(message, plain(text), keyboard, at, stands, until >= over)

    def _closes(self, before: Look, look: Look) -> bool:
        """Its buttons are taken away, and what it says stands below."""
        return not self.platform.edits and look[0] == before[0] and not look[1]

    def first_faces(self, chat: int) -> Iterator[Face]:
        seen: set[int] = set()
        for face in self.faces(chat):
            if face.message.id not in seen:
                seen.add(face.message.id)
                yield face

    def pings(self, people: Sequence[int]) -> list[Ping]:
        """Reminders by what they said when they came."""
        return [
            Ping(person, klass, face.at, face.text)
            for person in people
            for face in self.first_faces(person)
            if (klass := reminder(face.text)) is not None
        ]

    def calls_by_chat(self) -> Mapping[int, Sequence[datetime]]:
        """When a send, an edit or an answer to a tap concerned a private chat."""
        tapped = {str(tap.id): tap.person for tap in self.platform.taps.values()}
        found: dict[int, list[datetime]] = defaultdict(list)
        for entry in self.calls:
            for chat in {entry.chat, tapped.get(str(entry.params.get("callback_query_id")))}:
                if chat is not None:
                    found[chat].append(entry.at)
        return found

    def calls_a_zero_report(self, plans: Sequence[Plan], record: Record, opened: datetime, pinged: datetime) -> float:
        """Over the classes of one teacher who has no other, who tapped once, before any reminder: what each cost."""
        busy = Counter(plan.who.id for plan in plans)
        calls = self.calls_by_chat()
        costs = [
            sum(opened <= at <= first.at + EXCHANGE for at in calls.get(plan.who.id, ()))
            for plan in plans
            if plan.how is How.TAP and len(plan.klass.teachers) == 1 and plan.who.classes == (plan.klass.key,)
            if plan.who.duties == ("班主任",) and busy[plan.who.id] == 1
            if (first := record.classes[plan.klass.key].first) is not None
            and record.classes[plan.klass.key].taps == 1
            and first.at + EXCHANGE < pinged
        ]
        return round(sum(costs) / len(costs), 3) if costs else 0.0

    # The transcript

    def transcript(self) -> list[dict[str, object]]:
        """Every message, edit and tap of every chat, in the order of time."""
        titles = self.platform.titles
        lines = [line for chat in titles for line in self._of_chat(chat, titles)]
        for tap in self.platform.taps.values():
            answer = tap.answer.text if tap.answer else None
            button = {"kind": "tap", "from": titles[tap.person], "on": tap.message_id, "answer": answer}
            lines.append({"at": _stamp(tap.at), "chat": tap.chat, "title": titles[tap.chat], **button})
        return sorted(lines, key=lambda line: str(line["at"]))

    def _of_chat(self, chat: int, titles: Mapping[int, str]) -> Iterator[dict[str, object]]:
        for message in self.platform.chat(chat):
            sender = "零报告" if message.sender == 0 else titles[message.sender]
            common = {"chat": chat, "title": titles[chat], "from": sender, "id": message.id}
            faces = [(one.at, one.text, one.keyboard) for one in message.revisions]
            faces.append((message.edit_date or message.date, message.text, message.keyboard))
            for number, (at, text, keyboard) in enumerate(faces):
                buttons = [[button.text for button in row] for row in keyboard]
                kind = "edit" if number else "service" if message.service else "message"
                media = {"photo": True} if message.photo else {"file": True} if message.document else {}
                yield {"at": _stamp(at), **common, "kind": kind, "text": text, **media, "buttons": buttons}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(ZONE).isoformat(timespec="milliseconds")
