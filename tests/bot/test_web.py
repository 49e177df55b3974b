"""/healthz, /metrics and the heartbeat of the program as it is, over real HTTP."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from prometheus_client.parser import text_string_to_metric_families

from bot.app import App, channels_of
from bot.clock import SystemClock
from bot.config import ConfigError, load
from bot.health import Health
from bot.watch import Watch
from sandbox import Sandbox
from storage import Storage, open_storage, progress
from storage.progress import BACKED_UP
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"
CONFIG = """
[telegram]
token = "{sandbox.token}"
base_url = "{sandbox.base_url}"
[storage]
url = "sqlite:///{folder}/zero.db"
files = "{folder}/files"
[web]
listen = "127.0.0.1:{port}"
[watch]
heartbeat_url = "{heartbeat}"
"""
LOOPS = {"turn", "survey", "postman:telegram", "clock", "listener:telegram"}
# the only words that may stand in a label
WORDS = {
    "channel": {"telegram", "wecom"},
    "urgency": {"alert", "reply", "reminder", "broadcast"},
    "place": {"database", "files"},
    "outcome": {
        *("shown", "too_many", "barred", "later", "unknown", "unreachable", "refused", "gone", "unauthorized", "other")
    },
}


class Running:
    """A bot that runs, as whoever looks after its machine sees it."""

    def __init__(self, app: App, storage: Storage, address: str, session: ClientSession) -> None:
        self.app = app
        self.storage = storage
        self._address = address
        self._session = session

    async def healthz(self) -> tuple[int, dict[str, Any]]:
        async with self._session.get(f"{self._address}/healthz") as answer:
            return answer.status, await answer.json()

    async def metrics(self) -> str:
        async with self._session.get(f"{self._address}/metrics") as answer:
            assert answer.status == 200
            return await answer.text()

    async def until(self, status: int) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while True:
                with suppress(OSError):
                    found, said = await self.healthz()
                    if found == status:
                        return said
                await asyncio.sleep(0.02)


@asynccontextmanager
async def running(
    folder: Path, *, there: bool = True, port: int | None = None, heartbeat: str = ""
) -> AsyncIterator[Running]:
    sandbox, port = Sandbox(SystemClock()), port or free_port()
    await sandbox.start()
    said = CONFIG.format(sandbox=sandbox, folder=folder, port=port, heartbeat=heartbeat)
    (folder / "config.toml").write_text(said, encoding="utf-8")
    config = load(folder / "config.toml")
    if not there:
        await sandbox.stop()
    storage = await open_storage(config.storage.url)
    app = App(config, SystemClock(), storage, channels_of(config, SystemClock(), storage))
    task = asyncio.create_task(app.run())
    async with ClientSession() as session:
        yield Running(app, storage, f"http://127.0.0.1:{port}", session)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await storage.close()
    await sandbox.stop()


async def test_a_bot_that_runs_is_well_and_says_which_loops_go_round(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        async with asyncio.timeout(20):
            while set((said := await bot.until(200))["rounds"]) != LOOPS:
                pass  # each begins when the process has the lease for it
        assert (said["status"], said["stopped"]) == ("ok", {})


async def test_a_bot_whose_platform_cannot_be_reached_is_well_and_says_so(tmp_path: Path) -> None:
    async with running(tmp_path, there=False) as bot:
        said = await bot.until(200)
        assert (said["status"], set(said["out_of_touch"])) == ("ok", {"telegram"})


async def test_there_is_nothing_else_at_that_address(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path, port=port) as bot, ClientSession() as session:
        await bot.until(200)
        for method, path in (("GET", "/"), ("POST", "/healthz"), ("GET", "/metrics/../zero.db")):
            async with session.request(method, f"http://127.0.0.1:{port}{path}") as answer:
                assert answer.status in (404, 405)


async def test_an_address_that_is_taken_does_not_keep_the_bot_from_its_work(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with running(tmp_path, port=taken.getsockname()[1]) as bot, asyncio.timeout(20):
            while not bot.app.health().progresses:  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0.02)
    assert [one.getMessage() for one in caplog.records if "web.listen" in one.getMessage()] != []


async def test_every_number_that_the_book_of_operations_names_is_there_and_no_other(tmp_path: Path) -> None:
    written = re.findall(r"`(zero_report_[a-z_]+)", OPERATIONS.read_text(encoding="utf-8"))
    named = {name.removesuffix("_total") for name in written}
    async with running(tmp_path) as bot:
        await bot.until(200)
        await bot.storage.run(lambda tx: progress.keep(tx, BACKED_UP, "2026-09-01T00:00:00.000000Z"))
        async with asyncio.timeout(20):
            while 'touch_age_seconds{channel="telegram"}' not in (said := await bot.metrics()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        families = list(text_string_to_metric_families(said))
    ours = {one.name for one in families if one.name.startswith("zero_report_") and not one.name.endswith("_created")}
    assert named == ours
    labels = [label for family in families for sample in family.samples for label in sample.labels.items()]
    assert {"channel", "urgency", "place"} <= {name for name, _ in labels}
    assert [(name, word) for name, word in labels if name != "le" and word not in WORDS.get(name, ())] == []


def test_no_label_can_hold_a_name() -> None:
    """What is counted per something names that something here."""
    for source in (ROOT / "bot" / "meters.py", ROOT / "bot" / "gauges.py"):
        said = source.read_text(encoding="utf-8")
        labels = {word for group in re.findall(r'\("(\w+)", "(\w+)"\),|\("(\w+)",\)', said) for word in group if word}
        assert labels <= WORDS.keys()


class Service:
    """A dead man's switch."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = 200
        self.heard = asyncio.Event()

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked += 1
        self.heard.set()
        return web.Response(status=self.status)


