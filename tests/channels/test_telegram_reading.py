"""Telegram's JSON, as Telegram sends it, and what is heard in it."""

import json
from typing import Any

import pytest

from bot.channels import Heard
from bot.channels.telegram.reading import read

NAME = "zero_report_bot"
TEACHER = {"id": 101, "is_bot": False, "first_name": "李", "last_name": "老师", "language_code": "zh-hans"}
BOT = {"id": 7000000001, "is_bot": True, "first_name": "零报告", "username": NAME}
PRIVATE = {"id": 101, "first_name": "李", "type": "private"}
GROUP = {"id": -1001234567890, "title": "学区领导", "type": "supergroup"}
DATE = 1788220980
FILE = {"file_id": "AgACAgUAAxk", "file_unique_id": "AQADAgAT", "file_size": 4}


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"message_id": 7, "from": TEACHER, "chat": chat, "date": DATE, **content}


def hear(kind: str, content: object) -> Heard | None:
    return read(json.dumps({"update_id": 871245001, kind: content}), NAME)


def said(verb: str, *args: str, text: str = "", chat: str = "101", mentioned: bool = True) -> Heard:
    return Heard("101", chat, chat == "101", verb, args, text, at=float(DATE), mentioned=mentioned, own=f"{chat}:7")


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/report", said("report")),
        ("/Report", said("report")),
        (" /report ", said("report")),
        ("/report@zero_report_bot", said("report")),
        ("/report@Zero_Report_Bot", said("report")),
        ("/start AbC-9_x", said("start", "AbC-9_x", text="AbC-9_x")),
        ("/holiday 2026-10-01  2026-10-07", said("holiday", "2026-10-01", "2026-10-07", text="2026-10-01  2026-10-07")),
        ("/who 三(2)班\n李", said("who", "三(2)班", "李", text="三(2)班\n李")),
        ("报告", said("text", text="报告")),
        ("/报告", said("text", text="/报告")),
        ("@zero_report_bot 今日", said("text", text=" 今日")),
        ("报告一下", said("text", text="报告一下")),
        ("3号烧38.5\n去医院", said("text", text="3号烧38.5\n去医院")),
        ("  17号 ", said("text", text="  17号 ")),
        ("/", said("text", text="/")),
        ("/３", said("text", text="/３")),
        ("/re-port", said("text", text="/re-port")),
        ("38/5", said("text", text="38/5")),
        ("/migrated -100", said("text", text="/migrated -100")),
        ("/Text x", said("text", text="/Text x")),
        ("  ", said("unreadable", "empty")),
        ("@zero_report_bot", said("unreadable", "empty")),
    ],
)
def test_what_is_typed_in_private(typed: str, heard: Heard) -> None:
    assert hear("message", message(text=typed)) == heard


@pytest.mark.parametrize(
    ("typed", "verb", "mentioned"),
    [
        ("/bind leaders", "bind", True),
        ("/bind@zero_report_bot leaders", "bind", True),
        ("/bind@other_bot leaders", "bind", False),
        ("今日", "text", False),
        ("@zero_report_bot 今日", "text", True),
        ("请 @Zero_Report_Bot 看", "text", True),
        ("a@zero_report_bot.cn", "text", False),
        ("@zero_report_bot2 今日", "text", False),
        ("大家早", "text", False),
    ],
)
def test_what_is_typed_in_a_group(typed: str, verb: str, mentioned: bool) -> None:
    heard = hear("message", message(GROUP, text=typed))
    assert heard is not None
    assert (heard.verb, heard.mentioned, heard.private, heard.chat) == (verb, mentioned, False, "-1001234567890")


