"""A Rendered message → what is asked of WeCom: a card with its buttons or options, else words.

Field names and limits: document/path/90236, for updates 94888; lengths of titles and buttons are second-hand."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from bot.channels import Button, Cards, Face, Rendered, Shown
from bot.channels.wecom.errors import Repeated
from bot.channels.wecom.reading import ONE, PLAIN, SEVERAL
from handlers.values import replace

LIMITS: Final = Cards(title=26, sub=112, options_sub=30, label=10, buttons=6, options=20)
FIRST, OTHERS = 1, 2  # styles of buttons: blue, and plain
ONE_OF, ANY_OF = 0, 1  # modes of a vote
NAMES: Final = 9  # under which one card is tried
QUESTION: Final = "q"

Fields = Mapping[str, Any]


def card(message: Rendered) -> Fields:
    """Of a message that has a face. Where nothing can be tapped it is an update: its buttons become words."""
    if message.face is None:
        raise ValueError("a message without a face is no card")
    buttons = list({one.does: one for row in message.buttons for one in row}.values())
    if not buttons:
        closed = [Button(message.closed, PLAIN)]
        return {**_buttons(message.face, message.own, closed), "replace_text": message.closed}
    if not message.face.options:
        return _buttons(message.face, message.own, buttons)
    return _options(message.face, message, buttons)


async def under_a_new_name(message: Rendered, send: Callable[[Rendered], Awaitable[Shown]]) -> Shown:
    """Under its own task_id, or the first of always the same others that has not been used. A program that was killed
    may have left this card on the phone without knowing: it then stands there once more, and the last one is ours to
    change. Raises Repeated after NAMES of them."""
    for name in (message.own, *(f"{message.own}_{n}" for n in range(2, NAMES))):
        with suppress(Repeated):
            return await send(replace(message, own=name))
    return await send(replace(message, own=f"{message.own}_{NAMES}"))


def _buttons(face: Face, own: str, buttons: list[Button]) -> Fields:
    return {
        "card_type": "button_interaction",
        "main_title": {"title": face.title},
        **({"sub_title_text": face.sub} if face.sub else {}),
        "task_id": own,
        "button_list": [
            {"text": one.label, "style": OTHERS if place else FIRST, "key": one.does}
            for place, one in enumerate(buttons)
        ],
    }


def _options(face: Face, message: Rendered, buttons: list[Button]) -> Fields:
    """A vote has no sub-title: its title's description takes that place."""
    mode = ANY_OF if any(one.ticked is not None for one in buttons) else ONE_OF
    return {
        "card_type": "vote_interaction",
        "main_title": {"title": face.title, **({"desc": face.sub} if face.sub else {})},
        "task_id": message.own,
        "checkbox": {
            "question_key": QUESTION,
            "mode": mode,
            "option_list": [
                {"id": _id(one, mode), "text": one.label, "is_checked": bool(one.ticked)} for one in buttons
            ],
        },
        "submit_button": {"text": message.submit, "key": SEVERAL if mode == ANY_OF else ONE},
    }


def _id(button: Button, mode: int) -> str:
    """Among what may hold together, what does not is marked."""
    return PLAIN + button.does if mode == ANY_OF and button.ticked is None else button.does
