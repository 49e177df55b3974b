"""A sandbox that is up, with a teacher who has started the bot, one who has not, and a leaders' group."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import GROUP, LEADER, LEADER_USERID, STRANGER, TEACHER, USERID
from tests.sandbox.wecom_caller import App, CallbackServer, calling_back


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def sandbox(clock: ManualClock) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(clock)
    sandbox.add_person(TEACHER, "张老师", role="班主任", school="第一小学")
    sandbox.add_person(STRANGER, "王老师")
    sandbox.add_person(LEADER, "刘主任", role="学区领导")
    sandbox.add_group(GROUP, "学区领导群", [LEADER, TEACHER])
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Caller]:
    """After it has taken the teacher's /start."""
    async with aiohttp.ClientSession() as session:
        bot = Caller(sandbox, session)
        sandbox.write(TEACHER, TEACHER, "/start")
        [update] = await bot.ok("getUpdates")
        await bot.ok("getUpdates", offset=-1)
        await bot.ok("deleteWebhook", drop_pending_updates=True)
        assert update["message"]["text"] == "/start"
        yield bot


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[App]:
    """A WeCom app; teacher and leader are in its corp, the stranger is not."""
    sandbox.wecom.employ(TEACHER, USERID, sandbox.wecom.add_department("第一小学").id)
    sandbox.wecom.employ(LEADER, LEADER_USERID)
    async with aiohttp.ClientSession() as session:
        yield App(sandbox, session)


@pytest.fixture
async def callbacks(sandbox: Sandbox, app: App) -> AsyncIterator[CallbackServer]:
    async with calling_back(sandbox) as receiver:
        yield receiver
