"""What a message says, as the text of one row: encode before it is stored, decode before it is shown."""

import json
from collections.abc import Mapping
from typing import Any, assert_never

from msgspec import Struct

from handlers import pictures
from handlers.model import (
    Account,
    ByLanguage,
    Choice,
    Choices,
    Message,
    Paper,
    Private,
    PupilRef,
    Sheet,
    Text,
    Typed,
    Value,
    Workbook,
)
from handlers.pictures import Picture


class Body(Struct, frozen=True):
    """The part of a Message that is shown; when and to whom are columns of their own."""

    text: Text
    choices: Choices = ()
    picture: Picture | None = None
    workbook: Workbook | None = None
    paper: tuple[str, Paper] | None = None
    menu: tuple[str, ...] = ()
    in_words: bool = False
    in_full: bool = False

    @property
    def attaches(self) -> bool:
        """It has a picture or a file beside its words."""
        return self.picture is not None or self.workbook is not None or self.paper is not None


def encode(message: Message | Body) -> str:
    """Order is kept, and with it the order in which a picture shows its groups."""
    body: dict[str, object] = {"text": _from_text(message.text)}
    if message.choices:
        body["choices"] = [[_from_choice(one) for one in row] for row in message.choices]
    if message.picture is not None:
        body["picture"] = pictures.to_plain(message.picture)
    if message.workbook is not None:
        body["workbook"] = [message.workbook.name, [_from_sheet(sheet) for sheet in message.workbook.sheets]]
    if message.paper is not None:
        body["paper"] = message.paper
    if message.menu:
        body["menu"] = message.menu
    if message.in_words:
        body["in_words"] = 1
    if message.in_full:
        body["in_full"] = 1
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def decode(stored: str) -> Body:
    """Raises ValueError, KeyError or TypeError for a text that `encode` did not write."""
    body = json.loads(stored)
    return Body(
        text=_to_text(body["text"]),
        choices=tuple(tuple(map(_to_choice, row)) for row in body.get("choices", ())),
        picture=pictures.from_plain(body["picture"]) if "picture" in body else None,
        workbook=_to_workbook(body["workbook"]) if "workbook" in body else None,
        paper=(body["paper"][0], Paper(body["paper"][1])) if "paper" in body else None,
        menu=tuple(body.get("menu", ())),
        in_words="in_words" in body,
        in_full="in_full" in body,
    )


def _from_choice(one: Choice) -> list[object]:
    """Short where nothing more is to be said: most are."""
    said: list[object] = [_from_text(one.label), one.does]
    return said if one.ticked is None and one.number is None else [*said, one.ticked, one.number]


def _to_choice(stored: Any) -> Choice:
    label, *said = stored
    return Choice(_to_text(label), *said)


def _from_text(text: Text) -> list[object]:
    return [text.key, {name: _from_value(value) for name, value in text.values.items()}]


def _from_value(value: Value) -> object:
    """Words and numbers stand for themselves; everything else is an object named by its one key."""
    match value:
        case str() | int():
            return value
        case Text():
            return {"text": _from_text(value)}
        case PupilRef():
            return {"pupil": [value.id, value.seat, int(value.alone)]}
        case Typed():
            return {"typed": [value.words, value.author]}
        case Account():
            return {"account": value.words}
        case Private():
            return {"private": _from_value(value.value)}
        case ByLanguage():
            return {"by_language": dict(value.words)}
        case tuple():
            return {"lines": [_from_text(line) for line in value]}
        case _:
            assert_never(value)


def _to_text(stored: Any) -> Text:
    key, values = stored
    return Text(key, {name: _to_value(value) for name, value in values.items()})


def _to_value(stored: str | int | Mapping[str, Any]) -> Value:
    match stored:
        case str() | int():
            return stored
        case {"text": text}:
            return _to_text(text)
        case {"pupil": [id, seat, alone]}:
            return PupilRef(id, seat, bool(alone))
        case {"typed": [words, author]}:
            return Typed(words, author)
        case {"account": words}:
            return Account(words)
        case {"private": value}:
            return Private(_to_value(value))
        case {"by_language": words}:
            return ByLanguage(words)
        case {"lines": lines}:
            return tuple(_to_text(line) for line in lines)
        case _:
            raise ValueError(f"no value of a text is written like this: {stored!r:.80}")


def _from_sheet(sheet: Sheet) -> list[object]:
    rows = [[None if cell is None else _from_value(cell) for cell in row] for row in sheet.rows]
    return [sheet.name, sheet.headers, rows]


def _to_workbook(stored: Any) -> Workbook:
    name, sheets = stored
    return Workbook(name, tuple(_to_sheet(sheet) for sheet in sheets))


def _to_sheet(stored: Any) -> Sheet:
    name, headers, rows = stored
    return Sheet(name, tuple(headers), tuple(tuple(map(_to_cell, row)) for row in rows))


def _to_cell(stored: Any) -> str | int | Text | None:
    match stored:
        case None | str() | int():
            return stored
        case {"text": text}:
            return _to_text(text)
        case _:
            raise ValueError(f"no cell of a sheet is written like this: {stored!r:.80}")