def test_a_reply_to_the_bot_is_written_to_it() -> None:
    answered = {"message_id": 6, "from": BOT, "chat": GROUP, "date": DATE, "text": "…"}
    heard = hear("message", message(GROUP, text="好的", reply_to_message=answered))
    assert heard == said("text", text="好的", chat="-1001234567890")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"sticker": FILE}, "sticker"),
        ({"voice": FILE}, "voice"),
        ({"video": FILE}, "video"),
        ({"video_note": FILE}, "video_note"),
        ({"audio": FILE}, "audio"),
        ({"animation": FILE, "document": FILE}, "animation"),
        ({"location": {"latitude": 30.1, "longitude": 104.2}}, "location"),
        ({"venue": {"title": "x"}, "location": {"latitude": 30.1, "longitude": 104.2}}, "venue"),
        ({"contact": {"phone_number": "1", "first_name": "x"}}, "contact"),
        ({"poll": {"id": "1"}}, "poll"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "dice"),
        ({"hologram": {}}, "other"),
        ({}, "other"),
    ],
)
def test_what_cannot_be_read_is_named(content: dict[str, Any], kind: str) -> None:
    assert hear("message", message(**content)) == said("unreadable", kind)


def test_a_caption_is_kept() -> None:
    assert hear("message", message(video=FILE, caption="3号38.5")) == said("unreadable", "video", text="3号38.5")


@pytest.mark.parametrize(
    ("content", "kind", "file"),
    [
        ({"photo": [{"file_id": "small"}, {"file_id": "large"}]}, "photo", "large"),
        ({"document": {"file_id": "d1", "mime_type": "application/pdf"}}, "document", "d1"),
    ],
)
def test_a_photo_and_a_document_are_files_that_may_be_fetched(content: dict[str, Any], kind: str, file: str) -> None:
    assert hear("message", message(**content, caption="17号复课证明")) == said("file", kind, file, text="17号复课证明")


@pytest.mark.parametrize(
    "content",
    [
        message(pinned_message={"message_id": 3}),
        message(GROUP, new_chat_members=[BOT]),
        message(GROUP, new_chat_title="x"),
        message(GROUP, migrate_from_chat_id=-500),
        {"message_id": 7, "sender_chat": GROUP, "chat": GROUP, "date": DATE, "text": "/bind"},
    ],
)
def test_news_of_a_chat_is_not_heard(content: dict[str, Any]) -> None:
    assert hear("message", content) is None


def test_forwarded_words_are_not_their_senders_own() -> None:
    origin = {"type": "hidden_user", "sender_user_name": "王妈妈", "date": DATE}
    assert hear("message", message(text="/report", forward_origin=origin)) == said("forwarded", text="/report")
    passed_on = hear("message", message(photo=[FILE], caption="17号", forward_origin=origin))
    assert passed_on == said("file", "photo", str(FILE["file_id"]))


def test_an_edit_is_dated_when_it_was_made() -> None:
    heard = hear("edited_message", message(text="3号36.5", edit_date=DATE + 60))
    assert heard == Heard("101", "101", True, "edited", text="3号36.5", at=float(DATE + 60), own="101:7")


def test_an_edit_without_words_is_not_heard() -> None:
    assert hear("edited_message", message(location={"latitude": 30.1, "longitude": 1}, edit_date=DATE)) is None


def test_a_group_that_became_a_supergroup() -> None:
    old = {"id": -500, "title": "学区领导", "type": "group"}
    heard = hear("message", message(old, migrate_to_chat_id=-1000000000500))
    assert heard == said("migrated", "-1000000000500", chat="-500")


def tap(data: object, shown: dict[str, Any] | None) -> Heard:
    query: dict[str, Any] = {"id": "4382bfdwdsb323b2d9", "from": TEACHER, "chat_instance": "1", "data": data}
    heard = hear("callback_query", query if shown is None else query | {"message": shown})
    assert heard is not None
    return heard


@pytest.mark.parametrize(
    ("data", "verb", "args"),
    [
        ("zero:k1:2", "zero", ("k1", "2")),
        ("cancel", "cancel", ()),
        ("pick:k1:3:p17:-1:a.b_c", "pick", ("k1", "3", "p17", "-1", "a.b_c")),
        ("page:", "page", ("",)),
        ("", "forged", ()),
        ("Zero:k1", "forged", ()),
        ("zero:k 1", "forged", ()),
        ("zero:k1\n", "forged", ()),
        ("zero:'; drop table", "forged", ()),
        ("三号", "forged", ()),
        ("migrated:-100", "forged", ()),
        ("text", "forged", ()),
        (None, "forged", ()),
    ],
)
def test_what_a_button_does(data: object, verb: str, args: tuple[str, ...]) -> None:
    shown = {"message_id": 6, "from": BOT, "chat": PRIVATE, "date": DATE, "text": "…"}
    assert tap(data, shown) == Heard("101", "101", True, verb, args, ref="101:6", tap="4382bfdwdsb323b2d9")


