"""The command line's way in: it reads an update again with whatever platforms the machine has."""

from pathlib import Path

from bot.clock import SystemClock
from bot.config import load
from bot.machine import reading
from sandbox import Sandbox

BOTH = """
[telegram]
token = "{sandbox.token}"
base_url = "{sandbox.base_url}"
[wecom]
corp_id = "{sandbox.wecom.corp_id}"
agent_id = {sandbox.wecom.agent_id}
secret = "{sandbox.wecom.secret}"
token = "{sandbox.wecom.token}"
aes_key = "{sandbox.wecom.aes_key}"
base_url = "{sandbox.page_url}"
"""


async def test_an_update_is_read_again_on_every_platform_that_is_configured(tmp_path: Path) -> None:
    sandbox, config = Sandbox(SystemClock()), tmp_path / "config.toml"
    await sandbox.start()
    config.write_text(BOTH.format(sandbox=sandbox), encoding="utf-8")
    async with reading(load(config), SystemClock(), wanted=True) as channels:
        assert set(channels) == {"telegram", "wecom"}
    await sandbox.stop()
