"""Median and 90th percentile of the steps of a case."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.model import Attendance, Case, Entry
from handlers.rules.intervals import Spread, after_report, reported_after, spread

AT = datetime(2026, 9, 8, 0, 10, tzinfo=UTC)  # 08:10 of the district's
DAY = date(2026, 9, 8)
ZONE = ZoneInfo("Asia/Shanghai")
CASE = Case("k", "p", 1, "s", "c", DAY, DAY - timedelta(days=1), AT, Entry("p", Attendance.SICK), DAY, "am")


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([], Spread(0, None, None)),
        ([3.0], Spread(1, 3.0, 3.0)),
        ([4.0, 2.0], Spread(2, 3.0, 4.0)),
        ([float(n) for n in range(1, 11)], Spread(10, 5.5, 9.0)),
    ],
)
def test_the_90th_percentile_is_a_value_that_did_occur(hours: list[float], expected: Spread) -> None:
    assert spread(hours) == expected


def test_of_an_onset_whole_days_are_counted() -> None:
    assert reported_after(CASE, ZONE) == 24.0


def test_what_had_happened_before_the_report_took_no_time_and_what_is_not_known_is_left_out() -> None:
    assert after_report(CASE, AT + timedelta(hours=2)) == 2.0
    assert after_report(CASE, AT - timedelta(hours=20)) == 0.0
    assert after_report(CASE, None) is None
