"""The Bot API's table of contents: each method, what does it, and the parameters it knows."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox import editing, limits, menus, sending
from sandbox.errors import ApiError, bad_request
from sandbox.model import Answer
from sandbox.params import Params
from sandbox.wire import file_json
from sandbox.world import World

_ACTIONS = frozenset(
    {"typing", "upload_photo", "upload_document", "choose_sticker", "find_location", "record_voice", "upload_voice"}
)
_PERMISSIONS = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
    *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
    *("can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics"),
)
_MESSAGE_GONE = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    run: Callable[[World, Params], object]
    params: frozenset[str]


def get_me(world: World, params: Params) -> object:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**world.user_json(0), **abilities}


def answer_callback_query(world: World, params: Params) -> object:
    """Once more is tolerated and changes nothing; a tap older than 150 s is unknown."""
    written = params.string("callback_query_id")
    tap = world.taps.get(int(written)) if written.isdigit() else None
    if tap is None or world.now() - tap.at > limits.TAP_LIFE:
        raise bad_request(_MESSAGE_GONE)
    text = params.string("text")
    if len(text) > limits.ANSWER_TEXT:
        raise bad_request("MESSAGE_TOO_LONG")
    if tap.settle(Answer(text, params.flag("show_alert"), world.now())):
        world.changed(tap.chat)
    return True


def get_chat_member(world: World, params: Params) -> object:
    """Of groups alone. Nobody is restricted by name: what holds for all stands in getChat."""
    chat, user = world.readable(params.string("chat_id")), int(params.string("user_id"))
    group = world.groups.get(chat)
    if group is None or (user != world.bot_id and user not in world.people):
        raise bad_request("PARTICIPANT_ID_INVALID")
    is_in = group.bot == "in" if user == world.bot_id else user in group.members
    return {"user": world.user_json(user), "status": "member" if is_in else "left"}


def get_chat(world: World, params: Params) -> object:
    chat = world.readable(params.string("chat_id"))
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    group = world.groups.get(chat)
    permissions = {} if group is None else {"permissions": dict.fromkeys(_PERMISSIONS, not group.silenced)}
    return {**world.chat_json(chat), **full, **permissions}


def get_file(world: World, params: Params) -> object:
    file_id = params.string("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    if file_id not in world.files:
        raise bad_request("invalid file_id")
    stored = world.files[file_id]
    if len(stored.data) > limits.DOWNLOAD:
        raise bad_request("file is too big")
    return {**file_json(stored), "file_path": world.told_place(stored)}


def send_chat_action(world: World, params: Params) -> object:
    if params.string("action").lower() not in _ACTIONS:
        raise bad_request("Wrong parameter action in request")
    world.writable(params.string("chat_id"))
    return True


def leave_chat(world: World, params: Params) -> object:
    chat = world.writable(params.string("chat_id"))
    group = world.groups.get(chat)
    if group is None:
        raise bad_request("chat member status can't be changed in private chats")
    world.set_group(replace(group, bot="left"))
    return True


_SEND = frozenset(
    {"chat_id", "disable_notification", "protect_content", "reply_parameters", "reply_markup", "parse_mode"}
)
_CAPTION = frozenset({"caption", "caption_entities", "show_caption_above_media"})
_EDIT = frozenset({"chat_id", "message_id", "reply_markup"})
_TEXT = frozenset({"text", "parse_mode", "entities", "link_preview_options"})
_SCOPE = frozenset({"scope", "language_code"})

UPDATE_METHODS: dict[str, tuple[str, frozenset[str]]] = {
    name.lower(): (name, frozenset(params))
    for name, params in {
        "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
        "setWebhook": {"url", "max_connections", "allowed_updates", "drop_pending_updates", "secret_token"},
        "deleteWebhook": {"drop_pending_updates"},
        "getWebhookInfo": set[str](),
    }.items()
}

METHODS: dict[str, Method] = {
    method.name.lower(): method
    for method in (
        Method("getMe", get_me, frozenset()),
        Method("sendMessage", sending.send_message, _SEND | _TEXT),
        Method("sendPhoto", sending.send_photo, _SEND | _CAPTION | {"photo", "has_spoiler"}),
        Method(
            "sendDocument",
            sending.send_document,
            _SEND | _CAPTION | {"document", "disable_content_type_detection"},
        ),
        Method("editMessageText", editing.edit_text, _EDIT | _TEXT),
        Method("editMessageCaption", editing.edit_caption, _EDIT | _CAPTION | {"parse_mode"}),
        Method("editMessageReplyMarkup", editing.edit_keyboard, _EDIT),
        Method("editMessageMedia", editing.edit_media, _EDIT | {"media"}),
        Method("deleteMessage", editing.delete_message, frozenset({"chat_id", "message_id"})),
        Method(
            "answerCallbackQuery",
            answer_callback_query,
            frozenset({"callback_query_id", "text", "show_alert", "cache_time"}),
        ),
        Method("setMyCommands", menus.set_commands, _SCOPE | {"commands"}),
        Method("getMyCommands", menus.get_commands, _SCOPE),
        Method("deleteMyCommands", menus.delete_commands, _SCOPE),
        Method("getChatMember", get_chat_member, frozenset({"chat_id", "user_id"})),
        Method("getChat", get_chat, frozenset({"chat_id"})),
        Method("getFile", get_file, frozenset({"file_id"})),
        Method("sendChatAction", send_chat_action, frozenset({"chat_id", "action"})),
        Method("leaveChat", leave_chat, frozenset({"chat_id"})),
    )
}


def find(name: str) -> tuple[str, frozenset[str]]:
    """A method's own spelling and parameters; names are not case-sensitive. Raises 404."""
    if name.lower() in METHODS:
        method = METHODS[name.lower()]
        return method.name, method.params
    if name.lower() in UPDATE_METHODS:
        return UPDATE_METHODS[name.lower()]
    raise ApiError(404, "Not Found: method not found" if name else "Not Found")
