"""Two words about one pupil: nothing that was told is lost by what was merely not repeated."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.model import Attendance, Entry, Method, Symptom, Where
from handlers.rules.fever import is_fever
from handlers.rules.news import carried, laid_over, list_carried, takes_back
from handlers.values import replace

LINES = {method: 373 for method in Method}
HOT = Entry("17", temperature=385, method=Method.FOREHEAD, symptoms=(Symptom.COUGH,), where=Where.SCHOOL)
HOME = replace(HOT, attendance=Attendance.SICK, where=Where.HOME)

entries = st.builds(
    Entry,
    pupil=st.sampled_from(("1", "2", "3")),
    attendance=st.sampled_from(Attendance),
    temperature=st.sampled_from((None, 368, 385)),
    method=st.just(Method.FOREHEAD),
    symptoms=st.lists(st.sampled_from((Symptom.COUGH, Symptom.VOMIT)), unique=True).map(tuple),
    where=st.sampled_from((None, *Where)),
)
lists = st.lists(entries, max_size=3, unique_by=lambda entry: entry.pupil).map(tuple)


def test_who_is_fetched_keeps_fever_and_symptoms() -> None:
    said = Entry("17", Attendance.SICK, where=Where.COLLECTED)
    assert laid_over(HOT, said, placed=True) == replace(HOT, attendance=Attendance.SICK, where=Where.COLLECTED)


def test_a_new_symptom_of_a_child_at_home_leaves_them_there() -> None:
    said = Entry("17", symptoms=(Symptom.VOMIT,))
    assert laid_over(HOME, said, placed=False) == replace(HOME, symptoms=(Symptom.COUGH, Symptom.VOMIT))


def test_who_comes_to_school_is_no_longer_at_home() -> None:
    said = Entry("17", symptoms=(Symptom.VOMIT,))
    now = laid_over(HOME, said, placed=True)
    assert (now.attendance, now.where, now.temperature) == (Attendance.PRESENT, None, 385)


def test_the_same_absence_said_again_leaves_the_place() -> None:
    assert laid_over(HOME, Entry("17", Attendance.SICK), placed=True).where is Where.HOME


def test_a_new_temperature_takes_the_place_of_the_old_and_of_a_fever_without_a_number() -> None:
    known = Entry("17", symptoms=(Symptom.FEVER, Symptom.COUGH))
    now = laid_over(known, Entry("17", temperature=368, method=Method.AXILLARY), placed=False)
    assert (now.temperature, now.method, now.symptoms) == (368, Method.AXILLARY, (Symptom.COUGH,))


def test_leave_for_a_private_reason_stands_alone() -> None:
    said = Entry("17", Attendance.PERSONAL)
    assert laid_over(HOT, said, placed=True) == said


def test_what_one_changed_and_what_the_other_changed_are_both_kept() -> None:
    mine = replace(HOT, symptoms=(Symptom.COUGH, Symptom.VOMIT))
    theirs = replace(HOT, temperature=368, method=Method.AXILLARY, attendance=Attendance.SICK, where=Where.COLLECTED)
    both = replace(theirs, symptoms=(Symptom.COUGH, Symptom.VOMIT))
    assert carried(HOT, mine, theirs) == both


def test_of_two_who_measured_anew_the_warmer_stands() -> None:
    mine = replace(HOT, temperature=None, method=None, afebrile=True)
    assert carried(HOT, mine, replace(HOT, temperature=396)).temperature == 396


def test_a_symptom_that_was_taken_off_stays_off() -> None:
    mine, theirs = replace(HOT, symptoms=()), replace(HOT, symptoms=(Symptom.COUGH, Symptom.RASH))
    assert carried(HOT, mine, theirs).symptoms == (Symptom.RASH,)


@given(lists, lists)
def test_who_changed_nothing_takes_over_what_stands(was: tuple[Entry, ...], stands: tuple[Entry, ...]) -> None:
    assert list_carried(was, was, stands) == stands


@given(lists, lists)
def test_where_nothing_came_between_the_list_is_its_authors(was: tuple[Entry, ...], mine: tuple[Entry, ...]) -> None:
    assert {entry.pupil: entry for entry in list_carried(was, mine, was)} == {entry.pupil: entry for entry in mine}


@given(entries, entries, st.booleans())
def test_no_fever_is_lost_but_by_a_new_value_or_a_private_leave(known: Entry, said: Entry, placed: bool) -> None:
    now = laid_over(known, said, placed=placed)
    lost = is_fever(known, LINES) and not is_fever(now, LINES)
    assert lost <= (said.temperature is not None or said.attendance is Attendance.PERSONAL)
    assert lost <= takes_back(known, now, LINES, ())


def test_an_alarming_symptom_or_an_illness_is_taken_back_like_a_fever() -> None:
    short_of_breath = Entry("1", symptoms=(Symptom.DYSPNEA, Symptom.COUGH))
    without = Entry("1", symptoms=(Symptom.COUGH,))
    assert takes_back(short_of_breath, without, LINES, (Symptom.DYSPNEA,))
    assert not takes_back(short_of_breath, without, LINES, ())
    assert takes_back(without, Entry("1"), LINES, ())
    assert not takes_back(HOT, replace(HOT, temperature=391), LINES, ())
