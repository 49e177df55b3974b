"""The page's switches for time: the next event, a jump, the speed."""

from datetime import UTC, datetime, time, timedelta, timezone

from sandbox.clock import Clock, TimeControl

ZONE = timezone(timedelta(hours=8))  # 北京时间; China has no summer time


class PageClock:
    """Without a control the page shows the time and no switches."""

    def __init__(self, clock: Clock, control: TimeControl | None) -> None:
        self._clock = clock
        self._control = control

    def state(self) -> dict[str, object]:
        following = self._control.next_event() if self._control else None
        return {
            "now": here(self._clock.now()),
            "speed": self._control.speed if self._control else 1,
            "next": here(following) if following else None,
            "controls": self._control is not None,
        }

    async def act(self, body: dict[str, object]) -> None:
        """Raises ValueError for what cannot be done; a jump back in time is one."""
        if self._control is None:
            raise ValueError("this clock cannot be driven")
        match body["action"]:
            case "next":
                following = self._control.next_event()
                if following is not None:
                    await self._control.advance_to(following)
            case "jump":
                await self._control.advance_to(self._instant(str(body["to"])))
            case "speed":
                self._control.speed = _speed(body["speed"])
            case action:
                raise ValueError(f"no such action: {action}")

    def _instant(self, written: str) -> datetime:
        """`08:15` is the next time it is a quarter past eight."""
        now = self._clock.now()
        if len(written) <= 5:
            local = now.astimezone(ZONE)
            when = datetime.combine(local.date(), time.fromisoformat(written.zfill(5)), ZONE)
            return (when if when > local else when + timedelta(days=1)).astimezone(UTC)
        moment = datetime.fromisoformat(written)
        when = (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)
        if when < now:
            raise ValueError("time does not go back")
        return when


def _speed(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise ValueError("a speed is a number from 0 to 3600")
    return float(value)


def here(moment: datetime) -> str:
    return moment.astimezone(ZONE).isoformat(timespec="seconds")
