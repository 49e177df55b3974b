"""The last fourteen school days: a line a school, holidays as thin gaps, fevers as a row of bars below."""

from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from bot.pictures.series import Dot, Series, all_series, reported_on
from bot.pictures.sheet import FAINT, INK, MUTED, PALE, PAPER, RED, Area, Sheet, Words
from handlers.pictures import Gap, Morning

LEAST = 250.0
_TITLE, _NOTES, _DAYS, _BARS, _NAMES = 46.0, 26.0, 34.0, 58.0, 222.0
# narrower than this, the line is named in the title and not at its end
_NARROW = 700.0
_AXIS = 58.0
# a holiday takes this part of a day's width
_GAP = 0.75
_SMALL = 20.0
_STEPS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
# told apart by dashes as well as by ink
_INKS = ("#1f5a99", "#a34700", "#6a2c91", "#00695c", "#5d4037")
_DASHES: tuple[tuple[float, ...], ...] = ((), (7, 3), (2, 2.5), (10, 3, 2, 3), (5, 2))


def draw_trend(sheet: Sheet, picture: Morning, words: Words, area: Area) -> None:
    series = all_series(picture, words("picture.district_line", {}))
    _Trend(sheet, words, picture, series, area).draw()


class _Trend(Struct, frozen=True):
    sheet: Sheet
    words: Words
    picture: Morning
    series: tuple[Series, ...]
    area: Area

    def draw(self) -> None:
        self._title()
        self._scale()
        for gap, place in self._gaps():
            self._gap(gap, place)
        for place in range(len(self.picture.days)):
            self._day(place)
        for one, ink, dashes in zip(self.series, _INKS, _DASHES, strict=False):
            self._line(one, ink, dashes)
        if not self.narrow:
            self._names()
        self._bars()

    @property
    def narrow(self) -> bool:
        return self.area.width < _NARROW

    @property
    def top(self) -> float:
        return self.area.y + _TITLE + _NOTES

    @property
    def zero(self) -> float:
        return self.area.bottom - _BARS - _DAYS

    @property
    def left(self) -> float:
        return self.area.x + _AXIS

    @property
    def right(self) -> float:
        return self.area.right - (0 if self.narrow else _NAMES)

    @property
    def step(self) -> float:
        """Percent between two lines of the scale, so that at most three lie over the zero."""
        highest = max((one.highest for one in self.series), default=0.0)
        return next((step for step in _STEPS if highest <= 3 * step), 100.0)

    @property
    def top_rate(self) -> float:
        highest = max((one.highest for one in self.series), default=0.0)
        lines = next(lines for lines in (1, 2, 3) if highest <= lines * self.step or lines == 3)
        return lines * self.step

    def _x(self, place: float) -> float:
        """The middle of a day's column; `place` counts days from 0."""
        gaps = list(self._gaps())
        width = (self.right - self.left) / max(1.0, len(self.picture.days) + len(gaps) * _GAP)
        return self.left + width * (place + 0.5 + _GAP * sum(at <= place for _, at in gaps))

    def _height(self, rate: float) -> float:
        return self.zero - (self.zero - self.top) * rate / self.top_rate

    @property
    def small(self) -> float:
        """The size of the type below a day."""
        return 17 if self.narrow else 21

    @property
    def bar(self) -> float:
        return 16 if self.narrow else 22

    def _title(self) -> None:
        title = self.words("picture.trend", {"n": len(self.picture.days)})
        y, right = self.area.y + _TITLE / 2, self.area.right
        if self.narrow:
            figure, _ = self._end(self.series[0])
            said = f"{self.series[0].name} {figure}"
            right -= self.sheet.write(right, y, said, size=26, colour=_INKS[0], align="right", bold=True) + 20
        taken = self.sheet.write(self.area.x, y, title, size=26, bold=True, room=right - self.area.x)
        if not self.narrow and any(dot and not dot.complete for one in self.series for dot in one.dots):
            room = self.area.width - taken - 20
            self.sheet.write(
                right, y, self.words("picture.hollow", {}), size=21, colour=MUTED, align="right", room=room
            )

    def _scale(self) -> None:
        for line in range(round(self.top_rate / self.step) + 1):
            rate = line * self.step
            y = self._height(rate)
            self.sheet.line([(self.left, y), (self.right, y)], colour=FAINT if line else MUTED, thick=1.5)
            self.sheet.write(self.left - 10, y, f"{rate:g}", size=22, colour=MUTED, align="right")

    def _gaps(self) -> Iterator[tuple[Gap, int]]:
        """Each holiday that lies between two of the days, with the place of the day after it."""
        for gap in self.picture.gaps:
            for place, (before, after) in enumerate(pairwise(self.picture.days), start=1):
                if before <= gap.after < after:
                    yield gap, place

    def _gap(self, gap: Gap, place: int) -> None:
        """A thin band with the holiday's name in it, read downwards, above or below where the lines cross it."""
        x = (self._x(place - 1) + self._x(place)) / 2
        self.sheet.box(x - 13, self.top, 26, self.zero - self.top, fill=PALE)
        name = gap.name[: int((self.zero - self.top) // _SMALL) - 1]
        tall = len(name) * _SMALL + 4
        beside = [self._height(dot.rate) for one in self.series for dot in one.dots[place - 1 : place + 1] if dot]
        above = min(beside, default=self.zero) - self.top
        y = self.top + 14 if above > tall or above > self.zero - max(beside) else self.zero - tall + 8
        for character in name:
            self.sheet.write(x, y, character, size=_SMALL, colour=MUTED, align="middle")
            y += _SMALL

    def _day(self, place: int) -> None:
        day = self.picture.days[place]
        today = place == len(self.picture.days) - 1
        first = place == 0 or self.picture.days[place - 1].month != day.month
        said = f"{day.month}/{day.day}" if first or today else str(day.day)
        self.sheet.write(self._x(place), self.zero + _DAYS / 2, said, size=self.small, align="middle", bold=today)
        if any(one.dots[place] and not _complete(one.dots[place]) for one in self.series):
            reported, due = reported_on(self.picture, day)
            said = f"{reported}/{due}"
            x = min(self._x(place), self.area.right - self.sheet.width(said, 17) / 2)
            self.sheet.write(x, self.top - 14, said, size=17, colour=MUTED, align="middle")

    def _line(self, one: Series, ink: str, dashes: tuple[float, ...]) -> None:
        for run in _runs(one.dots):
            points = [(self._x(place), self._height(dot.rate)) for place, dot in run]
            if len(points) > 1:
                self.sheet.line(points, colour=ink, thick=3, dashes=dashes)
            for (x, y), (_, dot) in zip(points, run, strict=True):
                self.sheet.disc(x, y, 5 if dot.complete else 6.5, fill=ink if dot.complete else PAPER, edge=ink)

    def _names(self) -> None:
        """At the right end, each beside its last point, moved apart where they would overlap."""
        ends = [self._end(one) for one in self.series]
        spread = _apart([y for _, y in ends], 32.0, self.top, self.zero)
        last = self._x(len(self.picture.days) - 1)
        for one, (figure, end), y, ink in zip(self.series, ends, spread, _INKS, strict=False):
            left = self.right + 14
            if one.dots[-1]:
                self.sheet.line([(last + 8, end), (left - 4, y)], colour=ink, thick=1.2)
            room = _NAMES - 20 - self.sheet.width(figure, 25)
            left += self.sheet.write(left, y, one.name, size=25, colour=ink, bold=True, room=room) + 6
            self.sheet.write(left, y, figure, size=25, colour=ink, bold=True)

    def _end(self, one: Series) -> tuple[str, float]:
        """Today's figure and its height."""
        today = one.dots[-1] if one.dots else None
        if today is None:
            return self.words("picture.no_figure", {}), self.zero - 16
        return self.words("picture.percent", {"rate": today.rate}), self._height(today.rate)

    def _bars(self) -> None:
        ground = self.zero + _DAYS + _BARS
        self.sheet.write(self.area.x, ground - 12, self.words("picture.fevers", {}), size=22, colour=MUTED, room=_AXIS)
        most = max((fevers for fevers in self.picture.fevers if fevers), default=0)
        for place, fevers in enumerate(self.picture.fevers):
            x, today = self._x(place), place == len(self.picture.fevers) - 1
            tall = (_BARS - 24) * (fevers or 0) / most if most else 0.0
            if tall:
                self.sheet.box(x - self.bar / 2, ground - tall, self.bar, tall, fill=RED if today else "#8d99a6")
            said = "–" if fevers is None else str(fevers)
            self.sheet.write(
                x,
                ground - tall - 11,
                said,
                size=self.small,
                colour=RED if today and fevers else INK,
                align="middle",
                bold=today,
            )


def _complete(dot: Dot | None) -> bool:
    return dot is not None and dot.complete


def _runs(dots: tuple[Dot | None, ...]) -> list[list[tuple[int, Dot]]]:
    """Unbroken stretches: a day on which nobody reported is not bridged."""
    runs: list[list[tuple[int, Dot]]] = [[]]
    for place, dot in enumerate(dots):
        if dot:
            runs[-1].append((place, dot))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _apart(wanted: list[float], least: float, top: float, bottom: float) -> list[float]:
    """The heights moved as little as needed to be `least` apart, and kept between top and bottom."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed = list(wanted)
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + least)
    limit = bottom
    for place in reversed(order):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - least
    return [max(y, top) for y in placed]
