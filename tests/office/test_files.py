"""Tests that a file which cannot be read gets a sentence that says what to do with it."""

import re
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.roster import Remark, RosterFaults, Trouble, read_roster
from tests.office.office import PUPILS, STAFF, faults, places, write, write_csv

COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
PASSWORD = COMPOUND + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "data", "kind", "advice"),
    [
        ("名单.xls", COMPOUND, Trouble.OLD_EXCEL, "另存为 .xlsx"),
        ("名单.xlsx", COMPOUND, Trouble.OLD_EXCEL, "另存为 .xlsx"),
        ("名单.et", COMPOUND, Trouble.WPS, "WPS"),
        ("名单.xlsx", PASSWORD, Trouble.PASSWORD, "取消密码"),
        ("名单.xls", b"<html><table><tr><td>1</td></tr></table></html>", Trouble.WEB_PAGE, "另存为 .xlsx"),
        ("名单.xls", b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", Trouble.WEB_PAGE, "另存为 .xlsx"),
        ("名单.xls", "\ufeff <?xml version='1.0'?>".encode("utf-16-le"), Trouble.WEB_PAGE, "另存为 .xlsx"),
        ("名单.pdf", b"%PDF-1.7\n1 0 obj", Trouble.PDF, "另存为 .xlsx"),
        ("名单.xlsx", b"", Trouble.EMPTY_FILE, "重新存一次"),
        ("名单.csv", b"\r\n", Trouble.EMPTY_FILE, "重新存一次"),
        ("名单.docx", b"PK\x03\x04word/document.xml", Trouble.NOT_A_TABLE, "存为 .xlsx"),
        ("名单.xlsx", b"PK\x03\x04xl/workbook.xml", Trouble.DAMAGED, "另存为"),
        ("名单.csv", b"\xff\x81\xff,\xff", Trouble.ENCODING, "CSV UTF-8"),
        ("名单.csv", "学校,姓名\n中心小学,李芳\n".encode(), Trouble.WHICH_TABLE, "职务"),
    ],
)
def test_a_file_of_another_kind_is_told_what_to_become(
    tmp_path: Path, name: str, data: bytes, kind: Trouble, advice: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    (found,) = faults(path)
    assert (found.sheet, found.row, found.kind) == (name, None, kind)
    assert advice in found.reason


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert places(faults(tmp_path / "不在.xlsx")) == [("不在.xlsx", None, None, Trouble.UNREADABLE)]


def test_a_bad_file_does_not_hide_the_faults_of_the_good_one(tmp_path: Path) -> None:
    good = write_csv(tmp_path / "教职工.csv", [STAFF[0], ("中心小学", "", "", "校长", "", "", "", "")])
    bad = tmp_path / "学生.xls"
    bad.write_bytes(COMPOUND)
    assert [kind for *_, kind in places(faults(good, bad))] == [Trouble.OLD_EXCEL, Trouble.EMPTY]


def test_other_sheets_and_hidden_ones_are_named_and_not_read(tmp_path: Path) -> None:
    path = write(tmp_path / "roster.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_sheet("体检结果").append(["姓名", "诊断"])
    old = book.copy_worksheet(book["学生"])
    old.title, old.sheet_state = "students", "hidden"
    book.save(path)
    notes = read_roster([path]).notes
    assert [note.kind for note in notes] == [Remark.SHEET_IGNORED] * 2
    assert [("体检结果" in note.said, "students" in note.said) for note in notes] == [(True, False), (False, True)]


def test_sheets_of_many_files_are_told_apart_by_their_file(tmp_path: Path) -> None:
    first = write(tmp_path / "一校.xlsx")
    second = write(tmp_path / "二校.xlsx", [STAFF[0], ("二校", "", "", "校长", "", "", "", "")], PUPILS[:1])
    assert places(faults(first, second)) == [
        ("二校.xlsx·教职工", 2, "姓名", Trouble.EMPTY),
        ("二校.xlsx·学生", 1, None, Trouble.NO_ROWS),
    ]


def test_a_sheet_that_states_a_wrong_size_is_read_whole(tmp_path: Path) -> None:
    path, wrong = write(tmp_path / "roster.xlsx"), tmp_path / "wrong.xlsx"
    with ZipFile(path) as parts, ZipFile(wrong, "w") as copy:
        for part in parts.namelist():
            text = parts.read(part)
            if part.startswith("xl/worksheets/"):
                assert b"<dimension ref=" in text
                text = re.sub(b'<dimension ref="[^"]*"', b'<dimension ref="A1"', text)
            copy.writestr(part, text)
    assert read_roster([wrong]) == read_roster([path])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 8000), noise=st.binary(max_size=40))
def test_a_damaged_file_never_gets_past_the_faults(tmp_path: Path, cut: int, noise: bytes) -> None:
    path = tmp_path / "roster.xlsx"
    whole = (path if path.exists() else write(path)).read_bytes()
    hurt = tmp_path / "hurt.xlsx"
    hurt.write_bytes(whole[:cut] + noise + whole[cut + len(noise) + 1 :])
    # a part that is not needed may be what was hurt; all else but a fault would be an error of ours
    with suppress(RosterFaults):
        read_roster([hurt])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_whatever_are_answered_by_a_fault(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(data)
    assert faults(path)
