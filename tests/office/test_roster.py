"""Tests that a right file becomes the rolls of its schools, however it is laid out."""

import logging
from pathlib import Path

import pytest

from bot.roster import Remark, RosterFaults, read_roster
from bot.roster.files import read_files
from handlers.model import Duty
from handlers.rolls import ClassRoll, PupilStatus, Sex, from_json, to_json
from tests.office.office import PUPIL_HEADER, PUPILS, STAFF, STAFF_HEADER, Rows, read, with_cell, write, write_csv


def test_a_right_workbook_becomes_rolls(tmp_path: Path) -> None:
    (school,) = read(tmp_path).schools
    assert school.school == "中心小学"
    assert school.classes == (ClassRoll("三(1)班", "三", 1), ClassRoll("三(2)班", "三", 2))
    assert [(one.name, one.duties, one.classes, one.title) for one in school.staff] == [
        ("王建国", (Duty.PRINCIPAL,), (), "王校长"),
        ("李芳", (Duty.REPORTER,), (), "李老师"),
        ("欧阳敏", (Duty.HOMEROOM,), ("三(1)班",), "欧阳老师"),
        ("张丽", (Duty.HOMEROOM, Duty.DEPUTY), ("三(2)班",), "张老师"),
    ]
    assert (school.staff[0].staff_no, school.staff[0].phone, school.staff[1].phone) == ("001", "000 0000", None)
    assert [(one.class_name, one.seat, one.name, one.student_no, one.sex, one.status) for one in school.pupils] == [
        ("三(1)班", 1, "单小明", "1001", Sex.MALE, PupilStatus.ENROLLED),
        ("三(1)班", 2, "李雷", "1002", None, PupilStatus.ENROLLED),
        ("三(2)班", 1, "韩梅梅", "1003", Sex.FEMALE, PupilStatus.LEAVE),
    ]
    assert {"sxm", "dxm"} <= set(school.pupils[0].initials)


@pytest.mark.parametrize(
    ("header", "cell", "dorm"),
    [
        ("宿舍", "3-201", "3-201"),
        ("是否住宿", "是", "住校"),
        ("住宿", "住校生", "住校"),
        ("寝室号", "走读", None),
        ("住校", "否", None),
        ("Dorm", "", None),
    ],
)
def test_who_sleeps_at_the_school_is_read_from_an_optional_column(
    tmp_path: Path, header: str, cell: str, dorm: str | None
) -> None:
    pupils = [[*row, header if place == 0 else cell if place == 1 else ""] for place, row in enumerate(PUPILS)]
    (school,) = read(tmp_path, STAFF, pupils).schools
    assert [one.dorm for one in school.pupils] == [dorm, None, None]
    assert from_json(to_json(school)) == school


def test_a_room_of_a_whole_sentence_is_a_fault(tmp_path: Path) -> None:
    long = "住在学校后门对面老师宿舍楼的三单元二零一房间"
    pupils = [[*row, "宿舍" if place == 0 else long if place == 1 else ""] for place, row in enumerate(PUPILS)]
    with pytest.raises(RosterFaults, match="20个字"):
        read(tmp_path, STAFF, pupils)


def test_a_roll_is_the_same_after_a_way_through_the_inbox(tmp_path: Path) -> None:
    (school,) = read(tmp_path).schools
    assert from_json(to_json(school)) == school
    assert to_json(from_json(to_json(school))) == to_json(school)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_two_csv_files_in_any_encoding_say_the_same_as_a_workbook(tmp_path: Path, encoding: str) -> None:
    rare = with_cell(PUPILS, 2, "姓名", "李䶮㛃𠮷")
    staff = write_csv(tmp_path / "1.csv", STAFF, encoding)
    pupils = write_csv(tmp_path / "2.csv", rare, encoding)
    assert read_roster([pupils, staff]).schools == read(tmp_path, STAFF, rare).schools


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_may_be_divided_by_commas_tabs_or_semicolons(tmp_path: Path, delimiter: str) -> None:
    files = [
        write_csv(tmp_path / f"{name}.csv", rows, delimiter=delimiter) for name, rows in (("a", STAFF), ("b", PUPILS))
    ]
    assert read_roster(files).schools == read(tmp_path).schools


def test_english_headers_in_another_order_say_the_same(tmp_path: Path) -> None:
    staff_header = ("School", "Full Name", "Staff No.", "Duties", "Classes", "Title", "Mobile", "Status")
    pupil_header = ("school", "Class", "SEAT NO", "name", "Student_ID", "Sex", "status")
    staff = [list(reversed(row)) for row in (staff_header, *STAFF[1:])]
    pupils = [list(reversed(row)) for row in (pupil_header, *PUPILS[1:])]
    assert read(tmp_path, staff, pupils).schools == read(tmp_path).schools


