"""Some days of a small district, lived by people who tap and write as it comes; each update through the real handlers
into a real database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from handlers.bodies import decode
from handlers.model import Duty, Update
from handlers.outcome import Outcome
from handlers.plain import stamp
from handlers.questions import RulesOn
from handlers.rolls import ClassRoll, SchoolRoll
from handlers.rulebook import Due
from handlers.scene import Scene, look
from handlers.values import replace
from storage import Storage
from tests.handlers.naming import Named
from tests.handlers.world import OFFICE, ZONE, World, pupils, staff, written

PEOPLE = ("王一", "王二", "李报", "钱副", "吴医", "周校")
WHO = ("王一", "王二", "王一", "王二", "王一", "王二", "李报", "李报", "吴医", "吴医", "钱副", "周校")  # as often
SCHOOL = "中心小学"
SENTENCES = (
    "{n}号38.5在家",
    "{n}号发烧37.8在校留观，{m}号咳嗽",
    "{n}号病假",
    "{n}号事假，{m}号没来",
    "{n}号水痘在家",
    "{n}号流感，已去医院",
    "{n}号感冒",
    "{n}号返校",
    "{n}号不发热了",
    "{n}号迟到",
    "{n}号肚子疼，家长已接回",
    "都同昨日",
    "全员正常",
    "{n}号事假到{day}",
)
TEMPERATURES = ("36.8", "38.2")
OF_A_CASE = ("as_before", "still", "came", "cause", "zero", "ill", "fix", "more")
LEAVES = "not_me"  # whoever presses it is gone
RECENT = 4  # messages with buttons that somebody may still look at


@dataclass(frozen=True)
class Act:
    """One thing that somebody does; numbers are taken modulo what there is."""

    kind: str  # go_on | tap | say | warmth | forge | wait | morning
    who: int
    what: int
    pupil: int = 0


class District(World):
    """Remembers every update, in the order in which they were decided."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage)
        self.made: list[Update] = []

    async def update(self, update: Update) -> Outcome:
        self.made.append(update)
        return await super().update(update)

    async def write(self, update: Update) -> None:
        """One that was decided before, and nothing of what came of it: that follows by itself."""
        await self.storage.run(lambda tx: written(tx, update))

    async def settle(self, sizes: Sequence[int]) -> None:
        """A school with a class of each size, everybody's chat bound."""
        await self.begin_rules()
        await self.import_roll(roll(sizes))
        await self.import_roll(OFFICE, 1)
        await self.machine("link", "telegram", "https://t.me/zero_report_bot?start=")
        for name in PEOPLE:
            await self.join(name, name, SCHOOL)

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    async def classes(self) -> list[str]:
        return [str(row["id"]) for row in await self.rows("SELECT id FROM class ORDER BY id")]

    async def scenes(self) -> list[Scene]:
        """Every class and round of today."""
        update = self.draw("machine", "machine", "look", (), "")
        self.updates -= 1
        ids, rounds = await self.classes(), (await self.ask(RulesOn(self.today))).rounds
        found = [
            await self.asking(lambda ask, one=one, round=round: _named(look(update, ask, one, self.today, round.id)))  # type: ignore[misc]
            for one in ids
            for round in rounds
        ]
        return [scene for scene in found if scene is not None]

    # Acts

    async def do(self, act: Act) -> Outcome:
        who = WHO[act.who % len(WHO)]
        match act.kind:
            case "go_on":
                return await self._tap(who, 0)
            case "tap":
                return await self._tap(who, act.what)
            case "say":
                words = SENTENCES[act.what % len(SENTENCES)]
                day = self.today + timedelta(days=1)
                seats = {"n": act.pupil % 4 + 1, "m": act.pupil % 3 + 2, "day": f"{day.month}月{day.day}日"}
                klass = (await self.scenes())[act.who % 2 - 1].view.klass.name
                return await self.says(who, klass + words.format(**seats))
            case "warmth":
                return await self.says(who, TEMPERATURES[act.what % len(TEMPERATURES)])
            case "forge":
                return await self._forge(who, act)
            case "wait":
                self.now += timedelta(minutes=act.what % 20)
                return Outcome()
            case _:
                return await self._morning(act.what)

    async def _tap(self, who: str, what: int) -> Outcome:
        """One of the buttons that this person sees; the first of the newest message sends, where there is something to
        send."""
        buttons = await self._buttons(who)
        if not buttons:
            return await self.says(who, "/report")
        key, does = buttons[what % len(buttons)]
        return await self.update(replace(self._tapped(who, does), on=key))

    async def _buttons(self, who: str) -> list[tuple[str, str]]:
        rows = await self.rows(
            f"""SELECT m.key, m.body FROM message m JOIN address a ON a.person = m.person
                WHERE a.native = '{who}' ORDER BY m.put_at DESC, m.key DESC LIMIT 8"""  # noqa: S608
        )
        said = [(str(row["key"]), decode(row["body"])) for row in rows]
        shown = [(key, message) for key, message in said if message.choices][:RECENT]
        buttons = [(key, one.does) for key, message in shown for row in message.choices for one in row]
        return [(key, does) for key, does in buttons if not does.startswith(LEAVES)]

    async def _forge(self, who: str, act: Act) -> Outcome:
        """A button of a class's day that may or may not be there."""
        scenes = await self.scenes()
        scene = scenes[act.what % len(scenes)]
        pupil = scene.register.pupils[act.pupil % scene.expected].id
        verb = OF_A_CASE[act.what % len(OF_A_CASE)]
        return await self.update(self._tapped(who, ":".join((verb, *map(str, scene.args(scene.rev)), pupil))))

    def _tapped(self, who: str, does: str) -> Update:
        verb, *args = does.split(":")
        return replace(self.draw("telegram", who, verb, tuple(args), ""), tap="tap")

    async def _morning(self, days: int) -> Outcome:
        """The day's close, the night's seal, and the next day, or the one after, before anybody has reported."""
        day = self.today + timedelta(days=1 + days % 2)
        await self.close()
        await self.seal(day)
        self.now = datetime.combine(day, time(7, 31), ZONE).astimezone(UTC)
        outcome = Outcome()
        for who in PEOPLE[:2]:
            outcome += await self.says(who, "/report")
        return outcome

    async def close(self) -> None:
        """Every round of today, for the school."""
        (school,) = await self.rows("SELECT id FROM school")
        for due in (await self.ask(RulesOn(self.today))).dues(self.today, ZONE):
            if due.step.name == "close":
                await self._tick(due, self.today, str(school["id"]))

    async def seal(self, day: date) -> None:
        rules = await self.ask(RulesOn(day))
        await self._tick(next(due for due in rules.dues(day, ZONE) if due.step.name == "seal"), day)

    async def _tick(self, due: Due, day: date, lane: str = "district") -> None:
        self.now = max(self.now, due.at.astimezone(UTC))
        args = (due.step.name, stamp(due.at), due.round, day.isoformat())
        await self.update(replace(self.draw("clock", "clock", "tick", args, ""), lane=lane))


def roll(sizes: Sequence[int]) -> SchoolRoll:
    names = [f"三({n})班" for n, _ in enumerate(sizes, 1)]
    return SchoolRoll(
        SCHOOL,
        tuple(ClassRoll(name, "三", n) for n, name in enumerate(names, 1)),
        (
            staff("王一", Duty.HOMEROOM, classes=(names[0],), number="T1"),
            staff("王二", Duty.TEACHER, classes=tuple(names), number="T2"),
            staff("李报", Duty.REPORTER, number="T3"),
            staff("钱副", Duty.DEPUTY, number="T4"),
            staff("吴医", Duty.NURSE, number="T5"),
            staff("周校", Duty.PRINCIPAL, number="T6"),
        ),
        tuple(
            row
            for n, (name, many) in enumerate(zip(names, sizes, strict=True), 1)
            for row in pupils(name, many, 100 * n)
        ),
    )


def _named(scene: Scene | None) -> Scene | None:
    """With its names, which are looked up while the transaction is open."""
    return replace(scene, ask=Named(scene.register)) if scene else None
