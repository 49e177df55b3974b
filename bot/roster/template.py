"""An empty workbook for the office to fill in, with drop-downs and a sheet of notes."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.roster import words
from bot.roster.columns import COLUMNS, NOTES, REQUIRED, Column, Kind
from bot.workbook import save_private, stamp

if TYPE_CHECKING:
    import xlsxwriter

# A template is the same whenever it is written.
_MADE: Final = datetime(2026, 1, 1, tzinfo=UTC)
_LAST_ROW: Final = 20_000
_NOTES: Final = (
    "一、两张表都要填：教职工、学生。带 * 的列必填；列的先后可以改，标题行以上可以另加说明，多出来的列不会读取。",
    "二、不要填写身份证号、学籍号、家庭住址、家长信息。本系统不收，也不读取。",
    "三、班级写成 三(2)班、三年级2班、初一3班 都可以；请不要写成 3-2，Excel 会把它变成日期。",
    "四、职务可用：{duties}。兼任的写在同一格，用顿号隔开，例如：班主任、疫情报告人。",
    "五、班主任必须填班级；任课教师填了班级的，可以替这个班报告。教几个班的用顿号隔开，例如：三(1)班、三(2)班。",
    "六、每所学校至少要有一名疫情报告人，最好还有副报告人；不使用本系统的人不必列入。",
    "七、工号、学号是学校自己的编号，可以不填；填了以后，改名、调班、换座号都认得出是同一个人，同名的人也分得开。",
    "八、称呼是系统对老师的称呼，例如 王校长；不填就是 姓＋老师。",
    "九、座号是班内的座号（1到99），同班不能重复。宿舍只有住校的学生写（房间号，或 是）；晚检只报住校的学生。",
    "十、教职工状态：{staff}（空着就是{here}）。学生状态：{pupils}（空着就是在读）；长假和送教上门的不计入应到。",
    "十一、同意日期是监护人签同意书的日期（如 2026-09-01），没有签的空着；同意书版本不填就是现行版本。",
    "十二、以后每次导入都是全校名单：名单上没有的人，视为已经离校，其权限随即停止；历史记录不会丢失。",
    "十三、九月升级时按新学年的班级填写，例如三(2)班改成四(2)班；填了学号，系统就认得出这还是原来的班，记录随班走。",
    "十四、学区办公室的人员也填在教职工表里，学校一栏写 学区办公室。",
)


def template(path: Path) -> None:
    """Write the empty workbook, readable by its owner only. Raises OSError."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        stamp(book, _MADE)
        for kind in Kind:
            _table(book, kind)
        _notes(book)
    save_private(path, buffer.getvalue())


def _table(book: "xlsxwriter.Workbook", kind: Kind) -> None:
    sheet = book.add_worksheet(kind)
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    # as text, 3-2 is not turned into a date and 007 keeps its noughts
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(COLUMNS[kind]):
        sheet.set_column(place, place, 16, text)
        sheet.write_string(0, place, column + "*" * (column in REQUIRED[kind]), head)
        if choices := _CHOICES[kind].get(column):
            # a cell may hold several duties, so the list helps and does not forbid
            rule = {"validate": "list", "source": list(choices), "show_error": False}
            sheet.data_validation(1, place, _LAST_ROW, place, rule)


def _notes(book: "xlsxwriter.Workbook") -> None:
    sheet = book.add_worksheet(NOTES)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100, wrapped)
    for row, note in enumerate(_NOTES):
        sheet.write_string(row, 0, note.format_map(_KNOWN), wrapped)


def _first(spellings: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(some[0] for some in spellings)


_STAFF_STATUSES: Final = (words.HERE, words.AWAY)
_PUPIL_STATUSES: Final = (*_first(words.PUPIL_STATUSES.values()), words.GONE[0])
_CHOICES: Final[Mapping[Kind, Mapping[Column, tuple[str, ...]]]] = {
    Kind.STAFF: {Column.DUTY: _first(words.DUTIES.values()), Column.STATUS: _STAFF_STATUSES},
    Kind.PUPILS: {Column.SEX: ("男", "女"), Column.STATUS: _PUPIL_STATUSES},
}
_KNOWN: Final = {
    "duties": "、".join(_first(words.DUTIES.values())),
    "staff": "、".join(_STAFF_STATUSES),
    "here": words.HERE,
    "pupils": "、".join(_PUPIL_STATUSES),
}
