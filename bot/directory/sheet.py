"""核对表: the workbook that a clerk settles, in Chinese on every machine, for it is read back by its headers."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from bot.directory.matching import Row
from bot.directory.roll import Known
from bot.texts import Words
from bot.workbook import Sheet, cells
from handlers.model import Cell, text
from handlers.words import NOTHING


class Column(StrEnum):
    """By their headers. What the clerk fills in is NUMBER, and SCHOOL where two schools have that number."""

    ACCOUNT = "账号"
    NAME = "姓名"
    WHERE = "部门"
    SCHOOL = "学校"
    KIND = "情况"
    CANDIDATES = "候选工号"
    NUMBER = "工号"
    WHY = "说明"


TITLE: Final = "通讯录"
ROSTER: Final = "花名册"
ROSTER_HEADER: Final = ("学校", "姓名", "工号", "职务", "账号")
NOTES: Final = "填写说明"
BETWEEN: Final = "、"


def sheets(rows: Sequence[Row], known: Known) -> list[Sheet]:
    """The accounts; the staff, to look numbers up; how it is filled in."""
    words = Words("zh")
    return [
        Sheet(TITLE, tuple(Column), [cells(_cells(row), words) for row in rows], as_text=True),
        Sheet(ROSTER, ROSTER_HEADER, [cells(one, words) for one in _roster(known)]),
        Sheet(NOTES, (NOTES,), [(line,) for line in words.say("directory.notes").splitlines()]),
    ]


def _cells(row: Row) -> tuple[Cell, ...]:
    places = (row.whose.place,) if row.whose else row.places
    return (
        row.native,
        row.name,
        row.where,
        BETWEEN.join(one.name for one in places),
        text(f"directory.kind.{row.kind}"),
        BETWEEN.join(dict.fromkeys(one.number for one in row.candidates)),
        row.whose.number if row.whose else NOTHING,
        text("literal", words=row.why),
    )


def _roster(known: Known) -> Iterator[tuple[Cell, ...]]:
    accounts = {chat.person: chat.native for chat in known.chats.values() if chat.person}
    for one in known.staff:
        holds = text("literal", words=one.holds)
        yield one.place.name, one.person.name, one.number, holds, accounts.get(one.person.id)
