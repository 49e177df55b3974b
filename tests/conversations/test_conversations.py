"""Golden conversations: each TOML file of this folder, on the whole bot over the sandbox: in turn on Telegram and
WeCom, one in four on PostgreSQL; with --every-pair each file on both platforms with both databases."""

from itertools import cycle, product
from pathlib import Path
from typing import Final

import pytest

from bot.channels import Channel
from bot.channels.telegram import Telegram
from bot.channels.wecom import WeCom
from storage import open_storage
from tests.conversations.runner import Runner
from tests.conversations.script import FOLDER, load, runs
from tests.databases import url_of
from tests.replaying import same_again
from tests.stack import ZONE, Stack

FILES = sorted(FOLDER.glob("*.toml"))
CHANNELS = (Telegram, WeCom)
Pair = tuple[type[Channel], str]
IN_TURN: Final[tuple[Pair, ...]] = (
    (Telegram, "sqlite"),
    (WeCom, "sqlite"),
    (Telegram, "sqlite"),
    (WeCom, "postgresql"),
)
EVERY_PAIR: Final[tuple[Pair, ...]] = tuple(product(CHANNELS, ("sqlite", "postgresql")))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The pairs of a file one after the other: its picture is drawn once for them."""
    if "channel" in metafunc.fixturenames:
        every = metafunc.config.getoption("--every-pair")
        cases = [
            pytest.param(path, channel, database, id=f"{database}-{path.stem}-{channel.name}")
            for path, pair in zip(FILES, cycle(IN_TURN))
            for channel, database in (EVERY_PAIR if every else (pair,))
        ]
        metafunc.parametrize(("path", "channel", "database"), cases)


async def test_a_conversation_goes_as_written(
    path: Path, channel: type[Channel], database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    conversation = load(path)
    stack = Stack(
        url_of(database, request, tmp_path),
        rules=conversation.rules,
        privacy={channel.name: conversation.privacy or Telegram.can.carries_names},
        on=channel.name,
        start=conversation.starts.replace(tzinfo=ZONE),
    )
    try:
        await stack.open(unbound=conversation.unbound, group=conversation.group)
        await Runner(stack, conversation).play()
        await stack.stop_bot()
        await _again_from_nothing(stack, tmp_path)
    finally:
        await stack.close()


async def _again_from_nothing(stack: Stack, folder: Path) -> None:
    """The inbox, row by row into an empty database, gives the same facts and the same tables."""
    empty = await open_storage(f"sqlite:///{folder / 'again.db'}")
    try:
        assert await same_again(stack.storage, empty) > 0
    finally:
        await empty.close()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_step_runs_on_some_channel(path: Path) -> None:
    for place, step in enumerate(load(path).steps, 1):
        assert any(runs(step, channel.can) for channel in CHANNELS), f"step {place} runs nowhere"
