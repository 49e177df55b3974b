"""Which class is which: a table of imports, and a whole school that goes up a year."""

from collections.abc import Mapping
from datetime import date

import pytest

from handlers.class_names import read_class
from handlers.facts import KnownPupil, RollChanged
from handlers.model import Duty, Klass, School
from handlers.questions import ClassDay, Expected, RollOf, RollView
from handlers.rolls import ClassRoll, PupilRow, PupilStatus, SchoolRoll
from handlers.roster import TooEarly, change, changes
from handlers.roster.classes import continued
from handlers.values import replace
from tests.handlers.world import CENTRAL, World, in_words, pupils, staff

SEPTEMBER = date(2026, 9, 1)
Classes = Mapping[str, str]  # class → its pupils, a letter each


def klass(name: str) -> ClassRoll:
    found = read_class(name)
    assert found is not None
    return found


def roll(classes: Classes, *, numbered: bool = True) -> SchoolRoll:
    rows = [
        PupilRow(f"王{one}", one if numbered else None, name, seat, None, PupilStatus.ENROLLED, (), ())
        for name, some in classes.items()
        for seat, one in enumerate(some, 1)
    ]
    return SchoolRoll("中心小学", tuple(klass(name) for name in classes), (), tuple(rows))


def known(classes: Classes, *, numbered: bool = True) -> RollView:
    """As last year's import left it; a class's id is its name of then."""
    return RollView(
        School("s", "中心小学", "中心校", 0),
        tuple(Klass(name, "s", name, klass(name).grade, klass(name).number) for name in classes),
        (),
        tuple(
            KnownPupil(one, one if numbered else None, f"王{one}", None, (), (), name, seat, "enrolled")
            for name, some in classes.items()
            for seat, one in enumerate(some, 1)
        ),
    )


TABLE: dict[str, tuple[Classes, Classes, Classes]] = {
    "nothing changes": (
        {"三(1)班": "abc", "三(2)班": "def"},
        {"三(1)班": "abc", "三(2)班": "def"},
        {"三(1)班": "三(1)班", "三(2)班": "三(2)班"},
    ),
    "two pupils change places in the middle of the year": (
        {"三(1)班": "abc", "三(2)班": "def"},
        {"三(1)班": "dbc", "三(2)班": "aef"},
        {"三(1)班": "三(1)班", "三(2)班": "三(2)班"},
    ),
    "two pupils change places who are their whole classes": (
        {"三(1)班": "a", "三(2)班": "b"},
        {"三(1)班": "b", "三(2)班": "a"},
        {"三(1)班": "三(1)班", "三(2)班": "三(2)班"},
    ),
    "a grade is mixed anew in the middle of the year": (
        {"三(1)班": "abc", "三(2)班": "def", "三(3)班": "ghi"},
        {"三(1)班": "adg", "三(2)班": "beh", "三(3)班": "cfi"},
        {"三(1)班": "三(1)班", "三(2)班": "三(2)班", "三(3)班": "三(3)班"},
    ),
    "a whole school goes up": (
        {"一(1)班": "abc", "二(1)班": "def", "三(1)班": "ghi"},
        {"一(1)班": "xyz", "二(1)班": "abc", "三(1)班": "def"},
        {"二(1)班": "一(1)班", "三(1)班": "二(1)班"},
    ),
    "with newcomers, leavers and one who stays down": (
        {"三(2)班": "abcde", "四(2)班": "fghij"},
        {"四(2)班": "abcdxf", "五(2)班": "ghij"},
        {"四(2)班": "三(2)班", "五(2)班": "四(2)班"},
    ),
    "two classes become one, which is the greater of them": (
        {"三(1)班": "ab", "三(2)班": "def"},
        {"四(1)班": "abdef"},
        {"四(1)班": "三(2)班"},
    ),
    "two equal classes become one, which is a new one": ({"三(1)班": "ab", "三(2)班": "de"}, {"四(1)班": "abde"}, {}),
    "one class becomes two, of which the greater goes on": (
        {"三(1)班": "abcde"},
        {"四(1)班": "ab", "四(2)班": "cde"},
        {"四(2)班": "三(1)班"},
    ),
    "one class becomes two equal ones, of which that of its number goes on": (
        {"三(2)班": "abcd"},
        {"四(1)班": "ab", "四(2)班": "cd"},
        {"四(2)班": "三(2)班"},
    ),
    "a grade is mixed anew in September": (
        {"三(1)班": "abc", "三(2)班": "def", "三(3)班": "ghi"},
        {"四(1)班": "adg", "四(2)班": "beh", "四(3)班": "cfi"},
        {},
    ),
    "a class joins another in the middle of the year": (
        {"三(1)班": "abc", "三(2)班": "def"},
        {"三(1)班": "abcdef"},
        {"三(1)班": "三(1)班"},
    ),
    "a part of a class becomes a new one in the middle of the year": (
        {"三(1)班": "abcdef"},
        {"三(1)班": "abc", "三(2)班": "def"},
        {"三(1)班": "三(1)班"},
    ),
    "a class gets another number": ({"三(2)班": "abc"}, {"三(5)班": "abc"}, {"三(5)班": "三(2)班"}),
    "the sixth grade goes on as the seventh": (
        {"六(1)班": "abc", "七(1)班": "def"},
        {"初一(1)班": "abc", "初二(1)班": "def"},
        {"初一(1)班": "六(1)班", "初二(1)班": "七(1)班"},
    ),
    "the only class leaves, and another comes in under its name": ({"一(1)班": "abc"}, {"一(1)班": "xyz"}, {}),
    "a class that had nobody gets its pupils": ({"一(1)班": ""}, {"一(1)班": "xyz"}, {"一(1)班": "一(1)班"}),
    "most of a new class are not known": ({"三(1)班": "abc"}, {"四(1)班": "abcuvwxyz"}, {}),
}


