"""What an office hands in: small rosters that are right, and ways of writing them down."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

import openpyxl

from bot.roster import Fault, Roster, RosterFaults, Trouble, read_roster

STAFF_HEADER = ("学校", "姓名", "工号", "职务", "班级", "称呼", "手机", "状态")
PUPIL_HEADER = ("学校", "班级", "座号", "姓名", "学号", "性别", "状态")

Rows = Sequence[Sequence[object]]

STAFF: Rows = (
    STAFF_HEADER,
    ("中心小学", "王建国", "001", "校长", "", "王校长", "000 0000", "在岗"),
    ("中心小学", "李芳", "002", "疫情报告人", "", "", "", ""),
    ("中心小学", "欧阳敏", "003", "班主任", "三(1)班", "", "", "在岗"),
    ("中心小学", "张丽", "004", "班主任、副报告人", "三(2)班", "", "", "在岗"),
)
PUPILS: Rows = (
    PUPIL_HEADER,
    ("中心小学", "三(1)班", 1, "单小明", "1001", "男", "在读"),
    ("中心小学", "三(1)班", 2, "李雷", "1002", "", ""),
    ("中心小学", "三(2)班", 1, "韩梅梅", "1003", "女", "休学"),
)


def with_cell(rows: Rows, row: int, column: str, value: object) -> Rows:
    """The same rows but for one cell; `row` counts as Excel does."""
    place = list(rows[0]).index(column)
    changed = [list(cells) for cells in rows]
    changed[row - 1][place] = value
    return changed


def write(path: Path, staff: Rows = STAFF, pupils: Rows = PUPILS, *, merged: Iterable[str] = ()) -> Path:
    """A workbook as Excel keeps it; `merged` are ranges of the pupils' sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("教职工", staff), ("学生", pupils)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(["" if cell == "" else cell for cell in row])
    for area in merged:
        book["学生"].merge_cells(area)
    book.save(path)
    return path


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A CSV as Excel exports it."""
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def read(path: Path, staff: Rows = STAFF, pupils: Rows = PUPILS) -> Roster:
    """These rows, written and read again."""
    return read_roster([write(path / "roster.xlsx", staff, pupils)])


def faults(*paths: Path) -> list[Fault]:
    """What is wrong with these files; nothing if they are right."""
    try:
        read_roster(paths)
    except RosterFaults as error:
        return list(error.faults)
    return []


def places(found: Iterable[Fault]) -> list[tuple[str, int | None, str | None, Trouble]]:
    """Where and what, without the sentence."""
    return [(one.sheet, one.row, one.column, one.kind) for one in found]
