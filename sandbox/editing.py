"""Changing and taking back what the bot has sent: the editMessage… methods and deleteMessage."""

from dataclasses import replace

from sandbox import limits
from sandbox.errors import bad_request
from sandbox.keyboard import read_keyboard
from sandbox.model import Message
from sandbox.params import Params
from sandbox.rich_text import caption, message_text
from sandbox.sending import document_file, photo_file
from sandbox.wire import message_json
from sandbox.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def edit_text(world: World, params: Params) -> object:
    if not params.string("text"):
        raise bad_request("Message text is empty")
    keyboard = read_keyboard(params)
    old = _editable(world, params)
    if old.has_media:
        raise bad_request("There is no text in the message to edit")
    rich = message_text(params)
    return _revise(world, old, replace(old, text=rich.text, entities=rich.entities, keyboard=keyboard))


def edit_caption(world: World, params: Params) -> object:
    keyboard = read_keyboard(params)
    old = _editable(world, params)
    if not old.has_media:
        raise bad_request("There is no caption in the message to edit")
    rich = caption(params)
    return _revise(world, old, replace(old, text=rich.text, entities=rich.entities, keyboard=keyboard))


def edit_keyboard(world: World, params: Params) -> object:
    keyboard = read_keyboard(params)
    old = _editable(world, params)
    return _revise(world, old, replace(old, keyboard=keyboard))


def edit_media(world: World, params: Params) -> object:
    media = params.structure("media")
    if not isinstance(media, dict):
        raise bad_request("Can't parse InputMedia: expected an Object")
    keyboard = read_keyboard(params)
    old = _editable(world, params)
    new = _with_media(world, params, old, media)
    return _revise(world, old, replace(new, keyboard=keyboard))


def _with_media(world: World, params: Params, old: Message, media: dict[str, object]) -> Message:
    kind, reference = str(media.get("type", "")), str(media.get("media", ""))
    if not reference:
        raise bad_request("Can't parse InputMedia: media not found")
    inner = Params({**media, "caption_entities": media.get("caption_entities")}, params.uploads)
    rich = caption(inner)
    new = replace(old, text=rich.text, entities=rich.entities, spoiler=inner.flag("has_spoiler"))
    match kind:
        case "photo":
            return replace(new, photo=photo_file(world, inner, "media", reference).id, document=None)
        case "document":
            return replace(new, document=document_file(world, inner, "media", reference).id, photo=None)
        case _:
            raise bad_request(f'Can\'t parse InputMedia: type "{kind}" is unsupported')


def _editable(world: World, params: Params) -> Message:
    if not params.string("chat_id") and not params.string("message_id"):
        raise bad_request("Message identifier is not specified")
    chat = world.writable(params.string("chat_id"))
    message = world.message(chat, params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != 0 or message.service:
        raise bad_request("Message can't be edited")
    return message


def _revise(world: World, old: Message, new: Message) -> object:
    if new == old:
        raise bad_request(NOT_MODIFIED)
    world.flood.spend(old.chat, world.now(), edit=True)
    return message_json(world, world.revise(old, new))


def delete_message(world: World, params: Params) -> object:
    """Within 48 hours; in a group only the bot's own (it is no administrator there)."""
    if not params.string("chat_id"):
        raise bad_request("Chat identifier is not specified")
    if not params.integer("message_id"):
        raise bad_request("Message identifier is not specified")
    chat = world.writable(params.string("chat_id"))
    message = world.message(chat, params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    own = message.sender == 0 and not message.service
    if world.now() - message.date > limits.DELETABLE or (chat < 0 and not own):
        group = world.groups.get(chat)
        whole = group is not None and group.is_supergroup
        raise bad_request("Message can't be deleted" if whole else "Message can't be deleted for everyone")
    world.delete(message)
    return True
