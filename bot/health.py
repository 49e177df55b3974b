"""Whether the program is well, asked of the pulse of each of its loops and of each of its channels."""

from collections.abc import Container, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from bot.channels import Channel
from bot.clock import Clock
from bot.pulse import Pulse

OUT_OF_TOUCH = timedelta(minutes=10)  # then somebody must look, for teachers cannot report


class Watched(Struct, frozen=True):
    """Loops and listeners join as they are made. `open`: the platforms that have let us in. `since`: when the program
    was started."""

    loops: dict[str, Pulse]
    listeners: dict[str, Pulse]
    channels: Mapping[str, Channel]
    open: Container[str]
    since: datetime


class Health(Struct, frozen=True):
    """`rounds`: loop → seconds since its last one. `stopped`: loop → why it makes no progress. `hangs`: one of them
    does not go round any more, which a restart mends. `out_of_touch`: channel → since when. `cut_off`: one for so
    long that somebody must look."""

    starting: bool
    rounds: Mapping[str, int | None]
    stopped: Mapping[str, str]
    hangs: bool
    out_of_touch: Mapping[str, datetime]
    cut_off: bool

    @property
    def progresses(self) -> bool:
        """What /healthz says: a platform that is away is none of this program's faults."""
        return not self.starting and not self.stopped

    @property
    def is_well(self) -> bool:
        """What the heartbeat from outside says: teachers can report."""
        return self.progresses and not self.cut_off


def health(watched: Watched, clock: Clock, *, started: bool) -> Health:
    pulses = {**watched.loops, **{f"listener:{name}": pulse for name, pulse in watched.listeners.items()}}
    out = {name: since for name in watched.channels if (since := _out_since(watched, name)) is not None}
    return Health(
        starting=not started,
        rounds={name: pulse.age for name, pulse in pulses.items()},
        stopped={name: why for name, pulse in pulses.items() if (why := pulse.stopped) is not None},
        hangs=any(pulse.hangs for pulse in pulses.values()),
        out_of_touch=out,
        cut_off=any(clock.now() - since > OUT_OF_TOUCH for since in out.values()),
    )


def _out_since(watched: Watched, name: str) -> datetime | None:
    """A platform that has not let us in yet, or refuses us, has been away since the start as far as we know. Where
    another process listens, it knows."""
    listener = watched.listeners.get(name)
    if listener is not None and listener.begun:
        return watched.channels[name].out_since
    return None if name in watched.open else watched.since
