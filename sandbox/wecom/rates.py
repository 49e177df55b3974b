"""What WeCom lets through: calls, refused with 45009, and messages a member, dropped without a word."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

from sandbox.limits import Sliding, Window
from sandbox.wecom import limits
from sandbox.wecom.errors import WecomError

_ZONE = timezone(timedelta(hours=8))  # WeCom's days are Beijing's


class Rates:
    """`accounts` tells how many accounts the corp has now: the app's day is that many times 200 person-times."""

    def __init__(self, accounts: Callable[[], int]) -> None:
        self._accounts = accounts
        self._passed = Sliding()
        self._days: Counter[tuple[str, date]] = Counter()
        self._blocked: dict[tuple[str, str], datetime] = {}

    def call(self, method: str, remote: str, now: datetime) -> None:
        """Raises 45009 for one too many, and then for 60 s (the minute's) or 60 min (the hour's), whatever comes."""
        self._pass("api", method, limits.API_MINUTE, timedelta(seconds=60), now)
        self._pass("api hour", method, limits.API_HOUR, timedelta(minutes=60), now)
        self._pass("ip", remote, limits.IP_MINUTE, timedelta(seconds=60), now)

    def robot(self, key: str, now: datetime) -> None:
        """Raises 45009 while a group robot has had its 20 of the minute."""
        self._pass("robot", key, limits.ROBOT_MINUTE, timedelta(0), now)

    def group_created(self, now: datetime) -> None:
        """Raises 45009 for the day's thousand-and-first."""
        if self._day("groups", now) >= limits.GROUPS_A_DAY:
            raise _too_many()
        self._count_day("groups", now)

    def member(self, person: int, now: datetime) -> str:
        """Why a message of the app is not shown to this member; "" if it is, which counts."""
        if self._passed.wait(("minute", person), limits.MEMBER_MINUTE, now):
            return "30 a minute"
        if self._passed.wait(("hour", person), limits.MEMBER_HOUR, now):
            return "1000 an hour"
        if self._day("app", now) >= self._accounts() * limits.ACCOUNT_DAY:
            return "200 an account and day"
        self._passed.count(("minute", person), now)
        self._passed.count(("hour", person), now)
        self._count_day("app", now)
        return ""

    def group_member(self, person: int, now: datetime) -> str:
        """The same for a message in a group that the app made."""
        if self._passed.wait(("group", person), limits.GROUP_MEMBER_MINUTE, now):
            return "200 a minute in groups"
        if self._passed.wait("groups", limits.GROUP_MINUTE, now):
            return "20000 a minute in groups"
        self._passed.count(("group", person), now)
        self._passed.count("groups", now)
        return ""

    def _pass(self, kind: str, name: str, window: Window, block: timedelta, now: datetime) -> None:
        key = (kind, name)
        if self._blocked.get(key, now) > now:
            raise _too_many()
        if self._passed.wait(key, window, now):
            self._blocked[key] = now + block
            raise _too_many()
        self._passed.count(key, now)

    def _day(self, kind: str, now: datetime) -> int:
        return self._days[kind, now.astimezone(_ZONE).date()]

    def _count_day(self, kind: str, now: datetime) -> None:
        self._days[kind, now.astimezone(_ZONE).date()] += 1


def _too_many() -> WecomError:
    return WecomError(45009, "reach max api daily quota limit")
