"""The leaders' post: to whom, in how many messages, what is kept of it, and when it is brought up to date."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from handlers.bodies import decode
from handlers.district import BEGINS
from handlers.facts import Summarised
from handlers.leaders import summary, summary_again
from handlers.model import LEADERS, Message, Symptom, ToGroup, ToPerson
from handlers.outcome import Outcome
from handlers.pictures import Mark
from handlers.questions import SummaryView
from handlers.values import replace
from tests.handlers.mornings import DAY, NINE, ROUND, Class, Town, admin, but, ill, small, update
from tests.handlers.test_caption import rendered

KEY = "summary:20260930:am"


def posted(town: Town) -> Outcome:
    return summary(update(NINE), town.ask, DAY, ROUND)


def version(outcome: Outcome) -> Summarised:
    (fact,) = outcome.facts
    assert isinstance(fact, Summarised)
    return fact


def after(town: Town, first: Outcome, changed: Town | None = None, seconds: int = 600) -> Outcome:
    """A change so many seconds after the post."""
    fact = version(first)
    known = replace(changed or town, last=SummaryView(fact.version, fact.body, fact.at))
    again = update(NINE + timedelta(seconds=seconds), DAY.isoformat(), "am", verb="summary_again")
    return summary_again(again, known.ask, None)


def keys(says: Sequence[Message]) -> list[str]:
    return [message.key for message in says]


def missing(many: int) -> Town:
    """Of the twelve classes."""
    first, second = small().schools
    rows = tuple(Class(None) if n < many else Class() for n in range(12))
    return replace(small(), schools=(replace(first, classes=rows[:6]), replace(second, classes=rows[6:])))


def test_the_group_gets_one_picture_with_its_caption() -> None:
    outcome = posted(small())
    assert keys(outcome.says) == [KEY]
    assert outcome.says[0].to == ToGroup(LEADERS)
    assert outcome.says[0].picture is not None
    assert outcome.says[0].text.key == "summary.caption"


def test_the_picture_is_of_the_same_morning_as_its_caption() -> None:
    ill_classes = (
        Class((ill(1, heat=385), ill(2, Symptom.COUGH))),
        Class(timely=False),
        Class(None),
        Class(off="停课"),
    )
    town = but(small(), 0, classes=(*ill_classes, Class(), Class()), ready=False)
    picture = posted(town).says[0].picture
    assert picture is not None
    first, second = picture.schools
    assert [cell.mark for cell in first.cells] == [
        *(Mark.ON_TIME, Mark.LATE, Mark.UNBOUND, Mark.EXCUSED, Mark.ON_TIME, Mark.ON_TIME),
    ]
    assert [(cell.unwell, cell.fever) for cell in first.cells] == [(2, True), *[(0, False)] * 5]
    assert (first.ready, second.ready) == (False, True)
    assert (picture.expected_classes, picture.reported, picture.zero) == (11, 10, 9)
    assert (picture.fever, picture.unwell, dict(picture.groups)) == (1, 1, {"RESP": 1})
    assert picture.expected == picture.present + picture.sick + picture.personal + picture.unknown == 450
    assert (picture.as_of, picture.updated) == ("09:00", None)


def test_nothing_is_posted_on_a_day_without_school() -> None:
    off = Town(tuple(replace(one, classes=(Class(off="停课"),) * 6) for one in small().schools))
    assert posted(off) == Outcome()


def test_an_hour_that_is_moved_behind_a_post_that_stands_makes_no_second_first_one() -> None:
    fact = version(posted(small()))
    again = posted(replace(small(), last=SummaryView(fact.version, fact.body, fact.at)))
    assert version(again).version == 2
    assert version(again).shown == ()


def test_without_a_group_every_admin_gets_it_in_their_language() -> None:
    outcome = posted(replace(missing(9), group=False, admins=(admin("a"), admin("b", "en"))))
    assert {message.to for message in outcome.says} == {ToPerson("a"), ToPerson("b")}
    assert keys(outcome.says) == [KEY, f"more1:{KEY}"] * 2
    assert not any(message.only_if_shown for message in outcome.says)


def test_once_there_is_a_group_the_admins_keep_what_they_have_and_get_nothing_new() -> None:
    outcome = posted(replace(small(), admins=(admin("a"),)))
    assert [(message.to, message.only_if_shown) for message in outcome.says] == [
        (ToGroup(LEADERS), False),
        (ToPerson("a"), True),
    ]


def test_what_a_caption_only_counts_is_a_second_message_and_kept_true_by_edits() -> None:
    first = posted(missing(9))
    assert keys(first.says) == [KEY, f"more1:{KEY}"]
    fewer = after(missing(9), first, missing(2))
    assert keys(fewer.says) == [KEY, f"more1:{KEY}"]
    assert fewer.says[1].only_if_shown
    assert fewer.says[1].text.key == "summary.no_more"
    again = after(missing(2), fewer, missing(10), seconds=1200)
    assert [(message.key, message.only_if_shown) for message in again.says] == [(KEY, False), (f"more1:{KEY}", False)]
    assert again.says[1].text.key == "summary.more"


def test_a_second_message_that_is_needed_only_later_comes_later() -> None:
    first = posted(missing(2))
    assert keys(first.says) == [KEY]
    assert keys(after(missing(2), first, missing(9)).says) == [KEY, f"more1:{KEY}"]


def test_the_first_version_is_kept_whole_and_later_ones_as_numbers() -> None:
    first = posted(missing(9))
    caption, more = (decode(body) for body in version(first).shown)
    assert caption.text == first.says[0].text
    assert caption.picture == first.says[0].picture
    assert more.text == first.says[1].text
    later = after(missing(9), first)
    assert version(later).shown == ()
    assert json.loads(version(later).body)["as_of"] == "09:00"
    assert json.loads(version(later).body)["updated"] == "09:10"
    assert json.loads(version(later).body)["numbers"]["missing"] == 9
    assert version(later).version == 2


@pytest.mark.parametrize("seconds", [0, 1, 30, 59])
def test_within_a_minute_of_the_last_version_the_change_is_put_off_to_its_end(seconds: int) -> None:
    first = posted(small())
    outcome = after(small(), first, seconds=seconds)
    assert (outcome.facts, outcome.says) == ((), ())
    assert [put.at for put in outcome.puts] == [NINE + timedelta(seconds=60)]


def test_all_changes_of_a_minute_are_one_edit() -> None:
    first = posted(small())
    natives = {put.native for seconds in range(0, 60, 6) for put in after(small(), first, seconds=seconds).puts}
    assert len(natives) == 1
    later = after(small(), first, seconds=60)
    assert version(later).version == 2
    assert {put.native for put in after(small(), later, seconds=61).puts}.isdisjoint(natives)


def test_where_there_was_no_post_there_is_nothing_to_keep_true() -> None:
    again = update(NINE, DAY.isoformat(), "am", verb="summary_again")
    assert summary_again(again, small().ask, None) == Outcome()


def begun(town: Town, minutes: int) -> Outcome:
    """/holiday makes it a school day, so many minutes after the post's hour."""
    now = NINE + timedelta(minutes=minutes)
    return summary_again(update(now, DAY.isoformat(), "am", BEGINS, verb="summary_again"), town.ask, None)


