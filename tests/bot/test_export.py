"""导出Excel: what the chat sends and what `python -m bot export` writes, read back as a clerk's Excel would."""

import json
import os
import stat
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import Cell

from bot.commands.export import Wanted, export
from bot.config import Config, StorageSection
from bot.machine import Machine, MachineError
from bot.seed import ALWAYS
from bot.texts import Words
from bot.workbook import rows_to
from handlers.rolls import SchoolRoll, to_json
from handlers.values import replace
from tests.small_district import EVERYBODY, ROLLS, SECOND
from tests.stack import TUESDAY, Stack, hour

PLACE = ("日期", "时段", "学校", "班级", "状态", "报告时间")
RISKY = ("=1+1小学", "+86小学", "-1小学", "@SUM(A1)小学")
NOW = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """三(1)班 has reported in time and added a pupil, 三(2)班 late, 四(1)班 and 二校 not at all."""
    stack = Stack(f"sqlite:///{tmp_path / 'zero.db'}")
    try:
        await stack.open()
        await stack.go(hour("08:10"))
        await _reports(stack, "张敏", "3号38.6咳嗽在校留观，9号腹泻在家，12号事假，17号迟到")
        await stack.go(hour("08:40"))
        await _reports(stack, "赵强", "三(2)班全员正常")
        await stack.go(hour("09:05"))
        await _reports(stack, "张敏", "21号呕吐在家")
        await stack.go(hour("10:00"))
        yield stack
    finally:
        await stack.close()


async def _in_use_since(stack: Stack, day: date) -> None:
    """As if the first start had been earlier."""
    rule = {"key": "starts_on", "value": day.isoformat(), "valid_from": ALWAYS.isoformat(), "source": "本学区规定"}
    await stack.machine("rules", text=json.dumps([rule]))


async def _reports(stack: Stack, who: str, words: str) -> None:
    stack.write(who, words)
    await stack.settle()
    stack.tap(who, "发送")
    await stack.settle()


async def sent(stack: Stack, who: str) -> bytes:
    """The file that comes of 今日 and its button."""
    stack.write(who, "/today")
    await stack.settle()
    stack.tap(who, "导出Excel")
    await stack.settle()
    document = stack.chat(who)[-1].document
    assert document is not None
    return stack.sandbox.file(document)


async def written(
    stack: Stack,
    tmp_path: Path,
    first: date = TUESDAY,
    last: date = TUESDAY,
    school: str | None = None,
    said: list[str] | None = None,
) -> Path:
    out = tmp_path / "out.xlsx"
    machine = Machine(stack.storage, stack.clock, Config(storage=StorageSection(url=stack.url)), {})
    said = [] if said is None else said
    await export(machine, Wanted(first, last, school), out, Words("zh"), said.append)
    assert str(out) in said[-1]
    return out


def cells(book: bytes | Path) -> list[list[Cell]]:
    sheet = openpyxl.load_workbook(BytesIO(book) if isinstance(book, bytes) else book).active
    assert sheet is not None
    return [[cell for cell in row if isinstance(cell, Cell)] for row in sheet.iter_rows()]


def table(book: bytes | Path) -> list[dict[str, Any]]:
    header, *rows = cells(book)
    names = [str(cell.value) for cell in header]
    return [dict(zip(names, (cell.value for cell in row), strict=True)) for row in rows]


def places(rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in PLACE) for row in rows]


async def test_the_district_gets_a_row_a_class_in_the_schools_own_order(stack: Stack) -> None:
    rows = table(await sent(stack, "卫东"))
    assert places(rows) == [
        ("2026-09-01", "晨检", "中心小学", "三(1)班", "按时", "08:10"),
        ("2026-09-01", "晨检", "中心小学", "三(2)班", "逾时", "08:40"),
        ("2026-09-01", "晨检", "中心小学", "四(1)班", "未报", None),
        ("2026-09-01", "晨检", "第二小学", "三(1)班", "未报", None),
    ]


async def test_a_class_that_reported_has_all_its_figures(stack: Stack) -> None:
    first, second, third, _ = table(await sent(stack, "卫东"))
    figures = {name: value for name, value in first.items() if name not in PLACE and value not in (0, None)}
    assert figures == {
        **{"应到": 45, "实到": 42, "病假": 2, "事假": 1, "迟到": 1, "发热": 1, "其他不适": 2},
        **{"其他不适·呕吐腹泻": 2, "零报告": "否", "版本数": 2, "最后更新": "09:05", "更新原因": "补报"},
    }
    assert (second["零报告"], second["版本数"], second["最后更新"]) == ("是", 1, None)
    assert {value for name, value in third.items() if name not in PLACE} == {None}, "not even a zero"


