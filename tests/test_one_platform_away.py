"""Two platforms in one program, and one of them is away or refuses us: the other goes on, and it joins when it can."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.channels import Unauthorized
from bot.channels.configured import configured
from bot.config import Config
from bot.refusals import AGAIN
from handlers.menus import EVERYBODY
from sandbox import Fault
from storage import mail
from tests.phones import OnWeCom
from tests.small_district import PHONES
from tests.stack import REAL_LIMIT, Stack, hour
from tests.test_two_platforms import native, on_both

ADMIN, ON_TELEGRAM, ON_WECOM = "陈刚", "张敏", "孙红"


class Both:
    """A teacher on each platform; an admin on both, who was heard last on WeCom."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stack = Stack(f"sqlite:///{folder / 'zero.db'}")
        self.app: App | None = None

    async def open(self) -> None:
        await self.stack.furnish()
        self.phones = OnWeCom(self.stack.sandbox, 0)
        self.wecom, self.telegram = self.stack.sandbox.wecom, self.stack.sandbox
        for number in PHONES.values():
            self.phones.employ(number)
        ids = {row["name"]: row["id"] for row in await self.stack.rows("SELECT name, id FROM person")}
        for name in (ADMIN, ON_WECOM):
            await self.stack.machine("member", "wecom", native(name), ids[name])
        await self.stack.machine("member", "telegram", str(PHONES[ADMIN]), ids[ADMIN])
        self.stack.write(ADMIN, "/start")
        self.stack.write(ON_TELEGRAM, f"/start {self.stack.code(ON_TELEGRAM)}")

    async def start(self, **wecom: object) -> App:
        self.config: Config = on_both(self.stack, self.folder, **wecom)
        channels = configured(self.config, self.stack.clock)
        self.app = App(self.config, self.stack.clock, self.stack.storage, channels)
        async with asyncio.timeout(10):
            await self.app.start()
        await self.settle()
        return self.app

    async def close(self) -> None:
        if self.app is not None:
            await self.app.stop()
        await self.stack.close()

    async def settle(self, **span: float) -> None:
        await self.stack.settle(timedelta(**(span or {"seconds": 8})))

    async def until(self, time: str) -> None:
        """Most of the time to it is leapt."""
        self.stack.clock.leap(hour(time) - timedelta(seconds=75))
        await self.stack.pass_time(hour(time))

    async def connect(self) -> None:
        """The callback's URL is saved in the console."""
        await self.wecom.connected(f"http://{self.config.wecom.listen}{self.config.wecom.path}", REAL_LIMIT)

    async def admin_was_heard_on_wecom(self) -> None:
        now = self.stack.clock.now()
        await self.stack.storage.run(lambda tx: mail.heard(tx, "wecom", native(ADMIN), now))

    def on_wecom(self, name: str) -> list[str]:
        return [one.text for one in self.phones.chat(PHONES[name]) if one.sender == 0]

    def on_telegram(self, name: str) -> list[str]:
        return [one.text for one in self.stack.chat(name)]

    def calls(self, method: str) -> int:
        return sum(1 for entry in self.wecom.journal if entry.method == method)

    async def due(self, channel: str) -> list[tuple[str, int]]:
        """What waits there: the state of each and how often it was tried."""
        rows = await self.stack.rows(
            """SELECT m.state, m.tries FROM message m JOIN address a ON a.id = m.address
               WHERE a.channel = :channel AND m.state <> 'idle'""",
            channel=channel,
        )
        return [(row["state"], row["tries"]) for row in rows]


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    both = Both(tmp_path)
    await both.open()
    yield both
    await both.close()


async def test_a_wecom_that_is_away_at_the_start_stops_nobody_on_telegram_and_joins_when_it_comes(both: Both) -> None:
    both.wecom.faults.append(Fault("drop", "gettoken"))
    await both.start()
    await both.until("07:31")
    both.stack.tap(ON_TELEGRAM, "全员正常")
    await both.settle()
    assert "✅ 已报" in both.on_telegram(ON_TELEGRAM)[-1]
    waits = await both.due("wecom")
    assert waits, "the cards wait"
    assert set(waits) == {("due", 0)}, "and nobody has tried to send them"
    assert both.calls("message/send") == both.calls("menu/create") == 0
    both.wecom.faults.clear()
    await both.settle(minutes=1)
    await both.connect()
    assert await both.due("wecom") == []
    assert len(both.wecom.corp.menu) == (len(EVERYBODY) + 4) // 5
    both.phones.press(PHONES[ON_WECOM], PHONES[ON_WECOM], "全员正常")
    await both.settle()
    assert "✅ 已报" in both.on_wecom(ON_WECOM)[-1]


