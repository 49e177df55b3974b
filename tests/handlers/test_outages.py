"""系统中断: which classes it excuses, and that this is true whenever it becomes known."""

from datetime import date, timedelta

import pytest

from handlers import outages
from handlers.facts import LedgerOpened, Outage, Settled
from handlers.model import Text, ToPerson
from handlers.outcome import Outcome
from handlers.plain import stamp
from handlers.questions import Ask, Outages, RulesOn
from handlers.values import replace
from tests.handlers.world import MONDAY, World, clock, in_words, keys

SUNDAY, TUESDAY = MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)
TEACHER, ADMIN = "101", "900"


def at(hour: str, day: date = MONDAY) -> str:
    hours, minutes = map(int, hour.split(":"))
    return stamp(clock(hours, minutes, day=day))


async def gap(world: World, began: str, ended: str, first: date = MONDAY, last: date = MONDAY) -> Outcome:
    return await world.machine("gap", "telegram", at(began, first), at(ended, last), "kept")


async def beside(world: World, day: date = MONDAY) -> bool:
    update = world.draw("machine", "machine", "x", (), "")

    def work(ask: Ask) -> bool:
        return outages.beside_deadline(update, ask, ask(RulesOn(day)).rounds[0], day)

    return await world.asking(work)


@pytest.mark.parametrize(
    ("began", "ended", "excuses"),
    [
        ("08:02", "08:21", True),
        ("08:20", "08:50", True),  # the deadline lies in it
        ("08:30", "11:00", True),
        ("06:00", "08:05", True),
        ("07:35", "08:01", True),  # half an hour before the end of 08:30
        ("07:35", "08:00", False),
        ("06:00", "07:29", False),
        ("08:31", "09:00", False),  # who is late was late before
        ("14:00", "15:00", False),
    ],
)
async def test_an_outage_over_the_deadline_or_shortly_before_it_excuses(
    world: World, began: str, ended: str, excuses: bool
) -> None:
    await gap(world, began, ended)
    assert await beside(world) is excuses


@pytest.mark.parametrize(("seconds", "known"), [(150, 0), (151, 1)])
async def test_up_to_150_seconds_a_gap_loses_nothing_and_is_no_outage(world: World, seconds: int, known: int) -> None:
    began = clock(8)
    ended = began + timedelta(seconds=seconds)
    outcome = await world.machine("gap", "telegram", stamp(began), stamp(ended), "kept")
    assert [type(fact) for fact in outcome.facts] == [Outage] * known
    found = await world.ask(Outages(began, ended))
    assert len(found) == known


@pytest.mark.parametrize(
    ("began", "ended", "first", "words"),
    [
        ("08:02", "08:21", MONDAY, "系统中断 08:02–08:21（19分钟），现已恢复。"),
        ("08:00", "10:05", MONDAY, "系统中断 08:00–10:05（2小时5分钟），现已恢复。"),
        (
            "18:00",
            "06:30",
            MONDAY - timedelta(days=1),
            "系统中断 9月6日 18:00–9月7日 06:30（12小时30分钟），现已恢复。",
        ),
    ],
)
async def test_the_admins_hear_how_long_it_was(world: World, began: str, ended: str, first: date, words: str) -> None:
    admin = await world.join(ADMIN, "吴管", None)
    outcome = await gap(world, began, ended, first=first)
    told = [message for message in outcome.says if message.text.key == "outage.over"]
    assert [message.to for message in told] == [ToPerson(admin)]
    assert in_words(told[0]).startswith(words)


async def test_receipts_say_so_once_it_is_known(world: World) -> None:
    await world.join(TEACHER, "张敏")
    world.now = clock(8, 40)
    card = (await world.says(TEACHER, "/report")).says[0]
    receipt = await world.taps(TEACHER, card.choices[0][0].does)
    assert "逾时。" in in_words(receipt.says[0])
    outcome = await gap(world, "08:10", "08:39")
    again = [message for message in outcome.says if message.text.key == "receipt.zero"]
    assert again
    assert all("逾时（系统原因）。" in in_words(message) and message.only_if_shown for message in again)


async def standings(world: World, day: date) -> dict[str, tuple[str, str | None]]:
    rows = await world.rows(
        """SELECT n.name, s.day, s.standing, s.cause FROM standing s JOIN class_name n ON n.class = s.class
           JOIN school c ON c.id = s.school WHERE c.name = '中心小学'"""
    )
    return {row["name"]: (row["standing"], row["cause"]) for row in rows if row["day"] == day.isoformat()}


async def close(world: World, day: date) -> Outcome:
    school = (await world.rows("SELECT id FROM school WHERE name = '中心小学'"))[0]["id"]
    due = stamp(clock(17, day=day))
    tick = world.draw("clock", "clock", "tick", ("close", due, "am", day.isoformat()), "")
    return await world.update(replace(tick, lane=str(school)))


@pytest.mark.parametrize("known_first", [True, False])
async def test_the_cause_stands_with_the_standing_whichever_is_known_first(world: World, known_first: bool) -> None:
    """A whole day without the bot: both are put at its return."""
    await world.join(TEACHER, "张敏")  # the teacher of 三(2)班 cannot be written to, with or without an outage
    world.now = clock(7, day=TUESDAY)

    async def outage() -> Outcome:
        return await gap(world, "07:20", "07:00", last=TUESDAY)

    for step in (outage, lambda: close(world, MONDAY)) if known_first else (lambda: close(world, MONDAY), outage):
        await step()
    assert await standings(world, MONDAY) == {"三(1)班": ("missing", "system"), "三(2)班": ("missing", None)}


async def test_a_close_that_no_outage_touched_is_stated_once(world: World) -> None:
    await world.join(TEACHER, "张敏")
    world.now = clock(17, 1)
    closed = [type(fact) for fact in (await close(world, MONDAY)).facts]
    assert closed == [Settled, LedgerOpened, LedgerOpened]
    outcome = await gap(world, "14:00", "15:00")
    assert [type(fact) for fact in outcome.facts] == [Outage]
    assert await standings(world, MONDAY) == {"三(1)班": ("missing", None), "三(2)班": ("missing", None)}


async def test_many_outages_of_a_morning_are_one_line(world: World) -> None:
    for began, ended in (("07:40", "07:44"), ("07:50", "07:54"), ("08:00", "08:04"), ("08:10", "08:14")):
        await gap(world, began, ended)
    update = world.draw("machine", "machine", "x", (), "")

    def work(ask: Ask) -> str:
        line = outages.line(update, ask, ask(RulesOn(MONDAY)).rounds[0], MONDAY)
        return in_words(line) if isinstance(line, Text) else ""

    assert await world.asking(work) == "系统中断 07:40–08:14（共4次）"


async def test_a_day_without_school_has_nothing_to_mark(world: World) -> None:
    admin = await world.join(ADMIN, "吴管", None)
    assert admin
    await world.says(ADMIN, "/holiday 今天 台风停课")
    outcome = await gap(world, "08:02", "08:40")
    assert keys(outcome) == ["outage.over"]
    assert "系统原因" not in in_words(outcome.says[0])
