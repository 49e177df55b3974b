"""Messages, taps and files as the Bot API writes them: every object the bot is ever shown."""

from datetime import datetime

from sandbox.keyboard import keyboard_json
from sandbox.limits import ACCESSIBLE
from sandbox.model import JsonObject, Message, StoredFile, Tap
from sandbox.rich_text import entity_json
from sandbox.world import World


def unix(moment: datetime) -> int:
    return int(moment.timestamp())


def message_json(world: World, message: Message, *, with_reply: bool = True) -> JsonObject:
    body: JsonObject = {
        "message_id": message.id,
        "from": world.user_json(message.sender),
        "chat": world.chat_json(message.chat),
        "date": unix(message.date),
    }
    if message.edit_date is not None:
        body["edit_date"] = unix(message.edit_date)
    if message.forwarded_from is not None:
        body |= _forward_json(message)
    replied = world.message(message.chat, message.reply_to) if message.reply_to and with_reply else None
    if replied is not None:
        body["reply_to_message"] = message_json(world, replied, with_reply=False)
    body |= _content_json(world, message)
    if message.keyboard:
        body["reply_markup"] = keyboard_json(message.keyboard)
    if message.protected:
        body["has_protected_content"] = True
    return body


def _forward_json(message: Message) -> JsonObject:
    date = unix(message.date)
    origin = {"type": "hidden_user", "sender_user_name": message.forwarded_from, "date": date}
    return {"forward_origin": origin, "forward_sender_name": message.forwarded_from, "forward_date": date}


def _content_json(world: World, message: Message) -> JsonObject:
    if message.service:
        return dict(message.service)
    body: JsonObject = {}
    if message.photo is not None:
        body["photo"] = [_photo_json(world.files[message.photo])]
        if message.spoiler:
            body["has_media_spoiler"] = True
    if message.document is not None:
        body["document"] = document_json(world.files[message.document])
    if message.attachment is not None:
        kind, file_id = message.attachment
        body[kind] = _attachment_json(kind, world.files[file_id])
    text, entities = ("caption", "caption_entities") if message.has_media else ("text", "entities")
    if message.text:
        body[text] = message.text
    if message.entities:
        body[entities] = [entity_json(entity) for entity in message.entities]
    return body


def file_json(stored: StoredFile) -> JsonObject:
    return {"file_id": stored.id, "file_unique_id": f"AQAD{stored.id[-16:]}", "file_size": len(stored.data)}


def _photo_json(stored: StoredFile) -> JsonObject:
    return {**file_json(stored), "width": stored.width, "height": stored.height}


def document_json(stored: StoredFile) -> JsonObject:
    return {"file_name": stored.name, "mime_type": stored.mime, **file_json(stored)}


def _attachment_json(kind: str, stored: StoredFile) -> JsonObject:
    if kind == "voice":
        return {"duration": 3, "mime_type": stored.mime, **file_json(stored)}
    sizes: JsonObject = {"width": 512, "height": 512, "type": "regular", "emoji": "👍"}
    return {**sizes, "is_animated": False, "is_video": False, **file_json(stored)}


def tap_json(world: World, tap: Tap) -> JsonObject:
    """A message that is deleted or older than two days is told as inaccessible: its id, its chat, date 0."""
    found = world.message(tap.chat, tap.message_id)
    if found is None or tap.at - found.date > ACCESSIBLE:
        shown: JsonObject = {"message_id": tap.message_id, "chat": world.chat_json(tap.chat), "date": 0}
    else:
        shown = message_json(world, found)
    return {
        "id": str(tap.id),
        "from": world.user_json(tap.person),
        "message": shown,
        "chat_instance": str(hash((world.bot_id, tap.chat)) & (2**63 - 1)),
        "data": tap.data,
    }


def membership_json(world: World, chat: int, actor: int, before: str, after: str) -> JsonObject:
    """A `my_chat_member` update: the bot's own standing changed."""
    return {
        "chat": world.chat_json(chat),
        "from": world.user_json(actor),
        "date": unix(world.now()),
        "old_chat_member": _member_json(world, before),
        "new_chat_member": _member_json(world, after),
    }


def _member_json(world: World, status: str) -> JsonObject:
    member: JsonObject = {"user": world.user_json(0), "status": status}
    return {**member, "until_date": 0} if status == "kicked" else member
