"""A picture costs a fifth of a second: what a conversation shows on each platform is drawn once."""

from collections.abc import Iterator

import pytest

from bot import charts
from bot.pictures.sheet import Words
from handlers.pictures import Morning


@pytest.fixture(scope="module", autouse=True)
def drawn_once() -> Iterator[None]:
    draw = charts.draw_morning
    drawn: dict[tuple[str, str], bytes] = {}

    def once(picture: Morning, words: Words) -> bytes:
        key = repr(picture), words("picture.do", {})
        if key not in drawn:
            drawn[key] = draw(picture, words)
        return drawn[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "draw_morning", once)
        yield