def test_a_title_above_the_header_and_stars_in_it_are_passed_over(tmp_path: Path) -> None:
    staff = [["教职工花名册"], ["填表日期", "9月1日"], [], [f"{title}*" for title in STAFF_HEADER], *STAFF[1:]]
    pupils = [["学生名单（姓名、班级必填）"], [f" {title}（必填）" for title in PUPIL_HEADER], *PUPILS[1:]]
    assert read(tmp_path, staff, pupils).schools == read(tmp_path).schools


def test_merged_cells_speak_for_every_row_they_cover(tmp_path: Path) -> None:
    pupils = [list(row) for row in (("学生花名册",), *PUPILS)]
    pupils[3][:2] = ["", ""]
    pupils[4][0] = ""
    merged = write(tmp_path / "merged.xlsx", STAFF, pupils, merged=("A1:G1", "A3:A5", "B3:B4"))
    assert read_roster([merged]).schools == read(tmp_path).schools


def test_empty_rows_and_signs_for_nothing_are_passed_over(tmp_path: Path) -> None:
    staff = [*STAFF[:2], [""] * 8, *with_cell(STAFF, 2, "班级", "/")[2:], [" "], ["", "无", "-"]]
    assert read(tmp_path, with_cell(staff, 2, "班级", "无")).schools == read(tmp_path).schools


@pytest.mark.parametrize(
    "typed",
    [
        "三（1）班、三(2)班",
        "三1班 三2班",
        "三年级1班/三年级二班",
        "3.1班，3.2班",
        "三(1)班\n三（ 2 ）班",
        "三 (1) 班；三(2)班",
    ],
)
def test_several_classes_in_one_cell_are_told_apart(tmp_path: Path, typed: str) -> None:
    (school,) = read(tmp_path, with_cell(STAFF, 4, "班级", typed)).schools
    assert school.staff[2].classes == ("三(1)班", "三(2)班")


@pytest.mark.parametrize(
    ("typed", "duties"),
    [
        ("班主任，疫情报告人", (Duty.HOMEROOM, Duty.REPORTER)),
        ("班主任 校医", (Duty.HOMEROOM, Duty.NURSE)),
        ("班 主 任", (Duty.HOMEROOM,)),
        ("任课教师、学区联络员/管理员", (Duty.TEACHER, Duty.LIAISON, Duty.ADMIN)),
        ("Homeroom, Deputy Reporter", (Duty.HOMEROOM, Duty.DEPUTY)),
        ("班主任、班主任", (Duty.HOMEROOM,)),
    ],
)
def test_several_duties_in_one_cell_are_told_apart(tmp_path: Path, typed: str, duties: tuple[Duty, ...]) -> None:
    (school,) = read(tmp_path, with_cell(STAFF, 4, "职务", typed)).schools
    assert school.staff[2].duties == duties


def test_a_column_of_grades_completes_the_class(tmp_path: Path) -> None:
    def parted(row: tuple[object, ...]) -> tuple[object, ...]:
        return row[0], "三年级", str(row[1])[2], *row[2:]

    pupils: Rows = [("学校", "年级", *PUPIL_HEADER[1:]), *(parted(tuple(row)) for row in PUPILS[1:])]
    assert read(tmp_path, STAFF, pupils).schools == read(tmp_path).schools


def test_numbers_that_excel_keeps_as_numbers_are_read_as_typed(tmp_path: Path) -> None:
    pupils = with_cell(with_cell(PUPILS, 2, "学号", 1001), 2, "班级", 3.1)
    assert read(tmp_path, STAFF, with_cell(pupils, 3, "座号", 2.0)).schools == read(tmp_path).schools


def test_pupils_come_out_by_class_and_seat(tmp_path: Path) -> None:
    assert read(tmp_path, STAFF, [PUPILS[0], *reversed(PUPILS[1:])]).schools == read(tmp_path).schools


SECRETS = ("110101201503071234", "G110101201503071234", "幸福路1号", "13900000000", "血型甲", "无名")


def with_secrets(*headers: str) -> Rows:
    """The pupils, and beside them columns that an office should not have sent."""
    return [(*PUPILS[0], *headers), *((*row, *SECRETS) for row in PUPILS[1:])]


