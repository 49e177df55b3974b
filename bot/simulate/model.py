"""The model: what teachers did, and what their phones told them. It knows nothing of the bot's rows."""

from datetime import datetime

from msgspec import Struct, field

from bot.simulate.plan import Ill


class ClassDay(Struct):
    """`tried`: when 全员正常 or 发送 was tapped, each time; `seen`: when a phone first showed ✅ 已报."""

    tried: list[datetime] = field(default_factory=list)
    meant: tuple[Ill, ...] = ()
    seen: datetime | None = None
    unanswered: list[datetime] = field(default_factory=list)  # tries after which half a minute showed nothing
    more_tried: datetime | None = None
    more: tuple[Ill, ...] = ()
    more_seen: datetime | None = None

    @property
    def may_list(self) -> set[frozenset[Ill]]:
        """What may stand in the report by now; nothing confirmed is ever missing."""
        first, both = frozenset(self.meant), frozenset((*self.meant, *self.more))
        if self.more_tried is None:
            return {first}
        return {both} if self.more_seen is not None else {first, both}


class Alarm(Struct):
    """A fever. `acked`: when somebody tapped 已知悉, and when it was first shown as done."""

    klass: str
    one: Ill
    sent: datetime  # when the teacher first tried
    seen: datetime | None = None  # when a phone said that it is reported
    tapped: datetime | None = None
    acked: datetime | None = None


class Model(Struct):
    """A day of the district."""

    classes: dict[str, ClassDay]
    alarms: dict[tuple[str, int], Alarm] = field(default_factory=dict)

    def tries(self, klass: str, ill: tuple[Ill, ...], at: datetime) -> None:
        row = self.classes[klass]
        row.tried.append(at)
        row.meant = ill
        self._alarm(klass, ill, at)

    def tries_more(self, klass: str, ill: tuple[Ill, ...], at: datetime) -> None:
        row = self.classes[klass]
        row.more_tried, row.more = row.more_tried or at, ill
        self._alarm(klass, ill, at)

    def sees_reported(self, klass: str, seats: frozenset[int], at: datetime) -> None:
        row = self.classes[klass]
        row.seen = row.seen or at
        if row.more and {one.seat for one in row.more} <= seats:
            row.more_seen = row.more_seen or at
        for (of, seat), alarm in self.alarms.items():
            if of == klass and seat in seats:
                alarm.seen = alarm.seen or at

    def _alarm(self, klass: str, ill: tuple[Ill, ...], at: datetime) -> None:
        for one in ill:
            if one.fever:
                self.alarms.setdefault((klass, one.seat), Alarm(klass, one, at))
