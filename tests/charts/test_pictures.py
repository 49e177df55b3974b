"""The numbers of a picture: counted from the marks, kept as JSON, without a place for a person's name."""

import json
from types import UnionType
from typing import get_args, get_type_hints

import pytest
from msgspec import Struct

from handlers.bodies import Body, decode, encode
from handlers.model import text
from handlers.pictures import Cell, GradeRow, Mark, Morning, SchoolBlock
from handlers.values import replace
from tests.charts.samples import closed, nobody, samples, three

# Strings that a picture may hold. A new one is to be asked first whether a person's name could get into it.
NAMELESS = {
    "Morning.as_of",
    "Morning.district",
    "Morning.groups",
    "Morning.language",
    "Morning.outage",
    "Morning.updated",
    "SchoolBlock.id",
    "SchoolBlock.name",
    "SchoolBlock.short",
    "GradeRow.grade",
    "Cell.label",
    "Cell.mark",
    "Gap.name",
}


def row(picture: Morning, **changed: object) -> str:
    """The row of a message with this picture; `changed` are fields of it."""
    said = json.loads(encode(Body(text("post.plain"), picture=picture)))
    return json.dumps(said | {"picture": said["picture"] | changed})


@pytest.mark.parametrize("name", sorted(samples()))
def test_a_picture_survives_its_row(name: str) -> None:
    picture = samples()[name]
    assert decode(row(picture)).picture == picture


@pytest.mark.parametrize("kind", ["", "progress", None])
def test_an_unknown_kind_of_picture_is_refused(kind: str | None) -> None:
    with pytest.raises(ValueError, match=r"at `\$\.picture\.kind`"):
        decode(row(three(), kind=kind))


def test_a_wrong_field_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown field `teacher`"):
        decode(row(three(), teacher="王老师"))


def test_a_picture_has_no_field_for_a_name() -> None:
    assert _strings(Morning) == NAMELESS


def test_classes_are_counted_from_their_marks() -> None:
    rows = (
        GradeRow("一", (Cell("1", Mark.ON_TIME), Cell("2", Mark.LATE, proxy=True), Cell("3", Mark.MISSING))),
        GradeRow("二", (Cell("1", Mark.UNBOUND), Cell("2", Mark.EXCUSED))),
    )
    picture = replace(three(), schools=(replace(three().schools[0], rows=rows),))
    assert (picture.expected_classes, picture.reported, picture.on_time, picture.late) == (4, 2, 1, 1)
    assert [(row.grade, cell.label) for _, row, cell in picture.missing] == [("一", "3"), ("二", "1")]


@pytest.mark.parametrize("picture", [*samples().values(), closed(), nobody()])
def test_on_time_late_and_missing_are_all_that_were_due(picture: Morning) -> None:
    assert picture.on_time + picture.late + len(picture.missing) == picture.expected_classes
    assert picture.reported == picture.on_time + picture.late


def test_missing_classes_keep_the_schools_own_order() -> None:
    schools = [school.id for school, _, _ in samples()["135_schools_bad_day"].missing]
    assert schools == sorted(schools, key=lambda id: int(id[1:]))


def test_a_silent_school_is_still_a_school() -> None:
    block: SchoolBlock = nobody().schools[0]
    assert (block.expected_classes, block.reported) == (24, 0)


def _strings(kind: type[Struct]) -> set[str]:
    """Every field that can hold a string, of this class and of those it holds."""
    found: set[str] = set()
    hints = get_type_hints(kind)
    for name in kind.__struct_fields__:
        for inner in _inner(hints[name]):
            if issubclass(inner, Struct):
                found |= _strings(inner)
            elif issubclass(inner, str):
                found.add(f"{kind.__name__}.{name}")
    return found


def _inner(hint: object) -> set[type]:
    if isinstance(hint, type) and not get_args(hint):
        return {hint}
    parts = (
        [part for part in get_args(hint) if part is not ...] if get_args(hint) or isinstance(hint, UnionType) else []
    )
    return {inner for part in parts for inner in _inner(part)}
