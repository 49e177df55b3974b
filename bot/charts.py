"""Numbers → PNG. The only file that imports matplotlib (some 60 MB and 0.4 s: import it when a picture is first due).

Draws straight on Agg's own surface: no figure, no pyplot, so nothing is left behind by a picture. A process keeps its
two surfaces of 24 MB, for the allocator would keep one more now and then; pictures take turns on them. Type is set at
the end, over all that is drawn: a character of a size is rendered once and then stamped, for a district's table holds
some two thousand. Not for the event loop: a picture takes some 0.2 s of CPU.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from io import BytesIO
from math import ceil, floor
from threading import Lock

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontPath, get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform
from msgspec import Struct
from noto_cjk_sans_otc import FONT_PATH
from PIL import Image, ImageColor

from bot.pictures.morning import compose
from bot.pictures.sheet import HEIGHT, INK, WIDTH, Align, Points, Words
from handlers.pictures import Morning

FAMILY = "Noto Sans CJK SC"
# Twice the layout's pixels: chat programs shrink a picture to 1,280 px and compress it, small type must survive that.
SCALE = 2
# 〓, the printers' mark for a character they have no type for: never a silent blank
GETA = "\u3013"
# the spaces of the words; any other character without ink is one that lacks its glyph
BLANK = " \u00a0\u3000"
# A line of CJK type hangs this part of its size below its middle.
BASELINE = 0.38
SMALLEST = 0.72
STEP = 8  # sizes of type are whole eighths of a pixel, so that few differ
_PROBE = 100
_ONE_AT_A_TIME = Lock()


class Glyph(Struct, frozen=True):
    """A character's ink in pixels of the picture: how far from the pen, how far above the baseline; None: a space."""

    left: int
    above: int
    ink: Image.Image | None


def draw_morning(picture: Morning, words: Words) -> bytes:
    """今日晨检一览 as PNG, 2160×2880. `words` gives the sentence of a key (Words.say of the picture's language)."""
    with _ONE_AT_A_TIME:
        canvas = Canvas()
        compose(canvas, picture, words)
        return canvas.png()


