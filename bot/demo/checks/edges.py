"""What should not have been: people who were stuck, outsiders who learned something, calls that were refused."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.demo import truth
from bot.demo.checks.played import Played

WANTED: Final[Mapping[str, re.Pattern[str]]] = {
    "a stranger's question": re.compile(r"^\D*不对外提供信息\D*$"),
    "a button that was not given": re.compile("没有提交任何内容"),
    "a correction after the close": re.compile("^17:00已封存，没有改动。.*疫情报告人 "),
}


def troubles(played: Played) -> Iterator[str]:
    yield from (f"somebody was stuck: {line}" for line in played.record.troubles)


def outsiders(played: Played) -> Iterator[str]:
    """A stranger gets one sentence and no data; a button that was not given does nothing and says so; after the close
    the 报告人 alone corrects."""
    for who, answer in played.record.odd:
        if not WANTED[who].search(answer):
            yield f"{who}: the answer was {answer!r}"


def refusals(played: Played) -> Iterator[str]:
    """Calls that the platform refused: on a day without faults there are none."""
    for entry in played.witness.calls:
        if not entry.ok:
            yield f"the platform refused {entry.method} at {truth.hour(entry.at)}: {entry.error}"
