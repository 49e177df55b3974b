"""Inline keyboards: read from a call with Telegram's complaints, and written back into a message."""

import json

from sandbox import limits
from sandbox.errors import bad_request, not_built
from sandbox.model import Button, JsonObject, Keyboard
from sandbox.params import Params

_OTHER_BUTTONS = frozenset(
    {
        "callback_game",
        "pay",
        "switch_inline_query",
        "switch_inline_query_chosen_chat",
        "switch_inline_query_current_chat",
        "login_url",
        "web_app",
        "copy_text",
    }
)


def read_keyboard(params: Params) -> Keyboard:
    """The `reply_markup` of a call; empty when there is none."""
    value = params.structure("reply_markup")
    if value is None:
        return ()
    if not isinstance(value, dict):
        raise bad_request("Object expected as reply markup")
    if any(value.get(kind) for kind in ("keyboard", "remove_keyboard", "force_reply")):
        raise not_built("of keyboards only inline ones are built")
    rows = value.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    keyboard = tuple(tuple(_button(one) for one in row) for row in rows if row)
    _check_size(keyboard)
    return keyboard


def _button(value: object) -> Button:
    if not isinstance(value, dict):
        raise bad_request("Can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = value.get("text")
    if not isinstance(text, str):
        raise bad_request('Can\'t parse inline keyboard button: Field "text" must be of type String')
    url, data = str(value.get("url") or ""), str(value.get("callback_data") or "")
    if not url and not data:
        if _OTHER_BUTTONS & value.keys():
            raise not_built("of buttons only callback_data and url are built")
        raise bad_request("Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    return Button(text.strip(), "" if url else data, url)


def _check_size(keyboard: Keyboard) -> None:
    buttons = [button for row in keyboard for button in row]
    if any(not button.text for button in buttons):
        raise bad_request("Inline keyboard button text must be non-empty")
    if any(len(button.data.encode()) > limits.CALLBACK_DATA for button in buttons):
        raise bad_request("BUTTON_DATA_INVALID")
    widest = max((len(row) for row in keyboard), default=0)
    size = len(json.dumps(keyboard_json(keyboard), ensure_ascii=False).encode())
    if len(buttons) > limits.BUTTONS or widest > limits.BUTTONS_A_ROW or size > limits.MARKUP:
        raise bad_request("reply markup is too long")


def keyboard_json(keyboard: Keyboard) -> JsonObject:
    return {"inline_keyboard": [[_button_json(button) for button in row] for row in keyboard]}


def _button_json(button: Button) -> JsonObject:
    target: JsonObject = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": button.text, **target}
