"""The hours of a round: what is on time, when nothing is sent, and what rules no day could be run by."""

import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handlers.rulebook import Rules, read_rules
from handlers.settings.ruling import check, written
from handlers.values import replace

SHANGHAI, URUMQI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Urumqi"), ZoneInfo("America/New_York")
DAY = date(2026, 9, 1)
FILE = Path(__file__).parents[2] / "bot" / "district.toml"


@pytest.fixture
def rules() -> Rules:
    shipped = tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"]
    return read_rules({rule["key"]: (json.dumps(rule["value"]), rule["source"]) for rule in shipped})


@pytest.mark.parametrize(
    ("at", "on_time"),
    [
        ("07:29:00", True),
        ("08:29:59.999999", True),
        ("08:30:00", True),
        ("08:30:59", True),
        ("08:30:59.9", True),
        ("08:30:59.999999", True),
        ("08:31:00", False),
        ("08:31:00.000001", False),
        ("16:00:00", False),
    ],
)
def test_on_time_is_before_the_end_of_the_deadlines_minute(rules: Rules, at: str, on_time: bool) -> None:
    instant = datetime.combine(DAY, time.fromisoformat(at), SHANGHAI).astimezone(UTC)
    assert rules.rounds[0].on_time(instant, DAY, SHANGHAI) is on_time


@pytest.mark.parametrize(
    ("zone", "utc", "on_time"),
    [
        (SHANGHAI, datetime(2026, 9, 1, 0, 30, 59, tzinfo=UTC), True),
        (SHANGHAI, datetime(2026, 9, 1, 0, 31, tzinfo=UTC), False),
        (URUMQI, datetime(2026, 9, 1, 2, 30, 59, tzinfo=UTC), True),
        (URUMQI, datetime(2026, 9, 1, 2, 31, tzinfo=UTC), False),
        (NEW_YORK, datetime(2026, 9, 1, 12, 30, 59, tzinfo=UTC), True),
        (NEW_YORK, datetime(2026, 9, 1, 12, 31, tzinfo=UTC), False),
    ],
)
def test_the_hour_is_the_districts(rules: Rules, zone: ZoneInfo, utc: datetime, on_time: bool) -> None:
    assert rules.rounds[0].on_time(utc, DAY, zone) is on_time


@pytest.mark.parametrize(
    ("at", "silent"),
    [
        ("00:00", True),
        ("06:59:59", True),
        ("07:00", False),
        ("12:00", False),
        ("17:59:59", False),
        ("18:00", True),
        ("23:59", True),
    ],
)
def test_the_evening_and_the_night_are_silent(rules: Rules, at: str, silent: bool) -> None:
    instant = datetime.combine(DAY, time.fromisoformat(at), SHANGHAI).astimezone(UTC)
    assert rules.silent(instant, SHANGHAI) is silent


def test_what_is_shipped_is_a_day_that_can_be_run(rules: Rules) -> None:
    check(rules)
    assert read_rules(written(rules)) == replace(rules, sources=read_rules(written(rules)).sources)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"quiet": {"from": "06:00", "to": "07:00"}}, "rule quiet"),
        ({"quiet": {"from": "16:30", "to": "07:00"}}, "rule evening"),
        ({"quiet": {"from": "18:00", "to": "07:45"}}, r"rule round\.am: at 07:30 \(open\)"),
        ({"quiet": {"from": "18:00", "to": "08:20"}}, r"rule round\.am"),
        ({"outage.seconds": 0}, r"rule outage\.seconds"),
        ({"outage.lossy_seconds": 0}, r"rule outage\.lossy_seconds"),
        ({"outage.beside_minutes": 0}, r"rule outage\.beside_minutes"),
    ],
)
def test_a_silence_that_would_hold_back_the_day_is_refused(
    rules: Rules, changes: Mapping[str, object], why: str
) -> None:
    said = written(rules) | {key: (json.dumps(value), "本学区规定") for key, value in changes.items()}
    with pytest.raises(ValueError, match=why):
        check(read_rules(said))


def test_the_hour_from_which_nothing_is_sent_has_its_place_in_the_day(rules: Rules) -> None:
    wrong = replace(rules.rounds[0], stop=time(8, 50))
    with pytest.raises(ValueError, match="not in the order of a day"):
        check(replace(rules, every_round=(wrong,)))
