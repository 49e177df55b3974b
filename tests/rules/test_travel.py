"""外出, as it is typed in one line."""

from datetime import date

import pytest

from handlers.model import Sure
from handlers.observing.reading import Said, read_travel

TODAY = date(2026, 9, 7)
LEFT, BACK = date(2026, 9, 1), date(2026, 9, 5)
NOT_SURE = (Sure.UNSURE, Sure.UNSURE)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("17号 去武汉 9月1日离开 9月5日回来", Said("17号", "武汉", LEFT, BACK, *NOT_SURE)),
        ("三(1)班 王小明 9月1日去武汉，9月5日返校", Said("三(1)班 王小明", "武汉", LEFT, BACK, *NOT_SURE)),
        ("17号去了杭州 9月1日 9月5日", Said("17号", "杭州", LEFT, BACK, *NOT_SURE)),
        ("我 去武汉 9月5日回来 中高风险地区", Said("", "武汉", None, BACK, Sure.YES, Sure.UNSURE)),
        ("17号 去上海 9月1日走的", Said("17号", "上海", LEFT, None, *NOT_SURE)),
        ("17号 去杭州 9月5日回来 不是风险地区 没有接触病人", Said("17号", "杭州", None, BACK, Sure.NO, Sure.NO)),
        ("17号 回来了", None),
    ],
)
def test_a_journey_is_read_from_one_line(words: str, expected: Said | None) -> None:
    assert read_travel(words, TODAY) == expected