class Canvas:
    """The Sheet of bot/pictures/sheet.py on Agg. A new one wipes what the one before has drawn: one at a time."""

    def __init__(self) -> None:
        agg, self._picture = _surfaces()
        # in truth a view of Agg's own memory, which Pillow reads without a copy
        self._pixels: Callable[[], bytes] = agg.buffer_rgba
        self._agg: RendererBase = agg
        self._type: list[tuple[int, int, Image.Image, str]] = []
        # over all of the picture before
        self._shape(Path.unit_rectangle(), Affine2D().scale(WIDTH, HEIGHT), fill="#ffffff")

    def width(self, text: str, size: float) -> float:
        return sum(_advance(character) for character in printable(text)) * size

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
        text = printable(text)
        if room is not None:
            text, size = self._fit(text, size, room)
        width = self.width(text, size)
        left = x - {"left": 0.0, "middle": width / 2, "right": width}[align]
        self._set(left, y + BASELINE * size, text, size, colour)
        if bold:
            # the package brings one weight; struck twice it reads as bold
            self._set(left + size * 0.035, y + BASELINE * size, text, size, colour)
        return width

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
    ) -> None:
        dashes = (3 * thick, 2 * thick) if dashed else ()
        path = _rounded(x, y, width, height, radius) if radius else _polygon(x, y, width, height)
        self._shape(path, Affine2D(), fill=fill, edge=edge, thick=thick, dashes=dashes)

    def disc(self, x: float, y: float, radius: float, *, fill: str, edge: str, half: bool = False) -> None:
        place = Affine2D().scale(radius).translate(x, y)
        self._shape(Path.unit_circle(), place, fill="#ffffff" if half else fill, edge=edge, thick=radius * 0.2)
        if half:
            self._shape(Path.wedge(90, 270), place, fill=fill)

    def line(self, points: Points, *, colour: str, thick: float = 1, dashes: Sequence[float] = ()) -> None:
        self._shape(Path(list(points)), Affine2D(), edge=colour, thick=thick, dashes=dashes)

    def png(self) -> bytes:
        out = BytesIO()
        # without the alpha of a paper that is white all over
        self._picture.frombytes(self._pixels(), "raw", "RGBX")
        for x, y, ink, colour in self._type:
            self._picture.paste(ImageColor.getrgb(colour), (x, y), ink)
        # 256 colours hold a few flat ones and their soft edges: two fifths of the bytes, and less time, also because
        # level 3 costs half of the usual 6 for a fifth more bytes. A quarter of the pixels has them all, for nothing
        # that is drawn is thinner than two.
        quarter = self._picture.resize((self._picture.width // 2, self._picture.height // 2), Image.Resampling.NEAREST)
        colours = quarter.quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few = self._picture.quantize(palette=colours, dither=Image.Dither.NONE)
        few.save(out, "png", compress_level=3)
        return out.getvalue()

    def _fit(self, text: str, size: float, room: float) -> tuple[str, float]:
        width = self.width(text, size)
        if width <= room:
            return text, size
        size = floor(STEP * size * max(SMALLEST, room / width)) / STEP
        if self.width(text, size) <= room + 0.5:
            return text, size
        while text and self.width(text + "…", size) > room:
            text = text[:-1]
        return text + "…", size

    def _set(self, x: float, y: float, text: str, size: float, colour: str) -> None:
        for character in text:
            glyph = _glyph(character, size * SCALE)
            if glyph.ink is not None:
                place = (round(x * SCALE) + glyph.left, round(y * SCALE) - glyph.above)
                self._type.append((*place, glyph.ink, colour))
            x += _advance(character) * size

    def _shape(
        self,
        path: Path,
        place: Transform,
        *,
        fill: str | None = None,
        edge: str | None = None,
        thick: float = 0,
        dashes: Sequence[float] = (),
    ) -> None:
        pen = self._pen(edge or INK)
        pen.set_linewidth(thick if edge else 0)
        if dashes:
            pen.set_dashes(0, list(dashes))
        upright = Affine2D().scale(SCALE, -SCALE).translate(0, HEIGHT * SCALE)
        self._agg.draw_path(pen, path, place + upright, to_rgba(fill) if fill else None)

    def _pen(self, colour: str) -> GraphicsContextBase:
        pen = self._agg.new_gc()
        pen.set_foreground(colour)
        return pen


@cache
def _surfaces() -> tuple[RendererAgg, Image.Image]:
    """What is drawn on, and what the type is set on."""
    width, height = WIDTH * SCALE, HEIGHT * SCALE
    # points are pixels of the layout: 72 of them an inch
    agg = RendererAgg(width, height, 72 * SCALE)  # type: ignore[no-untyped-call]
    return agg, Image.new("RGB", (width, height))


@cache
def face() -> FontPath:
    """The Simplified Chinese face of the collection: the same font on every machine, installed or not."""
    for index in range(FT2Font(FONT_PATH).num_faces):
        if FT2Font(FONT_PATH, face_index=index).family_name == FAMILY:
            return FontPath(str(FONT_PATH), index)
    raise RuntimeError(f"{FONT_PATH} holds no {FAMILY}")


def printable(text: str) -> str:
    """One line in which every character has a glyph; 〓 stands for one that has none, as rare names may."""
    return "".join(character if _drawable(character) else GETA for character in re.sub(r"[\t-\r]+", " ", text))


@cache
def _drawable(character: str) -> bool:
    """False for a character that the font lacks, or holds as an empty outline (which would give no warning)."""
    if character in BLANK:
        return True
    return bool(get_font(face()).get_char_index(ord(character))) and _inked(character)


def _inked(character: str) -> bool:
    font = get_font(face())
    font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    return len(font.get_path()[0]) > 0


@cache
def _advance(character: str) -> float:
    """Of the type's size."""
    font = get_font(face())
    font.set_size(_PROBE, 72)
    return font.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / _PROBE


@lru_cache(maxsize=4096)
def _glyph(character: str, size: float) -> Glyph:
    font = get_font(face())
    font.clear()
    font.set_size(size, 72)
    found = font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    # 64ths of a pixel, upwards
    left, low, right, high = (one / 64 for one in found.bbox)
    width, height = ceil(right) - floor(left), ceil(high) - floor(low)
    if not width or not height:
        return Glyph(0, 0, None)
    ink = np.zeros((height, width), np.uint8)
    # it adds what the ink is from the pen, as a page needs it
    font.draw_glyph_to_bitmap(ink, -floor(left), 0, found)
    return Glyph(floor(left), ceil(high), Image.fromarray(ink))


def _polygon(x: float, y: float, width: float, height: float) -> Path:
    return Path([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)], closed=True)


def _rounded(x: float, y: float, width: float, height: float, radius: float) -> Path:
    right, low = x + width, y + height
    curve = [Path.CURVE3, Path.CURVE3, Path.LINETO]
    corners = [
        *((x + radius, y), (right - radius, y), (right, y), (right, y + radius)),
        *((right, low - radius), (right, low), (right - radius, low), (x + radius, low)),
        *((x, low), (x, low - radius), (x, y + radius), (x, y), (x + radius, y), (x + radius, y)),
    ]
    codes = [Path.MOVETO, Path.LINETO, *curve, *curve, *curve, Path.CURVE3, Path.CURVE3, Path.CLOSEPOLY]
    return Path(corners, codes)
