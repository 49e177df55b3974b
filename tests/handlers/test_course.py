"""How a case ends: whoever had a disease has returned; only a fever that was watched at school is released."""

from dataclasses import replace
from datetime import date

from handlers.facts import CaseEnded, CaseOpened, Reported
from handlers.model import Attendance, Entry
from handlers.outcome import Outcome
from handlers.plain import canonical
from storage import Storage
from tests.handlers.world import in_words
from tests.properties.days import Act, District

SEND = Act("go_on", 0, 0)
MORNING = Act("morning", 0, 0)
ALL_BACK = Act("forge", 0, 4)
AGREED = Act("go_on", 8, 0)  # the first button that the 校医 sees


async def lived(storage: Storage, *acts: Act) -> Outcome:
    """The last act's, of a school with one class."""
    district = District(storage)
    await district.settle((4,))
    outcome = Outcome()
    for act in acts:
        outcome = await district.do(act)
    return outcome


def ended(outcome: Outcome) -> list[str]:
    return [fact.how for fact in outcome.facts if isinstance(fact, CaseEnded)]


async def test_a_child_with_chickenpox_whom_the_nurse_lets_in_has_returned(storage: Storage) -> None:
    outcome = await lived(storage, Act("say", 0, 4), SEND, MORNING, ALL_BACK, AGREED)
    assert ended(outcome) == ["returned"]
    said = " ".join(in_words(message) for message in outcome.says)
    assert "不发热" not in said, "nobody had a fever"


async def test_a_child_who_was_away_for_a_reason_of_the_familys_returns_with_a_tap(storage: Storage) -> None:
    assert ended(await lived(storage, Act("say", 0, 2), SEND, MORNING, ALL_BACK)) == ["returned"]


async def test_what_is_on_paper_opens_and_ends_cases_as_a_report_does(storage: Storage) -> None:
    """The second day's paper comes later than the first's, and lists nobody."""
    district = District(storage)
    await district.settle((4,))
    klass = (await district.classes())[0]
    pupil = str((await district.rows("SELECT id FROM pupil ORDER BY id"))[0]["id"])
    sick = canonical({klass: (Entry(pupil, Attendance.SICK),)})
    first = await paper(district, date(2026, 9, 3), sick)
    assert [type(fact) for fact in first.facts] == [Reported, CaseOpened]
    assert ended(await paper(district, date(2026, 9, 4), canonical({klass: ()}))) == ["returned"]


async def paper(district: District, day: date, said: str) -> Outcome:
    (school,) = await district.rows("SELECT id FROM school")
    update = district.draw("machine", "machine", "paper", (day.isoformat(), "am"), said)
    return await district.update(replace(update, lane=str(school["id"])))
