"""`python -m bot demo`: a practice district with its bot and a chat page, or a whole day played by its crowd."""

import asyncio
import signal
import tempfile
from contextlib import suppress
from pathlib import Path


def main(play_day: bool, out: Path | None, seed: int, port: int) -> int:
    """The exit code: 1 when the bot said a number that differs from what the crowd did."""
    with suppress(KeyboardInterrupt), tempfile.TemporaryDirectory(prefix="zero-report-demo-") as folder:
        return asyncio.run(_run(play_day, out, seed, port, Path(folder)))
    return 0


async def _run(play_day: bool, out: Path | None, seed: int, port: int, folder: Path) -> int:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    if play_day:
        from bot.demo.play import play

        return await play(seed, folder, out or Path("played-day"))
    from bot.demo.practice import practise

    with suppress(asyncio.CancelledError):
        await practise(seed, folder, port)
    return 0
