"""Which pupil an answer means: a table, and what must hold for every roster."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.names import MOST_CANDIDATES, Pupil, find
from tests.rules.people import ROSTER, pupil

EXACT = [
    ("3", 3),
    ("３号", 3),
    ("三号", 3),
    ("十七", 17),
    ("座号3", 3),
    ("座位号 12", 12),
    ("#5", 5),
    ("no.7", 7),
    ("17号同学", 17),
    ("张三", 3),
    ("张 三", 3),
    (" 张三同学 ", 3),
    ("3号张三", 3),
    ("15号刘梓轩", 15),
    ("14 张伟", 14),
    ("张小明", 8),
    ("一诺", 1),
    ("雨桐", 11),
    ("雨欣", 17),
    ("明月", 12),
    ("阿依古丽", 18),
    ("阿依古丽买买提", 18),
    ("阿依古丽•买买提", 18),
    ("cyn", 1),
    ("ZXM", 8),
    ("z x m", 8),
    ("sxm", 10),
    ("dxm", 10),
    ("ｄｙｔ", 11),
    ("zyt", 11),
    ("oymy", 12),
    ("chenyinuo", 1),
    ("Lin Zihan", 2),
    ("shanxiaoming", 10),
    ("danxiaoming", 10),
    ("yinuo", 1),
]

ASKED = [
    ("张伟", {13, 14}),
    ("zw", {13, 14}),
    ("zhangwei", {13, 14}),
    ("小明", {8, 9, 10}),
    ("晓明", {8, 9, 10}),
    ("刘梓轩", {15, 16}),
    ("liuzixuan", {15, 16}),
    ("lzx", {15, 16}),
    ("xiaoming", {8, 9, 10}),
    ("3号李四", {3, 4}),
    ("16号刘梓轩", {15, 16}),
    ("张小名", {8}),
    ("陈一若", {1}),
    ("林子函", {2}),
    ("chenyinou", {1}),
    ("陈诺", {1}),
]

NOBODY = ["", "   ", "99", "99号", "钱学森", "qxs", "好的谢谢", "？", "1234", "0"]


@pytest.mark.parametrize(("text", "seat"), EXACT)
def test_what_fits_one_pupil_is_exact(text: str, seat: int) -> None:
    found = find(text, ROSTER)
    assert [one.seat for one in found.pupils] == [seat]
    assert found.exact


@pytest.mark.parametrize(("text", "seats"), ASKED)
def test_what_fits_two_or_only_nearly_is_asked(text: str, seats: set[int]) -> None:
    found = find(text, ROSTER)
    assert seats <= {one.seat for one in found.pupils}
    assert not found.exact


@pytest.mark.parametrize("text", NOBODY)
def test_what_fits_nobody_finds_nobody(text: str) -> None:
    assert find(text, ROSTER).pupils == ()


def test_a_homophone_is_asked_even_when_one_is_spelled_exactly() -> None:
    two = (pupil(1, "张晓明"), pupil(2, "张小明"))
    assert {one.seat for one in find("张小明", two).pupils} == {1, 2}
    assert not find("张小明", two).exact


def test_another_reading_of_a_surname_makes_a_homophone() -> None:
    two = (pupil(1, "单小明"), pupil(2, "山晓明"))
    assert not find("山晓明", two).exact
    assert {one.seat for one in find("单小明", two).pupils} == {1, 2}


def test_the_second_reading_is_found_although_the_first_is_another_pupils() -> None:
    two = (pupil(1, "单小明"), pupil(2, "丁小美"))
    assert {one.seat for one in find("dxm", two).pupils} == {1, 2}


def test_two_pupils_on_one_seat_are_asked() -> None:
    found = find("3", (pupil(3, "张三"), Pupil("other", 3, "李四", ("ls",), ("lisi",))))
    assert len(found.pupils) == 2
    assert not found.exact


def test_near_misses_are_few() -> None:
    many = tuple(pupil(seat, f"张小{sign}") for seat, sign in enumerate("明红刚华军兵强伟", start=1))
    assert len(find("张小龙", many).pupils) == MOST_CANDIDATES


@given(st.text(max_size=30))
def test_exact_is_always_one_pupil_of_the_roster(text: str) -> None:
    found = find(text, ROSTER)
    assert not found.exact or (len(found.pupils) == 1 and found.pupils[0] in ROSTER)


@given(st.sampled_from(ROSTER))
def test_every_pupil_is_found_by_seat_name_initials_and_sound(wanted: Pupil) -> None:
    for said in (str(wanted.seat), wanted.name, *wanted.initials, *wanted.pinyin):
        assert wanted in find(said, ROSTER).pupils
