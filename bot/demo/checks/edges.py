"""What should not have been: people who were stuck, outsiders who learned something, calls that were refused."""

from collections.abc import Iterator

from bot.demo import truth
from bot.demo.checks.played import Played


def troubles(played: Played) -> Iterator[str]:
    yield from (f"somebody was stuck: {line}" for line in played.record.troubles)


def outsiders(played: Played) -> Iterator[str]:
    """A stranger gets one sentence and no data; a button that was not given does nothing and says so."""
    for who, answer in played.record.odd:
        wanted = "不对外提供信息" if "stranger" in who else "没有提交任何内容"
        if wanted not in answer or "发热" in answer:
            yield f"{who}: the answer was {answer!r}"


def refusals(played: Played) -> Iterator[str]:
    """Calls that the platform refused: on a day without faults there are none."""
    for entry in played.witness.calls:
        if not entry.ok:
            yield f"the platform refused {entry.method} at {truth.hour(entry.at)}: {entry.error}"
