"""发病日期, as it is said."""

from datetime import date

import pytest

from handlers.rules.onset import said_onset

TUESDAY = date(2026, 9, 8)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("17号昨天开始发烧", date(2026, 9, 7)),
        ("3号从9月5日起咳嗽", date(2026, 9, 5)),
        ("5号周五就发烧了", date(2026, 9, 4)),
        ("17号昨晚开始吐", date(2026, 9, 7)),
        ("9月6日发病", date(2026, 9, 6)),
        ("昨天发烧今天退了", None),
        ("今天开始发烧", None),
        ("从昨天起请假", None),
        ("17号38.5", None),
    ],
)
def test_an_onset_before_today_is_read(words: str, expected: date | None) -> None:
    assert said_onset(words, TUESDAY) == expected
