"""The bot as `python -m bot run` starts it, but for Telegram's limits, which a stand-in does not have: they would be
all that is measured. `python -m bench.ours BASE_URL DATABASE`."""

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

from bench.district import OPENS
from bot.app import App, settle_down
from bot.channels import Pace, Window
from bot.channels.telegram import Telegram
from bot.clock import AffineClock
from bot.config import Config, StorageSection, TelegramSection
from handlers.values import replace
from storage import open_storage

UNLIMITED = Pace(a_second=100_000, private=(Window(1000, 1.0),), group=(Window(1000, 1.0),))


async def main(base_url: str, database: str) -> None:
    clock = AffineClock(OPENS, 1)
    config = Config.model_construct(
        telegram=TelegramSection(token=SecretStr("1:bench"), base_url=base_url),
        storage=StorageSection(url=f"sqlite:///{database}", files=Path(f"{database}-files")),
    )
    storage = await open_storage(config.storage.url)
    channel = Telegram("1:bench", base_url, clock)
    channel.can = replace(channel.can, pace=UNLIMITED)
    settle_down()
    running = asyncio.create_task(App(config, clock, storage, {"telegram": channel}).run())
    for end in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(end, running.cancel)
    with suppress(asyncio.CancelledError):
        await running
    await storage.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
