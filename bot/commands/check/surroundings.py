"""What the bot rests on around it: who may read its secrets, the font of its pictures, the clock, the disks, the
copies, and who hears of it when this machine says nothing any more."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.app import disks
from bot.commands.check.found import Found, bad, good, warned
from bot.config import Config, exposed
from bot.gauges import free_at, nearest
from bot.texts import Words
from bot.ticker import SKEW

SAMPLE: Final = "发热℃，37.3"
CLOSE: Final = timedelta(seconds=30)
GIGABYTE: Final = 1_000_000_000
LEAST, FEW = GIGABYTE // 5, GIGABYTE  # bytes: below the one it stops soon, below the other somebody should look
OLD: Final = timedelta(hours=26)  # a backup a day, and an hour or two


def rights(file: Path | None, config: Config, words: Words) -> Found:
    """`file`: that of the configuration; None for the usual one."""
    open_ones = exposed(file, config)
    if open_ones:
        return bad("rights", words.say("check.rights_open", {"files": " ".join(map(str, open_ones))}))
    return good("rights", words.say("check.rights"))


def fonts(words: Words) -> Found:
    """Whether a picture says what it is to say: a font without a sign draws a box, or nothing at all."""
    try:
        from bot.charts import printable  # matplotlib, which nothing else here needs

        drawn = printable(SAMPLE)
    except (ImportError, OSError, RuntimeError) as error:
        return bad("fonts", words.say("check.fonts_away", {"problem": f"{type(error).__name__}: {error}"}))
    if drawn != SAMPLE:
        return bad("fonts", words.say("check.fonts_lack", {"drawn": drawn}))
    return good("fonts", SAMPLE)


def clock(ahead: timedelta | None, words: Words) -> Found:
    """By the Date of the platform's answer."""
    if ahead is None:
        return warned("clock", words.say("check.clock_unknown"))
    seconds = round(ahead.total_seconds())
    said = words.say("check.clock", {"seconds": abs(seconds), "way": words.say(f"check.way.{_way(seconds)}")})
    if abs(ahead) > SKEW:
        return bad("clock", words.say("check.clock_wrong", {"said": said}))
    if abs(ahead) > CLOSE:
        return warned("clock", words.say("check.clock_off", {"said": said}))
    return good("clock", said)


def _way(seconds: int) -> str:
    return "ahead" if seconds > 0 else "behind" if seconds < 0 else "right"


def disk(config: Config, words: Words) -> Iterator[Found]:
    """A line for each disk, not for each folder."""
    for path in {there.stat().st_dev: there for there in map(nearest, disks(config).values())}.values():
        free = free_at(path)
        said = {"path": str(path), "free": f"{free / GIGABYTE:.1f}"}
        how = bad if free < LEAST else warned if free < FEW else good
        yield how("disk", words.say("check.disk" if how is good else "check.disk_full", said))


def backup(made: datetime | None, now: datetime, words: Words) -> Found:
    if made is None:
        return warned("backup", words.say("check.backup_none"))
    hours = int((now - made).total_seconds() / 3600)
    if now - made > OLD:
        return warned("backup", words.say("check.backup_old", {"hours": hours}))
    return good("backup", words.say("check.backup", {"hours": hours}))


def watch(config: Config, words: Words) -> Found:
    """Its address is not asked: that would say that the bot is well."""
    if config.watch.heartbeat_url.get_secret_value():
        return good("watch", words.say("check.watch"))
    return warned("watch", words.say("check.watch_none"))
