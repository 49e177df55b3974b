"""Days and spans as they are said, on Wednesday, 2 September 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.dates import Day, of_month, read_day, read_span

TODAY = date(2026, 9, 2)

DAYS = [
    ("今天", (9, 2), (9, 2)),
    ("昨晚", (9, 1), (9, 1)),
    ("前天", (8, 31), (8, 31)),
    ("大前天", (8, 30), (8, 30)),
    ("明天", (9, 3), (9, 3)),
    ("后天", (9, 4), (9, 4)),
    ("8月31日", (8, 31), (8, 31)),
    ("8月31号", (8, 31), (8, 31)),
    ("八月三十一日", (8, 31), (8, 31)),
    ("九月五号", (9, 5), (9, 5)),
    ("2026-09-01", (9, 1), (9, 1)),
    ("2026年9月1日", (9, 1), (9, 1)),
    ("2026.9.1", (9, 1), (9, 1)),
    ("9/5", (9, 5), (9, 5)),
    ("本月5号", (9, 5), (9, 5)),
    ("5日", (8, 5), (9, 5)),
    ("2日", (9, 2), (9, 2)),
    ("31日", (8, 31), (10, 31)),
    ("周五", (8, 28), (9, 4)),
    ("周一", (8, 31), (9, 7)),
    ("星期三", (9, 2), (9, 2)),
    ("本周五", (9, 4), (9, 4)),
    ("下周一", (9, 7), (9, 7)),
    ("下下周一", (9, 14), (9, 14)),
    ("上周五", (8, 28), (8, 28)),
    ("礼拜天", (8, 30), (9, 6)),
    ("周日下午", (8, 30), (9, 6)),
]


@pytest.mark.parametrize(("said", "back", "ahead"), DAYS)
def test_a_day_is_read_back_and_ahead(said: str, back: tuple[int, int], ahead: tuple[int, int]) -> None:
    read = read_day(said, 0, TODAY)
    assert read is not None
    day, end = read
    assert end == len(said)
    assert (day.back, day.ahead) == (date(2026, *back), date(2026, *ahead))


@pytest.mark.parametrize("said", ["2月30日", "13月1日", "2026-02-30"])
def test_a_day_that_does_not_exist_is_said_but_none(said: str) -> None:
    read = read_day(said, 0, TODAY)
    assert read is not None
    assert read[0] == Day(None, None, whole=True)


@pytest.mark.parametrize("said", ["45/43", "3号", "38.5", "张三", "日", "一切正常", "周"])
def test_what_is_no_day_is_not_read(said: str) -> None:
    assert read_day(said, 0, TODAY) is None


def test_a_date_without_a_year_is_the_nearest_one() -> None:
    assert read_day("12月31日", 0, date(2027, 1, 4)) == (Day(date(2026, 12, 31), date(2026, 12, 31), whole=True), 6)
    assert read_day("1月4日", 0, date(2026, 12, 31)) == (Day(date(2027, 1, 4), date(2027, 1, 4), whole=True), 4)


SPANS = [
    ("3天", 3),
    ("三天", 3),
    ("半天", 1),
    ("两天半", 3),
    ("一周", 7),
    ("两个星期", 14),
    ("1个月", 30),
    ("十天", 10),
]


@pytest.mark.parametrize(("said", "days"), SPANS)
def test_a_span_is_read_in_days(said: str, days: int) -> None:
    assert read_span(said, 0) == (days, len(said))


@pytest.mark.parametrize("said", ["三年级", "3天前", "天", "0天", "3号"])
def test_what_is_no_span_is_not_read(said: str) -> None:
    assert read_span(said, 0) is None


@given(st.integers(0, 99), st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_day_of_the_month_lies_on_both_sides_of_today(day: int, today: date) -> None:
    said = of_month(day, today)
    assert (said.back is not None) == (said.ahead is not None) == (1 <= day <= 31)
    if said.back and said.ahead:
        assert said.back <= today <= said.ahead
        assert said.back.day == said.ahead.day == day
