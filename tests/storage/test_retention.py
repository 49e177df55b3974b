"""What tells of a pupil is known to retention: a table or a fact that comes later and is forgotten here fails here."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from msgspec import Struct

from bot.texts import Words
from handlers.facts import Fact
from handlers.model import Entry, Symptom
from handlers.rulebook import KEPT
from storage import Tx, open_storage
from storage.persons import OF_STAFF, PUPIL
from storage.retention import CHAIN, HELD, OF_HEALTH, ROLL

# where a pupil sits is kept without a name, so that old sums stay true
STAYS = {"enrolment"}


def columns(tx: Tx) -> dict[str, set[str]]:
    tables = [row["name"] for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {one: {row["name"] for row in tx.all(f"SELECT name FROM pragma_table_info('{one}')")} for one in tables}  # noqa: S608


async def test_every_table_that_names_a_pupil_is_erased_with_them(tmp_path: Path) -> None:
    storage = await open_storage(f"sqlite:///{tmp_path / 'zero.db'}")
    found = await storage.read(columns)
    await storage.close()
    naming = {table for table, names in found.items() if "pupil" in names}
    assert naming - STAYS <= {one.table for one in HELD if one.pupil is not None}
    assert {one.table for one in HELD} <= set(found)


def test_every_class_of_data_has_its_days() -> None:
    assert {one.kind for one in HELD if one.old is not None} <= set(KEPT)


def inside(kind: Any) -> Iterator[Any]:
    """Every type that a value of this one may hold."""
    yield kind
    if isinstance(kind, type) and issubclass(kind, Struct):
        for hint in get_type_hints(kind).values():
            yield from inside(hint)
    for part in get_args(kind):
        yield from inside(part)


def test_a_fact_that_holds_how_a_pupil_was_goes_with_the_health_rows() -> None:
    telling = {one.__name__ for one in get_args(Fact) if {Entry, Symptom} & set(inside(one))}
    assert "Reported" in telling
    assert telling <= set(OF_HEALTH)


def test_every_fact_that_retention_names_exists() -> None:
    assert {*OF_HEALTH, *ROLL, *CHAIN} <= {one.__name__ for one in get_args(Fact)}
    assert all(one.__struct_fields__ for one in get_args(Fact))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_is_handed_out_has_a_name(language: str) -> None:
    words = Words(language)
    for table in {*OF_STAFF, *PUPIL, *(one.table for one in HELD if one.pupil)}:
        assert words.say(f"machine.table.{table}")
