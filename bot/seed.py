"""What the machine tells the district at a start: shipped rules and calendar once, config.toml where it has changed."""

import json
import secrets
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from importlib.metadata import version
from pathlib import Path
from typing import Any

import chinese_calendar
from chinese_calendar import Holiday

from bot.config import DistrictSection
from bot.listener import SEED_BYTES
from bot.ticker import TICKED
from handlers.plain import stamp, unstamp
from handlers.questions import RulesOn
from storage import Tx, progress
from storage.answers import Answers
from storage.inbox import DISTRICT, Arrival, own, put

SHIPPED = Path(__file__).with_name("district.toml")
ALWAYS = date(2000, 1, 1)  # the shipped rules hold from before anybody's first report
SATURDAY = 5
CONFIGURED = "seeded:config"
FIRST_START = "first_start"
SOURCE = "本学区规定（config.toml：district.{}）"
STARTED = "本学区规定（第一次启动）"


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


def started(tx: Tx, now: datetime) -> None:
    """Remembers the very first start: of no day before it was anybody asked."""
    if progress.known(tx, FIRST_START) is None:
        progress.keep(tx, FIRST_START, stamp(now))


def configured(tx: Tx, now: datetime, zone: tzinfo, district: DistrictSection) -> int:
    """At a start: puts `starts_on` and `rehearsal` as rules, where they are new. How many rows. The shipped rules
    hold by then."""
    started(tx, now)
    first = _first_day(tx, zone, district)
    if progress.known(tx, TICKED) is None:
        progress.keep(tx, TICKED, stamp(now))  # the ticker waits a moment for the platform: what is due then is put
    said = {"starts_on": first.isoformat(), "rehearsal": district.rehearsal}
    known = json.loads(progress.known(tx, CONFIGURED) or '{"starts_on": null, "rehearsal": false}')
    new = {key: value for key, value in said.items() if value != known[key]}
    sources = {key: SOURCE.format(key) for key in said} | (
        {} if first == district.starts_on else {"starts_on": STARTED}
    )
    rules = [
        {"key": key, "value": value, "valid_from": day.isoformat(), "source": sources[key]}
        for key, value in new.items()
        for day in ([ALWAYS] if key == "starts_on" else _rehearsed(tx, now, zone, begins=district.rehearsal))
    ]
    progress.keep(tx, CONFIGURED, json.dumps(said))
    return put(tx, [update("rules", json.dumps(rules, ensure_ascii=False), now, "config:")], now) if rules else 0


def _first_day(tx: Tx, zone: tzinfo, district: DistrictSection) -> date:
    """What config.toml says, but no day of which this machine has not sent the first card: whoever was not asked is
    not missing."""
    first = unstamp(progress.known(tx, FIRST_START) or "")
    today = first.astimezone(zone).date()
    begun = any(one.span(today, zone)[0] <= first for one in Answers(tx)(RulesOn(today)).rounds)
    possible = today + timedelta(days=1) if begun else today
    return max(possible, district.starts_on or possible)


def _rehearsed(tx: Tx, now: datetime, zone: tzinfo, *, begins: bool) -> list[date]:
    """A rehearsal begins at once. One that ends after today's first card has gone out lasts until tonight: what
    was pretended this morning must not be taken for real. Tomorrow is said too: it may have been said otherwise."""
    today = now.astimezone(zone).date()
    tomorrow = today + timedelta(days=1)
    rounds = () if begins else Answers(tx)(RulesOn(today)).rounds
    return [tomorrow] if any(one.span(today, zone)[0] <= now for one in rounds) else [today, tomorrow]


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
                "source": f"《国务院办公厅关于{year}年部分节假日安排的通知》",
            }
        day += timedelta(days=1)
