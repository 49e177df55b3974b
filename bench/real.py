"""The program itself, `python -m bot run`, on a database and a platform of the bench."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from bench.race import ROOT, ended

CONFIG: Final = """
[telegram]
token = "1:bench"
base_url = "http://127.0.0.1:{port}/bot"
[storage]
url = "sqlite:///{database}"
files = "{database}-files"
"""


@asynccontextmanager
async def running(
    database: Path, port: int, start: datetime | None = None, anchor: float = 0.0
) -> AsyncIterator[Process]:
    """From now on; with a `start` it is that hour at the real instant `anchor`."""
    config = database.with_suffix(".toml")
    config.write_text(CONFIG.format(port=port, database=database), encoding="utf-8")
    practice = ["--rehearse", f"{start:%Y-%m-%dT%H:%M:%S}", "--anchor", repr(anchor)] if start is not None else []
    with database.with_suffix(".txt").open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--config", str(config), *practice, cwd=ROOT, stdout=said, stderr=said
        )
        try:
            yield process
        finally:
            await ended(process)
