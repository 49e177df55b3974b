"""Each invariant of the killed day can fail: a doctored record is found out by the check that is for it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.kill import checks
from tests.kill.evidence import REPLY, Evidence, Kill, Place, Sent, Step, Stored, kind_of, numbers_in
from tests.kill.town import GROUP, at

TEACHER, SILENT, REPORTER = 1, 2, 3
FEVER = "alert 一(1)班 3"
LISTED = frozenset({(3, 385)})


def sent(chat: int, message: int, kind: str, hour: int, minute: int, second: float = 0) -> Sent:
    when = at(hour, minute, second)
    return Sent((chat, message), when, kind, kind, when)


def kill(when: datetime, known: frozenset[str] = frozenset(), *wire: Place) -> Kill:
    return Kill(when, "at random", known, known, frozenset(wire), frozenset({"1"}), frozenset({"1", "2"}))


def good_day() -> Evidence:
    """One class reports a fever at 08:20, one never reports; the card of the first came twice, by a kill."""
    known, stored = frozenset({"一(1)班"}), {"一(1)班": Stored(1, LISTED)}
    kills = [kill(at(8, 50, n), known) for n in range(checks.LEAST_KILLS - 1)]
    return Evidence(
        kills=(kill(at(7, 30, 2), frozenset(), (TEACHER, 1)), *kills),
        sent=(
            sent(TEACHER, 1, "card 一(1)班", 7, 30),
            sent(SILENT, 2, "card 一(2)班", 7, 30, 1),
            sent(TEACHER, 3, "card 一(1)班", 7, 31),
            sent(TEACHER, 4, "remind1 一(1)班", 8, 15),
            sent(SILENT, 5, "remind1 一(2)班", 8, 15),
            sent(REPORTER, 6, FEVER, 8, 20),
            sent(GROUP, 7, FEVER, 8, 20),
            sent(SILENT, 8, "remind2 一(2)班", 8, 30),
            sent(GROUP, 9, "summary", 9, 0),
        ),
        class_of={TEACHER: "一(1)班", SILENT: "一(2)班"},
        unreachable=frozenset(),
        confirmed={"一(1)班": at(8, 20)},
        planned={"一(1)班": LISTED},
        stored=stored,
        steps=(Step("remind1", at(8, 15), at(8, 25)), Step("remind2", at(8, 30), at(8, 40))),
        fevers={FEVER: frozenset({REPORTER, GROUP})},
        told={REPORTER: frozenset({FEVER}), GROUP: frozenset({FEVER})},
        summary={"reported": 1, "fever": 1},
        truth={"reported": 1, "fever": 1},
        asked={},
        swallowed=(),
    )


def without(seen: Evidence, message: int) -> Evidence:
    return replace(seen, sent=tuple(one for one in seen.sent if one.place[1] != message))


def untold(seen: Evidence, chat: int) -> Evidence:
    return replace(seen, told={other: told for other, told in seen.told.items() if other != chat})


def besides(seen: Evidence, *more: Sent) -> Evidence:
    return replace(seen, sent=(*seen.sent, *more))


def lost_at_a_kill(seen: Evidence) -> Evidence:
    """It came back later, and was not there when it was confirmed."""
    return replace(seen, kills=(*seen.kills[:-1], replace(seen.kills[-1], stored=frozenset())))


def acknowledged_too_early(seen: Evidence) -> Evidence:
    return replace(seen, kills=(*seen.kills[:-1], replace(seen.kills[-1], heard=frozenset({"2"}))))


DOCTORED: dict[str, tuple[checks.Check, Evidence]] = {
    "too few kills": (checks.really_killed, replace(good_day(), kills=good_day().kills[:-1])),
    "an end by itself": (checks.really_killed, replace(good_day(), ended=("it ended by itself",))),
    "confirmed and lost": (checks.confirmed_is_stored, replace(good_day(), stored={})),
    "confirmed, not yet stored at a kill": (checks.confirmed_is_stored, lost_at_a_kill(good_day())),
    "acknowledged, not yet stored at a kill": (checks.acknowledged_is_stored, acknowledged_too_early(good_day())),
    "stored twice": (checks.stored_once, replace(good_day(), stored={"一(1)班": Stored(2, LISTED)})),
    "stored for nobody": (
        checks.stored_once,
        replace(good_day(), stored=good_day().stored | {"一(2)班": Stored(1, frozenset())}),  # type: ignore[operator]
    ),
    "never got through": (checks.stored_as_meant, replace(good_day(), stored={})),
    "another temperature": (
        checks.stored_as_meant,
        replace(good_day(), stored={"一(1)班": Stored(1, frozenset({(3, 375)}))}),
    ),
    "reminded after the report": (
        checks.nobody_reminded_after,
        besides(good_day(), sent(TEACHER, 20, "remind2 一(1)班", 8, 30)),
    ),
    "no first reminder": (checks.no_reminder_missing, without(good_day(), 5)),
    "no second reminder": (checks.no_reminder_missing, without(good_day(), 8)),
    "a reminder too early": (
        checks.no_reminder_missing,
        besides(without(good_day(), 8), sent(SILENT, 20, "remind2 一(2)班", 8, 29)),
    ),
    "a fever kept from the 报告人": (checks.every_fever_told, untold(good_day(), REPORTER)),
    "a fever kept from the group": (checks.every_fever_told, untold(good_day(), GROUP)),
    "a wrong number": (checks.summary_is_true, replace(good_day(), summary={"reported": 1, "fever": 2})),
    "a number left out": (checks.summary_is_true, replace(good_day(), summary={"reported": 1})),
    "a repeat without a kill": (
        checks.repeats_were_on_the_wire,
        besides(good_day(), sent(SILENT, 20, "remind1 一(2)班", 8, 16)),
    ),
    "a third copy": (
        checks.repeats_were_on_the_wire,
        besides(good_day(), sent(TEACHER, 20, "card 一(1)班", 7, 32)),
    ),
    "a message that the platform let fall": (checks.nothing_swallowed, replace(good_day(), swallowed=("30 a minute",))),
    "an answer to nobody": (checks.repeats_were_on_the_wire, besides(good_day(), sent(SILENT, 20, REPLY, 8, 0))),
}


def test_a_good_day_has_no_complaints() -> None:
    assert checks.complaints(good_day()) == []


@pytest.mark.parametrize("what", DOCTORED)
def test_a_doctored_day_is_found_out(what: str) -> None:
    check, seen = DOCTORED[what]

    assert list(check(seen)) != []


def test_every_check_has_a_day_that_fails_it() -> None:
    assert {check for check, _ in DOCTORED.values()} == set(checks.CHECKS)


def test_a_reminder_that_was_on_the_wire_when_the_report_came_is_excepted() -> None:
    late = replace(sent(TEACHER, 20, "remind2 一(1)班", 8, 20, 3), begun=at(8, 20) - timedelta(seconds=1))

    assert list(checks.nobody_reminded_after(besides(good_day(), late))) == []


def test_who_has_blocked_the_bot_is_owed_no_reminder() -> None:
    assert list(checks.no_reminder_missing(replace(without(good_day(), 5), unreachable=frozenset({SILENT})))) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("一(1)班 · 9月1日（周二）晨检\n应到12人，请于08:30前报告。", "card 一(1)班"),
        ("✅ 已报 · 一(1)班 9月1日晨检\n零报告：应到12，实到12", "receipt 一(1)班"),
        ("张老师，一(2)班今天的晨检还没有收到，08:30截止。", "remind1 一(2)班"),
        ("张老师，一(2)班晨检到08:30仍未收到。", "remind2 一(2)班"),
        ("🔴 发热提醒｜东风小学　2人\n一(1)班 3号　38.5℃（额温）　08:20报\n一(2)班 5号　38.0℃（额温）　08:21报", FEVER),
        ("🔴 发热提醒｜一(1)班 3号　38.5℃（额温）\n○ 等待知悉（08:30已转校长）", f"passed on: {FEVER}"),
        ("🔴 发热提醒｜一(1)班 3号　38.5℃（额温）", FEVER),
        ("🔴 发热提醒｜一(1)班 3号\n38.5℃（额温）　咳嗽", FEVER),  # on a card
        (
            "⚠️ 下面的发热提醒没有送达：\n🔴 发热提醒｜一(1)班 3号",
            "⚠️ 下面的发热提醒没有送达：\n🔴 发热提醒｜一(1)班 3号",
        ),
    ],
)
def test_a_message_is_known_by_its_words(text: str, kind: str) -> None:
    assert kind_of(text, picture=False) == kind


@pytest.mark.parametrize("text", ["✅ 已报 · 一(1)班 9月1日晨检", "3号 体温多少？（额温）\n直接输入，如38.6；或选一项"])
def test_where_a_tap_is_answered_with_a_message_that_is_a_reply(text: str) -> None:
    assert kind_of(text, picture=False, anew=True) == REPLY != kind_of(text, picture=False)


def test_the_numbers_of_a_caption_are_read() -> None:
    caption = (
        "上报：应报24班，已报20班（按时17，逾时3）；零报告14班\n"
        "发热（≥37.3℃）4人：东风小学3\n发热提醒4条：已知悉3，待知悉1"
    )

    assert numbers_in(caption) == {
        "due": 24,
        "reported": 20,
        "on_time": 17,
        "late": 3,
        "zero": 14,
        "fever": 4,
        "alerts": 4,
        "acknowledged": 3,
    }
