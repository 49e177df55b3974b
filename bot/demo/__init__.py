"""`python -m bot demo`: a practice district with its bot and a chat page, or whole days played by its crowd."""

import asyncio
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sandbox.district import Size

UNABLE = 2
INTERRUPTED = 130


def main(days: int, out: Path | None, seed: int, port: int, channel: str, size: "Size") -> int:
    """So many school days in a row, or with none a district to practise in, everybody on one platform. The exit code: 1
    when the bot said a number that differs from what the crowd did, 2 when it could not start."""
    with tempfile.TemporaryDirectory(prefix="zero-report-demo-") as folder:
        try:
            return asyncio.run(_run(days, out, seed, port, channel, size, Path(folder)))
        except OSError as error:
            typer.echo(f"演练没有启动：{error}", err=True)
            return UNABLE
        except (KeyboardInterrupt, asyncio.CancelledError):
            return INTERRUPTED if days else 0  # a practice ends so; a day that was not played to its end is no proof


async def _run(days: int, out: Path | None, seed: int, port: int, channel: str, size: "Size", folder: Path) -> int:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    if days:
        from bot.demo.play import play

        return await play(seed, folder, out or Path("played-day"), days, channel, size)
    from bot.demo.practice import practise

    await practise(seed, folder, port, channel, size)
    return 0
