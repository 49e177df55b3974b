"""The PNG itself: sharp, the same everywhere, no blank glyph, nothing left in memory."""

import gc
import struct
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import get_font
from noto_cjk_sans_otc import FONT_PATH
from numpy.typing import NDArray
from PIL import Image

import bot.texts
from bot.charts import GETA, Canvas, draw_morning, face, printable
from bot.pictures.marks import draw_lacking, draw_mark, draw_unwell
from bot.pictures.sheet import HEIGHT
from bot.texts import Words
from handlers.pictures import Mark
from tests.charts.noting import sample
from tests.charts.samples import samples, three

WORDS = Words("zh").say


def test_the_picture_is_a_png_of_twice_its_layout_and_small_enough_for_every_channel() -> None:
    png = draw_morning(samples()["135_schools_bad_day"], WORDS)
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (2160, 2880)
    assert len(png) < 2_000_000


def test_the_same_numbers_give_the_same_picture_in_any_thread() -> None:
    alone = draw_morning(three(), WORDS)
    with ThreadPoolExecutor(3) as pool:
        drawn = list(pool.map(lambda _: draw_morning(three(), WORDS), range(6)))
    assert all(png == alone for png in drawn)


def test_the_font_comes_with_the_install() -> None:
    assert str(face()) == str(FONT_PATH)
    assert get_font(face()).family_name == "Noto Sans CJK SC"


@pytest.mark.parametrize("name", sorted(samples()))
def test_every_character_of_the_samples_has_a_glyph(name: str) -> None:
    glyphs = get_font(face()).get_charmap()
    said = set("".join(sample(name).texts)) - {" "}
    assert sorted(character for character in said if ord(character) not in glyphs) == []
    assert GETA not in printable("".join(sorted(said)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_character_of_the_words_has_a_glyph(language: str) -> None:
    path = Path(bot.texts.__file__).with_name(f"picture.{language}.toml")
    said = "".join(tomllib.loads(path.read_text(encoding="utf-8"))["picture"].values())
    assert GETA not in printable(said)


def test_every_character_of_gb2312_has_a_glyph() -> None:
    pairs = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    said = "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)
    assert len(said) == 6763
    assert printable(said) == said


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("中心校", "中心校"),
        ("37.3℃ ①○●□", "37.3℃ ①○●□"),
        ("𠮷田校", "𠮷田校"),
        ("校\U000f0000", "校〓"),
        ("向日葵🌻校", "向日葵〓校"),
        ("东\n湖\t校", "东 湖 校"),
        ("东\u200b湖", "东〓湖"),
        ("$x^2$", "$x^2$"),
    ],
)
def test_a_character_without_a_glyph_is_never_a_silent_blank(name: str, drawn: str) -> None:
    assert printable(name) == drawn


def test_a_written_width_is_what_is_measured() -> None:
    canvas = Canvas()
    assert canvas.width("东湖学区", 20) == pytest.approx(80)
    assert canvas.write(0, 20, "东湖学区", size=20) == pytest.approx(80)
    assert canvas.write(0, 20, "东湖学区东湖学区", size=20, room=100) <= 100


def test_a_picture_leaves_nothing_but_what_all_are_drawn_on() -> None:
    draw_morning(three(), WORDS)
    # a program that another test ran in this process has taken what there was out of the collector's sight
    gc.unfreeze()
    gc.collect()
    gc.disable()
    try:
        before = surfaces()
        draw_morning(three(), WORDS)
        assert before
        assert surfaces() == before
    finally:
        gc.enable()


def surfaces() -> set[int]:
    """Which there are: one that is made anew has another place."""
    return {id(found) for found in gc.get_objects() if isinstance(found, RendererAgg)}


def test_nothing_of_the_picture_before_is_in_the_next() -> None:
    first = draw_morning(three(), WORDS)
    draw_morning(samples()["135_schools_bad_day"], WORDS)
    assert draw_morning(three(), WORDS) == first


# each within a square of 26 px, as in a cell
SIGNS: dict[str, Callable[[Canvas, float, float], object]] = {
    **{mark: lambda canvas, x, y, mark=mark: draw_mark(canvas, mark, x, y, 26) for mark in Mark},  # type: ignore[misc]
    "unwell": lambda canvas, x, y: draw_unwell(canvas, 2, False, x, y, 22),
    "fever": lambda canvas, x, y: draw_unwell(canvas, 2, True, x, y, 22),
    "lacking": lambda canvas, x, y: draw_lacking(canvas, 2, x, y, 20),
    "proxy": lambda canvas, x, y: canvas.write(x, y, "代", size=26, align="middle", bold=True),
}


def test_the_marks_differ_without_colour_as_telegram_shows_them() -> None:
    canvas = Canvas()
    for place, sign in enumerate(SIGNS.values()):
        sign(canvas, 20.0 + 40 * place, 20.0)
    grey = as_shown(canvas.png())
    scale = grey.shape[0] / HEIGHT
    half = round(13 * scale)
    seen = {
        name: grey[round(20 * scale) - half :, round((20 + 40 * place) * scale) - half :][: 2 * half, : 2 * half]
        for place, name in enumerate(SIGNS)
    }
    for one, two in combinations(seen, 2):
        assert np.mean(np.abs(seen[one] - seen[two])) > 0.07, (one, two)


def as_shown(png: bytes) -> NDArray[np.float64]:
    """1,280 px on the longer side, as JPEG of quality 85, printed in black and white: 0 is black, 1 white."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    picture.thumbnail((1280, 1280), Image.Resampling.LANCZOS)
    shown = BytesIO()
    picture.save(shown, "JPEG", quality=85)
    grey: NDArray[np.float64] = np.asarray(Image.open(shown).convert("L"), dtype=np.float64) / 255
    return grey


@pytest.mark.parametrize("name", sorted(set(samples()) - {"long_names"}))
def test_the_smallest_type_is_legible_once_telegram_has_shrunk_it(name: str) -> None:
    smallest = min((note.bottom - note.top) / 0.76 for note in sample(name).written if note.text)
    many = len(samples()[name].schools) > 15
    assert smallest * 1280 / HEIGHT > (9.5 if many else 12), smallest
