"""Tests that names come out as they are written in full, and are found under each of their readings."""

import pytest

from bot.roster.cells import is_identity, number, person, phone, seat, surname
from bot.roster.readings import readings


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *(("张 三", "张三"), ("张　三", "张三"), (" 李雷 ", "李雷"), ("欧阳 娜娜", "欧阳娜娜"), ("王\u200b芳", "王芳")),
        *((f"阿依古丽{dot}买买提", "阿依古丽·买买提") for dot in "·‧•・･∙⋅●⸱ᐧㆍ․﹒᛫◦．.。｡ 　\u0387⸳⦁˙ꞏᆞ‣∘⸰𐄁⚫"),
        ("阿依古丽 • 买买提", "阿依古丽·买买提"),
        ("Li  Lei", "Li Lei"),
        ("李䶮", "李䶮"),
        ("李\ue863", "李䶮"),  # as fonts and encodings before GB18030-2005 had it
        ("\ue831一", "\U000215d7一"),
        ("王⼩明", "王小明"),  # radicals in place of characters, as they are copied out of a PDF
        ("⻢⻰", "马龙"),
        ("\uf9d4", "\u502b"),
        ("陈〇", "陈〇"),
        ("刘\U00031350", "刘\U00031350"),  # a character that Unicode had not when Python 3.11 was made
    ],
)
def test_a_name_is_freed_of_what_only_looks_nice(typed: str, name: str) -> None:
    assert person(typed) == name


@pytest.mark.parametrize(
    "typed", ["", "张3", "张三（转）", "李?", "李\ufffd", "·买买提", "买买提·", "张\ue000", "张" * 41]
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    assert person(typed) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            ("张三", "张"),
            ("张三丰", "张"),
            ("欧阳敏", "欧阳"),
            ("欧阳娜娜", "欧阳"),
            ("长孙无忌", "长孙"),
            ("司马光", "司马"),
            ("上官婉儿", "上官"),
            ("诸葛亮", "诸葛"),
            ("欧阳", "欧"),
            ("单于飞", "单"),
            ("单于飞扬", "单于"),
            ("贺兰英", "贺"),
            ("乐正绫", "乐正"),
            ("谷梁赤", "谷梁"),
            ("太史慈", "太史"),
            ("亓官雪", "亓官"),
            ("公西华", "公西"),
            ("漆雕开", "漆雕"),
            ("巫马期", "巫马"),
            ("颛孙师", "颛孙"),
            ("纳兰性德", "纳兰"),
            ("完颜洪烈", "完颜"),
            ("东门吹雪", "东门"),
        ),
        *(("阿依古丽·买买提", "阿依古丽"), ("扎西多吉", "扎西多吉"), ("王陈子涵", "王陈子涵"), ("Li Lei", "Li Lei")),
    ],
)
def test_the_surname_is_known_even_of_two_characters(name: str, expected: str) -> None:
    assert surname(name) == expected


@pytest.mark.parametrize(
    ("name", "first", "also"),
    [
        *(("单雨", "sy", "dy"), ("解雨", "xy", "jy"), ("翟雨", "zy", "dy"), ("仇雨", "qy", "cy"), ("区雨", "oy", "qy")),
        *(("查雨", "zy", "cy"), ("朴雨", "py", "py"), ("盖雨", "gy", "gy"), ("尉雨", "wy", "yy"), ("曾雨", "zy", "cy")),
        *(("长孙雨", "zsy", "csy"), ("尉迟雨", "ycy", "wcy"), ("万俟雨", "mqy", "wsy"), ("李乐", "ll", "ly")),
        ("阿依古丽·买买提", "ayglmmt", "aygl"),
        ("Li Lei", "ll", "ll"),
    ],
)
def test_initials_accept_every_reading_the_likeliest_first(name: str, first: str, also: str) -> None:
    initials, _ = readings(name)
    assert initials[0] == first
    assert also in initials


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        *(("单雨", {"shanyu", "danyu"}), ("翟雨", {"zhaiyu", "diyu"}), ("朴雨", {"piaoyu", "puyu"})),
        *(("盖雨", {"geyu", "gaiyu"}), ("查雨", {"zhayu", "chayu"}), ("吕雨", {"lvyu"}), ("张三", {"zhangsan"})),
    ],
)
def test_homophones_share_a_reading(name: str, pinyin: set[str]) -> None:
    assert pinyin <= set(readings(name)[1])


def test_a_long_name_of_many_readings_stays_small() -> None:
    initials, pinyin = readings("阿不都热合曼·艾合买提")
    assert 1 <= len(pinyin) <= 64
    assert "abdrhm" in initials


@pytest.mark.parametrize(
    "typed",
    ["11010119900307123X", "110101199003071234", "G110101199003071234", "Ｇ110101199003071234", "110101800101123"],
)
def test_a_number_of_identity_is_recognised(typed: str) -> None:
    assert is_identity(typed)


def test_numbers_are_read_in_any_width() -> None:
    assert [seat(text) for text in ("3", "03", "３", "3号", "99")] == [3, 3, 3, 3, 99]
    assert [seat(text) for text in ("0", "100", "3.5", "三", "-1", "")] == [None] * 6
    assert [number(text) for text in ("007", "A-1", "２０１", "1 2")] == ["007", "A-1", "201", "12"]
    assert [number(text) for text in ("张三", "-1", "1" * 21)] == [None] * 3
    assert [phone(text) for text in ("0393 123", "１３８—1", "电话")] == ["0393 123", "138-1", None]
