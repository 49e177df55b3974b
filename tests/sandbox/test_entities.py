"""Entities by offset and length: what Telegram refuses, in its words, and what it makes of the rest."""

import pytest

from sandbox.entities import given_entities, veiled
from sandbox.errors import ApiError
from sandbox.model import Entity


def spoiler(offset: int, length: int) -> dict[str, object]:
    return {"type": "spoiler", "offset": offset, "length": length}


COMPLAINTS = {
    (-1, 1): "receive an entity with incorrect offset -1",
    (0, -1): "receive an entity with incorrect length -1",
    (1_000_001, 1): "receive an entity with incorrect offset 1000001",
    (9, 1): "entity begins after the end of the text at UTF-16 offset 9",
    (3, 6): "entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16 offset 9",
    (1, 3): "entity begins in a middle of a UTF-16 symbol at byte offset 4",
    (0, 1): "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 4",
}


@pytest.mark.parametrize(("span", "words"), COMPLAINTS.items())
def test_a_span_outside_the_text_or_inside_a_character_is_refused(span: tuple[int, int], words: str) -> None:
    with pytest.raises(ApiError) as caught:
        given_entities([spoiler(*span)], "👉三(2)班")
    assert caught.value.description == f"Bad Request: {words}"


@pytest.mark.parametrize(
    ("one", "words"),
    [
        ({"type": "hologram", "offset": 0, "length": 1}, "can't parse MessageEntity: Unsupported type specified"),
        ({"type": "spoiler"}, 'can\'t parse MessageEntity: Field "offset" must be of type Number'),
        ("spoiler", "can't parse MessageEntity: expected an Object"),
    ],
)
def test_what_is_no_entity_is_refused(one: object, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        given_entities([one], "三(2)班")
    assert caught.value.description == f"Bad Request: {words}"


def test_spans_of_nothing_and_of_spaces_alone_are_dropped_and_the_rest_is_put_in_order() -> None:
    given = [spoiler(4, 2), spoiler(0, 2), spoiler(2, 0), spoiler(2, 1)]
    assert given_entities(given, "👉 \n王明") == (Entity("spoiler", 0, 2), Entity("spoiler", 4, 2))


def test_entities_may_stand_in_one_another_and_nothing_else_is_built() -> None:
    given = [{"type": "bold", "offset": 0, "length": 4}, spoiler(1, 2)]
    assert [one.kind for one in given_entities(given, "三(2)班")] == ["bold", "spoiler"]
    with pytest.raises(ApiError, match="overlap"):
        given_entities([spoiler(0, 2), {"type": "bold", "offset": 1, "length": 2}], "三(2)班")


def test_under_a_spoiler_nothing_is_read_in_a_notification() -> None:
    assert veiled("👉𠮷小明38.5", (Entity("spoiler", 2, 4), Entity("bold", 6, 4))) == "👉▒▒▒▒38.5"
