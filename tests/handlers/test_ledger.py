"""The ledger agrees with what happened: each class-day that was late or missing has one entry and no other has one,
and what was added later is asked about, once."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts.table import table
from handlers.facts import KnownPupil
from handlers.ledger.masking import masked
from handlers.outcome import Outcome
from handlers.plain import stamp
from handlers.values import replace
from storage import open_storage, retention
from tests.handlers.world import MONDAY, World, clock

TEACHERS = {"三(1)班": ("101", "张敏"), "三(2)班": ("102", "赵强")}
ANSWERS = {"known": "omitted", "unsure": "doubtful", "after": None, "parent": None, None: "doubtful"}
DEADLINE, CLOSE = 8 * 60 + 30, 17 * 60  # minutes


@dataclass(frozen=True)
class Added:
    """A sick child who was not in the report: how the question is answered; None: not at all."""

    answer: str | None


@dataclass(frozen=True)
class Morning:
    """By class the minute of 全员正常, None where there is none; a class that is off; an outage over the deadline."""

    reports: Mapping[str, int | None]
    added: Mapping[str, Added]
    off: str | None
    outage: bool


CLASSES = st.sampled_from(sorted(TEACHERS))
MINUTES = st.none() | st.integers(7 * 60 + 30, 10 * 60) | st.sampled_from([DEADLINE, DEADLINE + 1, CLOSE - 1])
MORNINGS = st.builds(
    Morning,
    reports=st.fixed_dictionaries({name: MINUTES for name in TEACHERS}),
    added=st.dictionaries(CLASSES, st.builds(Added, st.sampled_from(list(ANSWERS)))),
    off=st.none() | CLASSES,
    outage=st.booleans(),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(MORNINGS, min_size=1, max_size=5))
def test_ledger_and_standings_agree_on_any_mornings(mornings: list[Morning]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_lived(Path(folder), mornings))


async def _lived(folder: Path, mornings: list[Morning]) -> None:
    storage = await open_storage(f"sqlite:///{folder / 'zero.db'}", inline=True)
    try:
        world = World(storage)
        await world.begin()
        for chat, name in TEACHERS.values():
            await world.join(chat, name)
        ids = {name: await world.class_id(name) for name in TEACHERS}
        for n, morning in enumerate(mornings):
            await _day(world, MONDAY + timedelta(days=n), morning, ids)
    finally:
        await storage.close()


async def _day(world: World, day: date, morning: Morning, ids: Mapping[str, str]) -> None:
    if morning.off:
        off = f'[{{"day": "{day}", "scope": "{ids[morning.off]}", "school_day": false, "name": "停课", "source": "x"}}]'
        await world.machine("calendar", text=off)
    reported = {name: at for name, at in morning.reports.items() if at is not None and name != morning.off}
    for name, at in sorted(reported.items(), key=lambda one: one[1]):
        world.now = clock(at // 60, at % 60, day=day)
        await world.taps(TEACHERS[name][0], f"zero:{ids[name]}:{day:%Y%m%d}:am:0")
    if morning.outage:
        world.now = clock(11, day=day)
        began, ended = (stamp(clock(8, minutes, day=day)) for minutes in (20, 50))
        await world.machine("gap", "telegram", began, ended, "kept")
    added = {name: one for name, one in morning.added.items() if reported.get(name, CLOSE) < CLOSE - 1}
    world.now = clock(16, 59, day=day)
    for name, one in added.items():
        await _add(world, TEACHERS[name][0], one)
    world.now = clock(17, day=day)
    await _close(world, day)
    await _check(world, day, morning, ids, reported, added)


async def _add(world: World, chat: str, added: Added) -> None:
    said = await world.says(chat, "2号头痛")
    sent = await world.taps(chat, _button(said, "send:"))
    if added.answer is not None:
        await world.taps(chat, _button(sent, "known:", f":{added.answer}"))


def _button(outcome: Outcome, begins: str, ends: str = "") -> str:
    does = [one.does for message in outcome.says for row in message.choices for one in row]
    return next(one for one in does if one.startswith(begins) and one.endswith(ends))


async def _close(world: World, day: date) -> Outcome:
    school = (await world.rows("SELECT id FROM school WHERE name = '中心小学'"))[0]["id"]
    tick = world.draw("clock", "clock", "tick", ("close", stamp(clock(17, day=day)), "am", day.isoformat()), "")
    return await world.update(replace(tick, lane=str(school)))


async def _check(
    world: World,
    day: date,
    morning: Morning,
    ids: Mapping[str, str],
    reported: Mapping[str, int],
    added: Mapping[str, Added],
) -> None:
    standings = {
        row["class"]: row["standing"]
        for row in await world.rows("SELECT * FROM standing")
        if row["day"] == day.isoformat()
    }
    entries = [row for row in await world.rows("SELECT * FROM ledger") if row["day"] == day.isoformat()]
    for name, class_id in ids.items():
        due = None if name == morning.off else reported.get(name)
        true = "excused" if name == morning.off else "missing" if due is None else _by(due)
        assert standings[class_id] == true
        kinds = Counter(row["kind"] for row in entries if row["class"] == class_id)
        wanted = [true] if true in ("late", "missing") else []
        if name in added and (kind := ANSWERS[added[name].answer]):
            wanted.append(kind)
        assert kinds == Counter(wanted)
    for row in entries:
        excused = morning.outage and row["kind"] in ("late", "missing")
        assert (row["state"], row["why"]) == (("excused", "system") if excused else (None, None))


def _by(minute: int) -> str:
    return "on_time" if minute <= DEADLINE else "late"


# Law 5 in what people write about themselves


def _pupil(name: str, seat: int, klass: str) -> KnownPupil:
    return KnownPupil(name, None, name, None, (), (), klass, seat, "enrolled")


ROLL = (_pupil("王小明", 17, "c1"), _pupil("王小", 3, "c1"), _pupil("李思远", 5, "c2"), _pupil("章伟", 9, "c1"))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("送王小明去医院", "送17号去医院"),
        ("小明发烧，小明妈妈来接", "17号发烧，17号妈妈来接"),
        ("李思远的弟弟", "三(2)班5号的弟弟"),
        ("思远来接", "思远来接"),  # a given name alone is known in the class that is spoken of
        ("王小 和王小明", "3号 和17号"),  # the longer name first
        ("伟大的一天", "伟大的一天"),  # one character is no name
        ("手机没电", "手机没电"),
    ],
)
def test_a_childs_name_becomes_a_seat_before_words_are_kept(said: str, kept: str) -> None:
    assert masked(said, ROLL, {"c1": "三(1)班", "c2": "三(2)班"}, "c1") == kept


# Words


def test_the_official_names_stand_in_the_offices_list_alone() -> None:
    said = table("zh")
    official = {key for key, words in said.items() if "缓报" in words or "漏报" in words}
    assert official == {"ledger.official.late", "ledger.official.missing", "ledger.official.omitted"}


def test_concealing_is_said_of_a_persons_finding_and_of_nothing_else() -> None:
    said = table("zh")
    found = {key for key, words in said.items() if "瞒报" in words}
    assert found == {"ledger.kind.concealed", "face.ledger.kind.concealed", "ledger.official.concealed"}
    assert "个人认定" in said["ledger.official.concealed"]


# What is kept of a pupil


async def test_with_an_erased_pupil_goes_what_rests_on_them_and_nothing_else(world: World) -> None:
    await world.join("101", "张敏")
    klass = await world.class_id("三(1)班")
    world.now = clock(9)
    await world.taps("101", f"zero:{klass}:{MONDAY:%Y%m%d}:am:0")
    sent = await world.taps("101", _button(await world.says("101", "2号头痛"), "send:"))
    await world.taps("101", _button(sent, "known:", ":known"))
    world.now = clock(17)
    await _close(world, MONDAY)
    assert await _kinds(world) == ["late", "missing", "omitted"]
    (pupil,) = {row["pupil"] for row in await world.rows("SELECT pupil FROM added")}
    await world.storage.run(lambda tx: retention.forget_pupil(tx, pupil))
    assert await _kinds(world) == ["late", "missing"]
    assert not await world.rows("SELECT * FROM added")


async def _kinds(world: World) -> list[str]:
    return [row["kind"] for row in await world.rows("SELECT kind FROM ledger ORDER BY kind")]
