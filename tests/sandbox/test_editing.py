"""Edits and deletions: what they change, and what Telegram says when they cannot."""

from sandbox import Sandbox
from sandbox.editing import NOT_MODIFIED
from sandbox.pictures import plain_png
from tests.sandbox.caller import Caller
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import GROUP, LEADER, TEACHER

KEYS = {"inline_keyboard": [[{"text": "好", "callback_data": "1"}]]}


async def test_an_edit_replaces_text_and_keyboard_and_keeps_the_old(
    bot: Caller, sandbox: Sandbox, clock: ManualClock
) -> None:
    sent = await bot.ok("sendMessage", chat_id=TEACHER, text="卡片", reply_markup=KEYS)
    began = clock.now()
    clock.advance(60)
    await bot.ok("editMessageText", chat_id=TEACHER, message_id=sent["message_id"], text="回执")
    message = sandbox.chat(TEACHER)[-1]
    assert (message.text, message.keyboard, message.edit_date) == ("回执", (), clock.now())
    [seen] = message.revisions
    assert (seen.text, seen.keyboard[0][0].data, seen.at) == ("卡片", "1", began)


async def test_an_edit_without_change_is_refused(bot: Caller) -> None:
    sent = await bot.ok("sendMessage", chat_id=TEACHER, text="<b>好</b>", parse_mode="HTML", reply_markup=KEYS)
    where = {"chat_id": TEACHER, "message_id": sent["message_id"]}
    same = {"text": "  <b>好</b> ", "parse_mode": "HTML", "reply_markup": KEYS}
    assert await bot.refused("editMessageText", **where, **same) == f"Bad Request: {NOT_MODIFIED}"
    assert await bot.refused("editMessageReplyMarkup", **where, reply_markup=KEYS) == f"Bad Request: {NOT_MODIFIED}"
    await bot.ok("editMessageText", **where, text="好", reply_markup=KEYS)
    await bot.ok("editMessageReplyMarkup", **where)
    assert await bot.refused("editMessageText", **where, text="好") == f"Bad Request: {NOT_MODIFIED}"


async def test_what_is_not_there_or_not_the_bots_cannot_be_edited(bot: Caller, sandbox: Sandbox) -> None:
    mine = sandbox.write(TEACHER, TEACHER, "我写的")
    for message_id, words in ((999, "message to edit not found"), (mine.id, "message can't be edited")):
        where = {"chat_id": TEACHER, "message_id": message_id}
        assert await bot.refused("editMessageText", **where, text="a") == f"Bad Request: {words}"
        assert await bot.refused("editMessageReplyMarkup", **where) == f"Bad Request: {words}"
    assert await bot.refused("editMessageText", text="a") == "Bad Request: message identifier is not specified"


async def test_text_and_caption_are_not_mixed_up(bot: Caller) -> None:
    text = await bot.ok("sendMessage", chat_id=TEACHER, text="a")
    picture = (await bot.upload("sendPhoto", {"photo": plain_png(20, 20)}, chat_id=str(TEACHER)))["result"]
    on_text = {"chat_id": TEACHER, "message_id": text["message_id"]}
    on_picture = {"chat_id": TEACHER, "message_id": picture["message_id"]}
    no_text = "Bad Request: there is no text in the message to edit"
    assert await bot.refused("editMessageText", **on_picture, text="b") == no_text
    no_caption = "Bad Request: there is no caption in the message to edit"
    assert await bot.refused("editMessageCaption", **on_text, caption="b") == no_caption
    too_long = "Bad Request: message caption is too long"
    assert await bot.refused("editMessageCaption", **on_picture, caption="好" * 1025) == too_long
    await bot.ok("editMessageCaption", **on_picture, caption="好" * 1024)


async def test_a_picture_is_replaced(bot: Caller, sandbox: Sandbox) -> None:
    sent = await bot.upload("sendPhoto", {"photo": plain_png(20, 20)}, chat_id=str(TEACHER), caption="旧")
    await bot.upload(
        "editMessageMedia",
        {"new": plain_png(40, 30)},
        chat_id=str(TEACHER),
        message_id=str(sent["result"]["message_id"]),
        media='{"type": "photo", "media": "attach://new", "caption": "更新于 09:10"}',
    )
    message = sandbox.chat(TEACHER)[-1]
    assert message.text == "更新于 09:10"
    assert sandbox.file(message.photo or "") == plain_png(40, 30)


async def test_a_message_is_deleted_within_48_hours(bot: Caller, sandbox: Sandbox, clock: ManualClock) -> None:
    first = (await bot.ok("sendMessage", chat_id=TEACHER, text="一"))["message_id"]
    second = (await bot.ok("sendMessage", chat_id=TEACHER, text="二"))["message_id"]
    clock.advance(48 * 3600)
    await bot.ok("deleteMessage", chat_id=TEACHER, message_id=first)
    assert [message.deleted for message in sandbox.chat(TEACHER)] == [False, True, False]
    gone = {"chat_id": TEACHER, "message_id": first}
    assert await bot.refused("deleteMessage", **gone) == "Bad Request: message to delete not found"
    assert await bot.refused("editMessageText", **gone, text="a") == "Bad Request: message to edit not found"
    clock.advance(1)
    words = "Bad Request: message can't be deleted for everyone"
    assert await bot.refused("deleteMessage", chat_id=TEACHER, message_id=second) == words


async def test_in_a_group_the_bot_deletes_its_own_only(bot: Caller, sandbox: Sandbox) -> None:
    theirs = sandbox.write(LEADER, GROUP, "大家早")
    words = "Bad Request: message can't be deleted for everyone"
    assert await bot.refused("deleteMessage", chat_id=GROUP, message_id=theirs.id) == words
