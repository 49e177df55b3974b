"""What a dataclass is made of, looked up once a class."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any


@cache
def shape(kind: type[Any]) -> Mapping[str, Any] | None:
    """Each field and what it is by default; None for what is no dataclass."""
    return {field.name: field.default for field in fields(kind)} if is_dataclass(kind) else None
