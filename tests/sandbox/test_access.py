"""Whom the bot reaches, and what it is told of those whom it does not."""

import pytest

from sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.people import GROUP, LEADER, STRANGER, TEACHER


@pytest.mark.parametrize(
    ("chat", "words"),
    [
        (None, "Bad Request: chat_id is empty"),
        ("", "Bad Request: chat_id is empty"),
        (424242, "Bad Request: chat not found"),
        (-424242, "Bad Request: chat not found"),
        ("@somebody", "Bad Request: chat not found"),
        (STRANGER, "Forbidden: bot can't initiate conversation with a user"),
    ],
)
async def test_an_unknown_chat_is_refused(bot: Caller, chat: object, words: str) -> None:
    assert await bot.refused("sendMessage", chat_id=chat, text="a") == words


async def test_who_blocks_the_bot_is_out_of_reach_until_they_come_back(bot: Caller, sandbox: Sandbox) -> None:
    sandbox.block(TEACHER)
    words = "Forbidden: bot was blocked by the user"
    assert await bot.refused("sendMessage", chat_id=TEACHER, text="a") == words
    sandbox.unblock(TEACHER)
    await bot.ok("sendMessage", chat_id=TEACHER, text="a")
    blocked, unblocked = await bot.ok("getUpdates")
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"


async def test_a_blocked_bots_phone_sends_nothing(sandbox: Sandbox) -> None:
    sandbox.block(TEACHER)
    with pytest.raises(ValueError, match="has blocked the bot"):
        sandbox.write(TEACHER, TEACHER, "在吗")


async def test_a_deleted_account_is_told_as_deactivated(bot: Caller, sandbox: Sandbox) -> None:
    sandbox.deactivate(TEACHER)
    assert await bot.refused("sendMessage", chat_id=TEACHER, text="a") == "Forbidden: user is deactivated"


async def test_a_kicked_bot_is_told_so_and_may_come_back(bot: Caller, sandbox: Sandbox) -> None:
    sandbox.kick_bot(GROUP, LEADER)
    words = "Forbidden: bot was kicked from the group chat"
    assert await bot.refused("sendMessage", chat_id=GROUP, text="a") == words
    sandbox.add_bot(GROUP, LEADER)
    await bot.ok("sendMessage", chat_id=GROUP, text="a")
    updates = await bot.ok("getUpdates")
    assert [next(iter(set(update) - {"update_id"})) for update in updates] == [
        "message",
        "my_chat_member",
        "my_chat_member",
        "message",
    ]
    assert updates[0]["message"]["left_chat_member"]["username"] == "zero_report_bot"
    assert updates[2]["my_chat_member"]["old_chat_member"]["status"] == "kicked"
    assert updates[3]["message"]["new_chat_members"][0]["is_bot"]


async def test_a_bot_that_left_is_no_member(bot: Caller) -> None:
    await bot.ok("leaveChat", chat_id=GROUP)
    words = "Forbidden: bot is not a member of the group chat"
    assert await bot.refused("sendMessage", chat_id=GROUP, text="a") == words


async def test_a_group_that_became_a_supergroup_says_its_new_id(bot: Caller, sandbox: Sandbox) -> None:
    new_id = sandbox.migrate(GROUP)
    body = await bot("sendMessage", chat_id=GROUP, text="a")
    assert body["error_code"] == 400
    assert body["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert body["parameters"] == {"migrate_to_chat_id": new_id}
    moved, came = await bot.ok("getUpdates")
    assert (moved["message"]["chat"]["id"], moved["message"]["migrate_to_chat_id"]) == (GROUP, new_id)
    assert (came["message"]["chat"]["id"], came["message"]["migrate_from_chat_id"]) == (new_id, GROUP)
    result = await bot.ok("sendMessage", chat_id=new_id, text="a")
    assert result["chat"]["type"] == "supergroup"
    sandbox.kick_bot(new_id, LEADER)
    words = "Forbidden: bot was kicked from the supergroup chat"
    assert await bot.refused("sendMessage", chat_id=new_id, text="a") == words


async def test_a_group_the_bot_never_was_in_does_not_exist_for_it(bot: Caller, sandbox: Sandbox) -> None:
    sandbox.add_group(-700, "别的群", [LEADER], bot_in=False)
    assert await bot.refused("sendMessage", chat_id=-700, text="a") == "Bad Request: chat not found"
    assert await bot.refused("getChat", chat_id=-700) == "Bad Request: chat not found"


async def test_a_group_in_which_only_administrators_write_says_so_and_refuses(bot: Caller, sandbox: Sandbox) -> None:
    own = (await bot.ok("getMe"))["id"]
    assert (await bot.ok("getChatMember", chat_id=GROUP, user_id=own))["status"] == "member"
    assert (await bot.ok("getChat", chat_id=GROUP))["permissions"]["can_send_photos"]
    sandbox.silence(GROUP)
    assert not (await bot.ok("getChat", chat_id=GROUP))["permissions"]["can_send_messages"]
    words = "Bad Request: not enough rights to send text messages to the chat"
    assert await bot.refused("sendMessage", chat_id=GROUP, text="a") == words
    sandbox.kick_bot(GROUP, LEADER)
    assert (await bot.ok("getChatMember", chat_id=GROUP, user_id=own))["status"] == "left"


async def test_in_a_group_the_bot_hears_commands_and_replies_only(bot: Caller, sandbox: Sandbox) -> None:
    sent = await bot.ok("sendMessage", chat_id=GROUP, text="早报")
    sandbox.write(LEADER, GROUP, "大家早")
    sandbox.write(LEADER, GROUP, "@zero_report_bot 你好")
    sandbox.write(LEADER, GROUP, "/today@other_bot")
    sandbox.write(LEADER, GROUP, "/today@Zero_Report_Bot")
    sandbox.write(LEADER, GROUP, "/late")
    sandbox.write(LEADER, GROUP, "收到", reply_to=sent["message_id"])
    heard = [update["message"]["text"] for update in await bot.ok("getUpdates")]
    assert heard == ["/today@Zero_Report_Bot", "/late", "收到"]
    assert len(sandbox.chat(GROUP)) == 7


@pytest.mark.parametrize(
    ("token", "code", "words"),
    [
        ("nonsense", 401, "Unauthorized: invalid token specified"),
        ("7000000001:wrong", 401, "Unauthorized"),
    ],
)
async def test_a_wrong_token_is_unauthorized(bot: Caller, sandbox: Sandbox, token: str, code: int, words: str) -> None:
    sandbox.token, good = token, sandbox.token
    body = await bot("getMe")
    sandbox.token = good
    assert (body["error_code"], body["description"]) == (code, words)


async def test_an_unknown_method_is_not_found_and_case_does_not_matter(bot: Caller) -> None:
    body = await bot("sendMesage", chat_id=TEACHER, text="a")
    assert (body["error_code"], body["description"]) == (404, "Not Found: method not found")
    await bot.ok("SENDMESSAGE", chat_id=TEACHER, text="a")
