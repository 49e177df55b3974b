"""The numbers of the 14-school-day line: a rate a day and a series, and nothing where nobody reported."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from handlers.pictures import DayPoint, Morning, SchoolBlock

# more lines than this cannot be told apart: then one for the whole district
_MOST_LINES = 5
_COMPLETE = 0.95


class Dot(Struct, frozen=True):
    """因病缺勤率 in percent of the pupils of the classes that reported; `complete` if 95 % of the district's did."""

    rate: float
    complete: bool


class Series(Struct, frozen=True):
    name: str
    dots: tuple[Dot | None, ...]  # one a school day, today last

    @property
    def highest(self) -> float:
        return max((dot.rate for dot in self.dots if dot), default=0.0)


def all_series(picture: Morning, district: str) -> tuple[Series, ...]:
    """One a school in their own order, or a single one called `district` when there are many schools."""
    days = {day: _complete(*reported_on(picture, day)) for day in picture.days}
    if len(picture.schools) > _MOST_LINES:
        return (_series(district, days, picture.schools),)
    return tuple(_series(school.short, days, (school,)) for school in picture.schools)


def reported_on(picture: Morning, day: date) -> tuple[int, int]:
    """Classes of the district that reported and that were due."""
    points = _points(picture.schools, day)
    return sum(point.reported for point in points), sum(point.due for point in points)


def _series(name: str, days: Mapping[date, bool], schools: tuple[SchoolBlock, ...]) -> Series:
    return Series(name, tuple(_dot(_points(schools, day), complete) for day, complete in days.items()))


def _points(schools: tuple[SchoolBlock, ...], day: date) -> list[DayPoint]:
    return [point for school in schools for point in school.history if point.day == day]


def _complete(reported: int, due: int) -> bool:
    return reported >= _COMPLETE * due


def _dot(points: list[DayPoint], complete: bool) -> Dot | None:
    expected = sum(point.expected for point in points)
    if not expected:
        return None
    return Dot(100 * sum(point.sick for point in points) / expected, complete)
