"""What would hold the interpreter while people tap is done in a helper process: requests and answers over its standard
input and output."""

import asyncio
import logging
import os
import signal
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from bot import logs

log = logging.getLogger(__name__)

CODE: Final = Path(__file__).parents[1]
LENGTH: Final = struct.Struct(">I")  # bytes that follow, of a request and of an answer; 0: it came to nothing
NICE: Final = 10  # on a full machine a tap comes first
IDLE: Final = 600.0  # seconds without a request, then its memory is given back


class Helper:
    """`module` calls `serve`. It is started by the first request, and ends when nobody can write to it any more, so
    also when this program is killed."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: Process | None = None
        self._one = asyncio.Lock()
        self._leave: asyncio.TimerHandle | None = None
        self._leaving: set[asyncio.Task[tuple[bytes, bytes]]] = set()

    async def ask(self, said: bytes) -> bytes:
        """One request at a time. Empty where it came to nothing or the helper is gone: then it is done here."""
        async with self._one:
            try:
                return await self._asked(said)
            except (OSError, EOFError) as error:
                log.warning("%s is gone: %s", self._module, type(error).__name__)
                self._let_go()
                return b""
            except BaseException:
                self._let_go()  # it would answer the next one with this answer
                raise

    async def close(self) -> None:
        """Waits until it has ended."""
        self._let_go()
        await asyncio.gather(*self._leaving)

    async def _asked(self, said: bytes) -> bytes:
        if self._leave is not None:
            self._leave.cancel()
        if self._process is None:
            self._process = await self._started()
        to, back = self._process.stdin, self._process.stdout
        assert to is not None  # noqa: S101 - a pipe
        assert back is not None  # noqa: S101 - another
        to.write(LENGTH.pack(len(said)) + said)
        await to.drain()
        (length,) = LENGTH.unpack(await back.readexactly(LENGTH.size))
        answer = await back.readexactly(length)
        self._leave = asyncio.get_running_loop().call_later(IDLE, self._let_go)
        return answer

    async def _started(self) -> Process:
        """Where we are, for a database may be named from here."""
        paths = os.pathsep.join(filter(None, (str(CODE), os.environ.get("PYTHONPATH"))))
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", self._module, env=os.environ | {"PYTHONPATH": paths}, stdin=PIPE, stdout=PIPE
        )

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if self._leave is not None:
            self._leave.cancel()
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            ends = asyncio.create_task(process.communicate())  # one that is writing has filled its pipe
            self._leaving.add(ends)
            ends.add_done_callback(self._leaving.discard)


def serve(answer: Callable[[bytes], bytes]) -> None:
    """In the helper: each request, until none comes any more."""
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to us too; we end with whom we work for
    logs.start(logging.WARNING)
    while said := _read(sys.stdin.buffer):
        try:
            answered = answer(said)
        except Exception:
            log.exception("came to nothing")
            answered = b""
        sys.stdout.buffer.write(LENGTH.pack(len(answered)) + answered)
        sys.stdout.buffer.flush()


def _read(stream: BinaryIO) -> bytes:
    """Empty at the end."""
    head = stream.read(LENGTH.size)
    return stream.read(*LENGTH.unpack(head)) if len(head) == LENGTH.size else b""
