"""A platform's directory against the roster: what the workbook says of each account, and what the clerk may settle."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.channels import Member
from bot.directory import Kind, Known, Plan, Row, Staffer, held_against, plan, sheets
from bot.directory.roll import Place
from bot.roster import RosterFaults, Trouble
from bot.workbook import workbook
from handlers.model import Duty, Held, Person
from handlers.questions import ChatView
from tests.office.office import write_csv

CENTRAL, SECOND = Place("c", "中心小学", "中心校"), Place("s", "第二中心小学", "二校")
OFFICE = Place(None, "学区", "学区")
MADE = datetime(2026, 9, 7, tzinfo=UTC)


def staffer(name: str, place: Place, number: str | None = None) -> Staffer:
    person = Person(f"id-{name}-{place.id}", place.id, name, "老师", None, "zh", (Held(Duty.GATE),), staff_no=number)
    return Staffer(person, place, "门卫")


ZHANG, NAMESAKE, OTHER = staffer("张敏", CENTRAL, "001"), staffer("张敏", SECOND, "021"), staffer("赵强", CENTRAL)
SUN = staffer("孙红", SECOND, "001")
TWINS = (staffer("王芳", CENTRAL, "011"), staffer("王芳", CENTRAL, "012"))
STAFF = (ZHANG, OTHER, NAMESAKE)


def member(account: str, name: str, *places: str, state: str = "active") -> Member:
    return Member(account, name, tuple(tuple(one.split("/")) for one in places), state)  # type: ignore[arg-type]


def roll(*staff: Staffer, chats: Mapping[str, tuple[Staffer | None, str]] | None = None, alone: bool = False) -> Known:
    said = {
        native.lower(): ChatView(native, whose.person.id if whose else None, state)
        for native, (whose, state) in (chats or {}).items()
    }
    places = (CENTRAL, OFFICE) if alone else (CENTRAL, SECOND, OFFICE)
    return Known(places, staff or STAFF, said)


def only(row: list[Row]) -> tuple[Kind, str, str]:
    """What it is, who is filled in, and why."""
    (one,) = row
    why = one.why
    return one.kind, one.whose.person.id if one.whose else "", getattr(why, "key", "").removeprefix("directory.why.")


@pytest.mark.parametrize(
    ("said", "known", "kind", "whose", "why"),
    [
        (member("zm", "张敏", "青山县/中心小学/语文组"), roll(), Kind.FOUND, ZHANG, "found"),
        (member("zm", "张 敏（语文）", "青山县中心小学"), roll(), Kind.FOUND, ZHANG, "found"),
        (member("zm", "张敏", "中心校"), roll(), Kind.FOUND, ZHANG, "found"),
        (member("zm", "张敏", "青山学区/第二中心小学教务处"), roll(), Kind.FOUND, NAMESAKE, "found"),
        (member("zm", "张敏", "中心小学", "第二中心小学"), roll(), Kind.PENDING, None, "several"),
        (member("wf", "王芳", "中心小学"), roll(*TWINS), Kind.PENDING, None, "several"),
        (member("zq", "赵强", "第二中心小学"), roll(), Kind.PENDING, None, "elsewhere"),
        (member("zq", "赵强", "语文组"), roll(), Kind.PENDING, None, "no_school"),
        (member("zq", "赵强"), roll(), Kind.PENDING, None, "no_school"),
        (member("zq", "赵强", "语文组"), roll(ZHANG, OTHER, alone=True), Kind.FOUND, OTHER, "found"),
        (member("zq", "赵强", "青山学区/语文组"), roll(ZHANG, OTHER, alone=True), Kind.FOUND, OTHER, "found"),
        (member("li", "李雷", "中心小学"), roll(), Kind.UNKNOWN, None, "unknown"),
        (member("zm", "张敏", "中心小学", state="waiting"), roll(), Kind.WAITING, None, "waiting"),
        (member("zm", "张敏", "中心小学", state="stopped"), roll(), Kind.STOPPED, None, "disabled"),
        (member("zm", "阿敏"), roll(chats={"zm": (ZHANG, "bound")}), Kind.BOUND, ZHANG, ""),
        (member("zm", "阿敏"), roll(chats={"ZM": (ZHANG, "bound")}), Kind.FOUND, ZHANG, "again"),
        (member("zm", "阿敏"), roll(chats={"zm": (ZHANG, "gone")}), Kind.FOUND, ZHANG, "again"),
        (member("zm", "阿敏", state="stopped"), roll(chats={"zm": (ZHANG, "bound")}), Kind.STOPPED, ZHANG, "disabled"),
        (member("zm", "", state="hidden"), roll(chats={"zm": (ZHANG, "bound")}), Kind.PENDING, None, "hidden"),
        (member("zm", "张敏", "中心小学"), roll(chats={"zm": (None, "unbound")}), Kind.PENDING, None, "was_unbound"),
    ],
)
def test_each_account_is_what_name_and_department_say_and_no_more(
    said: Member, known: Known, kind: Kind, whose: Staffer | None, why: str
) -> None:
    assert only(held_against([said], known)) == (kind, whose.person.id if whose else "", why)


def test_an_admin_made_at_the_machine_has_no_name_to_be_matched_by() -> None:
    person = Person("a", None, "管理员", "管理员", None, "zh", (Held(Duty.ADMIN),))
    known = roll(Staffer(person, OFFICE, "管理员"), alone=True)
    assert only(held_against([member("a", "管理员", "学区")], known)) == (Kind.UNKNOWN, "", "unknown")


def kinds(members: list[Member], known: Known) -> list[tuple[str, Kind, str, str]]:
    return [(row.native, *only([row])) for row in held_against(members, known)]


def test_two_accounts_of_one_name_for_one_person_are_settled_by_the_clerk() -> None:
    two = [member("a", "赵强", "中心小学"), member("b", "赵强", "中心小学")]
    assert kinds(two, roll()) == [("a", Kind.PENDING, "", "twice"), ("b", Kind.PENDING, "", "twice")]
    held = roll(chats={"a": (OTHER, "bound")})
    assert kinds(two, held) == [("b", Kind.PENDING, "", "taken"), ("a", Kind.BOUND, OTHER.person.id, "")]


def test_who_is_bound_and_no_longer_there_is_to_be_stopped() -> None:
    known = roll(chats={"zm": (ZHANG, "bound"), "zq": (OTHER, "gone"), "old": (None, "unbound")})
    assert kinds([member("ZM", "张敏")], known) == [
        ("ZM", Kind.FOUND, ZHANG.person.id, "again"),
        ("zq", Kind.STOPPED, OTHER.person.id, "gone"),
    ]


def test_whose_account_has_another_name_now_is_not_stopped() -> None:
    known = roll(chats={"zq": (OTHER, "bound")})
    assert kinds([member("zhaoqiang", "赵强", "中心小学")], known) == [
        ("zhaoqiang", Kind.FOUND, OTHER.person.id, "found"),
        ("zq", Kind.STOPPED, "", "moved"),
    ]


# The workbook


MEMBERS = [
    member("ZhangMin", "张敏", "青山县/中心小学"),
    member("=cmd", "王芳", "中心小学"),
    member("zq", "强哥", "中心小学"),
]
KNOWN = roll(ZHANG, NAMESAKE, OTHER, SUN, *TWINS, chats={"zq": (OTHER, "bound"), "left": (NAMESAKE, "bound")})


def written(path: Path, known: Known = KNOWN) -> Path:
    path = path / "核对表.xlsx"
    path.write_bytes(workbook(sheets(held_against(MEMBERS, known), known), made_at=MADE))
    return path


def texts(sheet: Any) -> list[list[str]]:
    return [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]


def filled(path: Path, **cells: str | None) -> Path:
    """The workbook after a clerk has been at it: D2 = "…"."""
    book = openpyxl.load_workbook(written(path))
    for place, value in cells.items():
        book["通讯录"][place] = value
    book.save(path / "核对表.xlsx")
    return path / "核对表.xlsx"


def test_the_workbook_says_what_it_is_and_fills_in_what_is_sure(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path))
    assert book.sheetnames == ["通讯录", "花名册", "填写说明"]
    why = "重名，请选一个：011 中心小学 王芳（门卫），012 中心小学 王芳（门卫）"
    assert texts(book["通讯录"]) == [
        ["账号", "姓名", "部门", "学校", "情况", "候选工号", "工号", "说明"],
        ["=cmd", "王芳", "中心小学", "中心小学", "待定", "011、012", "", why],
        ["ZhangMin", "张敏", "青山县/中心小学", "中心小学", "对上", "", "001", "姓名和学校都对得上"],
        ["left", "张敏", "", "第二中心小学", "停用", "", "021", "已不在通讯录里"],
        ["zq", "强哥", "中心小学", "中心小学", "已绑定", "", "id-赵强-c", ""],
    ]
    assert ["中心小学", "赵强", "id-赵强-c", "门卫", "zq"] in texts(book["花名册"])


def test_a_number_that_is_typed_in_keeps_its_noughts(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path))["通讯录"]
    assert {sheet[f"G{row}"].number_format for row in range(2, 6)} == {"@"}


def test_what_is_filled_in_is_carried_out_and_nothing_else(tmp_path: Path) -> None:
    assert plan(filled(tmp_path, G2="012"), MEMBERS, KNOWN) == Plan(
        binds=(("=cmd", TWINS[1]), ("ZhangMin", ZHANG)), stops=(("left", NAMESAKE),)
    )
    assert plan(filled(tmp_path, G3=None, G4=None), MEMBERS, KNOWN) == Plan((), ())


def test_a_number_that_two_schools_have_is_told_apart_by_the_school(tmp_path: Path) -> None:
    moved = plan(filled(tmp_path, G3="001", D3="二校", G4=None), MEMBERS, KNOWN)
    assert moved == Plan(binds=(("ZhangMin", SUN),), stops=())


def test_an_account_is_the_same_however_it_is_spelled(tmp_path: Path) -> None:
    settled = plan(filled(tmp_path, A3="zhangmin", A4="LEFT"), MEMBERS, KNOWN)
    assert settled == Plan(binds=(("ZhangMin", ZHANG),), stops=(("left", NAMESAKE),))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"G2": "999"}, "通讯录 第2行「工号」：花名册里没有这个工号：请照“花名册”表里的填，一格只填一个"),
        ({"G2": "011、012"}, "通讯录 第2行「工号」：花名册里没有这个工号：请照“花名册”表里的填，一格只填一个"),
        ({"D3": ""}, "通讯录 第3行「学校」：几所学校都有这个工号，请在「学校」里写明是哪一所：中心小学、第二中心小学"),
        (
            {"G2": "001"},
            "通讯录 第3行「工号」：第2行也填了张敏：一个人只能绑定一个账号，请只留一个",
        ),
        ({"A2": "zhangmin", "G2": "012"}, "通讯录 第3行「账号」：账号重复，第2行也是这个账号"),
        (
            {"A2": "nobody", "G2": "012"},
            "通讯录 第2行「账号」：通讯录里没有这个账号，或已停用：请重新生成核对表；不处理的请清空「工号」",
        ),
        (
            {"G4": "012"},
            "通讯录 第4行「工号」：这个账号已不在通讯录里，绑定的是张敏：停用请照原样填，不停用请清空",
        ),
        ({"G1": "编号"}, "通讯录 第1行「工号」：缺少这一列，它是必填的"),
    ],
)
def test_a_fault_is_named_by_row_and_column(tmp_path: Path, cells: Mapping[str, str], said: str) -> None:
    with pytest.raises(RosterFaults) as faults:
        plan(filled(tmp_path, **cells), MEMBERS, KNOWN)
    assert [str(one) for one in faults.value.faults] == [said]


def test_a_file_that_is_not_our_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    renamed = written(tmp_path)
    book = openpyxl.load_workbook(renamed)
    book["通讯录"].title = "表一"
    book.save(renamed)
    for path, trouble in (
        (renamed, Trouble.NO_SHEET),
        (write_csv(tmp_path / "a.csv", [("账号", "工号")]), Trouble.NOT_A_TABLE),
        (tmp_path / "none.xlsx", Trouble.UNREADABLE),
    ):
        with pytest.raises(RosterFaults) as faults:
            plan(path, MEMBERS, KNOWN)
        assert [one.kind for one in faults.value.faults] == [trouble]