async def test_a_telegram_that_is_away_at_the_start_stops_nobody_on_wecom_and_joins_when_it_comes(both: Both) -> None:
    both.telegram.faults.append(Fault("drop", "getMe"))
    await both.start()
    await both.connect()
    await both.until("07:31")
    both.phones.press(PHONES[ON_WECOM], PHONES[ON_WECOM], "全员正常")
    await both.settle()
    assert "✅ 已报" in both.on_wecom(ON_WECOM)[-1]
    assert both.on_telegram(ON_TELEGRAM) == []
    both.telegram.faults.clear()
    await both.settle(seconds=20)
    assert any("您已绑定" in one for one in both.on_telegram(ON_TELEGRAM)), "what she wrote meanwhile is answered"
    both.stack.write(ON_TELEGRAM, "全员正常")
    await both.settle()
    both.stack.tap(ON_TELEGRAM, "发送")
    await both.settle()
    assert "✅ 已报" in both.on_telegram(ON_TELEGRAM)[-1]


async def test_a_wrong_secret_shuts_wecom_alone_and_the_admins_hear_of_it_once_a_day(
    both: Both, caplog: pytest.LogCaptureFixture
) -> None:
    await both.admin_was_heard_on_wecom()
    await both.start(secret=SecretStr("an-old-one"))
    for time in ("07:20", "07:31", "07:40", "07:50", "07:58"):
        await both.until(time)
    assert any("三(1)班" in one or "三(2)班" in one for one in both.on_telegram(ON_TELEGRAM))
    told = [one for one in both.on_telegram(ADMIN) if "40001" in one]
    assert len(told) == 1
    assert "写进 wecom.secret 后重启" in told[0]
    assert 3 <= both.calls("gettoken") <= 5, "WeCom shuts out who asks too often with a wrong one"
    assert "wecom is SHUT" in caplog.text
    assert set(await both.due("wecom")) == {("due", 0)}


async def test_a_token_of_telegrams_that_is_revoked_shuts_telegram_alone_until_it_holds_again(both: Both) -> None:
    await both.start()
    await both.connect()
    await both.until("07:25")
    both.telegram.faults.append(Fault("401"))
    await both.until("07:31")
    both.phones.press(PHONES[ON_WECOM], PHONES[ON_WECOM], "全员正常")
    await both.settle()
    assert "✅ 已报" in both.on_wecom(ON_WECOM)[-1]
    told = [one for one in both.on_wecom(ADMIN) if "错误码401" in one]
    assert len(told) == 1
    assert "写进 telegram.token 后重启" in told[0]
    both.telegram.faults.clear()
    await both.settle(minutes=AGAIN.total_seconds() / 60)
    both.stack.tap(ON_TELEGRAM, "全员正常")
    await both.settle()
    assert "✅ 已报" in both.on_telegram(ON_TELEGRAM)[-1]


async def test_what_wecom_refuses_for_the_agents_sake_stays_due_and_goes_out_when_it_is_mended(both: Both) -> None:
    await both.admin_was_heard_on_wecom()
    await both.start()
    await both.connect()
    await both.until("07:25")
    both.wecom.faults.append(Fault("errcode", "message/send", errcode=301002))
    await both.until("07:31")
    assert set(await both.due("wecom")) == {("due", 0)}
    assert len([one for one in both.on_telegram(ADMIN) if "301002" in one]) == 1
    both.wecom.write(PHONES[ON_WECOM], "全员正常")
    await both.settle()
    both.wecom.faults.clear()
    await both.settle(minutes=AGAIN.total_seconds() / 60)
    assert await both.due("wecom") == []
    assert any("发送" in one for one in both.on_wecom(ON_WECOM)), "what was said meanwhile was heard"


async def test_a_program_whose_every_platform_refuses_it_ends_with_the_sentence(both: Both) -> None:
    both.telegram.faults.append(Fault("401"))
    app = await both.start(secret=SecretStr("an-old-one"))
    with pytest.raises(Unauthorized, match=r"telegram\.token|wecom\.secret"):
        async with asyncio.timeout(5):
            await app.wait()


async def test_a_menu_that_could_not_be_set_at_the_start_is_set_when_wecom_takes_it(both: Both) -> None:
    both.wecom.faults.append(Fault("errcode", "menu/create", errcode=-1, times=2))
    await both.start()
    assert both.wecom.corp.menu == ()
    await both.settle(minutes=3)
    assert both.wecom.corp.menu


async def test_a_start_with_nobody_there_goes_on_with_its_clock(both: Both) -> None:
    """Cards are written at their hour, and leave when the line is there."""
    both.telegram.faults.append(Fault("drop", "getMe"))
    both.wecom.faults.append(Fault("drop", "gettoken"))
    await both.start()
    await both.until("07:31")
    assert await both.due("wecom")
    both.wecom.faults.clear()
    await both.settle(minutes=1)
    assert await both.due("wecom") == []