@pytest.mark.parametrize(
    ("content", "ref"),
    [
        ({"date": DATE, "text": "…"}, "-1001234567890:6"),
        ({"date": DATE, "photo": [FILE], "caption": "…"}, "-1001234567890:6:p"),
        ({"date": DATE, "document": FILE}, "-1001234567890:6:d"),
        ({"date": 0}, "-1001234567890:6"),
    ],
)
def test_a_tap_names_the_message_it_was_on(content: dict[str, Any], ref: str) -> None:
    heard = tap("ack:f1", {"message_id": 6, "chat": GROUP, **content})
    assert (heard.ref, heard.chat, heard.private, heard.at) == (ref, "-1001234567890", False, None)


def test_a_tap_without_its_message_belongs_to_the_private_chat() -> None:
    assert tap("ack:f1", None) == Heard("101", "101", True, "ack", ("f1",), tap="4382bfdwdsb323b2d9")


@pytest.mark.parametrize(
    ("chat", "was", "now", "verb"),
    [
        (PRIVATE, {"status": "member"}, {"status": "kicked", "until_date": 0}, "blocked"),
        (PRIVATE, {"status": "kicked", "until_date": 0}, {"status": "member"}, "unblocked"),
        (GROUP, {"status": "left"}, {"status": "member"}, "joined"),
        (GROUP, {"status": "kicked", "until_date": 0}, {"status": "administrator"}, "joined"),
        (GROUP, {"status": "member"}, {"status": "left"}, "removed"),
        (GROUP, {"status": "administrator"}, {"status": "kicked", "until_date": 0}, "removed"),
        (GROUP, {"status": "restricted", "is_member": True}, {"status": "left"}, "removed"),
        (GROUP, {"status": "member"}, {"status": "administrator"}, None),
        (GROUP, {"status": "member"}, {"status": "restricted", "is_member": True}, None),
        (GROUP, {"status": "left"}, {"status": "restricted", "is_member": False}, None),
        ({"id": -100, "title": "x", "type": "channel"}, {"status": "left"}, {"status": "administrator"}, None),
    ],
)
def test_where_the_bot_itself_stands(
    chat: dict[str, Any], was: dict[str, Any], now: dict[str, Any], verb: str | None
) -> None:
    change = {"chat": chat, "from": TEACHER, "date": DATE, "old_chat_member": was, "new_chat_member": now}
    heard = hear("my_chat_member", change)
    assert (heard and heard.verb) == verb
    assert heard is None or (heard.sender, heard.at) == ("101", float(DATE))


@pytest.mark.parametrize("kind", ["channel_post", "inline_query", "poll_answer", "something_new"])
def test_other_kinds_are_not_heard(kind: str) -> None:
    assert hear(kind, {"id": "1"}) is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        '{"update_id": 1, "message": null}',
        '{"update_id": 1, "message": {"from": {}, "chat": {"type": "private"}, "date": 1, "text": "x"}}',
        '{"update_id": 1, "message": {"from": {"id": 1}, "chat": 5, "date": 1, "text": "x"}}',
        '{"update_id": 1, "edited_message": {"from": {"id": 1}, "chat": {}, "text": "x"}}',
        '{"update_id": 1, "callback_query": {"id": "1", "data": "x"}}',
        '{"update_id": 1, "callback_query": []}',
        '{"update_id": 1, "my_chat_member": {"chat": {"id": 1, "type": "private"}}}',
    ],
)
def test_what_is_unlike_telegrams_is_a_value_error(body: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own words
        read(body, NAME)
