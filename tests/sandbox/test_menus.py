"""Command menus: scopes, languages, limits."""

import pytest

from sandbox import Sandbox
from sandbox.menus import menu_for
from tests.sandbox.caller import Caller
from tests.sandbox.people import GROUP, LEADER, STRANGER, TEACHER


def commands(*names: str) -> list[dict[str, str]]:
    return [{"command": name, "description": f"to {name}"} for name in names]


REFUSED = {
    "too many": ({"commands": commands(*(f"c{n}" for n in range(101)))}, "BOT_COMMANDS_TOO_MUCH"),
    "capitals": ({"commands": commands("Report")}, "BOT_COMMAND_INVALID"),
    "long name": ({"commands": commands("c" * 33)}, "command length must not exceed 32"),
    "no name": ({"commands": commands("")}, "command must be non-empty"),
    "no description": (
        {"commands": [{"command": "a", "description": ""}]},
        "command description must be non-empty",
    ),
    "long description": (
        {"commands": [{"command": "a", "description": "x" * 257}]},
        "command description length must not exceed 256",
    ),
    "language": ({"commands": commands("a"), "language_code": "zh-hans"}, "invalid language code specified"),
    "scope": (
        {"commands": commands("a"), "scope": {"type": "everybody"}},
        "can't parse BotCommandScope: Unsupported type specified",
    ),
    "scope without chat": (
        {"commands": commands("a"), "scope": {"type": "chat"}},
        "can't parse BotCommandScope: Empty chat_id specified",
    ),
    "scope of a stranger": (
        {"commands": commands("a"), "scope": {"type": "chat", "chat_id": STRANGER}},
        "chat not found",
    ),
    "administrators of a private chat": (
        {"commands": commands("a"), "scope": {"type": "chat_administrators", "chat_id": TEACHER}},
        "can't use specified scope in private chats",
    ),
}


@pytest.mark.parametrize(("params", "words"), REFUSED.values(), ids=list(REFUSED))
async def test_a_menu_is_refused_in_telegrams_words(bot: Caller, params: dict[str, object], words: str) -> None:
    assert await bot.refused("setMyCommands", **params) == f"Bad Request: {words}"


async def test_a_menu_is_kept_by_scope_and_language(bot: Caller) -> None:
    scope = {"type": "all_private_chats"}
    await bot.ok("setMyCommands", commands=commands("a"))
    await bot.ok("setMyCommands", commands=commands("b"), scope=scope, language_code="en")
    assert await bot.ok("getMyCommands") == commands("a")
    assert await bot.ok("getMyCommands", scope=scope) == []
    assert await bot.ok("getMyCommands", scope=scope, language_code="en") == commands("b")
    await bot.ok("deleteMyCommands")
    assert await bot.ok("getMyCommands") == []


async def test_a_person_sees_the_narrowest_menu(bot: Caller, sandbox: Sandbox) -> None:
    def seen(person: int, chat: int) -> list[str]:
        return [name for name, _ in menu_for(sandbox.world, person, chat)]

    await bot.ok("setMyCommands", commands=commands("everywhere"))
    await bot.ok("setMyCommands", commands=commands("private"), scope={"type": "all_private_chats"})
    await bot.ok("setMyCommands", commands=commands("teacher"), scope={"type": "chat", "chat_id": TEACHER})
    await bot.ok(
        "setMyCommands",
        commands=commands("leader"),
        scope={"type": "chat_member", "chat_id": GROUP, "user_id": LEADER},
    )
    assert seen(TEACHER, TEACHER) == ["teacher"]
    assert seen(STRANGER, STRANGER) == ["private"]
    assert seen(LEADER, GROUP) == ["leader"]
    assert seen(TEACHER, GROUP) == ["everywhere"]
