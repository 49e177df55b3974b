"""Tests that every faulty row is named by sheet, row, column and reason; nothing counts unless all is right."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.roster import RosterFaults, Trouble, read_roster
from tests.office.office import PUPILS, STAFF, Rows, faults, places, with_cell, write

IDENTITY = "110101201503071234"


@pytest.mark.parametrize(
    ("row", "column", "value", "kind"),
    [
        *((3, column, "", Trouble.EMPTY) for column in ("学校", "姓名", "职务")),
        (3, "姓名", "李芳2", Trouble.NAME),
        (3, "职务", "教导主任", Trouble.DUTY),
        (3, "职务", "疫情报告人、园丁", Trouble.DUTY),
        (3, "职务", "、", Trouble.DUTY),
        (4, "班级", "三班", Trouble.CLASS),
        (4, "班级", "三(1)班、五班", Trouble.CLASS),
        *((4, "班级", said, Trouble.CLASS_YEAR) for said in ("2024级2班", "24级(2)班", "初2027届2班")),
        *((4, "班级", said, Trouble.CLASS_LETTER) for said in ("三(A)班", "一年级b班", "三甲班")),
        *((4, "班级", said, Trouble.CLASS_NUMBER) for said in ("三年级", "中班", "托班", "学前班")),
        (4, "班级", "", Trouble.CLASS_NEEDED),
        (3, "班级", "三(1)班", Trouble.CLASS_WITHOUT_DUTY),
        (4, "班级", datetime(2026, 3, 2), Trouble.CLASS_DATE),  # noqa: DTZ001 - Excel knows no zones
        (3, "工号", "工号二", Trouble.NUMBER),
        (3, "工号", IDENTITY, Trouble.IDENTITY),
        (3, "工号", f"{IDENTITY[:-1]}X", Trouble.IDENTITY),
        (3, "工号", "110101800101123", Trouble.IDENTITY),
        (3, "手机", "问门卫", Trouble.PHONE),
        (3, "手机", IDENTITY, Trouble.IDENTITY),
        (3, "状态", "不详", Trouble.STATUS),
        (3, "称呼", "李" * 21, Trouble.TITLE),
        (4, "工号", "001", Trouble.NUMBER_TWICE),
    ],
)
def test_a_faulty_cell_of_the_staff_is_named(
    tmp_path: Path, row: int, column: str, value: object, kind: Trouble
) -> None:
    path = write(tmp_path / "roster.xlsx", with_cell(STAFF, row, column, value))
    assert places(faults(path)) == [("教职工", row, column, kind)]


@pytest.mark.parametrize(
    ("row", "column", "value", "kind"),
    [
        *((3, column, "", Trouble.EMPTY) for column in ("学校", "班级", "座号", "姓名")),
        (3, "姓名", "李雷(转)", Trouble.NAME),
        (3, "姓名", IDENTITY, Trouble.IDENTITY),
        (3, "班级", "32班", Trouble.CLASS),
        (3, "班级", "三(1)班、三(2)班", Trouble.CLASS),
        *((3, "座号", value, Trouble.SEAT) for value in (0, 100, 1.5, "三", "A1")),
        (3, "座号", 1, Trouble.SEAT_TWICE),
        (3, "座号", "1号", Trouble.SEAT_TWICE),
        (3, "学号", 110101201503071234, Trouble.IDENTITY),
        (3, "学号", f"G{IDENTITY}", Trouble.IDENTITY),
        (3, "学号", "学号2", Trouble.NUMBER),
        (4, "学号", "1001", Trouble.NUMBER_TWICE),
        (3, "性别", "不详", Trouble.SEX),
        (3, "状态", "感冒", Trouble.STATUS),
    ],
)
def test_a_faulty_cell_of_the_pupils_is_named(
    tmp_path: Path, row: int, column: str, value: object, kind: Trouble
) -> None:
    path = write(tmp_path / "roster.xlsx", STAFF, with_cell(PUPILS, row, column, value))
    assert places(faults(path)) == [("学生", row, column, kind)]


def test_all_faults_are_named_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    staff = with_cell(with_cell(STAFF, 5, "姓名", ""), 2, "职务", "皇帝")
    pupils = with_cell(with_cell(PUPILS, 4, "座号", "x"), 4, "班级", "y")
    found = faults(write(tmp_path / "roster.xlsx", staff, pupils))
    assert places(found) == [
        ("教职工", 2, "职务", Trouble.DUTY),
        ("教职工", 5, "姓名", Trouble.EMPTY),
        ("学生", 4, "班级", Trouble.CLASS),
        ("学生", 4, "座号", Trouble.SEAT),
    ]
    assert str(found[0]).startswith("教职工 第2行「职务」：")


def test_rows_are_counted_as_excel_counts_them_below_a_title_and_gaps(tmp_path: Path) -> None:
    pupils: Rows = [["学生名单"], [], PUPILS[0], PUPILS[1], [], (*PUPILS[2][:2], "x", *PUPILS[2][3:])]
    assert places(faults(write(tmp_path / "roster.xlsx", STAFF, pupils))) == [("学生", 6, "座号", Trouble.SEAT)]


def test_no_sentence_repeats_what_stood_in_the_cell(tmp_path: Path) -> None:
    secret = "肺结核确诊"
    for column in ("班级", "座号", "学号", "性别", "状态"):
        found = faults(write(tmp_path / "roster.xlsx", STAFF, with_cell(PUPILS, 3, column, secret)))
        assert found
        assert secret not in "".join(map(str, found))


def test_a_missing_column_is_named_once_and_not_in_every_row(tmp_path: Path) -> None:
    pupils = [row[:2] + row[3:] for row in map(tuple, PUPILS)]
    assert places(faults(write(tmp_path / "roster.xlsx", STAFF, pupils))) == [("学生", 1, "座号", Trouble.NO_COLUMN)]


def test_a_column_that_stands_twice_is_named(tmp_path: Path) -> None:
    pupils: Rows = [(*PUPILS[0], "座位号"), *((*row, 1) for row in PUPILS[1:])]
    (found,) = faults(write(tmp_path / "roster.xlsx", STAFF, pupils))
    assert (found.kind, found.column) == (Trouble.TWO_COLUMNS, "座号")
    assert "第3列和第8列" in found.reason


def test_a_table_without_header_or_rows_is_named(tmp_path: Path) -> None:
    assert places(faults(write(tmp_path / "a.xlsx", STAFF[:1], [["学生"], [1, 2]]))) == [
        ("教职工", 1, None, Trouble.NO_ROWS),
        ("学生", None, None, Trouble.NO_HEADER),
    ]


def test_a_school_that_differs_by_a_space_is_a_slip(tmp_path: Path) -> None:
    pupils = with_cell(PUPILS, 3, "学校", "中心 小学")
    (found,) = faults(write(tmp_path / "roster.xlsx", STAFF, pupils))
    assert places([found]) == [("学生", 3, "学校", Trouble.SCHOOL_SPELLING)]
    assert "“中心小学”" in found.reason


def test_a_space_that_nobody_sees_at_the_end_is_forgiven(tmp_path: Path) -> None:
    assert faults(write(tmp_path / "roster.xlsx", STAFF, with_cell(PUPILS, 3, "学校", "中心小学 "))) == []


def test_one_person_in_two_rows_is_named_with_the_other_row(tmp_path: Path) -> None:
    staff: Rows = [*STAFF, ("中心小学", "李 芳", "", "校医", "", "", "", "")]
    pupils: Rows = [*PUPILS, ("中心小学", "三(1)班", 9, "李雷", "", "", "")]
    found = faults(write(tmp_path / "roster.xlsx", staff, pupils))
    assert places(found) == [
        ("教职工", 6, "姓名", Trouble.PERSON_TWICE),
        ("学生", 5, "姓名", Trouble.PERSON_TWICE),
    ]
    assert "“李芳”与第3行重复" in found[0].reason
    assert "“学号”" in found[1].reason


def test_one_number_in_two_schools_is_one_person_or_a_slip(tmp_path: Path) -> None:
    staff: Rows = [
        *STAFF,
        ("第二小学", "李芳", "002", "教师", "", "", "", ""),
        ("第二小学", "吴用", "001", "教师", "", "", "", ""),
    ]
    pupils: Rows = [
        *PUPILS,
        ("第二小学", "三(1)班", 1, "李雷", "1002", "", ""),
        ("第二小学", "三(1)班", 2, "林冲", "1001", "", ""),
    ]
    assert places(faults(write(tmp_path / "roster.xlsx", staff, pupils))) == [
        ("教职工", 6, "姓名", Trouble.PERSON_ELSEWHERE),
        ("学生", 5, "姓名", Trouble.PERSON_ELSEWHERE),
        ("学生", 6, "学号", Trouble.NUMBER_TWICE),
    ]


def test_a_class_that_does_not_fit_its_grade_is_named(tmp_path: Path) -> None:
    pupils: Rows = [(*PUPILS[0], "年级"), *((*row, "三年级") for row in PUPILS[1:3]), (*PUPILS[3], "四年级")]
    assert places(faults(write(tmp_path / "roster.xlsx", STAFF, pupils))) == [("学生", 4, "班级", Trouble.CLASS_GRADE)]


def test_a_year_of_entry_beside_a_number_is_no_grade(tmp_path: Path) -> None:
    new = ("中心小学", "1班", 9, "吴用", "", "", "", "2024级")
    pupils: Rows = [(*PUPILS[0], "年级"), *((*row, "") for row in PUPILS[1:]), new]
    assert places(faults(write(tmp_path / "roster.xlsx", STAFF, pupils))) == [("学生", 5, "班级", Trouble.CLASS_YEAR)]


@pytest.mark.parametrize("typed", ["九九班", "三(1)班、3-3", "四(1)班"])
def test_a_class_of_a_teacher_in_which_there_is_no_pupil_is_a_slip(tmp_path: Path, typed: str) -> None:
    (found,) = faults(write(tmp_path / "roster.xlsx", with_cell(STAFF, 4, "班级", typed)))
    assert places([found]) == [("教职工", 4, "班级", Trouble.NO_SUCH_CLASS)]
    assert "请核对班级" in found.reason


def test_a_class_is_not_missed_while_pupils_are_faulty(tmp_path: Path) -> None:
    pupils = with_cell(PUPILS, 4, "座号", "x")  # the only one of 三(2)班
    assert places(faults(write(tmp_path / "roster.xlsx", STAFF, pupils))) == [("学生", 4, "座号", Trouble.SEAT)]


def test_both_tables_are_needed(tmp_path: Path) -> None:
    import openpyxl

    path = write(tmp_path / "roster.xlsx")
    book = openpyxl.load_workbook(path)
    del book["学生"]
    book.create_sheet("说明")
    book.save(path)
    (found,) = faults(path)
    assert (found.sheet, found.kind) == ("roster.xlsx", Trouble.NO_TABLE)
    assert "学生" in found.reason


def test_the_faults_together_are_one_text_a_line_each(tmp_path: Path) -> None:
    path = write(tmp_path / "roster.xlsx", with_cell(STAFF, 3, "职务", ""), with_cell(PUPILS, 3, "座号", 0))
    with pytest.raises(RosterFaults) as caught:
        read_roster([path])
    assert str(caught.value).splitlines() == [
        "教职工 第3行「职务」：没有填写",
        "学生 第3行「座号」：座号要是1到99的整数",
    ]
