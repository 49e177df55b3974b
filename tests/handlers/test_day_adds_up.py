"""Random days in several rounds: sums hold in each; who is off or silent is in no figure; a fever is one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import day_view
from handlers.day_view import Later
from handlers.model import Attendance, Entry, Klass, Method, Report, Symptom, Where
from handlers.numbers import Count, count
from handlers.questions import ClassRow
from handlers.rulebook import Round
from handlers.values import replace
from tests.handlers.mornings import rules
from tests.handlers.world import MONDAY, clock

PUPILS = 8
few = settings(max_examples=40, deadline=None)  # a day is slow to draw
RULES = rules("学区")
ROUNDS = {one.id: one for one in RULES.every_round}
LATER = ("pm", "night")


@st.composite
def entry(draw: st.DrawFn, pupil: str) -> Entry:
    temperature = draw(st.none() | st.integers(355, 400))
    return Entry(
        pupil,
        draw(st.sampled_from(Attendance)),
        temperature,
        Method.FOREHEAD if temperature else None,
        symptoms=tuple(draw(st.lists(st.sampled_from(Symptom), unique=True, max_size=2))),
        where=draw(st.none() | st.sampled_from(Where)),
    )


@st.composite
def row(draw: st.DrawFn, klass: Klass, round: Round, *, off: bool) -> ClassRow:
    listed = tuple(draw(entry(f"{klass.id}-{n}")) for n in draw(st.sets(st.integers(1, PUPILS))))
    report = None
    if not off and draw(st.booleans()):
        report = Report(MONDAY, round.id, klass.id, 1, PUPILS, listed, "t", clock(8), draw(st.booleans()))
    return ClassRow(klass, "停课" if off else None, report, (), 0, ())


@st.composite
def days(draw: st.DrawFn) -> dict[str, list[ClassRow]]:
    """By round, the classes of a school; a class that is suspended is so in every round."""
    classes = [Klass(f"c{n}", "s", f"三({n})班", "三", n) for n in range(1, draw(st.integers(1, 5)) + 1)]
    off = draw(st.sets(st.sampled_from([one.id for one in classes])))
    return {
        id: [draw(row(klass, ROUNDS[id], off=klass.id in off)) for klass in classes]
        for id in ("am", *draw(st.lists(st.sampled_from(LATER), unique=True)))
    }


def counted(day: dict[str, list[ClassRow]]) -> dict[str, Count]:
    return {id: count(rows, RULES.fever) for id, rows in day.items()}


@few
@given(days())
def test_in_every_round_expected_is_present_and_absent(day: dict[str, list[ClassRow]]) -> None:
    for one in counted(day).values():
        sums = one.sums
        assert sums.expected == sums.present + sums.absent
        assert sums.absent == sums.sick + sums.personal + sums.unknown
        assert sums.normal == sums.expected - sums.listed >= 0


@few
@given(days())
def test_a_suspended_class_is_in_no_denominator_and_a_silent_one_in_no_figure(day: dict[str, list[ClassRow]]) -> None:
    for id, one in counted(day).items():
        due = [row for row in day[id] if row.off is None]
        reported = [row for row in due if row.report is not None]
        assert one.standing.due == len(due)
        assert one.sums.expected == PUPILS * len(reported)
        assert one.standing.missing == len(due) - len(reported)
        assert one.standing.zero <= len(reported)


@few
@given(days(), st.data())
def test_that_a_class_falls_silent_takes_it_out_of_every_figure(
    day: dict[str, list[ClassRow]], data: st.DataObject
) -> None:
    for rows in day.values():
        silent = data.draw(st.sets(st.integers(0, len(rows) - 1)))
        less = [replace(row, report=None) if n in silent else row for n, row in enumerate(rows)]
        before, after = count(rows, RULES.fever), count(less, RULES.fever)
        gone = count([row for n, row in enumerate(rows) if n in silent and row.report], RULES.fever)
        assert after.sums + gone.sums == before.sums
        assert after.standing.due == before.standing.due


@few
@given(days())
def test_a_pupil_with_a_fever_in_several_rounds_is_one_fever_of_the_day(day: dict[str, list[ClassRow]]) -> None:
    each = counted(day)
    later = [Later(ROUNDS[id], each[id]) for id in day if id != "am"]
    lines = day_view.lines(each["am"], later)
    said = [line.values["day"] for line in lines if line.values.get("day")]
    pupils = {one.entry.pupil for one in each["am"].fevers}
    new = []
    for one in later:
        fresh = {unwell.entry.pupil for unwell in one.count.fevers} - pupils
        pupils |= fresh
        new += [(len(fresh), len(pupils))] if fresh else []
    assert [(one.values["new"], one.values["n"]) for one in said] == new  # type: ignore[union-attr]