@asynccontextmanager
async def served(service: Service) -> AsyncIterator[str]:
    runner = web.ServerRunner(web.Server(service.answer, access_log=None))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/secret-of-ours"
    await runner.cleanup()


class Ahead(SystemClock):
    """The machine's clock, of which a test may let time pass."""

    passed = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.passed


def found(*, progresses: bool = True, hangs: bool = False, cut_off: bool = False) -> Health:
    stopped = {} if progresses else {"postman": "no round for 200 s"}
    return Health(starting=False, rounds={}, stopped=stopped, hangs=hangs, out_of_touch={}, cut_off=cut_off)


async def test_a_service_outside_is_asked_once_a_minute_while_teachers_can_report() -> None:
    service, clock = Service(), Ahead()
    state = [found()]
    async with served(service) as url, ClientSession() as session:
        watch = Watch(clock, lambda: state[-1], url)

        async def minute() -> int:
            before = service.asked
            for _ in range(3):
                await watch.look(session)
                clock.passed += 20
            return service.asked - before

        assert [await minute() for _ in range(3)] == [1, 1, 1]
        for unwell in (found(progresses=False), found(cut_off=True), found(progresses=False, hangs=True)):
            state.append(unwell)
            assert await minute() == 0
        state.append(found())
        assert await minute() == 1


async def test_a_bot_that_runs_tells_the_service_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service()
    monkeypatch.setattr("bot.watch.LOOK", 0.02)  # real seconds, of which a test has none to spare
    async with served(service) as url, running(tmp_path, heartbeat=url), asyncio.timeout(20):
        await service.heard.wait()


async def test_a_heartbeat_that_is_not_taken_is_said_once_and_without_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    service, clock = Service(), Ahead()
    async with served(service) as url, ClientSession() as session:
        watch = Watch(clock, found, url)
        for service.status in (500, 404, 200, 500):
            await watch.look(session)
            clock.passed += 60
    await _unserved(url, clock)
    said = [one.getMessage() for one in caplog.records]
    assert [words.rpartition(": ")[2] for words in said] == ["HTTP 500", "HTTP 500", "ClientConnectorError"]
    assert "secret-of-ours" not in caplog.text


async def _unserved(url: str, clock: Ahead) -> None:
    async with ClientSession() as session:
        await Watch(clock, found, url).look(session)


async def test_systemd_hears_of_a_bot_that_does_not_hang_whatever_else_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        state = [found()]
        watch = Watch(Ahead(), lambda: state[-1], "")
        async with ClientSession() as session:
            for now, heard in (
                (found(), True),
                (found(progresses=False), True),
                (found(cut_off=True), True),
                (found(progresses=False, hangs=True), False),
            ):
                state.append(now)
                await watch.look(session)
                with suppress(BlockingIOError):
                    assert (manager.recv(100), heard) == (b"WATCHDOG=1", True)
                    continue
                assert not heard


@pytest.mark.parametrize(
    ("section", "value"),
    [("web", 'listen = "8481"'), ("watch", 'heartbeat_url = "hc.example.cn/1"'), ("web", 'lisen = "127.0.0.1:8481"')],
)
def test_a_wrong_setting_is_named(tmp_path: Path, section: str, value: str) -> None:
    (tmp_path / "config.toml").write_text(f"[{section}]\n{value}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=f"{section}\\.") as wrong:
        load(tmp_path / "config.toml")
    assert "hc.example.cn" not in str(wrong.value)
