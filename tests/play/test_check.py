"""A wrong number is found and named: the day is played once; then the crowd's record is made to lie, and other words
are put into the bot's mouth."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo import play, truth
from bot.demo.checks import Played, differ, differ_in_all, differences, reminders
from bot.demo.checks.happened import happened, wanted
from handlers.values import replace as changed
from sandbox import Message
from sandbox.crowd import FOREHEAD, GROUP, ClassRecord, Flag, How, Listed, Record
from sandbox.model import Keyboard

SEED = 3

pytestmark = pytest.mark.timeout(240)


@dataclass(frozen=True)
class Watched:
    """The day, what was wrong with it at first, and the exit code after one lie."""

    played: Played
    honest: Sequence[str]
    code: int


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    seen: list[tuple[Played, Sequence[str]]] = []

    def lying(played: Played) -> list[str]:
        seen.append((played, differences(played)))
        with lie(played.record, forgets_a_report):
            return differences(played)

    folder: Path = tmp_path_factory.mktemp("lie")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(play, "differences", lying)
        code = asyncio.run(play.play(SEED, folder, folder / "out"))
    ((played, honest),) = seen
    return Watched(played, honest, code)


Lie = Callable[[Record], None]


@contextmanager
def lie(record: Record, change: Lie) -> Iterator[None]:
    """The record as it was comes back afterwards."""
    versions = {key: (list(row.versions), row.taps) for key, row in record.classes.items()}
    flags = [replace(flag) for flag in record.flags]
    odd, out, off = list(record.odd), list(record.out), dict(record.off)
    tomorrow, deadline = record.tomorrow, record.deadline
    try:
        change(record)
        yield
    finally:
        for key, row in record.classes.items():
            row.versions[:], row.taps = versions[key]
        record.flags[:], record.odd[:], record.out[:] = flags, odd, out
        record.tomorrow, record.deadline = tomorrow, deadline
        record.off.clear()
        record.off.update(off)


def _row(record: Record, holds: Callable[[ClassRecord], bool]) -> ClassRecord:
    return next(row for row in record.classes.values() if row.versions and holds(row))


def forgets_a_report(record: Record) -> None:
    _row(record, lambda row: not row.versions[0].listed).versions.clear()


def moves_a_report_past_the_deadline(record: Record) -> None:
    row = _row(record, lambda row: record.on_time(row.versions[0]) and len(row.versions) == 1)
    row.versions[0] = replace(row.versions[0], at=record.deadline + timedelta(minutes=2))


def thinks_the_deadline_earlier(record: Record) -> None:
    record.deadline -= timedelta(hours=1)


def adds_a_sick_child(record: Record) -> None:
    row = _row(record, lambda row: len(row.versions) == 1 and not row.versions[0].listed)
    row.versions[0] = replace(row.versions[0], listed=(Listed(1, absence="病假"),))


def warms_a_child(record: Record) -> None:
    row = _row(record, lambda row: any(one.fever for one in row.versions[0].listed))
    listed = tuple(replace(one, temperature=(one.temperature or 0) + 1) for one in row.versions[0].listed)
    row.versions[0] = replace(row.versions[0], listed=listed)


def forgets_a_fever(record: Record) -> None:
    record.flags.remove(next(flag for flag in record.flags if flag.withdrawn is None and not flag.continued))


def invents_a_fever(record: Record) -> None:
    record.flags.append(Flag(next(iter(record.classes)), Listed(1, 400), record.deadline))


def forgets_who_saw_to_a_fever(record: Record) -> None:
    flag = next(flag for flag in record.flags if flag.acknowledged is not None and flag.withdrawn is None)
    flag.acknowledged = None


def sees_at_once_to_what_was_left(record: Record) -> None:
    """The one that went on to the 校长."""
    flag = next(flag for flag in record.flags if truth.passed_on(flag))
    flag.acknowledged = flag.at + timedelta(minutes=1)


def sees_at_once_to_everything(record: Record) -> None:
    for flag in record.flags:
        flag.acknowledged = flag.at + timedelta(minutes=1)


def calls_a_continued_child_new(record: Record) -> None:
    next(flag for flag in record.flags if flag.continued).continued = False


def tells_of_a_child_a_quarter_later(record: Record) -> None:
    """One that stands in a post with others."""
    shared = [flag for flag in record.flags if not flag.continued and flag.withdrawn is None]
    flag = next(one for one in shared for other in shared if one.key != other.key and _close(one, other))
    flag.at += timedelta(minutes=15)


def _close(one: Flag, other: Flag) -> bool:
    return one.key.school == other.key.school and timedelta() < one.at - other.at < timedelta(minutes=9)


def tells_a_stranger(record: Record) -> None:
    record.odd.append(("a stranger's question", "三(2)班发热1人"))


def forgets_the_outage(record: Record) -> None:
    record.out.clear()


def was_out_of_touch_for_longer(record: Record) -> None:
    ((began, ended),) = record.out
    record.out[:] = [(began, ended + timedelta(minutes=1))]


def never_took_the_holiday_back(record: Record) -> None:
    record.tomorrow = "holiday"


def reopens_what_was_closed(record: Record) -> None:
    record.off.clear()


def closes_a_class_that_was_not(record: Record) -> None:
    key = next(key for key, row in record.classes.items() if row.versions and row.versions[0].at > record.deadline)
    record.classes[key].versions.clear()
    record.off[key] = record.deadline - timedelta(hours=1)


def reports_for_a_class_that_has_not(record: Record) -> None:
    by = next(row.versions[0].by for row in record.classes.values() if row.versions)
    key = next(key for key, row in record.classes.items() if not row.versions and key not in record.off)
    record.says(key, record.deadline, by, (), "report")


def measures_at_the_forehead(record: Record) -> None:
    for row in record.classes.values():
        row.versions[:] = [
            replace(one, listed=tuple(replace(child, method=FOREHEAD) for child in one.listed)) for one in row.versions
        ]


def hears_of_it_an_hour_earlier(record: Record) -> None:
    row = _row(record, lambda row: row.versions[0].heard is not None)
    row.versions[0] = replace(row.versions[0], heard="07:00")


def lets_somebody_else_report(record: Record) -> None:
    row = _row(record, lambda row: len(row.versions) == 1)
    other = _row(record, lambda one: one.versions[0].by.title != row.versions[0].by.title)
    row.versions[0] = replace(row.versions[0], by=other.versions[0].by)


def taps_a_minute_later(record: Record) -> None:
    row = _row(record, lambda row: truth.hour(row.versions[0].at) == "08:30")
    row.versions[0] = replace(row.versions[0], at=row.versions[0].at + timedelta(minutes=1))


def corrects_after_the_close(record: Record) -> None:
    record.odd.append(("a correction after the close", "已更新"))


LIES: dict[Lie, Sequence[str]] = {
    forgets_a_report: ("receipt of", "the leaders' post of 09:00: 已报", "/today"),
    thinks_the_deadline_earlier: ("及时: the bot said 按时, the crowd did 逾时",),
    moves_a_report_past_the_deadline: ("the class had not reported", "of 09:00: 按时", "reminder 08:30"),
    adds_a_sick_child: ("receipt of", "因病缺勤率", "零报告"),
    warms_a_child: ("receipt of", "学生"),
    forgets_a_fever: ("nobody did that", "未再提醒"),
    invents_a_fever: ("fevers in the group: the bot did not say",),
    sees_at_once_to_what_was_left: ("nobody did that",),
    sees_at_once_to_everything: ("10 a fever that went on",),
    calls_a_continued_child_new: ("continued ones to", "posts in the group: the bot did not say", "提醒"),
    tells_of_a_child_a_quarter_later: ("posts in the group", "fevers in the group"),
    forgets_who_saw_to_a_fever: ("知悉: the bot said 已知悉", "待知悉"),
    forgets_the_outage: ("outages told to", "outages in chat"),
    was_out_of_touch_for_longer: ("outages told to", "outages in chat"),
    never_took_the_holiday_back: ("tomorrow, to",),
    reopens_what_was_closed: ("应报", "16 a class closed after its card"),
    closes_a_class_that_was_not: ("say that nothing is due", "应报: the bot said"),
    reports_for_a_class_that_has_not: ("it still asks after the report",),
    measures_at_the_forehead: ("腋温", "4 another way to measure"),
    hears_of_it_an_hour_earlier: ("代报: the bot said",),
    lets_somebody_else_report: ("报告人: the bot said",),
    taps_a_minute_later: ("the class had not reported", "18 a tap in the last minute"),
    corrects_after_the_close: ("a correction after the close",),
    tells_a_stranger: ("a stranger's question",),
}


def test_an_honest_record_agrees_with_every_number(watched: Watched) -> None:
    assert watched.honest == []


def test_a_wrong_number_makes_it_exit_with_an_error(watched: Watched) -> None:
    assert watched.code == 1


@pytest.mark.parametrize("change", LIES, ids=lambda change: change.__name__)
def test_each_lie_is_found_where_it_shows(watched: Watched, change: Lie) -> None:
    with lie(watched.played.record, change):
        found = differences(watched.played)
    for words in LIES[change]:
        assert any(words in line for line in found), (words, found)


def test_the_record_is_itself_again(watched: Watched) -> None:
    assert differences(watched.played) == []


# What the bot said

Misheard = Callable[[Message], Message | None]


def instead(words: str, others: str = "", *, in_group: bool | None = None) -> Misheard:
    """Other words wherever these stood; in the group alone, in private alone, or in both."""

    def change(message: Message) -> Message:
        if in_group is not None and in_group is not (message.chat == GROUP):
            return message
        looks = tuple(replace(one, text=re.sub(words, others, one.text, flags=re.M)) for one in message.revisions)
        return replace(message, text=re.sub(words, others, message.text, flags=re.M), revisions=looks)

    return change


def never(words: str, *, in_group: bool = False) -> Misheard:
    """What began so did not come."""
    return lambda message: None if in_group is (message.chat == GROUP) and _began(message, words) else message


def later(minutes: int, words: str, *, in_group: bool = False) -> Misheard:
    """What began so came so much later."""
    wait = timedelta(minutes=minutes)

    def change(message: Message) -> Message:
        if in_group is not (message.chat == GROUP) or not _began(message, words):
            return message
        looks = tuple(replace(one, at=one.at + wait) for one in message.revisions)
        edited = message.edit_date + wait if message.edit_date else None
        return replace(message, date=message.date + wait, edit_date=edited, revisions=looks)

    return change


def without_button(label: str, words: str, *, in_group: bool = False) -> Misheard:
    """Under what began so one button was missing."""

    def change(message: Message) -> Message:
        if in_group is not (message.chat == GROUP) or not _began(message, words):
            return message
        looks = tuple(replace(one, keyboard=_cut(one.keyboard, label)) for one in message.revisions)
        return replace(message, keyboard=_cut(message.keyboard, label), revisions=looks)

    return change


def _cut(keyboard: Keyboard, label: str) -> Keyboard:
    return tuple(tuple(button for button in row if label not in button.text) for row in keyboard)


def not_edited_again(words: str, *, in_group: bool = False) -> Misheard:
    """The last edit did not come."""

    def change(message: Message) -> Message:
        if in_group is not (message.chat == GROUP) or not message.revisions or not _began(message, words):
            return message
        *looks, last = message.revisions
        return replace(message, text=last.text, keyboard=last.keyboard, edit_date=last.at, revisions=tuple(looks))

    return change


def _began(message: Message, words: str) -> bool:
    first = message.revisions[0].text if message.revisions else message.text
    return re.match(f"【演练】{words}", first) is not None


SAID: dict[str, tuple[Misheard, str]] = {
    "1 a co-teacher's card is not edited": (not_edited_again(r"\S+班 · "), "it does not show the report in the end"),
    "1 a receipt says nothing of the second version": (instead("^.*更新（.*\n"), "更新"),
    "2 a receipt without the hour of the 补报": (instead(r"（\d\d:\d\d补报）"), "学生"),
    "2 a receipt without 补报": (without_button("补报", r"\S+班 · "), "the buttons are 订正, not 订正、补报"),
    "3 a receipt with another symptom": (instead(r"^(\d+号 .*)咳嗽", r"\1咽痛"), "学生"),
    "3 a receipt with another child's name": (instead(r"^(\d+号) \S+ ", r"\1 某某 "), "学生"),
    "3 a receipt that knows of no leave": (instead(r"^(\d+号 .*)迟到$", r"\1事假"), "学生"),
    "4 no second value on the cards": (instead(r"^\d\d:\d\d [^\s\d]*为\S+$"), "复测: the bot said None"),
    "4 nobody hears of the second value": (never("复测｜"), "corrections to"),
    "4 the office hears of no 更正": (never("更正｜"), "corrections to"),
    "4 whoever measured sees no confirmation": (instead("复测已记录"), "复测 confirmed to"),
    "4 another value on a card": (instead(r"已更正：\d\d\.\d", "已更正：36.1"), "知悉"),
    "4 an alert without 填复测": (without_button("填复测", "🔴"), "按钮"),
    "5 the late list does not say 含发热": (instead("（含发热）"), "is being filled in, with a fever"),
    "5 the late list says it of everybody": (instead("已提醒2次", "填写中（含发热）"), "nobody is filling in"),
    "6 another way to have heard": (instead("代报（电话", "代报（口头"), "代报"),
    "6 a list without 代报": (without_button("代报", r"\S+晨检"), ", not 代报"),
    "c a card that does not say for how long": (instead(r"第\d+天"), "those of yesterday"),
    "c a card that leaves a child out": (
        instead(r"^(昨天还没结束的)(\d+)人：\n\d+号 .*\n", r"\g<1>0人：\n"),
        "yesterday",
    ),
    "c a receipt with another day of return": (instead("：最早.*返校", "：最早12月31日返校"), "返校"),
    "9 own lines that came late": (later(5, r"\S+ 9月1日（周二）晨检"), "own lines to"),
    "9 own lines that did not come": (never(r"\S+ 9月1日（周二）晨检"), "0 came instead of one"),
    "9 officers hear two minutes late": (later(2, "🔴"), "it did not come at"),
    "10 a post without who was told": (instead("^已通知：.*\n", in_group=True), "已通知: the bot said ,"),
    "10 a post that leaves one out": (instead("、校长", in_group=True), "已通知"),
    "10 a post without 已知悉": (without_button("已知悉", "🔴", in_group=True), "按钮"),
    "10 a post that says nobody answered": (instead("^已通知：", r"⚠️ 一直无人知悉\n已通知："), "请打电话"),
    "10 another number of minutes": (instead("10分钟内", "99分钟内"), "分钟: the bot said 99, the crowd did 10"),
    "10 somebody else is next": (instead("转给校长", "转给校医"), "转给"),
    "10 it does not say to whom it has gone": (instead(r"（\d\d:\d\d已转\S+?）"), "知悉: the bot said ,"),
    "10 another officer saw to it": (instead(r"(✅ \d\d:\d\d) \S+( \S+)?已知悉", r"\1 校医已知悉"), "知悉"),
    "10 a post that asks for a phone call": (instead("^已通知：", "⚠️ 校长收不到消息\n已通知："), "请打电话"),
    "11 no word of three in a class": (instead("^⚠️ .*今天已.*\n"), "今天已"),
    "11 another number in a class": (instead("今天已3人", "今天已4人"), "今天已"),
    "11 a post with another place": (instead("去向：在校留观", "去向：居家", in_group=True), "去向"),
    "11 a continued one in the group": (
        instead(r"🔴 .*\n(\S+) (\d+号)　(\S+)　.*", r"续｜\1 \2　\3，提醒过", in_group=True),
        "continued ones in the group",
    ),
    "12 an alert without the statutory report": (instead("不代替法定报告"), "it does not say 不代替法定报告"),
    "12 a receipt without one of three things to do": (instead("^(请您现在：.*)③.*", r"\1"), "做法"),
    "12 a receipt that leaves out who was told": (instead("、校长 [^。]*。", "。", in_group=False), "提醒"),
    "12 a receipt on which 已知悉 never comes": (instead(r"^(\d+号：.*)✅.*", r"\1○"), "提醒"),
    "13 a post that is not edited again": (not_edited_again("【", in_group=True), "pictures for"),
    "13 a post that came late": (later(5, "【", in_group=True), "the leaders' post: it came at"),
    "16 tomorrow told at another hour": (later(5, "明天"), "tomorrow, to"),
    "17 words without the mark": (instead("^【演练】🔴", "🔴"), "without 【演练】"),
    "18 cards that came late": (later(10, r"\S+班 · "), "not at 07:30"),
    "18 a late list without the outage": (instead("^系统中断 .*\n", in_group=False), "outages in chat"),
}


@pytest.mark.parametrize("name", SAID)
def test_another_thing_said_is_found_where_it_shows(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    change, words = SAID[name]
    mishear(watched, monkeypatch, change)
    found = differences(watched.played)
    assert any(words in line for line in found), (words, found)


def test_a_childs_name_in_the_group_is_found(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    name = watched.played.people.classes[0].pupils[0].name
    mishear(watched, monkeypatch, instead("^症状：", f"{name}　症状：", in_group=True))
    assert any("it names a child" in line for line in differences(watched.played))


def mishear(watched: Watched, monkeypatch: pytest.MonkeyPatch, change: Misheard) -> None:
    witness, heard = watched.played.witness, watched.played.witness.from_bot
    monkeypatch.setattr(witness, "from_bot", lambda chat: [one for said in heard(chat) if (one := change(said))])


def test_a_case_that_is_not_kept_is_missed_and_one_too_many_is_found(watched: Watched) -> None:
    played = watched.played
    assert any("cases: the bot did not say" in line for line in differences(changed(played, kept=played.kept[1:])))
    doubled = changed(played, kept=[*played.kept, played.kept[0]])
    assert any("cases: the bot said" in line for line in differences(doubled))


def test_on_a_day_that_counts_each_late_class_must_stand_in_the_ledger(watched: Watched) -> None:
    assert any("the ledger: the bot said" in line for line in differences(changed(watched.played, ledger=["late"])))
    counts = differences(changed(watched.played, rehearsal=False))
    assert any("the ledger: the bot did not say 1 × late" in line for line in counts)
    assert any("the ledger: the bot did not say 1 × missing" in line for line in counts)


def test_a_reminder_that_did_not_come_is_missed(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    pings = watched.played.witness.pings([one.id for one in watched.played.crowd.people.members])
    monkeypatch.setattr(watched.played.witness, "pings", lambda people: pings[1:])
    assert any("is missing" in line for line in reminders(watched.played))


def test_a_reminder_that_came_twice_is_found(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    pings = watched.played.witness.pings([one.id for one in watched.played.crowd.people.members])
    monkeypatch.setattr(watched.played.witness, "pings", lambda people: [*pings, pings[0]])
    assert any("2 times" in line for line in reminders(watched.played))


def test_a_reminder_that_knows_of_a_walk_is_told_from_one_that_does_not(watched: Watched) -> None:
    played = watched.played
    plans = [replace(one, how=How.TAP) if one.how is How.RESUMED else one for one in played.plans]
    assert any("it should not say 未发送" in line for line in reminders(changed(played, plans=plans)))
    plans = [replace(one, how=How.WALK) if one.how is How.NEVER else one for one in played.plans]
    assert any("it should say 未发送" in line for line in reminders(changed(played, plans=plans)))


def test_a_day_on_which_nothing_happened_says_so(watched: Watched) -> None:
    def empty(record: Record) -> None:
        for row in record.classes.values():
            row.versions[:], row.taps = [replace(one, kind="", listed=(), heard=None) for one in row.versions[:1]], 0
            row.versions[:] = [one for one in row.versions if record.on_time(one) and truth.hour(one.at) != "08:30"]
        for things in (record.flags, record.odd, record.out, record.off):
            things.clear()
        record.tomorrow = ""

    played = changed(watched.played, plans=())
    with lie(played.record, empty):
        missing = list(happened((played,)))
    assert len(missing) == len(wanted(played))


def test_numbers_are_compared_by_name() -> None:
    assert list(differ("here", {"病": 1, "事": 2}, {"病": 1, "事": 2})) == []
    assert list(differ("here", {"病": 1, "事": 2}, {"病": 2})) == [
        "here: 病: the bot said 1, the crowd did 2",
        "here: 事: the bot said 2, the crowd did None",
    ]
    assert list(differ("here", None, {"病": 2})) == ["here: nothing was said"]


def test_things_are_said_once_each() -> None:
    assert len(list(differ_in_all("there", ["a", "a", "b"], ["a", "c"]))) == 3
