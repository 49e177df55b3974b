"""Which column is which: headers in Chinese or English, in any order, under any title. All others are never read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from bot.roster.cells import narrow
from bot.roster.faults import Fault, Trouble, fault


class Column(StrEnum):
    """The columns that we read, by the header that we write."""

    SCHOOL = "学校"
    NAME = "姓名"
    STAFF_NO = "工号"
    DUTY = "职务"
    CLASS = "班级"
    TITLE = "称呼"
    PHONE = "手机"
    STATUS = "状态"
    GRADE = "年级"
    SEAT = "座号"
    STUDENT_NO = "学号"
    SEX = "性别"
    DORM = "宿舍"
    CONSENT_DAY = "同意日期"
    CONSENT_VERSION = "同意书版本"


NOTES: Final = "填写说明"  # the sheet of notes in our template


class Kind(StrEnum):
    """The two tables, by the names of their sheets."""

    STAFF = "教职工"
    PUPILS = "学生"


COLUMNS: Final[Mapping[Kind, tuple[Column, ...]]] = {
    Kind.STAFF: (
        Column.SCHOOL, Column.NAME, Column.STAFF_NO, Column.DUTY, Column.CLASS, Column.TITLE, Column.PHONE,
        Column.STATUS,
    ),
    Kind.PUPILS: (
        Column.SCHOOL, Column.CLASS, Column.SEAT, Column.NAME, Column.STUDENT_NO, Column.SEX, Column.DORM,
        Column.STATUS, Column.CONSENT_DAY, Column.CONSENT_VERSION,
    ),
}  # fmt: skip
REQUIRED: Final[Mapping[Kind, tuple[Column, ...]]] = {
    Kind.STAFF: (Column.SCHOOL, Column.NAME, Column.DUTY),
    Kind.PUPILS: (Column.SCHOOL, Column.CLASS, Column.SEAT, Column.NAME),
}
# 年级 is read only to complete a class that is written as 2班, so the template does not ask for it.
_READ: Final = {
    Kind.STAFF: (*COLUMNS[Kind.STAFF], Column.GRADE),
    Kind.PUPILS: (*COLUMNS[Kind.PUPILS], Column.GRADE),
}

_SPELLINGS: Final = {
    Column.SCHOOL: "学校 学校名称 校名 所在学校 就读学校 单位 所在单位 单位名称 工作单位 school schoolname",
    Column.NAME: "姓名 名字 教师姓名 教职工姓名 职工姓名 学生姓名 name fullname staffname pupilname studentname",
    Column.STAFF_NO: "工号 教工号 职工号 教职工号 教师编号 职工编号 staffno staffid staffnumber employeeno employeeid",
    Column.DUTY: "职务 担任职务 现任职务 岗位 职责 duty duties role roles position",
    Column.CLASS: "班级 班 班别 班级名称 所在班级 任教班级 所带班级 行政班 class classes classname",
    Column.TITLE: "称呼 尊称 title salutation addressedas",
    Column.PHONE: "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 phone phonenumber mobile tel telephone",
    Column.STATUS: "状态 在岗状态 在职状态 在校状态 就读状态 人员状态 学生状态 status",
    Column.GRADE: "年级 所在年级 grade",
    Column.SEAT: "座号 座位号 座次 座位 seat seatno seatnumber",
    Column.STUDENT_NO: "学号 校内学号 学生编号 studentno studentid studentnumber pupilno pupilid",
    Column.SEX: "性别 sex gender",
    Column.DORM: "宿舍 宿舍号 寝室 寝室号 住宿 住校 是否住宿 是否住校 住宿情况 dorm dormitory boarder boarding",
    Column.CONSENT_DAY: "同意日期 同意书日期 同意书签署日期 签署日期 consentday consentdate consenton",
    Column.CONSENT_VERSION: "同意书版本 同意书 consentversion consent",
}
_BY_SPELLING: Final = {said: column for column, all_said in _SPELLINGS.items() for said in all_said.split()}
# 学籍号 contains the 身份证号; a header that mentions one of these is not read whatever else it says.
_NEVER: Final = re.compile(
    "身份|证件|证号|学籍|住址|住地|地址|户籍|户口|家长|监护|父亲|母亲|id.?card|address|parent|guardian"
)
HEADER_WITHIN: Final = 20


class IgnoredColumn(Struct, frozen=True):
    """A column that was not read; `sensitive` if it is one that must never be."""

    sheet: str
    column: str
    sensitive: bool


class Header(Struct, frozen=True):
    """Where the header stands (from 0), and at which place (from 0) each column is."""

    row: int
    places: Mapping[Column, int]
    twice: tuple[tuple[Column, int, int], ...]


def column_of(text: str) -> Column | None:
    """The column that a header cell names."""
    plain = _plain(text)
    if _NEVER.search(plain):
        return None
    without_remark = re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", plain)
    return _BY_SPELLING.get(re.sub(r"[_.\-*:#/※]", "", without_remark))


def _plain(text: str) -> str:
    """In small letters of the common width, without spaces: an office parts 学 号 for the looks of it."""
    return narrow(text).lower()


def kind_of(headers: Iterable[str]) -> Kind | None:
    """Of which table this is a header row."""
    known = {column_of(text) for text in headers}
    if Column.DUTY in known:
        return Kind.STAFF
    return Kind.PUPILS if known & {Column.SEAT, Column.STUDENT_NO, Column.SEX} else None


def find_header(rows: Sequence[Sequence[str]], kind: Kind | None = None) -> Header | None:
    """The row that names most columns, 姓名 among them."""
    read = _READ[kind] if kind else tuple(Column)
    found = [_header(number, row, read) for number, row in enumerate(rows[:HEADER_WITHIN])]
    named = [header for header in found if Column.NAME in header.places and len(header.places) > 1]
    return max(named, key=lambda header: len(header.places), default=None)


def header_faults(kind: Kind, sheet: str, header: Header) -> list[Fault]:
    """What the header lacks, and what it has twice."""
    row = header.row + 1
    missing = [fault(Trouble.NO_COLUMN, sheet, row, column) for column in REQUIRED[kind] if column not in header.places]
    return missing + [
        fault(Trouble.TWO_COLUMNS, sheet, row, column, name=column, first=first + 1, second=second + 1)
        for column, first, second in header.twice
    ]


def ignored(sheet: str, header: Header, rows: Sequence[Sequence[str]]) -> list[IgnoredColumn]:
    """The columns that hold something and are not read, by their header or, without one, by their place."""
    read = set(header.places.values()) | {second for _, _, second in header.twice}
    titles = dict(enumerate(rows[header.row]))
    filled = {place for row in rows[header.row :] for place, text in enumerate(row) if text.strip()}
    return [
        IgnoredColumn(
            sheet, " ".join(titles.get(place, "").split())[:20] or f"第{place + 1}列", _sensitive(titles, place)
        )
        for place in sorted(filled - read)
    ]


def _sensitive(titles: Mapping[int, str], place: int) -> bool:
    return bool(_NEVER.search(_plain(titles.get(place, ""))))


def _header(number: int, row: Sequence[str], read: Sequence[Column]) -> Header:
    places: dict[Column, int] = {}
    twice: list[tuple[Column, int, int]] = []
    for place, text in enumerate(row):
        column = column_of(text)
        if column in read and column is not None:
            if column in places:
                twice.append((column, places[column], place))
            places.setdefault(column, place)
    return Header(number, places, tuple(twice))
