"""Tests that the workbooks we write open safely, say what they should and are their owner's only."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from bot.roster import Trouble, read_roster
from bot.roster.template import template
from bot.workbook import Sheet, save_private, sheet_names, workbook
from tests.office.office import PUPILS, STAFF, faults, places

NOW = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_text_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    risky = ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "http://example.org", "007"]
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook([Sheet("一", ("说明", "数"), [(text, 3) for text in risky] + [("", None)])], made_at=NOW))
    sheet = openpyxl.load_workbook(path)["一"]
    assert [sheet.cell(row, 1).data_type for row in range(2, 9)] == ["s"] * 7
    assert [sheet.cell(row, 1).value for row in range(2, 9)] == risky
    # so that they stay text when somebody edits them in Excel
    assert [bool(sheet.cell(row, 1).quotePrefix) for row in range(2, 9)] == [True] * 5 + [False] * 2
    assert sheet.cell(2, 2).value == 3


def test_the_same_sheets_give_the_same_bytes() -> None:
    sheets = [Sheet("一", ("班级",), [("三(2)班",)])]
    assert workbook(sheets, made_at=NOW) == workbook(sheets, made_at=NOW)


def test_sheets_get_names_that_excel_takes() -> None:
    long = "某某市某某区某某镇某某村某某中心小学附属某某某某教学点分校区"
    assert len(long) < 32
    names = sheet_names([long + "一部", long + "二部", "a/b:c", "A b c", "", "'"])
    assert len({name.lower() for name in names}) == 6
    assert all(1 <= len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_a_file_is_its_owners_only_even_where_an_open_one_was(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"old")
    path.chmod(0o644)
    save_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").mkdir()
    with pytest.raises(OSError, match="book"):
        save_private(tmp_path / "book.xlsx", b"new")
    assert list(tmp_path.iterdir()) == [tmp_path / "book.xlsx"]


def test_the_template_has_both_tables_drop_downs_and_notes(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    template(path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["教职工", "学生", "填写说明"]
    assert "/".join(str(cell.value) for cell in book["教职工"][1]) == "学校*/姓名*/工号/职务*/班级/称呼/手机/状态"
    assert (
        "/".join(str(cell.value) for cell in book["学生"][1])
        == "学校*/班级*/座号*/姓名*/学号/性别/宿舍/状态/同意日期/同意书版本"
    )
    lists = {rule.sqref: rule.formula1 for rule in book["教职工"].data_validations.dataValidation}
    assert any("疫情报告人" in str(choices) for choices in lists.values())
    assert any("离岗" in str(choices) for choices in lists.values())
    notes = "".join(str(row[0].value) for row in book["填写说明"].rows)
    assert "身份证号" in notes
    assert "{" not in notes
    assert mode(path) == 0o600


def test_an_empty_template_is_no_roster(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    template(path)
    assert places(faults(path)) == [("教职工", 1, None, Trouble.NO_ROWS), ("学生", 1, None, Trouble.NO_ROWS)]


def test_a_template_that_was_filled_in_is_a_roster(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    template(path)
    book = openpyxl.load_workbook(path)
    for name, rows in (("教职工", STAFF), ("学生", PUPILS)):
        for row in rows[1:]:
            book[name].append(list(row))
    book.save(path)
    (school,) = read_roster([path]).schools
    assert (len(school.staff), len(school.pupils)) == (4, 3)


def test_a_column_is_as_wide_as_what_stands_in_it_and_long_words_are_wrapped(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    rows = [("张丽", 3, "请点开下面的链接" * 10), ("欧阳敏敏", None, "")]
    path.write_bytes(workbook([Sheet("一", ("姓名", "数", "可直接转发的话"), rows)], made_at=NOW))
    sheet = openpyxl.load_workbook(path)["一"]
    assert [round(sheet.column_dimensions[column].width) for column in "ABC"] == [11, 9, 61]
    assert [bool(sheet.cell(2, column).alignment.wrap_text) for column in (1, 3)] == [False, True]
