"""How a value is made of another."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # msgspec's own would take any name for a field's
    from dataclasses import replace
else:
    from msgspec.structs import replace

__all__ = ["replace"]
