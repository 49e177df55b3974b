"""python-telegram-bot takes the sandbox for Telegram: its types parse every answer, its errors fit."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from sandbox import Fault, Sandbox
from sandbox.pictures import plain_png
from tests.sandbox.people import GROUP, LEADER, STRANGER, TEACHER


@pytest.fixture
async def ptb(sandbox: Sandbox) -> AsyncIterator[Bot]:
    bot = Bot(sandbox.token, base_url=sandbox.base_url, base_file_url=sandbox.base_file_url)
    async with bot:
        sandbox.write(TEACHER, TEACHER, "/start")
        yield bot


async def test_a_card_is_sent_tapped_answered_and_edited(ptb: Bot, sandbox: Sandbox) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("全员正常", callback_data="z:1")]])
    card = await ptb.send_message(TEACHER, "<b>三(2)班</b>", parse_mode="HTML", reply_markup=keyboard)
    assert card.reply_markup == keyboard
    tap = sandbox.tap(TEACHER, TEACHER, card.message_id, "z:1")
    start, tapped = await ptb.get_updates()
    assert start.message is not None
    assert start.message.text == "/start"
    assert tapped.callback_query is not None
    assert tapped.callback_query.message == card
    assert await tapped.callback_query.answer("收到", show_alert=True)
    assert tap.answer is not None
    edited = await card.edit_text("已报")
    assert not isinstance(edited, bool)
    assert (edited.text, edited.edit_date) == ("已报", sandbox.world.now())


async def test_pictures_files_chats_and_menus_parse(ptb: Bot, sandbox: Sandbox) -> None:
    photo = await ptb.send_photo(GROUP, plain_png(100, 80), caption="早报", has_spoiler=True)
    assert (photo.photo[0].width, photo.has_media_spoiler) == (100, True)
    changed = await photo.edit_media(InputMediaPhoto(plain_png(60, 40), caption="更新于 09:10"))
    assert not isinstance(changed, bool)
    assert (changed.photo[0].width, changed.caption) == (60, "更新于 09:10")
    document = await ptb.send_document(TEACHER, b"PK", filename="今日.xlsx")
    assert document.document is not None
    assert document.document.file_name == "今日.xlsx"
    file = await ptb.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"PK"
    assert (await ptb.get_chat(GROUP)).title == "学区领导群"
    await ptb.set_my_commands([BotCommand("report", "报告")], scope=BotCommandScopeChat(TEACHER))
    assert await ptb.get_my_commands(scope=BotCommandScopeChat(TEACHER)) == (BotCommand("report", "报告"),)
    assert (await ptb.get_webhook_info()).pending_update_count == 1
    assert await document.delete()


async def test_every_update_parses(ptb: Bot, sandbox: Sandbox) -> None:
    message = sandbox.write(TEACHER, TEACHER, "应到45")
    sandbox.edit(TEACHER, TEACHER, message.id, "应到46")
    sandbox.sticker(TEACHER, TEACHER)
    sandbox.voice(TEACHER, TEACHER)
    sandbox.photo(TEACHER, TEACHER, plain_png(10, 10))
    sandbox.document(TEACHER, TEACHER, "a.xlsx", b"PK")
    sandbox.forward(TEACHER, TEACHER, "听说", "某人")
    sandbox.tap(TEACHER, TEACHER, 999, "forged")
    sandbox.kick_bot(GROUP, LEADER)
    sandbox.add_bot(GROUP, LEADER)
    sandbox.migrate(GROUP)
    sandbox.block(TEACHER)
    updates = await ptb.get_updates()
    assert len(updates) == 16
    assert not any(update.api_kwargs for update in updates)
    forged = next(update.callback_query for update in updates if update.callback_query)
    assert forged.message is not None
    assert not forged.message.is_accessible


async def test_its_errors_are_the_right_ones(ptb: Bot, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else RetryAfter warns of its coming type
    with pytest.raises(Forbidden, match="initiate"):
        await ptb.send_message(STRANGER, "a")
    with pytest.raises(BadRequest, match="Chat not found"):
        await ptb.send_message(424242, "a")
    new_id = sandbox.migrate(GROUP)
    with pytest.raises(ChatMigrated) as migrated:
        await ptb.send_message(GROUP, "a")
    assert migrated.value.new_chat_id == new_id
    for _ in range(5):
        await ptb.send_message(TEACHER, "a")
    with pytest.raises(RetryAfter):
        await ptb.send_message(TEACHER, "a")
    sandbox.faults.append(Fault("409", method="getUpdates"))
    with pytest.raises(Conflict):
        await ptb.get_updates()
    sandbox.faults.clear()
    sandbox.faults.append(Fault("502", method="getMe", times=1))
    with pytest.raises(NetworkError):
        await ptb.get_me()
    impostor = Bot("1:wrong", base_url=sandbox.base_url)
    with pytest.raises(InvalidToken):
        await impostor.initialize()
    await impostor.shutdown()
