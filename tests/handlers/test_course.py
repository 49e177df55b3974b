"""How a case ends: whoever had a disease has returned; only a fever that was watched at school is released."""

import json
from datetime import date

from handlers.facts import CaseEnded, CaseOpened, LedgerOpened, Reported
from handlers.model import Attendance, Entry
from handlers.outcome import Outcome
from handlers.plain import canonical
from handlers.rolls import SchoolRoll
from handlers.values import replace
from storage import Storage
from tests.handlers.world import in_words
from tests.properties.days import Act, District, roll

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


async def test_a_correction_of_a_frozen_day_leaves_a_case_as_it_has_become(storage: Storage) -> None:
    """The child was away on Monday and came back on Tuesday; then Monday's report is corrected."""
    district = District(storage)
    await district.settle((4,))
    for act in (Act("say", 0, 2), SEND, MORNING, ALL_BACK):
        await district.do(act)
    was = await district.rows("SELECT * FROM case_")
    assert [row["ended"] for row in was] == ["returned"]
    klass = (await district.classes())[0]
    pupil = was[0]["pupil"]
    corrected = await corrects(district, f"{klass}:20260907:am", pupil)
    assert [type(fact) for fact in corrected.facts if not isinstance(fact, LedgerOpened)] == [Reported]
    assert await district.rows("SELECT * FROM case_") == was
    frozen = await district.rows("SELECT standing FROM standing WHERE day = '2026-09-07' AND round = 'am'")
    assert [row["standing"] for row in frozen] == ["on_time"]


async def test_a_class_merged_in_mid_term_brings_its_open_cases_along(storage: Storage) -> None:
    """三(2)班 joins 三(1)班 on Tuesday; its sick child stands on the card of the new class, under the new seat."""
    district = District(storage)
    await district.settle((4, 3))
    await district.says("王二", "三(2)班2号病假")
    await district.do(Act("go_on", 1, 0))
    await district.import_roll(merged(roll((4, 3))), since=date(2026, 9, 8))
    card = await district.do(MORNING)
    shown = [in_words(message) for message in card.says if "三(1)班" in in_words(message)]
    assert shown
    assert all("应到7人" in words and "昨天还没结束的1人：\n6号 病假第2天" in words for words in shown), shown
    assert ended(await district.do(Act("forge", 0, 4))) == ["returned"]


def merged(two: SchoolRoll) -> SchoolRoll:
    """The second class goes into the first, behind its last seat."""
    first, second = two.classes
    seats = sum(row.class_name == first.name for row in two.pupils)
    return replace(
        two,
        classes=(first,),
        staff=tuple(replace(row, classes=(first.name,) if row.classes else ()) for row in two.staff),
        pupils=tuple(
            replace(row, class_name=first.name, seat=row.seat + seats) if row.class_name == second.name else row
            for row in two.pupils
        ),
    )


async def corrects(district: District, of: str, pupil: str) -> Outcome:
    """The 疫情报告人 says that nobody knows why the child was away, with a reason."""
    outcome = await district.taps("李报", f"fix:{of}:1")
    for step in (f"pick:{pupil}", "away:unknown", "send", "reason:mistake"):
        (draft,) = await district.rows("SELECT body FROM draft")
        n = json.loads(draft["body"])["n"]
        verb, _, value = step.partition(":")
        outcome = await district.taps("李报", ":".join(filter(None, (verb, of, str(n), value))))
    return outcome


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
