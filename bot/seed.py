"""The first start: the shipped rules and the country's calendar go in through the inbox, once."""

import json
import secrets
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import chinese_calendar
from chinese_calendar import Holiday

from bot.listener import SEED_BYTES
from handlers.plain import stamp
from storage import Tx, progress
from storage.inbox import DISTRICT, Arrival, own, put

SHIPPED = Path(__file__).with_name("district.toml")
ALWAYS = date(2000, 1, 1)  # the shipped rules hold from before anybody's first report
SATURDAY = 5


def seed(tx: Tx, now: datetime, today: date) -> int:
    """Puts what has not been put yet. How many rows: none but at the first start, a new year, a newer calendar."""
    arrivals = [*_rules(tx, now), *(row for year in (today.year, today.year + 1) for row in _calendar(tx, now, year))]
    return put(tx, arrivals, now)


def _rules(tx: Tx, now: datetime) -> Iterator[Arrival]:
    if progress.known(tx, "seeded:rules") is None:
        progress.keep(tx, "seeded:rules", stamp(now))
        yield update("rules", json.dumps(rules_of(SHIPPED.read_text(encoding="utf-8"), ALWAYS)), now)


def _calendar(tx: Tx, now: datetime, year: int) -> Iterator[Arrival]:
    """Nothing for a year that is not announced yet: plain weekdays, until a newer package knows it."""
    name, edition = f"seeded:calendar:{year}", version("chinese_calendar")
    if progress.known(tx, name) == edition:
        return
    try:
        days = list(country(year))
    except NotImplementedError:
        return
    progress.keep(tx, name, edition)
    yield update("calendar", json.dumps(days, ensure_ascii=False), now, f"{year}:")


def update(verb: str, words: str, now: datetime, what: str = "") -> Arrival:
    """A word of this machine to the district."""
    return own(DISTRICT, "machine", f"{verb}:{what}{stamp(now)}", verb, (), words, secrets.token_bytes(SEED_BYTES))


def rules_of(toml: str, since: date) -> list[dict[str, Any]]:
    """The rows of a file like district.toml. Raises ValueError or KeyError for one that is not."""
    return [
        {"key": row["key"], "value": row["value"], "valid_from": since.isoformat(), "source": row["source"]}
        for row in tomllib.loads(toml)["rule"]
    ]


def country(year: int) -> Iterator[dict[str, Any]]:
    """Holidays and 调休 of one year. Raises NotImplementedError while the State Council has not announced them."""
    day = date(year, 1, 1)
    while day.year == year:
        off, name = chinese_calendar.get_holiday_detail(day)
        if name is not None or off != (day.weekday() >= SATURDAY):
            called = Holiday(name).chinese if name is not None else ""
            yield {
                "day": day.isoformat(),
                "scope": "country",
                "school_day": not off,
                "name": called if off else f"{called}调休",
                "source": f"国务院办公厅关于{year}年部分节假日安排的通知",
            }
        day += timedelta(days=1)
