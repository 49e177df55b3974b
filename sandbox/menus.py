"""Command menus: setMyCommands, getMyCommands, deleteMyCommands, and which menu a person sees."""

import re

from sandbox import limits
from sandbox.errors import bad_request
from sandbox.params import Params
from sandbox.world import Commands, World

_NAME = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"[a-z]{2}")
_WIDE_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})

Key = tuple[str, int, int, str]


def set_commands(world: World, params: Params) -> object:
    commands = _commands(params.structure("commands"))
    world.menus[_key(world, params)] = commands
    world.changed()
    return True


def get_commands(world: World, params: Params) -> object:
    """Of exactly this scope and language: no falling back."""
    menu = world.menus.get(_key(world, params), ())
    return [{"command": name, "description": description} for name, description in menu]


def delete_commands(world: World, params: Params) -> object:
    world.menus.pop(_key(world, params), None)
    world.changed()
    return True


def _key(world: World, params: Params) -> Key:
    language = params.string("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("Invalid language code specified")
    scope = params.structure("scope")
    if scope is None:
        return ("default", 0, 0, language)
    if not isinstance(scope, dict):
        raise bad_request("Can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = str(scope.get("type", ""))
    if kind in _WIDE_SCOPES:
        return (kind, 0, 0, language)
    if kind not in _CHAT_SCOPES:
        raise bad_request("Can't parse BotCommandScope: Unsupported type specified")
    return _chat_key(world, kind, scope, language)


def _chat_key(world: World, kind: str, scope: dict[str, object], language: str) -> Key:
    if not scope.get("chat_id"):
        raise bad_request("Can't parse BotCommandScope: Empty chat_id specified")
    user = int(str(scope.get("user_id") or 0))
    if kind == "chat_member" and user <= 0:
        raise bad_request("Can't parse BotCommandScope: Invalid user_id specified")
    chat = world.readable(str(scope["chat_id"]))
    if chat > 0 and kind != "chat":
        raise bad_request("Can't use specified scope in private chats")
    return (kind, chat, user if kind == "chat_member" else 0, language)


def _commands(value: object) -> Commands:
    if not isinstance(value, list):
        raise bad_request("Expected an Array of BotCommand")
    commands = tuple(_command(one) for one in value)
    if len(commands) > limits.COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return commands


def _command(value: object) -> tuple[str, str]:
    if not isinstance(value, dict):
        raise bad_request("Can't parse BotCommand: expected an Object")
    name = str(value.get("command", "")).strip().removeprefix("/")
    description = str(value.get("description", "")).strip()
    if not name:
        raise bad_request("Command must be non-empty")
    if len(name) > limits.COMMAND_NAME:
        raise bad_request(f"Command length must not exceed {limits.COMMAND_NAME}")
    if not description:
        raise bad_request("Command description must be non-empty")
    if len(description) > limits.COMMAND_DESCRIPTION:
        raise bad_request(f"Command description length must not exceed {limits.COMMAND_DESCRIPTION}")
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return name, description


def menu_for(world: World, person: int, chat: int) -> Commands:
    """What a person sees in a chat: the narrowest scope that has a menu, the own language before none."""
    language = world.people[person].language[:2]
    scopes = [("chat", chat, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    if chat < 0:
        scopes = [("chat_member", chat, person), ("chat", chat, 0), ("all_group_chats", 0, 0), ("default", 0, 0)]
    for scope in scopes:
        for spoken in (language, ""):
            menu = world.menus.get((*scope, spoken))
            if menu:
                return menu
    return ()
