"""A small district in a real database, in which handlers are tried: two schools, three classes, an office."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.texts import Words
from handlers import decide, ids
from handlers.model import Duty, Message, Text, Update
from handlers.outcome import Outcome
from handlers.questions import Ask, Question
from handlers.rolls import ClassRoll, PupilRow, PupilStatus, SchoolRoll, StaffRow, to_json
from handlers.values import replace
from storage import Row, Storage, Tx, inbox, mail, saying
from storage.answers import Answers
from storage.record import Cause, record

ZONE = ZoneInfo("Asia/Shanghai")
RULES = tomllib.loads((Path(__file__).parents[2] / "bot" / "district.toml").read_text(encoding="utf-8"))["rule"]
MONDAY = date(2026, 9, 7)
T = TypeVar("T")


def clock(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    """An hour of the district's, as an instant."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def staff(name: str, *duties: Duty, classes: tuple[str, ...] = (), number: str | None = None) -> StaffRow:
    return StaffRow(name, number, duties, classes, f"{name[0]}老师", "13800000000")


def pupil(name: str, seat: int, klass: str = "三(1)班", number: str | None = None) -> PupilRow:
    return PupilRow(name, number, klass, seat, None, PupilStatus.ENROLLED, ("x",), ("xx",))


def pupils(klass: str, many: int, first: int = 1) -> tuple[PupilRow, ...]:
    """学号 from `first` on."""
    return tuple(pupil(f"{klass[0]}{n}", n, klass, f"{first + n:05}") for n in range(1, many + 1))


THREE_ONE, THREE_TWO = ClassRoll("三(1)班", "三", 1), ClassRoll("三(2)班", "三", 2)
CENTRAL = SchoolRoll(
    "中心小学",
    (THREE_ONE, THREE_TWO),
    (
        staff("张敏", Duty.HOMEROOM, classes=("三(1)班",)),
        staff("赵强", Duty.HOMEROOM, classes=("三(2)班",)),
        staff("李梅", Duty.REPORTER),
        staff("周校", Duty.PRINCIPAL),
    ),
    pupils("三(1)班", 5, 100) + pupils("三(2)班", 4, 200),
)
SECOND = SchoolRoll(
    "第二小学",
    (THREE_ONE,),
    (staff("张敏", Duty.HOMEROOM, classes=("三(1)班",)), staff("孙红", Duty.REPORTER)),
    pupils("三(1)班", 3, 300),
)
OFFICE = SchoolRoll("学区办公室", (), (staff("吴管", Duty.ADMIN), staff("郑联", Duty.LIAISON)), ())


@dataclass
class World:
    """Every update is one transaction, with the present hour `now`; taps and words come from `telegram`."""

    storage: Storage
    now: datetime = field(default_factory=lambda: clock(7))
    updates: int = 0

    async def begin(self) -> None:
        """The rules as they are shipped, the three rolls, the address of the bot."""
        await self.begin_rules()
        for place, roll in enumerate((CENTRAL, SECOND, OFFICE)):
            await self.import_roll(roll, place)
        await self.machine("link", "telegram", "https://t.me/zero_report_bot?start=")

    async def begin_rules(self) -> None:
        await self.machine("rules", text=json.dumps([{**rule, "valid_from": "2026-01-01"} for rule in RULES]))

    async def import_roll(self, roll: SchoolRoll, place: int = 0, since: date = date(2026, 9, 1)) -> Outcome:
        return await self.machine("roster", str(place), since.isoformat(), text=to_json(roll))

    async def machine(self, verb: str, *args: str, text: str = "") -> Outcome:
        """What a command line puts."""
        return await self.update(self.draw("machine", "machine", verb, args, text))

    async def says(self, chat: str, words: str) -> Outcome:
        """`/start CODE` typed by whoever has that private chat."""
        verb, _, rest = words.removeprefix("/").partition(" ")
        if not words.startswith("/"):
            verb, rest = "text", words
        return await self.update(self.draw("telegram", chat, verb, tuple(rest.split()), rest))

    async def taps(self, chat: str, does: str, *, private: bool = True) -> Outcome:
        verb, *args = does.split(":")
        tapped = replace(self.draw("telegram", chat, verb, tuple(args), ""), tap="tap", private=private)
        return await self.update(tapped)

    def draw(self, channel: str, chat: str, verb: str, args: tuple[str, ...], text: str) -> Update:
        """An update of now; the same number has the same seed."""
        self.updates += 1
        return Update(
            id=f"u{self.updates}",
            lane="district",
            channel=channel,
            sender=chat,
            chat=chat,
            private=True,
            at=self.now,
            now=self.now,
            seed=self.updates.to_bytes(16, "big"),
            zone=ZONE,
            verb=verb,
            args=args,
            text=text,
        )

    async def update(self, update: Update) -> Outcome:
        """Decided, recorded and said in one transaction; what it puts into other lanes follows at once, what it puts
        for later does not."""
        outcome = await self.storage.run(lambda tx: written(tx, update))
        for put in (one for one in outcome.puts if one.at is None):
            handed = self.draw("lane", "lane", put.verb, put.args, put.text)
            outcome = outcome + await self.update(replace(handed, lane=put.lane, seed=update.seed))
        return outcome

    async def ask(self, question: Question[T]) -> T:
        return await self.storage.read(lambda tx: Answers(tx)(question))

    async def asking(self, work: Callable[[Ask], T]) -> T:
        return await self.storage.read(lambda tx: work(Answers(tx)))

    async def rows(self, sql: str) -> list[Row]:
        return await self.storage.read(lambda tx: tx.all(sql))

    async def class_id(self, name: str, school: str = "中心小学") -> str:
        sql = f"""SELECT c.id FROM class c JOIN class_name n ON n.class = c.id JOIN school s ON s.id = c.school
                  WHERE n.name = '{name}' AND s.name = '{school}'"""  # noqa: S608
        return str((await self.rows(sql))[0]["id"])

    async def person(self, name: str, school: str | None = "中心小学") -> str:
        """The id of somebody of the staff."""
        where = "p.school IS NULL" if school is None else f"s.name = '{school}'"
        sql = f"SELECT p.id FROM person p LEFT JOIN school s ON s.id = p.school WHERE p.name = '{name}' AND {where}"  # noqa: S608
        return str((await self.rows(sql))[0]["id"])

    async def join(self, chat: str, name: str, school: str | None = "中心小学") -> str:
        """Invites at the machine and starts with the code; the person's id."""
        await self.machine("invites", "")
        seed = self.updates.to_bytes(16, "big")
        person = await self.person(name, school)
        await self.says(chat, f"/start {ids.code(seed, person)}")
        return person


def written(tx: Tx, update: Update) -> Outcome:
    """As the bot's own turn writes it."""
    outcome = decide(update, Answers(tx))
    cause = Cause(update.id, update.lane, outcome.actor, update.at, update.today, update.channel, update.seed)
    inbox.hold(tx, update.lane)
    for fact in outcome.facts:
        record(tx, fact, cause)
    saying.say(tx, update, outcome.says)
    for draft in outcome.drafts:
        mail.keep_draft(tx, draft, update.now)
    return outcome


def in_words(said: Message | Text | str | int | None, author: str | None = None, language: str = "zh") -> str:
    """As the person `author` reads it on the phone or in a sheet, no pupil named."""
    words = said.text if isinstance(said, Message) else said
    if not isinstance(words, Text):
        return str(words)
    return Words(language).render(words, name=lambda _: None, author=author)


def keys(outcome: Outcome) -> list[str]:
    """The text key of each message, in order."""
    return [message.text.key for message in outcome.says]
