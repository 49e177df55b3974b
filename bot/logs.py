"""The log: one line a thing that happened, on stderr. Never an answer, a name or a token."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

LIBRARIES = ("aiohttp", "aiosqlite", "apscheduler", "asyncio", "httpcore", "httpx", "matplotlib", "psycopg", "telegram")
LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """The words of an exception may hold whatever it was raised about. So of each, and of its causes, only its kind is
    said and where in the code it was."""

    def formatException(self, ei: ExcInfo) -> str:
        return "".join(_places(ei[1])).rstrip()


def _places(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield from traceback.format_tb(error.__traceback__)
        error, kind = error.__cause__ or (None if error.__suppress_context__ else error.__context__), type(error)
        yield f"{kind.__module__}.{kind.__qualname__}{', because of' if error else ''}\n"


def start(level: int) -> None:
    """On stderr."""
    _to(logging.StreamHandler(), level, LINE)
    sys.excepthook = _fallen


@contextmanager
def kept(file: Path) -> Iterator[None]:
    """Meanwhile all of it goes to a file, and to stderr what is worth a look."""
    root = logging.getLogger()
    level = root.level
    handlers = [
        _to(logging.FileHandler(file, encoding="utf-8"), logging.INFO, LINE),
        _to(logging.StreamHandler(), logging.WARNING, "%(message)s"),
    ]
    try:
        yield
    finally:
        root.setLevel(level)
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()


def _to(handler: logging.Handler, level: int, line: str) -> logging.Handler:
    handler.setLevel(level)
    handler.setFormatter(Discreet(line))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(min(level, root.level))
    for name in LIBRARIES:
        # these write addresses at INFO, and Telegram's hold the token
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("asyncio").addFilter(_first_words)
    return handler


def _first_words(record: logging.LogRecord) -> bool:
    """What asyncio says is followed by what it says it of, with all its values."""
    record.msg, record.args = re.split(r"[<(\n]", record.getMessage())[0], ()
    return True


def _fallen(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """What ends the program is told as discreetly."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)
        return
    logging.getLogger("bot").critical("ended by a fault", exc_info=(kind, error, where))
