"""What a value is made of, looked up once a class, and how another is made of it."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import fields

if TYPE_CHECKING:
    # msgspec's own would take any name for a field's
    from dataclasses import replace
else:
    from msgspec.structs import replace

__all__ = ["replace", "shape"]


@cache
def shape(kind: type[Any]) -> Mapping[str, Any] | None:
    """Each field and what it is by default; None for what is no value of ours."""
    return {field.name: field.default for field in fields(kind)} if issubclass(kind, Struct) else None
