"""Hours as they are said: a table."""

from datetime import time, timedelta

import pytest

from handlers.rules.times import Ago, Hour, read_hour


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("8:20", (8, 20)),
        ("08:20", (8, 20)),
        ("8：20", (8, 20)),
        ("８点20", (8, 20)),
        ("8点20分", (8, 20)),
        ("八点二十", (8, 20)),
        ("八点二十分左右", (8, 20)),
        ("八点零五", (8, 5)),
        ("8点05", (8, 5)),
        ("8点", (8, 0)),
        ("8点整", (8, 0)),
        ("八点半", (8, 30)),
        ("8点一刻", (8, 15)),
        ("8点过5分", (8, 5)),
        ("十一点三刻", (11, 45)),
        ("8时20分", (8, 20)),
        ("8.20", (8, 20)),
        ("820", (8, 20)),
        ("0820", (8, 20)),
        ("1130", (11, 30)),
        ("早上8点20", (8, 20)),
        ("上午 8:20", (8, 20)),
        ("下午3点", (15, 0)),
        ("下午三点半", (15, 30)),
        ("晚上7:40", (19, 40)),
        ("中午12点", (12, 0)),
        ("中午1点", (13, 0)),
        ("中午11点半", (11, 30)),
        ("15:30", (15, 30)),
        ("凌晨1点", (1, 0)),
        ("0:05", (0, 5)),
    ],
)
def test_an_hour_is_read_as_it_is_said(said: str, at: tuple[int, int]) -> None:
    hour = read_hour(said)
    assert isinstance(hour, Hour)
    assert hour.at == time(*at)


@pytest.mark.parametrize(("said", "half"), [("3点", False), ("下午3点", True), ("上午3点", True), ("15点", True)])
def test_it_is_known_whether_the_half_of_the_day_was_said(said: str, half: bool) -> None:
    assert isinstance(hour := read_hour(said), Hour)
    assert hour.half is half


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        *((now, 0) for now in ("刚刚", "刚才", "刚", "现在")),
        *(("10分钟前", 10), ("十分钟以前", 10), ("半小时前", 30), ("1小时前", 60)),
    ],
)
def test_a_while_ago_is_counted_back(said: str, minutes: int) -> None:
    assert read_hour(said) == Ago(timedelta(minutes=minutes))


NO_HOUR = ["", "忘了", "8:70", "25:00", "24点", "晚上12点", "38.5", "三(2)班", "8点20在校", "早上", "半分钟前", "12345"]


@pytest.mark.parametrize("said", NO_HOUR)
def test_what_is_no_hour_is_none(said: str) -> None:
    assert read_hour(said) is None
