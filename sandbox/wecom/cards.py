"""Template cards: read from a request with WeCom's complaints, and what a phone shows of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.model import Button, Keyboard
from sandbox.wecom import limits
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError, invalid
from sandbox.wecom.fields import Fields
from sandbox.wecom.model import Content

_TASK_ID = re.compile(r"[0-9A-Za-z_@-]+")
_COMMON = ("card_type", "source", "main_title", "task_id")
_FACES = ("action_menu", "quote_area", "sub_title_text", "horizontal_content_list", "card_action")
_KNOWN = {
    "text_notice": (*_COMMON, *_FACES, "emphasis_content", "jump_list"),
    "news_notice": (
        *_COMMON,
        *(face for face in _FACES if face != "sub_title_text"),
        "card_image",
        "image_text_area",
        "vertical_content_list",
        "jump_list",
    ),
    "button_interaction": (*_COMMON, *_FACES, "button_selection", "button_list"),
    "vote_interaction": (*_COMMON, "checkbox", "submit_button"),
    "multiple_interaction": (*_COMMON, "select_list", "submit_button"),
}
_INNER = {
    "source": ("icon_url", "desc", "desc_color"),
    "main_title": ("title", "desc"),
    "emphasis_content": ("title", "desc"),
    "quote_area": ("type", "url", "appid", "pagepath", "title", "quote_text"),
    "card_action": ("type", "url", "appid", "pagepath"),
    "card_image": ("url", "aspect_ratio"),
    "image_text_area": ("type", "url", "title", "desc", "image_url"),
}
INTERACTIVE = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})


@dataclass(frozen=True, slots=True)
class Card:
    """`has_code`: whether WeCom gives a response_code for it."""

    task_id: str
    content: Content
    has_code: bool


def read_card(corp: Corp, card: Fields, *, update: bool = False) -> Card:
    """Raises what WeCom says of a card that breaks its form. An update may say `replace_text`: the buttons are then
    one that can no longer be tapped."""
    kind = card.string("card_type", required=True)
    if kind not in _KNOWN:
        raise invalid(f"template_card.card_type {kind}")
    card.refuse_unknown(*_KNOWN[kind], *(("replace_text",) if update and kind in INTERACTIVE else ()))
    task_id = _task_id(card, required=kind in INTERACTIVE or "action_menu" in card)
    _read_faces(corp, card)
    keyboard = _BUTTONS[kind](corp, card)
    if "action_menu" in card:
        keyboard += _action_menu(corp, card.inner("action_menu"))
    if replaced := card.string("replace_text"):
        keyboard = disabled(corp, replaced)
    content = Content(text=_text(corp, card, kind), keyboard=keyboard, card=dict(card.values))
    return Card(task_id, content, kind in INTERACTIVE or "action_menu" in card)


def disabled(corp: Corp, words: str) -> Keyboard:
    """What is left of a card's buttons: words that nobody can tap."""
    return ((Button(corp.fit("replace_name", words, limits.BUTTON), ""),),)


def _task_id(card: Fields, *, required: bool) -> str:
    task_id = card.string("task_id", required=False)
    if not task_id and not required:
        return ""
    if not _TASK_ID.fullmatch(task_id) or len(task_id) > limits.TASK_ID:
        raise WecomError(42014, "invalid task_id")
    return task_id


def _text(corp: Corp, card: Fields, kind: str) -> str:
    """Title, its description, sub-title: a line each."""
    title = card.inner("main_title") if "main_title" in card else Fields({})
    lines = (
        corp.fit("main_title.title", title.string("title"), limits.TITLE),
        corp.fit("main_title.desc", title.string("desc"), limits.DESCRIPTION),
        corp.fit("sub_title_text", card.string("sub_title_text"), limits.SUB_TITLE),
    )
    if not lines[0] and (kind != "text_notice" or not lines[2]):
        raise invalid("template_card.main_title.title missing")
    return "\n".join(line for line in lines if line)


def _read_faces(corp: Corp, card: Fields) -> None:
    """What a card may carry beside words and buttons."""
    for name, known in _INNER.items():
        if name in card:
            card.inner(name).refuse_unknown(*known)
    for row in card.rows("horizontal_content_list", 0, limits.FACTS):
        row.refuse_unknown("type", "keyname", "value", "url", "media_id", "userid")
        corp.fit("horizontal_content_list.keyname", row.string("keyname", required=True), limits.FACT_NAME)
        corp.fit("horizontal_content_list.value", row.string("value"), limits.FACT_VALUE)
        match row.integer("type", 0, 0, 3):
            case 1:
                row.string("url", required=True)
            case 2:
                corp.media_file(row.string("media_id", required=True), "file")
            case 3:
                row.string("userid", required=True)
    for row in card.rows("jump_list", 0, limits.JUMPS):
        row.refuse_unknown("type", "title", "url", "appid", "pagepath")
        row.string("title", required=True)
        _jump(row)
    for row in card.rows("vertical_content_list", 0, 4):
        row.refuse_unknown("title", "desc")
        row.string("title", required=True)
    if "card_action" in card:
        _jump(card.inner("card_action"))


