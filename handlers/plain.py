"""Nouns as text and back: instants and days for columns, values as canonical JSON."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

V = TypeVar("V")

SCALARS: Final = (str, int, float, NoneType)


def stamp(instant: datetime) -> str:
    """UTC text of one width, so that text order is time order."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def unstamp(text: str) -> datetime:
    """Of what `stamp` wrote. Raises ValueError."""
    return datetime.fromisoformat(text)


def instant_or_none(text: str | None) -> datetime | None:
    """None for what has not happened."""
    return unstamp(text) if text else None


def day_or_none(text: str | None) -> date | None:
    """None where no day is known."""
    return date.fromisoformat(text) if text else None


def canonical(value: Any) -> str:
    """JSON: the same value always gives the same text."""
    return msgspec.json.encode(_plain(value), order="sorted").decode()


def _plain(value: Any) -> Any:
    """Structs as objects, tuples as lists, days and instants as columns have them."""
    if isinstance(value, SCALARS):
        return value
    if isinstance(value, Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def read(kind: type[V], text: str) -> V:
    """A value of this kind from its JSON. Raises ValueError for any other text."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise ValueError(f"no {kind}: {error}") from error
