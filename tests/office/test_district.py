"""Tests that the pretended district has its size, its awkward names, and is read like a real office's file."""

import stat
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from bot.roster import read_roster
from handlers.model import Duty
from handlers.rolls import PupilStatus, SchoolRoll
from sandbox.district import District, generate, write_xlsx
from tests.office.office import PUPIL_HEADER, STAFF_HEADER, write_csv


@pytest.fixture(scope="module")
def small() -> District:
    return generate(7)


@pytest.fixture(scope="module")
def schools(small: District, tmp_path_factory: pytest.TempPathFactory) -> tuple[SchoolRoll, ...]:
    path = tmp_path_factory.mktemp("district") / "district.xlsx"
    write_xlsx(path, small)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    roster = read_roster([path])
    assert (roster.ignored, roster.notes) == ((), ())
    return roster.schools


def test_the_same_seed_gives_the_same_district(small: District) -> None:
    assert generate(7) == small
    assert generate(8) != small


def test_the_same_district_gives_the_same_file(small: District, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(tmp_path / name, small)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_the_small_district_is_the_plans_own(schools: tuple[SchoolRoll, ...]) -> None:
    assert [(one.school, len(one.classes), len(one.pupils)) for one in schools] == [
        ("中心小学", 24, 1062),
        ("第二小学", 18, 746),
        ("第三小学", 12, 431),
        ("学区办公室", 0, 0),
    ]
    assert sum(len(one.staff) for one in schools) == 136


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_class_is_fuller_than_a_room(seed: int) -> None:
    sizes = Counter((row["学校"], row["班级"]) for row in generate(seed).pupils)
    assert len(sizes) == 54
    assert max(sizes.values()) <= 45
    assert min(sizes.values()) >= 25


def test_every_class_has_one_homeroom_teacher_and_some_a_second(schools: tuple[SchoolRoll, ...]) -> None:
    for school in schools[:3]:
        homerooms = Counter(name for one in school.staff if Duty.HOMEROOM in one.duties for name in one.classes)
        assert homerooms == Counter(one.name for one in school.classes)
        seconds = [one.classes for one in school.staff if Duty.TEACHER in one.duties and one.classes]
        assert len(seconds) >= 3
        assert max(map(len, seconds)) == 2


def test_every_office_is_held(schools: tuple[SchoolRoll, ...]) -> None:
    for school in schools[:3]:
        held = Counter(duty for one in school.staff for duty in one.duties)
        assert {held[duty] for duty in (Duty.PRINCIPAL, Duty.REPORTER, Duty.DEPUTY, Duty.NURSE)} == {1}
    district = {duty for one in schools[3].staff for duty in one.duties}
    assert district == {Duty.LEADER, Duty.LIAISON, Duty.ADMIN}
    assert any(len(one.duties) > 1 for school in schools for one in school.staff)


def test_three_pupils_of_the_first_school_are_not_expected(schools: tuple[SchoolRoll, ...]) -> None:
    away = Counter(one.status for school in schools for one in school.pupils) - Counter({PupilStatus.ENROLLED: 2236})
    assert away == {PupilStatus.LEAVE: 2, PupilStatus.HOME_TAUGHT: 1}


def test_its_names_are_as_awkward_as_real_ones(schools: tuple[SchoolRoll, ...]) -> None:
    alike = double = 0
    for school in schools:
        by_class: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        names: defaultdict[str, list[str]] = defaultdict(list)
        for pupil in school.pupils:
            by_class[pupil.class_name].append(pupil.pinyin)
            names[pupil.class_name].append(pupil.name)
        double += sum(len(some) - len(set(some)) for some in names.values())
        for some in by_class.values():
            read = Counter(reading for pinyin in some for reading in set(pinyin))
            alike += any(count > 1 for count in read.values())
    assert double >= 3
    assert alike >= 6
    everybody = {pupil.name for school in schools for pupil in school.pupils}
    assert {"阿依古丽·买买提", "欧阳思睿", "单雨桐", "李䶮", "张子涵", "张梓涵"} <= everybody


def test_a_district_in_csv_reads_like_the_same_in_a_workbook(
    small: District, schools: tuple[SchoolRoll, ...], tmp_path: Path
) -> None:
    staff = write_csv(tmp_path / "a.csv", [STAFF_HEADER, *(list(row.values()) for row in small.staff)], "gb18030")
    pupils = write_csv(tmp_path / "b.csv", [PUPIL_HEADER, *(list(row.values()) for row in small.pupils)], "gb18030")
    assert read_roster([staff, pupils]).schools == schools


def test_the_large_district_is_a_county_level_city() -> None:
    district = generate(1, "L")
    sizes = Counter((row["学校"], row["班级"]) for row in district.pupils)
    assert (len(district.staff), len(district.pupils), len(sizes)) == (8600, 150_000, 3500)
    assert len({school for school, _ in sizes}) == 135
    assert max(sizes.values()) <= 45


def test_reading_rosters_costs_the_bots_start_nothing() -> None:
    asked = "import sys, bot.roster, bot.roster.template, bot.workbook; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert {"openpyxl", "xlsxwriter", "pypinyin"}.isdisjoint(run.stdout.split())


def test_reading_a_name_loads_no_phrases() -> None:
    asked = "import sys; from bot.roster.readings import readings; print(readings('单雨桐')[1][0], *sys.modules)"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    first, *loaded = run.stdout.split()
    assert first == "shanyutong"
    assert "pypinyin.pinyin_dict" in loaded
    assert "pypinyin.phrases_dict" not in loaded


def test_a_command_loads_no_platform() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import sys, bot.machine; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = run.stdout.split()
    assert "bot.channels.configured" in loaded
    assert [one for one in loaded if one.startswith(("aiohttp", "telegram", "bot.channels.wecom"))] == []
