"""The morning of the whole district, asked a school at a time: what the leaders' post and every figure are made of."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Final

from msgspec import Struct

from handlers.day_view import Later
from handlers.model import Duty, Person, School, Update
from handlers.numbers import Count, count, together
from handlers.outages import beside_deadline, by_system, inside
from handlers.questions import (
    AlertsOn,
    AlertView,
    Ask,
    ClassRow,
    Expected,
    OutageView,
    RulesOn,
    SchoolMorning,
    SchoolMorningView,
    Schools,
)
from handlers.rulebook import Round, Rules
from handlers.rules.fever import is_fever

BEGINS: Final = "begins"  # behind day and round of an update: the day has only now become a school day


class AsOf(Struct, frozen=True):
    """HH:MM of the numbers: when the post was first made, and when it was last brought up to date: `on` which day,
    where that is a later one."""

    first: str
    updated: str | None = None
    on: date | None = None


class District:
    """One day and round. Schools stand in their own order, never ranked."""

    def __init__(self, update: Update, ask: Ask, day: date, round: Round) -> None:
        self.update, self.ask, self.day, self.round = update, ask, day, round
        self.rules: Rules = ask(RulesOn(day))
        self.views = tuple(ask(SchoolMorning(school.id, day, round.id)) for school in ask(Schools(day)))
        self.counts = tuple(count(view.rows, self.rules.fever) for view in self.views)
        self.whole = together(self.counts)

    @property
    def by_school(self) -> Iterable[tuple[SchoolMorningView, Count]]:
        return zip(self.views, self.counts, strict=True)

    def expected(self, row: ClassRow) -> int:
        """应到 of a class that has not reported."""
        return self.ask(Expected(row.klass.id, self.day, self.round.id))

    def later(self, *, noted: bool) -> tuple[Later, ...]:
        """The day's rounds that stand in this one's post: `noted`, from the hour on at which they are in it; else from
        their first card on."""
        local = self.update.now.astimezone(self.update.zone)
        gone = local.date() > self.day
        rounds = [one for one in self.rules.rounds if one != self.round and self.rules.post_of(one) == self.round]
        begun = [one for one in rounds if gone or (one.posted if noted else one.opens) <= local.time()]
        return tuple(Later(one, District(self.update, self.ask, self.day, one).whole) for one in begun)

    @cached_property
    def alerts(self) -> tuple[AlertView, ...]:
        """Those that the group was told of today and that were not taken back."""
        found = (alert for view in self.views for alert in self.ask(AlertsOn(self.day, view.school.id)))
        return tuple(alert for alert in found if alert.withdrawn_at is None and alert.post is not None)

    @property
    def severe(self) -> int:
        """Of these alerts: a severe symptom without a fever, by what is known now."""
        return sum(not self._hot(alert) for alert in self.alerts)

    @property
    def unalerted(self) -> int:
        """Pupils with a fever of whom the group was not told: flagged on the school day before and still at home (续),
        or entered on a later day."""
        told = sum(self._hot(alert) for alert in self.alerts if alert.round == self.round.id)
        return max(0, self.whole.sums.fever - told)

    def _hot(self, alert: AlertView) -> bool:
        return is_fever(alert.latest or alert.entry, self.rules.fever)

    @cached_property
    def outages(self) -> tuple[OutageView, ...]:
        """系统中断 inside the round."""
        return inside(self.update, self.ask, self.round, self.day)

    @property
    def by_system(self) -> tuple[int, int]:
        """系统原因: how many of the late classes, and of the missing ones."""
        beside = beside_deadline(self.update, self.ask, self.round, self.day)
        return by_system([row for view in self.views for row in view.rows], beside=beside)

    @property
    def not_ready(self) -> tuple[School, ...]:
        return tuple(view.school for view in self.views if not ready(view.staff))


def ready(staff: Iterable[Person]) -> bool:
    """就绪: a 疫情报告人 of the school has bound a chat."""
    return any(one.has(Duty.REPORTER) and one.bound for one in staff)
