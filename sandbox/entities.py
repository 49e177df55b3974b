"""Entities that a call brings with its text: bold, spoiler, … by offset and length.

Every check and its words are those of TDLib's td/telegram/MessageEntity.cpp (fix_formatted_text)."""

from itertools import accumulate, pairwise

from sandbox.errors import bad_request, not_built
from sandbox.limits import utf16_length
from sandbox.model import Entity

_PLAIN_KINDS = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "blockquote", "expandable_blockquote"}
)
_FARTHEST = 1_000_000


def given_entities(value: object, text: str) -> tuple[Entity, ...]:
    """Those that cover something, in their order. Raises ApiError for one that lies outside the text, or that begins
    or ends inside a character."""
    if not isinstance(value, list):
        return ()
    entities = sorted((_entity(one) for one in value), key=lambda one: (one.offset, -one.length))
    for one in entities:
        _check_span(one)
    entities = [one for one in entities if one.length]
    borders = _borders(text)
    for one in entities:
        _check_place(one, borders)
    for one, following in pairwise(entities):
        if one.offset < following.offset < one.offset + one.length < following.offset + following.length:
            raise not_built("entities that overlap are not built")
    return tuple(one for one in entities if _covered(text, one).strip())


def _entity(value: object) -> Entity:
    if not isinstance(value, dict):
        raise bad_request("Can't parse MessageEntity: expected an Object")
    kind = str(value.get("type", ""))
    try:
        offset, length = int(value["offset"]), int(value["length"])
    except (KeyError, TypeError, ValueError) as error:
        raise bad_request('Can\'t parse MessageEntity: Field "offset" must be of type Number') from error
    match kind:
        case "text_link":
            return Entity(kind, offset, length, str(value.get("url", "")))
        case "pre":
            return Entity(kind, offset, length, str(value.get("language", "")))
        case _ if kind in _PLAIN_KINDS:
            return Entity(kind, offset, length)
        case _:
            raise bad_request("Can't parse MessageEntity: Unsupported type specified")


def _check_span(entity: Entity) -> None:
    if not 0 <= entity.offset <= _FARTHEST:
        raise bad_request(f"Receive an entity with incorrect offset {entity.offset}")
    if not 0 <= entity.length <= _FARTHEST:
        raise bad_request(f"Receive an entity with incorrect length {entity.length}")


def _borders(text: str) -> dict[int, int]:
    """Where characters begin, and where the text ends: UTF-16 offset → byte offset."""
    units = accumulate((utf16_length(character) for character in text), initial=0)
    bytes_ = accumulate((len(character.encode()) for character in text), initial=0)
    return dict(zip(units, bytes_, strict=True))


def _check_place(entity: Entity, borders: dict[int, int]) -> None:
    begin, end, last = entity.offset, entity.offset + entity.length, max(borders)
    if begin > last:
        raise bad_request(f"Entity begins after the end of the text at UTF-16 offset {begin}")
    if begin not in borders:
        raise bad_request(f"Entity begins in a middle of a UTF-16 symbol at byte offset {borders[begin + 1]}")
    if end > last:
        raise bad_request(
            f"Entity beginning at UTF-16 offset {begin} ends after the end of the text at UTF-16 offset {end}"
        )
    if end not in borders:
        raise bad_request(
            f"Entity beginning at UTF-16 offset {begin} ends in a middle of a UTF-16 symbol at byte offset "
            f"{borders[end + 1]}"
        )


def veiled(text: str, entities: tuple[Entity, ...]) -> str:
    """The text as a notification and the list of chats show it: what is under a spoiler cannot be read."""
    units = text.encode("utf-16-le")
    for one in entities:
        if one.kind == "spoiler":
            cover = ("▒" * one.length).encode("utf-16-le")
            units = units[: 2 * one.offset] + cover + units[2 * (one.offset + one.length) :]
    return units.decode("utf-16-le")


def _covered(text: str, entity: Entity) -> str:
    units = text.encode("utf-16-le")
    return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
