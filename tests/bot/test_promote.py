"""`roster promote` as a program of its own: what it shows, that it happens once a year, what it leaves as it was."""

import shutil
from pathlib import Path

import pytest

from tests.bot.test_cli import Machine

STAFF = """学校,姓名,职务,班级
中心小学,李明,班主任,一(1)班
中心小学,何静,班主任,六(1)班
中心小学,王芳,疫情报告人、校长,
东岭教学点,周红,班主任,三(1)班
东岭教学点,吴平,疫情报告人,
中心中学,孙立,班主任,初一(1)班
中心中学,冯远,班主任,初三(2)班
中心中学,郑华,疫情报告人,
学区办公室,赵强,管理员,
"""
PUPILS = """学校,班级,座号,姓名
中心小学,一(1)班,1,张三
中心小学,一(1)班,2,李四
中心小学,六(1)班,1,王五
东岭教学点,三(1)班,1,钱七
中心中学,初一(1)班,1,孙八
中心中学,初三(2)班,1,周九
"""
RULES = """[[rule]]
key = "grades.last.东岭教学点"
value = ["三"]
source = "本学区规定"
"""
NAMES = """SELECT n.name FROM class_name n JOIN class c ON c.id = n.class JOIN school s ON s.id = c.school
WHERE n.since <= '{day}' AND '{day}' < n.until ORDER BY s.place, n.grade, n.number"""


@pytest.fixture(scope="module")
def last_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three schools; the place of learning ends with the third grade."""
    machine = Machine(tmp_path_factory.mktemp("district"))
    machine.write("教职工.csv", STAFF)
    machine.write("学生.csv", PUPILS)
    code, said = machine.run("roster", "import", "教职工.csv", "学生.csv", "--since", "2025-09-01", "--yes")
    assert code == 0, said
    code, said = machine.run("rules", str(machine.write("rules.toml", RULES)), "--from", "2025-09-01")
    assert code == 0, said
    return machine.folder


@pytest.fixture
def district(last_year: Path, tmp_path: Path) -> Machine:
    """A copy of it."""
    shutil.copytree(last_year, tmp_path / "district")
    return Machine(tmp_path / "district")


def names(machine: Machine, day: str) -> list[str]:
    return [str(name) for (name,) in machine.rows(NAMES.format(day=day))]


def ids(machine: Machine, day: str) -> dict[str, str]:
    """What each class is called on a day."""
    sql = f"SELECT name, class FROM class_name WHERE since <= '{day}' AND '{day}' < until"  # noqa: S608
    return {str(name): str(class_id) for name, class_id in machine.rows(sql)}


def test_it_shows_every_class_and_changes_nothing_without_yes(district: Machine) -> None:
    code, said = district.run("roster", "promote", "--on", "2026-09-01")
    assert code == 0, said
    assert "中心小学：1班升级，1班毕业（1人离校）" in said
    assert "一(1)班 → 二(1)班　2人　李明" in said
    assert "六(1)班 毕业　1人离校　何静不再带这个班" in said
    assert "三(1)班 毕业　1人离校　周红不再带这个班" in said
    assert "初一(1)班 → 初二(1)班" in said
    assert "初三(2)班 毕业" in said
    assert "从2026-09-01起生效" in said
    assert "--yes" in said
    assert names(district, "2026-09-01") == ["一(1)班", "六(1)班", "三(1)班", "初一(1)班", "初三(2)班"]


def test_with_yes_classes_keep_their_ids_and_a_second_time_is_refused(district: Machine) -> None:
    before = ids(district, "2026-08-31")
    code, said = district.run("roster", "promote", "--on", "2026-09-01", "--yes")
    assert (code, said.splitlines()[-1]) == (0, "已升级3所学校。"), said
    assert names(district, "2026-09-01") == ["二(1)班", "初二(1)班"]
    assert names(district, "2026-08-31") == ["一(1)班", "六(1)班", "三(1)班", "初一(1)班", "初三(2)班"]
    now = ids(district, "2026-09-01")
    assert now == {"二(1)班": before["一(1)班"], "初二(1)班": before["初一(1)班"]}
    facts = district.rows("SELECT count(*) FROM fact")
    code, said = district.run("roster", "promote", "--on", "2026-09-02", "--yes")
    assert code == 1
    assert "中心小学从2026-09-01起已经升过级，不再升一次。" in said
    assert district.rows("SELECT count(*) FROM fact") == facts
    assert district.rows("SELECT id FROM inbox WHERE state = 'aside'") == []


def test_what_was_told_once_is_one_fact_a_school(district: Machine) -> None:
    (before,) = district.rows("SELECT count(*) FROM fact WHERE kind = 'RollChanged'")
    district.run("roster", "promote", "--on", "2026-09-01", "--yes")
    (after,) = district.rows("SELECT count(*) FROM fact WHERE kind = 'RollChanged'")
    assert int(str(after[0])) - int(str(before[0])) == 3
    lanes = district.rows("SELECT DISTINCT lane FROM fact WHERE kind = 'RollChanged' ORDER BY lane")
    assert {lane for (lane,) in lanes} >= {school for (school,) in district.rows("SELECT id FROM school")}


def test_a_year_does_not_begin_in_march(district: Machine) -> None:
    code, said = district.run("roster", "promote", "--on", "2026-03-01", "--yes")
    assert code == 1
    assert "2026-03-01不像新学年的开始" in said
    assert names(district, "2026-09-01") == ["一(1)班", "六(1)班", "三(1)班", "初一(1)班", "初三(2)班"]


def test_a_file_of_the_new_year_makes_the_command_needless(district: Machine) -> None:
    district.write(
        "教职工.csv",
        STAFF.replace("李明,班主任,一(1)班", "李明,班主任,二(1)班").replace("班主任,六(1)班", "任课教师,二(1)班"),
    )
    up = PUPILS.replace("中心小学,一(1)班", "中心小学,二(1)班").replace("中心小学,六(1)班,1,王五\n", "")
    district.write("学生.csv", up)
    code, said = district.run("roster", "import", "教职工.csv", "学生.csv", "--since", "2026-09-01", "--yes")
    assert code == 0, said
    code, said = district.run("roster", "promote", "--on", "2026-09-01", "--yes")
    assert "中心小学从2026-09-01起已经升过级，不再升一次。" in said
    assert "二(1)班" in names(district, "2026-09-01")
    assert "三(1)班" not in names(district, "2026-09-01")


def test_the_file_of_the_new_year_finds_the_classes_moved_up(district: Machine) -> None:
    district.run("roster", "promote", "--on", "2026-09-01", "--yes")
    staff = STAFF.replace("李明,班主任,一(1)班", "李明,班主任,二(1)班").replace("班主任,六(1)班", "班主任,一(1)班")
    district.write("教职工.csv", staff.replace("初一(1)班", "初二(1)班").replace("冯远,班主任,初三(2)班", "冯远,校长,"))
    pupils = PUPILS.replace("中心小学,一(1)班", "中心小学,二(1)班").replace("六(1)班,1,王五", "一(1)班,1,郑新")
    district.write("学生.csv", pupils.replace("初一(1)班", "初二(1)班").replace("中心中学,初三(2)班,1,周九\n", ""))
    code, said = district.run("roster", "import", "教职工.csv", "学生.csv", "--since", "2026-09-01")
    assert code == 0, said
    assert "新增班级　一(1)班" in said
    assert "改名" not in said
