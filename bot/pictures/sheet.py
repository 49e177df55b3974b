"""The paper a picture is laid out on: what can be drawn, its size and its inks. Units are pixels, y grows downwards."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol

from msgspec import Struct

Words = Callable[[str, Mapping[str, object]], str]
Align = Literal["left", "middle", "right"]
Points = Sequence[tuple[float, float]]

# 3:4 upright, the largest shape that a phone shows whole
WIDTH, HEIGHT = 1080, 1440
MARGIN = 36
INNER = WIDTH - 2 * MARGIN

# Every state differs in shape too: leaders print in black and white.
INK = "#16202b"
MUTED = "#55616d"
FAINT = "#c9d1d9"
PALE = "#eef2f6"
PAPER = "#ffffff"
RED = "#c1121f"
GREEN = "#1d7a4c"
AMBER = "#b35c00"
GREY = "#d3d9df"


class Area(Struct, frozen=True):
    """A part of the sheet."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


class Sheet(Protocol):
    def width(self, text: str, size: float) -> float: ...

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        colour: str = INK,
        align: Align = "left",
        bold: bool = False,
        room: float | None = None,
    ) -> float:
        """One line around the height `y`; smaller, then cut with …, where it would be wider than `room`.
        Returns the width it took."""

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        edge: str | None = None,
        thick: float = 1,
        dashed: bool = False,
        radius: float = 0,
    ) -> None: ...

    def disc(self, x: float, y: float, radius: float, *, fill: str, edge: str, half: bool = False) -> None:
        """A half disc is filled at its left only."""

    def line(self, points: Points, *, colour: str, thick: float = 1, dashes: Sequence[float] = ()) -> None: ...
