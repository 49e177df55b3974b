"""Tests that a class is found under every spelling, and that none is guessed."""

import pytest

from handlers.class_names import order, read_class
from handlers.rolls import ClassRoll


@pytest.mark.parametrize(
    "said",
    [
        *(
            "三(2)班",
            "三（2）班",
            "三2班",
            "三年级2班",
            "三年级二班",
            "3.2班",
            "3（2）",
            "3.2",
            "3-2",
            "3—2",
            "三年级（2）班",
        ),
        *(
            "三⑵班",
            "三②班",
            "三 ( 2 ) 班",
            "　三（２）班　",
            "三年二班",
            "三二班",
            "302班",
            "小学三年级2班",
            "三〔2〕班",
            "三[2]班",
        ),
        *("三年级（2班）", "三（二）班", "三(02)班", "三(二)班", "3年级2班", "小三(2)班", "３．２班", "三(2", "三·2班"),
        *("三年级第2班", "三年级第二班", "0302班", "三(2)班（双语）", "三2班(实验班)", "三(2)班【寄宿】"),
    ],
)
def test_every_spelling_of_a_class_is_the_same_class(said: str) -> None:
    assert read_class(said) == ClassRoll("三(2)班", "三", 2)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("初一3班", "初一(3)班"),
        ("七年级（3）班", "七(3)班"),
        ("7.3班", "七(3)班"),
        ("九(2)", "九(2)班"),
        ("9(2)", "九(2)班"),
        ("一年级一班", "一(1)班"),
        ("１年（０３）班", "一(3)班"),
        ("初1(3)班", "初一(3)班"),
        ("初三二班", "初三(2)班"),
        ("九(2)班", "九(2)班"),
        ("高二（11）班", "高二(11)班"),
        ("三年级十二班", "三(12)班"),
        ("三(十)班", "三(10)班"),
        ("五（二十一）班", "五(21)班"),
        ("大(1)班", "大(1)班"),
        ("中二班", "中(2)班"),
        ("学前1班", "学前(1)班"),
        ("托1班", "托(1)班"),
        ("托班(一)", "托(1)班"),
    ],
)
def test_middle_schools_kindergartens_and_large_schools_are_understood(said: str, name: str) -> None:
    found = read_class(said)
    assert found
    assert found.name == name


@pytest.mark.parametrize(
    "said",
    [
        *(
            "",
            "三班",
            "2班",
            "三年级",
            "大班",
            "32班",
            "三十二班",
            "二十班",
            "三(0)班",
            "零(2)班",
            "十(2)班",
            "三(100)班",
        ),
        *(
            "2023级2班",
            "三(2)(3)班",
            "三(二二)班",
            "三(2)班(3)",
            "三(2)班(三)",
            "0302",
            "三(A)班",
            "中班",
            "2024级2班",
            "三甲班",
            "3月2日",
            "班",
            "张三",
        ),
    ],
)
def test_what_names_no_class_or_two_is_not_guessed(said: str) -> None:
    assert read_class(said) is None


def test_a_class_is_read_back_from_its_own_name() -> None:
    for grade in ("大", "学前", "一", "九", "初二", "高三"):
        for number in (1, 9, 10, 25, 99):
            assert read_class(f"{grade}({number})班") == ClassRoll(f"{grade}({number})班", grade, number)


def test_classes_stand_in_the_order_of_a_school() -> None:
    said = ("三(10)班", "一(2)班", "初一(1)班", "三(2)班", "大(1)班", "托(1)班")
    found = sorted((one for one in map(read_class, said) if one), key=order)
    assert [one.name for one in found] == ["托(1)班", "大(1)班", "一(2)班", "三(2)班", "三(10)班", "初一(1)班"]
