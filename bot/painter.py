"""Pictures are drawn in a helper process, so that no tap waits for one. `python -m bot.painter` is what runs in it."""

import asyncio
import logging
import os
import signal
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import msgspec

from bot.texts import Words
from handlers.pictures import Morning

log = logging.getLogger(__name__)

CODE: Final = Path(__file__).parents[1]
LENGTH: Final = struct.Struct(">I")  # bytes of the PNG that follows; 0: it could not be drawn
NICE: Final = 10  # on a full machine a tap comes first
IDLE: Final = 600.0  # seconds without a picture, then the helper's hundred megabytes are given back

# of a picture and the language that it is read in, its PNG
Paint = Callable[[Morning, str], Awaitable[bytes]]


class Painter:
    """Starts the helper when the first picture is due. It ends when nobody can write to it any more, so also when this
    program is killed."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._one = asyncio.Lock()
        self._leave: asyncio.TimerHandle | None = None

    async def __call__(self, picture: Morning, language: str) -> bytes:
        """What goes wrong in the helper is drawn here, beside the loop: the leaders wait for it."""
        said = msgspec.json.encode((language, picture)) + b"\n"
        async with self._one:
            try:
                png = await self._asked(said)
            except (OSError, EOFError) as error:
                log.warning("painter: the helper is gone: %s", type(error).__name__)
                png = b""
                self._let_go()
            except BaseException:
                self._let_go()  # it would answer the next one with this picture
                raise
        return png or await beside(picture, language)

    async def close(self) -> None:
        process = self._process
        self._let_go()
        if process is not None:
            await process.wait()

    async def _asked(self, said: bytes) -> bytes:
        if self._leave is not None:
            self._leave.cancel()
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.painter", cwd=CODE, stdin=PIPE, stdout=PIPE
            )
        to, back = self._process.stdin, self._process.stdout
        assert to is not None  # noqa: S101 - a pipe
        assert back is not None  # noqa: S101 - another
        to.write(said)
        await to.drain()
        (length,) = LENGTH.unpack(await back.readexactly(LENGTH.size))
        png = await back.readexactly(length)
        self._leave = asyncio.get_running_loop().call_later(IDLE, self._let_go)
        return png

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if self._leave is not None:
            self._leave.cancel()
        if process is not None and process.stdin is not None:
            process.stdin.close()


async def beside(picture: Morning, language: str) -> bytes:
    """In a thread."""
    return await asyncio.to_thread(_drawn, picture, language)


def _drawn(picture: Morning, language: str) -> bytes:
    # matplotlib costs 60 MB and 0.4 s: only who draws loads it
    from bot.charts import draw_morning

    return draw_morning(picture, Words(language).say)


def main() -> None:
    """A line of JSON for each picture, and its bytes back, until nothing comes any more."""
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to us too; we end with whom we work for
    for line in sys.stdin.buffer:
        try:
            language, picture = msgspec.json.decode(line, type=tuple[str, Morning])
            png = _drawn(picture, language)
        except Exception as error:
            log.error("painter: %s", type(error).__name__)
            png = b""
        sys.stdout.buffer.write(LENGTH.pack(len(png)) + png)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
