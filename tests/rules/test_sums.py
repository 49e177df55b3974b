"""The day adds up, for any class and for any district."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.model import Attendance, Entry, Klass, Method, Report, Symptom, Where
from handlers.numbers import count, together
from handlers.questions import ClassRow
from handlers.rules.fever import is_fever, is_unwell
from handlers.rules.sums import Sums, add_up
from tests.handlers.world import MONDAY, clock

LINES = {Method.AXILLARY: 373, Method.FOREHEAD: 373, Method.EAR: 375}


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    temperature = draw(st.none() | st.integers(340, 430))
    return Entry(
        pupil=draw(st.text("abcdef", min_size=12, max_size=12)),
        attendance=draw(st.sampled_from(Attendance)),
        temperature=temperature,
        method=draw(st.sampled_from(Method)) if temperature is not None else None,
        afebrile=temperature is None and draw(st.booleans()),
        symptoms=tuple(draw(st.lists(st.sampled_from(Symptom), unique=True, max_size=3))),
        where=draw(st.none() | st.sampled_from(Where)),
    )


lists = st.lists(entries(), max_size=12, unique_by=lambda entry: entry.pupil).map(tuple)


@st.composite
def rows(draw: st.DrawFn) -> ClassRow:
    listed = draw(lists)
    number = draw(st.integers(1, 999_999))
    klass = Klass(f"c{number}", "s", f"三({number})班", "三", number)
    expected = len(listed) + draw(st.integers(0, 33))
    report = None
    if draw(st.booleans()):
        at, timely = clock(8), draw(st.booleans())
        report = Report(MONDAY, "am", klass.id, 1, expected, listed, "p", at, timely, first_at=at)
    return ClassRow(klass, draw(st.none() | st.just("运动会")), report, (), 0, ())


@given(lists, st.integers(0, 33))
def test_expected_is_present_and_absent_together(listed: tuple[Entry, ...], more: int) -> None:
    sums = add_up(len(listed) + more, listed, LINES)

    assert sums.expected == sums.present + sums.sick + sums.personal + sums.unknown
    assert sums.absent == sums.sick + sums.personal + sums.unknown
    assert sums.fever <= sums.unwell <= len(listed)
    assert sums.normal == sums.expected - len(listed)


counts = st.integers(0, 9)


@given(counts, counts, counts, counts, counts)
def test_figures_that_do_not_add_up_cannot_be_made(
    expected: int, present: int, sick: int, personal: int, unknown: int
) -> None:
    away = sick + personal + unknown
    if expected == present + away:
        assert Sums(expected, present, sick, personal, unknown, listed=away).absent == away
    else:
        with pytest.raises(ValueError, match="expected is not"):
            Sums(expected, present, sick, personal, unknown, listed=away)


@pytest.mark.parametrize(
    "wrong",
    [
        {"listed": 3},
        {"sick": 1, "present": 1},
        {"unwell": 1},
        {"fever": 1, "unwell": 0, "listed": 1},
    ],
)
def test_nobody_is_unwell_or_away_who_is_not_listed(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="listed"):
        Sums(**{"expected": 2, "present": 2, **wrong})


def test_a_pupil_listed_twice_does_not_add_up() -> None:
    with pytest.raises(ValueError, match="twice"):
        add_up(9, [Entry("a", Attendance.SICK), Entry("a", Attendance.UNKNOWN)], LINES)


@given(lists)
def test_a_zero_report_has_nobody_unwell_and_nobody_missing_without_a_cause(listed: tuple[Entry, ...]) -> None:
    zero = add_up(45, listed, LINES).zero

    assert zero == all(not is_unwell(entry, LINES) and entry.attendance is not Attendance.UNKNOWN for entry in listed)


@given(st.lists(rows(), max_size=20, unique_by=lambda row: row.klass.id))
def test_on_time_late_and_missing_are_all_that_is_due(classes: list[ClassRow]) -> None:
    whole = count(classes, LINES)
    standing = whole.standing

    assert standing.on_time + standing.late + standing.missing == standing.due
    assert standing.due == sum(row.off is None for row in classes)
    assert whole.sums.expected == sum(
        row.report.expected for row in classes if row.off is None and row.report is not None
    )


@given(st.lists(rows(), max_size=20, unique_by=lambda row: row.klass.id), st.integers(0, 20))
def test_schools_counted_apart_are_the_district_counted_whole(classes: list[ClassRow], at: int) -> None:
    apart = together([count(classes[:at], LINES), count(classes[at:], LINES)])

    assert apart == count(classes, LINES)


def test_more_pupils_away_than_expected_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="2 away of 1"):
        add_up(1, [Entry("a", Attendance.SICK), Entry("b", Attendance.UNKNOWN)], LINES)


@pytest.mark.parametrize(
    ("entry", "fever", "unwell"),
    [
        (Entry("a", temperature=373, method=Method.AXILLARY), True, True),
        (Entry("a", temperature=372, method=Method.AXILLARY), False, False),
        (Entry("a", temperature=374, method=Method.EAR), False, False),
        (Entry("a", temperature=375, method=Method.EAR), True, True),
        (Entry("a", symptoms=(Symptom.FEVER,)), True, True),
        (Entry("a", temperature=368, method=Method.AXILLARY, symptoms=(Symptom.FEVER,)), False, True),
        (Entry("a", symptoms=(Symptom.COUGH,)), False, True),
        (Entry("a", Attendance.SICK), False, True),
        (Entry("a", Attendance.PERSONAL), False, False),
        (Entry("a", Attendance.UNKNOWN), False, False),
        (Entry("a", Attendance.LATE), False, False),
        (Entry("a", afebrile=True), False, False),
    ],
)
def test_what_is_a_fever_and_who_is_unwell(entry: Entry, fever: bool, unwell: bool) -> None:
    assert is_fever(entry, LINES) is fever
    assert is_unwell(entry, LINES) is unwell
