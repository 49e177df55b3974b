"""New messages of the bot: sendMessage, sendPhoto, sendDocument, and how files come in."""

from sandbox import limits
from sandbox.errors import ApiError, bad_request
from sandbox.keyboard import read_keyboard
from sandbox.limits import check_picture
from sandbox.model import Keyboard, Message, StoredFile
from sandbox.params import Params, Upload
from sandbox.rich_text import RichText, caption, message_text
from sandbox.wire import message_json
from sandbox.world import World


def send_message(world: World, params: Params) -> object:
    if not params.string("text"):
        raise bad_request("Message text is empty")
    keyboard = read_keyboard(params)
    chat = world.writable(params.string("chat_id"))
    return _deliver(world, params, chat, message_text(params), keyboard)


def send_photo(world: World, params: Params) -> object:
    keyboard = read_keyboard(params)
    chat = world.writable(params.string("chat_id"))
    rich = caption(params)
    photo = photo_file(world, params, "photo")
    return _deliver(world, params, chat, rich, keyboard, photo=photo.id)


def send_document(world: World, params: Params) -> object:
    keyboard = read_keyboard(params)
    chat = world.writable(params.string("chat_id"))
    rich = caption(params)
    document = document_file(world, params, "document")
    return _deliver(world, params, chat, rich, keyboard, document=document.id)


def _deliver(
    world: World,
    params: Params,
    chat: int,
    rich: RichText,
    keyboard: Keyboard,
    *,
    photo: str | None = None,
    document: str | None = None,
) -> object:
    reply_to = _reply_target(world, params, chat)
    world.flood.spend(chat, world.now(), edit=False)
    message = Message(
        id=world.next_message_id(chat),
        chat=chat,
        sender=0,
        date=world.now(),
        text=rich.text,
        entities=rich.entities,
        photo=photo,
        document=document,
        keyboard=keyboard,
        reply_to=reply_to,
        silent=params.flag("disable_notification"),
        protected=params.flag("protect_content"),
        spoiler=params.flag("has_spoiler"),
    )
    return message_json(world, world.put(message))


def _reply_target(world: World, params: Params, chat: int) -> int | None:
    value = params.structure("reply_parameters")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_request("Object expected as reply parameters")
    target = int(value.get("message_id", 0))
    if world.message(chat, target) is not None:
        return target
    if value.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def photo_file(world: World, params: Params, name: str, reference: str | None = None) -> StoredFile:
    """A picture that was uploaded, or one that Telegram has already."""
    upload = params.upload(name, reference)
    if upload is None:
        return _known_file(world, params, name, reference)
    if len(upload.data) > limits.PHOTO:
        raise bad_request("Size of the photo is too big")
    stored = _keep(world, upload)
    check_picture(stored.width, stored.height)
    return stored


def document_file(world: World, params: Params, name: str, reference: str | None = None) -> StoredFile:
    upload = params.upload(name, reference)
    if upload is None:
        return _known_file(world, params, name, reference)
    if len(upload.data) > limits.DOCUMENT:
        raise ApiError(413, "Request Entity Too Large")
    if not upload.data:
        raise bad_request("file must be non-empty")
    return _keep(world, upload)


def _known_file(world: World, params: Params, name: str, reference: str | None) -> StoredFile:
    file_id = params.string(name) if reference is None else reference
    if not file_id:
        raise bad_request(f"There is no {name} in the request")
    if file_id not in world.files:
        raise bad_request("Wrong file identifier/HTTP URL specified")
    return world.files[file_id]


def _keep(world: World, upload: Upload) -> StoredFile:
    return world.keep_file(upload.name, upload.mime, upload.data)
