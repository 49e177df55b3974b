"""A person bound on two platforms at once: alerts reach both, once each; all else goes where they were heard last, and
what stands on a phone becomes true wherever it is."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.channels.configured import configured
from bot.config import Config, DistrictSection, PrivacySection, StorageSection, TelegramSection, WecomSection
from handlers.bodies import decode
from storage import mail
from tests.phones import OnWeCom
from tests.ports import free_port
from tests.small_district import PHONES
from tests.stack import REAL_LIMIT, Stack, hour

REPORTER, TEACHER = "李梅", "张敏"


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """On Telegram, where everybody is heard; two of them are bound on WeCom, too."""
    stack = Stack(f"sqlite:///{tmp_path / 'zero.db'}")
    try:
        await stack.open()
        ids = {row["name"]: row["id"] for row in await stack.rows("SELECT name, id FROM person")}
        for name in (REPORTER, TEACHER):
            await stack.machine("member", "wecom", native(name), ids[name])
        await stack.pass_time(stack.clock.now() + timedelta(seconds=5))
        yield stack
    finally:
        await stack.close()


def native(name: str) -> str:
    return f"Zr{PHONES[name]}"


async def heard(stack: Stack, name: str) -> None:
    now = stack.clock.now()
    await stack.storage.run(lambda tx: mail.heard(tx, "wecom", native(name), now))


async def where(stack: Stack, prefix: str, name: str) -> list[str]:
    rows = await stack.rows(
        """SELECT m.key, a.channel FROM message m JOIN address a ON a.id = m.address JOIN person p ON p.id = a.person
           WHERE p.name = :name ORDER BY m.put_at, a.channel""",
        name=name,
    )
    return [row["channel"] for row in rows if row["key"].startswith(prefix)]


async def test_an_alert_goes_to_both_once_each(stack: Stack) -> None:
    await stack.go(hour("07:40"))
    stack.write(TEACHER, "17号38.5在校留观")
    await stack.settle()
    stack.tap(TEACHER, "发送")
    await stack.settle()
    assert await where(stack, "alert:", REPORTER) == ["telegram", "wecom"]


async def test_the_morning_card_goes_where_somebody_was_heard_last(stack: Stack) -> None:
    await heard(stack, TEACHER)
    await stack.go(hour("07:31"))
    assert await where(stack, "card:", TEACHER) == ["wecom"]


async def test_who_was_heard_on_one_platform_alone_gets_the_card_there(stack: Stack) -> None:
    stack.write(TEACHER, "帮助")
    await stack.settle()
    await stack.go(hour("07:31"))
    assert await where(stack, "card:", TEACHER) == ["telegram"]


async def test_a_reply_goes_where_it_was_written_and_the_other_card_becomes_true(stack: Stack) -> None:
    """The card stands on WeCom; she reports by a word on Telegram."""
    await heard(stack, TEACHER)
    await stack.go(hour("07:31"))
    stack.write(TEACHER, "全员正常")
    await stack.settle()
    stack.tap(TEACHER, "发送")
    await stack.settle()
    assert await stack.text_key(stack.chat(TEACHER)[-1]) == "receipt.zero"
    rows = await stack.rows("SELECT body FROM message WHERE address = :there", there=f"wecom:{native(TEACHER)}")
    assert [decode(row["body"]).text.key for row in rows if "receipt" in row["body"]] == ["receipt.zero"]


async def test_each_platform_has_a_leaders_group_of_its_own(stack: Stack) -> None:
    await stack.machine("deaf_group", "leaders", "wecom", "robot:leaders")
    rows = await stack.rows("SELECT channel FROM address WHERE name = 'leaders' AND state = 'bound' ORDER BY channel")
    assert [row["channel"] for row in rows] == ["telegram", "wecom"]


async def test_one_program_serves_both_at_once(tmp_path: Path) -> None:
    """A teacher on WeCom and a teacher on Telegram report; an officer who is on both is alerted on both."""
    stack = Stack(f"sqlite:///{tmp_path / 'zero.db'}")
    await stack.furnish()
    wecom, phones = stack.sandbox.wecom, OnWeCom(stack.sandbox, 0)
    for number in PHONES.values():
        phones.employ(number)
    config = on_both(stack, tmp_path)
    app = App(config, stack.clock, stack.storage, configured(config, stack.clock))
    try:
        await app.start()
        await stack.settle()
        await wecom.connected(f"http://{config.wecom.listen}{config.wecom.path}", REAL_LIMIT)
        ids = {row["name"]: row["id"] for row in await stack.rows("SELECT name, id FROM person")}
        for name in (REPORTER, "孙红"):
            await stack.machine("member", "wecom", native(name), ids[name])
        for name in (REPORTER, TEACHER):
            stack.write(name, f"/start {stack.code(name)}")
        app.turn.ring()
        await stack.pass_time(hour("07:31"))
        stack.tap(TEACHER, "有异常")
        phones.press(PHONES["孙红"], PHONES["孙红"], "全员正常")
        await stack.settle()
        stack.write(TEACHER, "17号38.5在校留观")
        await stack.settle()
        stack.tap(TEACHER, "发送")
        await stack.settle()
        assert "✅ 已报" in phones.chat(PHONES["孙红"])[-1].text
        assert "✅ 已报" in stack.chat(TEACHER)[-1].text
        on_telegram = [one for one in stack.chat(REPORTER) if "发热提醒" in one.text]
        on_wecom = [one for one in phones.chat(PHONES[REPORTER]) if "发热提醒" in one.text]
        assert (len(on_telegram), len(on_wecom)) == (1, 1)
        phones.press(PHONES[REPORTER], PHONES[REPORTER], "已知悉")
        await stack.settle()
        [there] = [one.text for one in stack.chat(REPORTER) if "发热提醒" in one.text]
        assert "疫情报告人 李老师已知悉" in there, "it is true on both"
        assert not await stack.set_aside()
    finally:
        await app.stop()
        await stack.close()


def on_both(stack: Stack, folder: Path, **wecom: object) -> Config:
    """One program's, with the sandbox's two platforms."""
    corp = stack.sandbox.wecom
    section = WecomSection(
        corp_id=corp.corp_id,
        agent_id=corp.agent_id,
        secret=SecretStr(corp.secret),
        token=SecretStr(corp.token),
        aes_key=SecretStr(corp.aes_key),
        base_url=stack.sandbox.page_url.rstrip("/"),
        listen=f"127.0.0.1:{free_port()}",
    )
    return Config.model_construct(
        telegram=TelegramSection(token=SecretStr(stack.sandbox.token), base_url=stack.sandbox.base_url),
        wecom=section.model_copy(update=wecom),
        storage=StorageSection(url=stack.url, files=folder / "files"),
        district=DistrictSection(),
        privacy=PrivacySection(),
    )
