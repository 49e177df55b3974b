"""A WeCom card as the page draws it: its words as far as a phone shows them, and what can be chosen or pressed now."""

from collections.abc import Iterator, Mapping

from sandbox.model import Button, Message
from sandbox.wecom import limits
from sandbox.wecom.fields import Fields

Json = dict[str, object]


def card_json(message: Message) -> Json:
    """`questions`: what is ticked or picked before 提交. A card whose buttons became words has
    these words alone: a button without `data` and `url`."""
    card, shown = Fields(message.card), [button for row in message.keyboard for button in row]
    alive = any(button.data or button.url for button in shown)
    labels = {button.data: button.text for button in shown} if alive else {}
    title, submit, menu = _inner(card, "main_title"), _inner(card, "submit_button"), _keys(card, "action_menu")
    asked = alive and bool(submit.values)
    return {
        "title": title.string("title")[: limits.TITLE],
        "description": title.string("desc")[: limits.DESCRIPTION],
        "sub": card.string("sub_title_text")[: limits.SUB_TITLE],
        "facts": [
            {"name": row.string("keyname"), "value": row.string("value")}
            for row in _rows(card, "horizontal_content_list")
        ],
        "questions": list(_questions(card, labels)) if alive else [],
        "buttons": [] if asked else [_button(one, card) for one in shown if one.data not in menu],
        "submit": {"text": labels[submit.string("key")], "data": submit.string("key")} if asked else None,
        "menu": [{"text": one.text, "data": one.data} for one in shown if one.data in menu],
    }


def _questions(card: Fields, labels: Mapping[str, str]) -> Iterator[Json]:
    """A vote's boxes; drop-downs."""
    if "checkbox" in card:
        box = card.inner("checkbox")
        chosen = [row.string("id") for row in _rows(box, "option_list") if row.values.get("is_checked")]
        yield {"kind": "many" if box.integer("mode") else "one", **_asked(box, labels), "chosen": chosen}
    for row in _rows(card, "select_list"):
        first = _rows(row, "option_list")[0].string("id")
        yield {"kind": "list", **_asked(row, labels), "chosen": [row.string("selected_id") or first]}


def _asked(question: Fields, labels: Mapping[str, str]) -> Json:
    options = [(row.string("id"), row.string("text")) for row in _rows(question, "option_list")]
    return {
        "title": question.string("title"),
        "options": [{"id": id, "text": labels.get(id, text)} for id, text in options],
    }


def _button(button: Button, card: Fields) -> Json:
    styles = {row.string("key"): row.integer("style", 1) for row in _rows(card, "button_list")}
    return {"text": button.text, "data": button.data, "url": button.url, "style": styles.get(button.data, 1)}


def _keys(card: Fields, menu: str) -> frozenset[str]:
    return frozenset(row.string("key") for row in _rows(_inner(card, menu), "action_list"))


def _inner(card: Fields, name: str) -> Fields:
    return card.inner(name) if name in card else Fields({})


def _rows(fields: Fields, name: str) -> tuple[Fields, ...]:
    return fields.rows(name, 0, limits.OPTIONS)
