"""The page's switches for time: the next event is the next step of a round, not the next breath of a loop."""

from datetime import UTC, datetime, timedelta, tzinfo

from bot.clock import SteppedClock
from handlers.rulebook import Rules


class Control:
    """Drives a stepped clock for a person who looks on."""

    def __init__(self, clock: SteppedClock, zone: tzinfo) -> None:
        self._clock = clock
        self._zone = zone
        self.rules: Rules | None = None

    @property
    def speed(self) -> float:
        return self._clock.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._clock.speed = speed

    def next_event(self) -> datetime | None:
        """None until the district is there."""
        if self.rules is None:
            return None
        now = self._clock.now()
        today = now.astimezone(self._zone).date()
        dues = (due.at for days in (0, 1) for due in self.rules.dues(today + timedelta(days=days), self._zone))
        return min((at.astimezone(UTC) for at in dues if at > now), default=None)

    async def advance_to(self, when: datetime) -> None:
        await self._clock.advance_to(when)
