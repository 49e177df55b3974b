"""Temperatures as they are typed: what is read, what is asked, what is never corrected silently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.numbers import number
from handlers.rules.temperature import HIGHEST, LOWEST, Problem, Temperature, read_temperature

READ = [
    ("38.5", 385),
    ("38", 380),
    ("３８．５", 385),
    ("38.50", 385),
    ("38度5", 385),
    ("３８度５", 385),
    ("38 度 5", 385),
    ("38度半", 385),
    ("38°5", 385),
    ("38℃", 380),
    ("38.5℃", 385),
    ("38.5度", 385),
    ("38.5C", 385),
    ("38。5", 385),
    ("38·5", 385),
    ("38点5", 385),
    ("36,8", 368),
    ("三十八度二", 382),
    ("三十八点五度", 385),
    ("三十八度半", 385),
    ("三十八五", 385),
    ("三十八", 380),
    ("三八度五", 385),
    ("四十", 400),
    ("体温：38.5", 385),
    ("烧到39度了", 390),
    ("34", 340),
    ("43", 430),
]

REFUSED = [
    ("", "none", None),
    ("发烧", "none", None),
    ("不知道", "none", None),
    ("44", "range", None),
    ("33.9", "range", None),
    ("43.1", "range", None),
    ("52.1", "range", None),
    ("0", "range", None),
    ("120", "range", None),
    ("385", "decimal", 385),
    ("３８５", "decimal", 385),
    ("3.85", "decimal", 385),
    ("3850", "decimal", 385),
    ("38.55", "decimal", 386),
    ("37.25", "decimal", 373),
    ("38 5", "decimal", 385),
    ("38.5.2", "several", None),
    ("38.5 39", "several", None),
    ("3号 38.5", "several", None),
]


@pytest.mark.parametrize(("text", "tenths"), READ)
def test_a_temperature_is_read(text: str, tenths: int) -> None:
    assert read_temperature(text) == Temperature(tenths)


@pytest.mark.parametrize(("text", "kind", "meant"), REFUSED)
def test_a_doubtful_temperature_says_what_was_probably_meant(text: str, kind: str, meant: int | None) -> None:
    problem = read_temperature(text)
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.meant, problem.said) == (kind, meant, text)


@given(st.text(max_size=200))
def test_any_text_gives_a_temperature_or_a_problem(text: str) -> None:
    match read_temperature(text):
        case Temperature(tenths):
            assert LOWEST <= tenths <= HIGHEST
        case Problem(said=said):
            assert said == text


@given(st.integers(LOWEST, HIGHEST))
def test_every_temperature_is_read_in_every_spelling(tenths: int) -> None:
    whole, part = divmod(tenths, 10)
    spoken = "四十" if whole == 40 else ("三" if whole < 40 else "四") + "十" + "零一二三四五六七八九"[whole % 10]
    tenth = "零一二三四五六七八九"[part]
    for said in (f"{whole}.{part}", f"{whole}度{part}", f"{whole}.{part}℃", f"{spoken}度{tenth}", f"{spoken}点{tenth}"):
        assert read_temperature(said) == Temperature(tenths), said


NUMBERS = [("3", 3), ("３", 3), ("三", 3), ("十", 10), ("十七", 17), ("二十", 20), ("二十三", 23), ("两", 2)]
NUMBERS += [("一百", 100), ("一百零二", 102), ("一百二十三", 123), ("〇", 0)]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_a_small_number_is_read(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "三八", "1234", "十十", "张三", "3.5", "-3"])
def test_what_is_no_small_number_is_none(text: str) -> None:
    assert number(text) is None
