"""今日晨检一览: the numbers of the leaders' picture, of the whole district."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from handlers.caption import ordered
from handlers.district import AsOf, District, ready
from handlers.numbers import Count
from handlers.outages import spans
from handlers.pictures import Cell, DayPoint, Gap, GradeRow, Mark, Morning, SchoolBlock
from handlers.questions import ClassRow, History, HistoryRow, SchoolDays, SchoolDaysView, SchoolMorningView
from handlers.rulebook import Rules
from handlers.rules.fever import is_fever, is_unwell


def morning_picture(district: District, hours: AsOf) -> Morning:
    sums = district.whole.sums
    span = district.ask(SchoolDays(district.day, district.rules.history_days, district.day))
    if not span.days:  # the first day of all, called off or with school for some only
        span = SchoolDaysView((district.day,), ())
    history = district.ask(History(span.days, district.round.id))
    points = _points(history)
    return Morning(
        day=district.day,
        as_of=hours.first,
        district=district.rules.district,
        schools=tuple(
            _block(view, one, points.get(view.school.id, ()), district.rules) for view, one in district.by_school
        ),
        zero=district.whole.standing.zero,
        fever=sums.fever,
        groups=dict(ordered(district.whole.groups())),
        expected=sums.expected,
        present=sums.present,
        sick=sums.sick,
        personal=sums.personal,
        unknown=sums.unknown,
        days=span.days,
        fevers=_fevers(span, history),
        gaps=tuple(Gap(after, name) for after, name in span.gaps),
        outage=spans(district.update, district.round, district.day, district.outages),
        updated=f"{hours.on:%m-%d} {hours.updated}" if hours.on else hours.updated,
    )


def _fevers(span: SchoolDaysView, history: tuple[HistoryRow, ...]) -> tuple[int | None, ...]:
    days: dict[date, int] = {}
    for row in history:
        if row.reported:
            days[row.day] = days.get(row.day, 0) + row.fever
    return tuple(days.get(day) for day in span.days)


def _points(history: Iterable[HistoryRow]) -> Mapping[str, Sequence[DayPoint]]:
    """By school, in the order of the days."""
    found: dict[str, list[DayPoint]] = defaultdict(list)
    for row in sorted(history, key=lambda row: row.day):
        found[row.school].append(DayPoint(row.day, row.due, row.reported, row.expected, row.sick))
    return found


def _block(view: SchoolMorningView, one: Count, history: Sequence[DayPoint], rules: Rules) -> SchoolBlock:
    grades: dict[str, list[Cell]] = {}
    for row in view.rows:
        grades.setdefault(row.klass.grade, []).append(_cell(row, rules))
    return SchoolBlock(
        id=view.school.id,
        name=view.school.name,
        short=view.school.short,
        rows=tuple(GradeRow(grade, tuple(cells)) for grade, cells in grades.items()),
        fever=one.sums.fever,
        history=tuple(history),
        ready=ready(view.staff),
    )


def mark_of(row: ClassRow) -> Mark:
    """How a class stands now; 未绑定 is a 未报 whose teachers nobody can write to."""
    if row.off is not None:
        return Mark.EXCUSED
    if row.report is not None:
        return Mark.ON_TIME if row.report.timely else Mark.LATE
    return Mark.MISSING if any(teacher.bound for teacher in row.asked) else Mark.UNBOUND


def _cell(row: ClassRow, rules: Rules) -> Cell:
    label, mark = str(row.klass.number) if row.klass.number else "", mark_of(row)
    if row.report is None or mark is Mark.EXCUSED:
        return Cell(label, mark)
    entries = row.report.entries
    return Cell(
        label,
        mark,
        proxy=row.report.behalf is not None,
        unwell=sum(is_unwell(entry, rules.fever) for entry in entries),
        fever=any(is_fever(entry, rules.fever) for entry in entries),
    )