async def test_several_rounds_stand_side_by_side_and_the_staff_are_figures(tmp_path: Path) -> None:
    stack = Stack(f"sqlite:///{tmp_path / 'zero.db'}", rules={"rounds.NORMAL": ["am", "pm", "staff"]})
    try:
        await stack.open()
        await stack.go(hour("08:10"))
        await _reports(stack, "张敏", "3号38.6咳嗽在校留观，9号腹泻在家")
        stack.write("冯远", "健康 正常")
        await stack.go(hour("13:40"))
        await _reports(stack, "张敏", "3号39.0在校留观，21号38.2在校留观")
        book = openpyxl.load_workbook(BytesIO(await sent(stack, "卫东")))
    finally:
        await stack.close()
    _, day, staff, _ = ([[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book)
    of_round = ["时段", "状态", "实到", "发热", "其他不适"]
    assert day[0] == ["日期", "学校", "班级", *of_round, *of_round, "全天发热", "全天其他不适"]
    morning, noon = ["晨检", "按时", 44, 1, 1], ["午检", "按时", 44, 2, 1]
    assert day[1] == ["2026-09-01", "中心小学", "三(1)班", *morning, *noon, 2, 1]
    assert day[2][3:] == ["晨检", "未报", None, None, None, "午检", "未报", None, None, None, None, None]
    assert staff == [
        ["日期", "学校", "应报", "已报", "不适", "发热"],
        ["2026-09-01", "中心小学", 7, 0, 0, 0],
        ["2026-09-01", "第二小学", 3, 1, 0, 0],
    ]


async def test_a_school_gets_its_own_classes_only(stack: Stack) -> None:
    assert {row["学校"] for row in table(await sent(stack, "郑华"))} == {"第二小学"}


async def test_nobodys_name_is_in_it(stack: Stack) -> None:
    said = {str(cell.value) for row in cells(await sent(stack, "卫东")) for cell in row}
    names = {*EVERYBODY, *(pupil.name for roll in ROLLS for pupil in roll.pupils)}
    titles = {row.title for roll in ROLLS for row in roll.staff}
    assert [one for one in said for name in names | titles if name in one] == []


async def test_the_machine_writes_the_same_rows(stack: Stack, tmp_path: Path) -> None:
    assert table(await written(stack, tmp_path)) == table(await sent(stack, "卫东"))


async def test_one_school_is_chosen_by_its_name_in_full_or_in_short(stack: Stack, tmp_path: Path) -> None:
    for name in ("第二小学", "二校"):
        assert len(table(await written(stack, tmp_path, school=name))) == 1


async def test_of_a_span_the_days_before_the_first_start_are_left_out(stack: Stack, tmp_path: Path) -> None:
    rows = table(await written(stack, tmp_path, first=date(2026, 8, 27)))
    assert {row["日期"] for row in rows} == {"2026-09-01"}


async def test_of_a_span_the_days_without_school_are_left_out(stack: Stack, tmp_path: Path) -> None:
    await _in_use_since(stack, date(2026, 8, 24))
    await stack.machine(
        "calendar", text='[{"day":"2026-08-28","scope":"district","school_day":false,"name":"","source":""}]'
    )
    rows = table(await written(stack, tmp_path, first=date(2026, 8, 27)))
    assert list(dict.fromkeys(row["日期"] for row in rows)) == ["2026-08-27", "2026-08-31", "2026-09-01"]
    assert {row["状态"] for row in rows if row["日期"] != "2026-09-01"} == {"未报"}


async def test_a_rehearsal_is_marked_in_the_chat_and_no_history(tmp_path: Path) -> None:
    stack = Stack(f"sqlite:///{tmp_path / 'zero.db'}", rules={"rehearsal": True})
    try:
        await stack.open()
        await stack.go(hour("08:10"))
        await _reports(stack, "张敏", "3号38.6咳嗽在校留观")
        assert len(table(await sent(stack, "卫东"))) == 4
        document = stack.chat("卫东")[-1].document
        assert document is not None
        assert stack.sandbox.stored(document).name.startswith("演练_")
        said: list[str] = []
        assert table(await written(stack, tmp_path, said=said)) == []
    finally:
        await stack.close()
    assert said[-1].endswith("演练1天没有写入：演练不进历史。")


async def test_a_report_on_behalf_says_how_and_when_it_was_heard(stack: Stack) -> None:
    stack.write("郑华", "三(1)班全员正常")
    await stack.settle()
    for one in ("✅ 发送", "电话", "刚刚"):
        stack.tap("郑华", one)
        await stack.settle()
    [row] = table(await sent(stack, "郑华"))
    assert (row["代报（怎么得知）"], row["代报（得知时间）"]) == ("电话", "10:00")


async def test_a_class_that_is_off_is_a_row_without_figures(stack: Stack, tmp_path: Path) -> None:
    stack.write("陈刚", "/holiday 第二小学 今天 停电")
    await stack.settle()
    *_, last = table(await written(stack, tmp_path))
    assert (last["状态"], last["应到"]) == ("休", None)


async def test_a_class_that_nobody_can_be_written_to_is_a_state_of_its_own_today(tmp_path: Path) -> None:
    stack = Stack(f"sqlite:///{tmp_path / 'zero.db'}")
    try:
        await stack.open(unbound=("孙红",))
        await _in_use_since(stack, date(2026, 8, 24))
        rows = table(await written(stack, tmp_path, first=date(2026, 8, 31)))
    finally:
        await stack.close()
    assert [(row["日期"], row["状态"]) for row in rows if row["学校"] == "第二小学"] == [
        ("2026-08-31", "未报"),
        ("2026-09-01", "未绑定"),
    ]


async def test_the_file_is_its_owners_only(stack: Stack, tmp_path: Path) -> None:
    assert stat.S_IMODE((await written(stack, tmp_path)).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("first", "last", "school", "said"),
    [
        (TUESDAY, TUESDAY - timedelta(days=1), None, "--from 不能晚于 --to"),
        (TUESDAY, TUESDAY + timedelta(days=1), None, "--to 最晚是今天（2026-09-01）"),
        (TUESDAY, TUESDAY, "第九小学", "没有这所学校：第九小学。现有：中心小学、第二小学"),
    ],
)
async def test_what_cannot_be_exported_says_why_and_writes_nothing(
    stack: Stack, tmp_path: Path, first: date, last: date, school: str | None, said: str
) -> None:
    with pytest.raises(MachineError, match=said):
        await written(stack, tmp_path, first, last, school)
    assert "out.xlsx" not in os.listdir(tmp_path)


async def test_a_school_that_is_called_like_a_formula_stays_text_both_ways(stack: Stack, tmp_path: Path) -> None:
    for place, name in enumerate(RISKY):
        await stack.machine("roster", str(9 + place), "2026-08-01", text=to_json(_called(name, place)))
    for book in (await sent(stack, "卫东"), await written(stack, tmp_path)):
        found = {str(row[2].value): row[2] for row in cells(book)}
        assert all(found[name].data_type == "s" and found[name].quotePrefix for name in RISKY)


def _called(name: str, place: int) -> SchoolRoll:
    staff = tuple(replace(row, staff_no=f"R{place}{n}", name=f"甲{place}{n}") for n, row in enumerate(SECOND.staff))
    pupils = tuple(replace(row, student_no=f"R{place}{n}") for n, row in enumerate(SECOND.pupils))
    return replace(SECOND, school=name, staff=staff, pupils=pupils)


# The file itself


def test_a_sheet_that_is_full_is_followed_by_another(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    with rows_to(out, "零报告", ("一", "二"), made_at=NOW, most=2) as table_:
        for n in range(5):
            table_.add((f"=行{n}", n))
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["零报告", "零报告 2", "零报告 3"]
    assert [[cell.value for cell in row] for row in book["零报告 3"].iter_rows()] == [["一", "二"], ["=行4", 4]]


def test_a_table_without_rows_is_a_workbook_all_the_same(tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    with rows_to(out, "零报告", ("一",), made_at=NOW):
        pass
    assert [[cell.value for cell in row] for row in cells(out)] == [["一"]]


def test_a_file_that_breaks_off_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), rows_to(tmp_path / "out.xlsx", "零", ("一",), made_at=NOW) as rows:
        rows.add((1 // 0,))
    assert list(tmp_path.iterdir()) == []


def test_a_long_table_is_not_held_in_memory(tmp_path: Path) -> None:
    def peak(many: int) -> int:
        tracemalloc.start()
        with rows_to(tmp_path / "out.xlsx", "零报告", ("列",) * 27, made_at=NOW) as rows:
            for n in range(many):
                rows.add(("2026-09-01", f"第{n}小学", *range(25)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = peak(200), peak(6_000)
    assert many < few + 1_000_000
