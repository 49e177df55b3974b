"""导出Excel: a row a class and round, in figures, without a name. The chat and `python -m bot export` make the same."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from handlers.following import line_list
from handlers.model import (
    DISTRICT_OFFICE,
    Answer,
    Cell,
    Message,
    Person,
    Report,
    Sheet,
    Text,
    ToHere,
    Update,
    Workbook,
    text,
)
from handlers.morning_picture import mark_of
from handlers.numbers import count, groups_of
from handlers.outcome import Outcome, pop_up
from handlers.pictures import Mark
from handlers.questions import Ask, ClassRow, RulesOn, SchoolMorning, Schools
from handlers.rulebook import Rules
from handlers.staff_health.overview import sheet
from handlers.words import day_full

GROUPS: Final = ("RESP", "GI", "RASH", "PAROTID", "EYE", "JAUND", "TB", "OTHER")
_CLASS: Final = ("day", "round", "school", "klass", "state", "at")
_PUPILS: Final = ("expected", "present", "sick", "personal", "unknown", "late_pupils", "fever", "unwell")
_MAKING: Final = ("zero", "behalf", "heard", "revisions", "changed", "reason")
HEADERS: Final = tuple(
    f"export.column.{one}" for one in (*_CLASS, *_PUPILS, *(f"group_{one}" for one in GROUPS), *_MAKING)
)
REHEARSAL: Final = "演练_"  # before the name of a file, which no 【演练】 of its message goes along with
Cells = tuple[Cell, ...]


def export(update: Update, ask: Ask, person: Person) -> Outcome:
    """The button of /today, which names its day; typed, of today. The caller's own school, or the district by right."""
    day = _day(update)
    if day is None or day > update.today:
        return _refused(update, text("answer.unknown_button"))
    schools = [one.id for one in ask(Schools(day)) if person.has(*DISTRICT_OFFICE) or one.id == person.school]
    found = rows(update, ask, day, schools)
    if not found:
        return _refused(update, text("export.nothing", day=day_full(day)))
    name = f"{REHEARSAL if ask(RulesOn(day)).rehearsal else ''}{day}_{update.now.astimezone(update.zone):%H%M}"
    words = text("export.done", day=day_full(day), time=update.local(update.now), n=len(found))
    cases = Sheet(line_list.NAME, line_list.HEADERS, line_list.case_rows(update, ask, schools, day, day))
    sheets = (
        Sheet(name, HEADERS, found),
        *_side_by_side(ask, day, schools, name),
        *sheet(ask, day, schools, f"{name}_staff"),
        cases,
    )
    said = Message(f"export:{update.id}", ToHere(), words, workbook=Workbook(name, sheets))
    return Outcome(says=(said,), answer=Answer(text("export.coming")))


def _refused(update: Update, words: Text) -> Outcome:
    return pop_up(words) if update.tap is not None else Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))


def _day(update: Update) -> date | None:
    if update.tap is None:
        return update.today
    try:
        return date.fromisoformat(update.args[0])
    except (IndexError, ValueError):
        return None


def rows(update: Update, ask: Ask, day: date, schools: Sequence[str]) -> tuple[Cells, ...]:
    """Of these schools on a day, a rehearsal's too; none on a day without school."""
    rules = ask(RulesOn(day))
    found: list[Cells] = []
    due = False
    for round in rules.rounds:
        for view in (ask(SchoolMorning(school, day, round.id)) for school in schools):
            due = due or any(row.off is None for row in view.rows)
            place = (day.isoformat(), text("literal", words=round.name), view.school.name)
            found += [(*place, *_class(update, rules, row, live=day == update.today)) for row in view.rows]
    return tuple(found) if due else ()


# The rounds of a day side by side

_OF_DAY: Final = ("day", "school", "klass")
_OF_ROUND: Final = ("round", "state", "present", "fever", "unwell")
_WHOLE: Final = ("day_fever", "day_unwell")


def _side_by_side(ask: Ask, day: date, schools: Sequence[str], name: str) -> tuple[Sheet, ...]:
    """A row a class, with its rounds beside each other and the day as a whole: a pupil counts once. Nothing where the
    day had one round."""
    rules = ask(RulesOn(day))
    if len(rules.rounds) < 2:
        return ()
    headers = (*_OF_DAY, *(_OF_ROUND * len(rules.rounds)), *_WHOLE)
    found = [
        (day.isoformat(), views[0].school.name, rows[0].klass.name, *_in_rounds(rules, rows), *_of_day(rules, rows))
        for school in schools
        if (views := [ask(SchoolMorning(school, day, round.id)) for round in rules.rounds])
        for rows in zip(*(view.rows for view in views), strict=True)
    ]
    return (Sheet(f"{name}_day", tuple(f"export.column.{one}" for one in headers), tuple(found)),)


def _in_rounds(rules: Rules, rows: Sequence[ClassRow]) -> Iterator[Cell]:
    for round, row in zip(rules.rounds, rows, strict=True):
        yield from (text("literal", words=round.name), text(f"export.state.{mark_of(row)}"))
        if row.report is None:
            yield from (None, None, None)
        else:
            sums = count([row], rules.fever).sums
            yield from (sums.present, sums.fever, sums.unwell - sums.fever)


def _of_day(rules: Rules, rows: Sequence[ClassRow]) -> tuple[int | None, int | None]:
    """Pupils with a fever in any round, and others who were unwell in any. None where nothing was reported."""
    reported = [row for row in rows if row.report is not None]
    if not reported:
        return None, None
    unwell = [one for row in reported for one in count([row], rules.fever).unwell]
    hot = {one.entry.pupil for one in unwell if one.fever}
    return len(hot), len({one.entry.pupil for one in unwell} - hot)


def _class(update: Update, rules: Rules, row: ClassRow, *, live: bool) -> Cells:
    """A class that has not reported has no figures, not even zeros. Who was bound on a day gone by is not known."""
    mark = mark_of(row)
    if mark is Mark.UNBOUND and not live:
        mark = Mark.MISSING
    named = (row.klass.name, text(f"export.state.{mark}"))
    if row.report is None or mark is Mark.EXCUSED:
        return (*named, *[None] * (len(HEADERS) - len(_CLASS) + 1))
    report = row.report
    return (*named, update.local(report.first_at or report.at), *_figures(rules, row, report), *_making(update, report))


def _figures(rules: Rules, row: ClassRow, report: Report) -> Cells:
    one = count([row], rules.fever)
    sums, groups = one.sums, report.counts or dict(groups_of(report.entries, rules.fever))
    return (
        *(sums.expected, sums.present, sums.sick, sums.personal, sums.unknown, groups.get("late", 0)),
        *(sums.fever, sums.unwell - sums.fever, *(groups.get(group, 0) for group in GROUPS)),
        text("export.yes" if sums.zero else "export.no"),
    )


def _making(update: Update, report: Report) -> Cells:
    changed = report.rev > 1
    return (
        text(f"how.{report.behalf}") if report.behalf else None,
        update.local(report.heard_at) if report.heard_at else None,
        report.rev,
        update.local(report.at) if changed else None,
        text(f"reason.{report.reason or 'supplement'}") if changed else None,
    )
