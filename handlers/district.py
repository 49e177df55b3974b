"""The morning of the whole district, asked a school at a time: what the leaders' post and every figure are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from handlers.model import Duty, Person, School, Update
from handlers.numbers import Count, count, together
from handlers.questions import AlertsOn, AlertView, Ask, RulesOn, SchoolMorning, SchoolMorningView, Schools
from handlers.rulebook import Round, Rules


@dataclass(frozen=True)
class AsOf:
    """HH:MM of the numbers: when the post was first made, and when it was last brought up to date."""

    first: str
    updated: str | None = None


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

    @cached_property
    def alerts(self) -> tuple[AlertView, ...]:
        """Those that the group was told of today and that were not taken back."""
        found = (alert for view in self.views for alert in self.ask(AlertsOn(self.day, view.school.id)))
        return tuple(alert for alert in found if alert.withdrawn_at is None and alert.post is not None)

    @property
    def not_ready(self) -> tuple[School, ...]:
        return tuple(view.school for view in self.views if not ready(view.staff))


def ready(staff: Iterable[Person]) -> bool:
    """就绪: a 疫情报告人 of the school has bound a chat."""
    return any(one.has(Duty.REPORTER) and one.bound for one in staff)