@pytest.mark.parametrize("numbered", [True, False], ids=["by number", "by name"])
@pytest.mark.parametrize(("before", "file", "expected"), TABLE.values(), ids=list(TABLE))
def test_a_class_is_the_one_most_of_which_it_is(
    before: Classes, file: Classes, expected: Classes, numbered: bool
) -> None:
    assert continued(roll(file, numbered=numbered), known(before, numbered=numbered)) == expected


def test_without_numbers_names_that_two_classes_have_still_tell_that_nothing_has_changed() -> None:
    both = {"三(1)班": "ab", "三(2)班": "ab"}
    assert continued(roll(both, numbered=False), known(both, numbered=False)) == {one: one for one in both}


def moved_up(before: Classes, file: Classes) -> RollChanged:
    return change(roll(file), known(before), 0, SEPTEMBER, bytes(16), {})


def test_a_class_that_goes_up_moves_nobody() -> None:
    fact = moved_up({"一(1)班": "abc", "二(1)班": "def"}, {"一(1)班": "xyz", "二(1)班": "abc"})
    first, second = sorted(fact.classes, key=lambda one: one.name)
    assert (second.id, second.name) == ("一(1)班", "二(1)班")
    assert first.id not in ("一(1)班", "二(1)班")
    assert fact.closed == ("二(1)班",)
    assert {one.class_id for one in fact.pupils} == {first.id}
    assert sorted(fact.left) == ["d", "e", "f"]


def test_the_dry_run_calls_each_class_by_its_name_of_the_day() -> None:
    before = {"一(1)班": "abc", "二(1)班": "efd"}
    found = changes(moved_up(before, {"二(1)班": "abcd", "三(1)班": "ef"}), known(before))
    assert found.counts == {"class_renamed": 2, "pupil_moved": 1}
    assert [in_words(line) for lines in found.lines.values() for line in lines] == [
        "班级改名　一(1)班 → 二(1)班（还是这个班，记录随班走）",
        "班级改名　二(1)班 → 三(1)班（还是这个班，记录随班走）",
        "调班调座　王d：二(1)班 3号 → 二(1)班 4号",
    ]


async def test_a_year_later_the_class_has_another_name_and_its_history(world: World) -> None:
    later = date(2027, 9, 1)
    before = {one.name: one.id for one in (await world.ask(RollOf("中心小学", SEPTEMBER, False))).classes}
    up = replace(
        CENTRAL,
        classes=(ClassRoll("三(1)班", "三", 1), ClassRoll("四(1)班", "四", 1), ClassRoll("四(2)班", "四", 2)),
        staff=(
            staff("张敏", Duty.HOMEROOM, classes=("四(1)班",)),
            staff("赵强", Duty.HOMEROOM, classes=("三(1)班",)),
            *CENTRAL.staff[2:],
        ),
        pupils=(
            *pupils("三(1)班", 6, 900),
            *(replace(one, class_name=one.class_name.replace("三", "四")) for one in CENTRAL.pupils),
        ),
    )
    outcome = await world.import_roll(up, since=later)
    (fact,) = outcome.facts
    assert isinstance(fact, RollChanged)
    after = {one.name: one.id for one in (await world.ask(RollOf("中心小学", later, False))).classes}
    assert (after["四(1)班"], after["四(2)班"]) == (before["三(1)班"], before["三(2)班"])
    assert after["三(1)班"] not in before.values()
    assert fact.left == ()
    assert [one.name for one in fact.people] == ["赵强"]  # 张敏 went up with her class
    for day, name in ((date(2027, 8, 31), "三(1)班"), (later, "四(1)班")):
        view = await world.ask(ClassDay(before["三(1)班"], day, "am"))
        assert view is not None
        assert view.klass.name == name
        assert await world.ask(Expected(view.klass.id, day, "am")) == 5
    assert (await world.import_roll(up, since=later)).facts == ()


async def test_what_has_been_recorded_is_not_overtaken_from_an_earlier_day(world: World) -> None:
    with pytest.raises(TooEarly, match="2026-09-01"):
        await world.import_roll(CENTRAL, since=date(2026, 8, 31))
    await world.import_roll(replace(CENTRAL, pupils=CENTRAL.pupils[1:]), since=date(2026, 10, 9))
    with pytest.raises(TooEarly, match="2026-10-09"):
        await world.import_roll(CENTRAL, since=date(2026, 10, 8))
