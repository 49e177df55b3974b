"""What a process with some of the roles does, and what it leaves to others."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App, Role
from bot.channels.configured import configured
from bot.clock import SystemClock
from bot.config import Config, ConfigError, StorageSection, TelegramSection, WecomSection
from storage import Storage, inbox
from storage.inbox import Arrival


def config(folder: Path, *, telegram: TelegramSection | None = None, wecom: WecomSection | None = None) -> Config:
    return Config.model_construct(
        storage=StorageSection(url=f"sqlite:///{folder / 'zero.db'}", files=folder / "files"),
        telegram=telegram or TelegramSection(),
        wecom=wecom or WecomSection(),
    )


@pytest.mark.parametrize("role", [Role.LISTEN, Role.POST])
def test_a_robot_listens_and_speaks_in_one_process_or_in_none(role: Role, storage: Storage, tmp_path: Path) -> None:
    made = config(tmp_path, wecom=WecomSection(bot_id="aib1", bot_secret=SecretStr("x")))
    channels = configured(made, SystemClock())
    with pytest.raises(ConfigError, match="both --listen and --post, or neither"):
        App(made, SystemClock(), storage, channels, frozenset({role, Role.WORK}))
    App(made, SystemClock(), storage, channels, frozenset({Role.WORK, Role.TICK}))


async def test_who_only_keeps_the_hours_decides_nothing_once_it_runs(storage: Storage, tmp_path: Path) -> None:
    made = config(tmp_path, telegram=TelegramSection(token=SecretStr("1:x"), base_url="http://127.0.0.1:9/bot"))
    app = App(made, SystemClock(), storage, configured(made, SystemClock()), frozenset({Role.TICK}))
    await app.start()
    arrival = Arrival("district", "telegram", "7", '{"update_id": 7}', bytes(16))
    await storage.run(lambda tx: inbox.put(tx, [arrival], SystemClock().now()))
    app._called("turn")
    await app.stop()
    assert list(await storage.read(inbox.lanes)) == ["district"]