def _jump(row: Fields) -> None:
    """0 nowhere, 1 a page, 2 a mini program."""
    match row.integer("type", 0, 0, 2):
        case 1 if not row.string("url"):
            raise WecomError(42028, "template_card url missing")
        case 2:
            row.string("appid", required=True)


def _notice(_corp: Corp, card: Fields) -> Keyboard:
    action = card.inner("card_action", WecomError(42045, "template_card card_action missing"))
    if action.integer("type", 0, 0, 2) == 0:
        raise WecomError(42045, "template_card card_action.type must be 1 or 2")
    if url := action.string("url"):
        return ((Button("查看详情", "", url),),)
    return ()


def _news(corp: Corp, card: Fields) -> Keyboard:
    if "card_image" not in card and "image_text_area" not in card:
        raise invalid("template_card.card_image missing")
    if "card_image" in card:
        card.inner("card_image").string("url", required=True)
    return _notice(corp, card)


def _buttons(corp: Corp, card: Fields) -> Keyboard:
    if "button_selection" in card:
        _selector(card.inner("button_selection"), limits.SELECTION)
    return tuple((_button(corp, row),) for row in card.rows("button_list", 1, limits.BUTTONS))


def _button(corp: Corp, row: Fields) -> Button:
    row.refuse_unknown("type", "text", "style", "key", "url")
    text = corp.fit("button_list.text", row.string("text", required=True), limits.BUTTON)
    row.integer("style", 1, 1, 4)
    if row.integer("type", 0, 0, 1) == 1:
        return Button(text, "", row.string("url", required=True))
    return Button(text, row.string("key", required=True, size=limits.KEY))


def _vote(corp: Corp, card: Fields) -> Keyboard:
    box = card.inner("checkbox")
    box.refuse_unknown("question_key", "option_list", "mode", "disable")
    box.string("question_key", required=True, size=limits.KEY)
    box.integer("mode", 0, 0, 1)
    box.truth("disable")
    options = _options(box, limits.OPTIONS, "is_checked")
    return (*options, *_submit(corp, card))


def _multiple(corp: Corp, card: Fields) -> Keyboard:
    selectors = card.rows("select_list", 1, limits.SELECTORS)
    options = [option for one in selectors for option in _selector(one, limits.SELECTION)]
    if len({one.string("question_key") for one in selectors}) < len(selectors):
        raise invalid("template_card.select_list.question_key duplicate")
    return (*options, *_submit(corp, card))


def _selector(row: Fields, high: int) -> Keyboard:
    row.refuse_unknown("question_key", "title", "disable", "selected_id", "option_list")
    row.string("question_key", required=True, size=limits.KEY)
    row.string("title")
    row.truth("disable")
    options = _options(row, high)
    selected = row.string("selected_id")
    if selected and selected not in [button.data for (button,) in options]:
        raise invalid(f"{row.place}.selected_id {selected}")
    return options


def _options(row: Fields, high: int, *more: str) -> tuple[tuple[Button], ...]:
    found = []
    for option in row.rows("option_list", 1, high):
        option.refuse_unknown("id", "text", *more)
        option.truth("is_checked")
        found.append((Button(option.string("text", required=True), option.string("id", required=True, size=128)),))
    if len({button.data for (button,) in found}) < len(found):
        raise invalid(f"{row.place}.option_list.id duplicate")
    return tuple(found)


def _submit(corp: Corp, card: Fields) -> Keyboard:
    row = card.inner("submit_button")
    row.refuse_unknown("text", "key")
    text = corp.fit("submit_button.text", row.string("text", required=True), limits.BUTTON)
    return ((Button(text, row.string("key", required=True, size=limits.KEY)),),)


def _action_menu(corp: Corp, menu: Fields) -> Keyboard:
    menu.refuse_unknown("desc", "action_list")
    menu.string("desc")
    rows = menu.rows("action_list", 1, 3)
    for row in rows:
        row.refuse_unknown("text", "key")
    texts = [corp.fit("action_list.text", row.string("text", required=True), limits.BUTTON) for row in rows]
    keys = [row.string("key", required=True, size=limits.KEY) for row in rows]
    return tuple((Button(text, key),) for text, key in zip(texts, keys, strict=True))


_BUTTONS: dict[str, Callable[[Corp, Fields], Keyboard]] = {
    "text_notice": _notice,
    "news_notice": _news,
    "button_interaction": _buttons,
    "vote_interaction": _vote,
    "multiple_interaction": _multiple,
}
