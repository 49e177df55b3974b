"""Pictures are drawn in a helper process, so that no tap waits for one. `python -m bot.painter` is what runs in it."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from bot.helper import Helper, serve
from bot.texts import Words
from handlers.pictures import Morning

# of a picture and the language that it is read in, its PNG
Paint = Callable[[Morning, str], Awaitable[bytes]]


class Painter:
    def __init__(self) -> None:
        self._helper = Helper("bot.painter")

    async def __call__(self, picture: Morning, language: str) -> bytes:
        """What goes wrong in the helper is drawn here, beside the loop: the leaders wait for it."""
        return await self._helper.ask(msgspec.json.encode((language, picture))) or await beside(picture, language)

    async def close(self) -> None:
        await self._helper.close()


async def beside(picture: Morning, language: str) -> bytes:
    """In a thread."""
    return await asyncio.to_thread(_drawn, picture, language)


def _drawn(picture: Morning, language: str) -> bytes:
    # matplotlib costs 60 MB and 0.4 s: only who draws loads it
    from bot.charts import draw_morning

    return draw_morning(picture, Words(language).say)


def _answer(said: bytes) -> bytes:
    language, picture = msgspec.json.decode(said, type=tuple[str, Morning])
    return _drawn(picture, language)


if __name__ == "__main__":
    serve(_answer)