def test_what_is_not_ours_to_read_is_named_and_not_read(tmp_path: Path) -> None:
    more = ("身份证号", "学号(学籍号)", "家庭住址", "家长电话", "血型", "")
    roster = read(tmp_path, STAFF, with_secrets(*more))
    assert roster.schools == read(tmp_path).schools
    assert [(one.sheet, one.column, one.sensitive) for one in roster.ignored] == [
        ("学生", "身份证号", True),
        ("学生", "学号(学籍号)", True),
        ("学生", "家庭住址", True),
        ("学生", "家长电话", True),
        ("学生", "血型", False),
        ("学生", "第13列", False),
    ]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_what_is_not_ours_to_read_gets_no_farther_than_the_file(
    tmp_path: Path, suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pupils = with_cell(with_secrets("身份证号", "全国学籍号", "现住址", "联系电话", "备注", ""), 3, "座号", "x")
    if suffix == ".xlsx":
        paths = [write(tmp_path / "roster.xlsx", STAFF, [["学生花名册", *SECRETS], *pupils])]
    else:
        paths = [write_csv(tmp_path / "staff.csv", STAFF), write_csv(tmp_path / "pupils.csv", pupils)]
    tables, _ = read_files(paths)
    with pytest.raises(RosterFaults) as caught:
        read_roster(paths)
    seen = repr(tables) + str(caught.value) + repr(caught.value.faults) + caplog.text
    assert "单小明" in seen
    assert [secret for secret in SECRETS if secret in seen] == []


@pytest.mark.parametrize("header", ["学籍号", "全国学籍号", "学籍辅号", "学 籍 号", "学号/学籍号", "学 号（学 籍 号）"])
def test_a_number_of_the_register_of_pupils_is_never_taken_for_one_of_the_school(tmp_path: Path, header: str) -> None:
    place = PUPIL_HEADER.index("学号")
    pupils: Rows = [[*PUPILS[0][:place], header, *PUPILS[0][place + 1 :]], *PUPILS[1:]]
    roster = read(tmp_path, STAFF, pupils)
    assert {one.student_no for one in roster.schools[0].pupils} == {None}
    assert [(one.column, one.sensitive) for one in roster.ignored] == [(header, True)]


@pytest.mark.parametrize("header", ["公民身份号码", "身份证", "监护人证件号", "证号", "现住地", "居住地址", "户籍地"])
def test_a_number_or_an_address_under_any_header_is_named_as_one_not_to_be_collected(
    tmp_path: Path, header: str
) -> None:
    (found,) = read(tmp_path, STAFF, [(*PUPILS[0], header), *((*row, SECRETS[0]) for row in PUPILS[1:])]).ignored
    assert (found.column, found.sensitive) == (header, True)


def test_who_has_left_is_left_out_and_counted(tmp_path: Path) -> None:
    staff: Rows = [*STAFF, ("中心小学", "赵敏", "", "教师", "", "", "", "产假")]
    pupils: Rows = [*PUPILS, ("中心小学", "", "", "钱进", "", "", "转出")]
    roster = read(tmp_path, staff, pupils)
    assert roster.schools == read(tmp_path).schools
    assert [(note.kind, note.school) for note in roster.notes] == [(Remark.LEFT_OUT, "中心小学")]
    assert "教职工1人、学生1人" in roster.notes[0].said


def test_a_school_without_a_reporter_and_a_class_without_a_teacher_are_remarked(tmp_path: Path) -> None:
    staff: Rows = [*STAFF[:2], (*STAFF[4][:3], "任课教师", "三(2)班", "", "", "")]
    notes = read(tmp_path, staff).notes
    assert [note.kind for note in notes] == [Remark.NO_REPORTER, Remark.NO_HOMEROOM, Remark.NO_HOMEROOM]
    assert "未就绪" in notes[0].said
    assert notes[1].said == "中心小学三(1)班没有班主任，也没有任课教师：没有人收到晨检卡片"
    assert notes[2].said == "中心小学三(2)班没有班主任，晨检卡片只发给任课教师"


def test_an_office_without_pupils_is_a_school_without_remarks(tmp_path: Path) -> None:
    staff: Rows = [*STAFF, ("学区办公室", "周平", "", "学区领导、管理员", "", "", "", "")]
    roster = read(tmp_path, staff)
    assert [(one.school, len(one.classes), len(one.staff)) for one in roster.schools] == [
        ("中心小学", 2, 4),
        ("学区办公室", 0, 1),
    ]
    assert roster.notes == ()


def test_two_of_one_name_are_two_people_when_both_have_numbers(tmp_path: Path) -> None:
    staff: Rows = [*STAFF, ("中心小学", "李芳", "009", "校医", "", "", "", "")]
    pupils: Rows = [*PUPILS, ("中心小学", "三(1)班", 3, "李雷", "1009", "", "")]
    (school,) = read(tmp_path, staff, pupils).schools
    assert [one.name for one in school.staff].count("李芳") == 2
    assert [one.name for one in school.pupils].count("李雷") == 2


def test_the_school_keeps_one_name_without_filling_spaces(tmp_path: Path) -> None:
    staff: Rows = [STAFF[0], *(("中心　小学", *row[1:]) for row in STAFF[1:])]
    pupils: Rows = [PUPILS[0], *(("中心　小学", *row[1:]) for row in PUPILS[1:])]
    assert read(tmp_path, staff, pupils).schools == read(tmp_path).schools