def test_a_day_that_becomes_a_school_day_after_the_hour_of_the_post_gets_one() -> None:
    outcome = begun(missing(12), 10)
    assert version(outcome).version == 1
    assert keys(outcome.says) == [KEY]


def test_a_day_that_becomes_a_school_day_before_the_hour_of_the_post_waits_for_it() -> None:
    assert begun(missing(12), -1) == Outcome()


def test_where_still_no_class_is_due_there_is_no_post() -> None:
    off = Town(tuple(replace(one, classes=(Class(off="停课"),) * 6) for one in small().schools))
    assert begun(off, 10) == Outcome()


def test_in_the_evening_no_first_post_comes() -> None:
    assert begun(missing(12), 9 * 60) == Outcome()


def test_the_post_of_a_day_gone_by_is_edited_with_the_day_of_the_edit_and_nothing_new_comes() -> None:
    later = after(small(), posted(small()), missing(9), seconds=86400)
    assert [(message.key, message.only_if_shown) for message in later.says] == [(KEY, True), (f"more1:{KEY}", True)]
    head = "【东湖学区晨检】9月30日（周三）数据截至09:00（更新于10月1日 09:00）"
    assert rendered(later.says[0].text).startswith(head)
    assert later.says[0].picture is not None
    assert later.says[0].picture.updated == "10-01 09:00"
