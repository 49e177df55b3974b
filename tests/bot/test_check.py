"""`check` with WeCom: what is missing is named as the console names it, and everything is tried over real HTTP."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.app import serve
from bot.channels import Raw
from bot.channels.wecom.callbacks import Receiver
from bot.channels.wecom.crypto import Crypto
from bot.clock import SystemClock
from bot.commands import directory
from bot.commands.check import check
from bot.commands.people import write_invites
from bot.commands.roster import import_roster
from bot.config import host_of, load, port_of
from bot.machine import Machine as CommandLine
from bot.machine import machine as machine_at
from bot.texts import Words
from sandbox import Fault, Sandbox
from sandbox.wecom import WeCom
from sandbox.wecom.aibot import Aibot
from storage import lease
from tests.ports import free_port

STAFF = """学校,姓名,职务,班级
中心小学,李明,班主任、学区领导,三(2)班
中心小学,王芳,疫情报告人、学区领导,
"""
PUPILS = """学校,班级,座号,姓名
中心小学,三(2)班,1,张三
"""
ROOT = Path(__file__).parents[2]
CONSOLE = {"corp_id": "企业ID", "agent_id": "AgentId", "secret": "Secret"}
CONSOLE |= {"token": "Token", "aes_key": "EncodingAESKey"}
PAGES = (
    "Secret",
    "企业可信IP",
    "AgentId",
    "应用主页",
    "可见范围",
    "通讯录",
    "应用菜单",
    "本机接收消息",
    "接收消息的URL",
)


class Machine:
    """A folder with a config.toml of a school that has gone through the console."""

    def __init__(self, folder: Path, wecom: WeCom, base_url: str, port: int) -> None:
        self.folder = folder
        self.wecom = wecom
        self.values: dict[str, object] = {
            "corp_id": wecom.corp_id,
            "agent_id": wecom.agent_id,
            "secret": wecom.secret,
            "token": wecom.token,
            "aes_key": wecom.aes_key,
            "base_url": base_url,
            "listen": f"127.0.0.1:{port}",
            "public_url": f"http://127.0.0.1:{port}/wecom",
        }

    async def check(self, **changed: object) -> tuple[bool, list[str]]:
        said: list[str] = []
        well = await check(load(self.config(changed)), SystemClock(), Words("zh"), said.append, self.config(changed))
        return well, said

    async def roster(self, staff: str = STAFF) -> None:
        """李明 and 王芳 are on the roster, and bound to their accounts."""
        book, said = self.folder / "核对表.xlsx", Words("zh")
        book.unlink(missing_ok=True)
        async with self.opened() as one:
            await self.brought_in(one, staff)
            there = await directory.fetched(one)
            await directory.write(one, there, book, said, print_nothing)
            await directory.apply(one, there, book, said, print_nothing, lambda: True)

    def opened(self) -> AbstractAsyncContextManager[CommandLine]:
        return machine_at(load(self.config({})), SystemClock())

    async def brought_in(self, one: CommandLine, staff: str = STAFF) -> None:
        """The roster, bound to nobody's account."""
        for name, rows in {"教职工": staff, "学生": PUPILS}.items():
            (self.folder / f"{name}.csv").write_text(rows, encoding="utf-8")
        files = [self.folder / "教职工.csv", self.folder / "学生.csv"]
        await import_roster(one, files, None, Words("zh"), print_nothing, lambda: True)

    def line_of(self, name: str) -> str:
        """What this person is to send, of the workbook of invitations."""
        sheets = load_workbook(self.folder / "邀请.xlsx").worksheets
        [line] = [str(row[3]) for sheet in sheets for row in sheet.values if row[0] == name]
        return line

    def config(self, changed: Mapping[str, object]) -> Path:
        values = {key: value for key, value in {**self.values, **changed}.items() if value is not None}
        lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        path = self.folder / "config.toml"
        storage = f'[storage]\nurl = "sqlite:///{self.folder}/zero-report.db"\nfiles = "{self.folder}/files"\n'
        path.write_text("\n".join(["[wecom]", *lines, storage]), encoding="utf-8")
        path.chmod(0o600)
        return path


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(SystemClock())
    await sandbox.start()
    school = sandbox.wecom.add_department("中心小学").id
    for person, (name, userid) in enumerate({"李明": "liming", "王芳": "wangfang"}.items(), 1):
        sandbox.add_person(person, name)
        sandbox.wecom.employ(person, userid, school)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def machine(tmp_path: Path, sandbox: Sandbox) -> Machine:
    return Machine(tmp_path, sandbox.wecom, sandbox.page_url.rstrip("/"), free_port())


def about(what: str, said: Sequence[str]) -> str:
    """The one line about it, from its mark on."""
    [line] = [one for one in said if one[2:].startswith(f"{what}：")]
    return line


async def test_a_school_that_went_through_the_console_gets_a_mark_for_each_of_its_pages(machine: Machine) -> None:
    well, said = await machine.check()
    assert well, said
    for what in PAGES:
        assert about(what, said).startswith("✓"), said
    assert "2人" in about("通讯录", said)


@pytest.mark.parametrize("key", CONSOLE)
async def test_a_missing_value_is_named_as_the_console_and_as_config_toml_name_it(machine: Machine, key: str) -> None:
    well, said = await machine.check(**{key: None})
    assert not well
    line = about(CONSOLE[key], said)
    assert line.startswith("✗")
    assert f"wecom.{key}" in line
    assert f"「{CONSOLE[key]}」" in line
    assert "「我的企业」" in line or "「应用管理」" in line


@pytest.mark.parametrize(
    ("changed", "what", "next_step"),
    [
        ({"secret": "another"}, "Secret", "wecom.secret"),
        ({"corp_id": "wwAnother"}, "Secret", "wecom.corp_id"),
        ({"agent_id": 1000009}, "AgentId", "wecom.agent_id"),
        ({"aes_key": "short"}, "企业微信", "EncodingAESKey"),
        ({"base_url": "http://127.0.0.1:9"}, "Secret", ""),
    ],
)
async def test_a_wrong_value_is_said_with_where_the_right_one_is(
    machine: Machine, changed: dict[str, object], what: str, next_step: str
) -> None:
    well, said = await machine.check(**changed)
    assert not well
    assert about(what, said).startswith("✗")
    assert next_step in about(what, said)
    assert "another" not in "".join(said)


async def test_an_address_that_the_console_does_not_trust_is_said_with_that_address(machine: Machine) -> None:
    machine.wecom.trusted_ips.add("192.0.2.1")
    well, said = await machine.check()
    assert not well
    assert about("企业可信IP", said).startswith("✗ 企业可信IP：60020")
    assert "127.0.0.1" in about("企业可信IP", said)
    machine.wecom.trusted_ips.add("127.0.0.1")
    assert about("企业可信IP", (await machine.check())[1]).startswith("✓")


@pytest.mark.parametrize(
    ("method", "errcode", "what", "next_step"),
    [
        ("agent/get", 301002, "AgentId", "wecom.agent_id"),
        ("department/list", 48002, "通讯录", "「可见范围」"),
        ("user/list", 60011, "通讯录", "「可见范围」"),
        ("menu/get", 48002, "应用菜单", "「应用管理」"),
        ("appchat/get", 86008, "领导群", "应用"),
        ("appchat/get", 60020, "领导群", "「企业可信IP」"),
        ("gettoken", 45009, "Secret", "频率"),
    ],
)
async def test_what_wecom_refuses_is_said_with_its_code_and_the_next_step(
    machine: Machine, method: str, errcode: int, what: str, next_step: str
) -> None:
    machine.wecom.faults.append(Fault("errcode", method=method, errcode=errcode))
    well, said = await machine.check(group="appchat")
    assert not well
    assert about(what, said).startswith(f"✗ {what}：{errcode} ")
    assert next_step in about(what, said)


async def test_a_home_page_is_warned_of_for_what_it_does_to_messages_in_wechat(machine: Machine) -> None:
    machine.wecom.corp.home_url = "https://zero.example.edu.cn/"
    well, said = await machine.check()
    line = about("应用主页", said)
    assert (well, line[0]) == (True, "⚠")
    for words in ("「在微工作台中始终进入主页」", "20个字节", "取消勾选"):
        assert words in line


async def test_the_apps_own_group_appears_with_its_first_message(machine: Machine) -> None:
    well, said = await machine.check(group="appchat")
    assert (well, about("领导群", said)[:2]) == (True, "⚠ ")
    assert "至少要两人" in about("领导群", said)
    await machine.roster(STAFF.replace("班主任、学区领导", "班主任"))
    well, said = await machine.check(group="appchat")
    assert (well, "对上账号的只有1人" in about("领导群", said)) == (False, True)
    await machine.roster()
    well, said = await machine.check(group="appchat")
    assert (well, about("领导群", said)) == (True, "✓ 领导群：随第一条消息出现，学区领导2人在里面")
    machine.wecom.corp.add_group("学区领导群", (1, 2), 1, chatid=f"leaders{machine.wecom.agent_id}")
    assert about("领导群", (await machine.check(group="appchat"))[1]) == "✓ 领导群：「学区领导群」，2人"
    assert about("领导群", (await machine.check())[1]).startswith("⚠")


async def test_a_group_robots_key_is_tried_without_a_word_in_the_group(machine: Machine) -> None:
    made = machine.wecom.add_robot("学区领导群", [1, 2])
    well, said = await machine.check(group="robot", group_key=made.key)
    assert (well, about("群机器人的key", said)[0]) == (True, "✓")
    assert machine.wecom.chat(made.id) == ()
    well, said = await machine.check(group="robot", group_key="another")
    assert (well, about("群机器人的key", said)[:13]) == (False, "✗ 群机器人的key：93")
    well, said = await machine.check(group="robot")
    assert (well, "wecom.group_key" in about("群机器人的key", said)) == (False, True)


async def test_the_roster_is_held_against_the_visible_range(machine: Machine, sandbox: Sandbox) -> None:
    """Who is bound and outside of it, who is in it and on no roster, who has no account: each with the next step."""
    assert "python -m bot wecom directory" in about("花名册与通讯录", (await machine.check())[1])
    await machine.roster()
    assert "2人都对上了账号" in about("花名册与通讯录", (await machine.check())[1])
    sandbox.add_person(3, "家长")
    machine.wecom.employ(3, "jiazhang")
    machine.wecom.dismiss(2)
    well, said = await machine.check()
    outside, others = [one for one in said if "花名册与通讯录" in one]
    assert (well, outside[0], others[0]) == (False, "✗", "⚠")
    assert "（王芳）" in outside
    assert "（家长）" in others
    assert "「可见范围」，去掉他们" in others


async def test_an_app_that_was_disabled_is_said(machine: Machine) -> None:
    machine.wecom.corp.closed = True
    well, said = await machine.check()
    assert (well, about("AgentId", said)[0]) == (False, "✗")


async def test_a_group_by_the_app_needs_the_root_in_the_visible_range(machine: Machine) -> None:
    office = machine.wecom.add_department("办公室")
    machine.wecom.set_visible([office.id])
    well, said = await machine.check(group="appchat")
    assert (well, about("可见范围", said)[0]) == (False, "✗")
    assert "选最上面一级" in about("可见范围", said)
    assert about("通讯录", said).startswith("✗ 通讯录：可见范围里一个人都没有")


async def test_the_bot_that_runs_is_asked_over_http(machine: Machine) -> None:
    """Its port is busy, and its answer is what WeCom would get."""
    section = load(machine.config({})).wecom
    running = Receiver(Crypto(machine.wecom.token, machine.wecom.aes_key, machine.wecom.corp_id), SystemClock(),
                       host_of(section.listen), port_of(section.listen), section.path)  # fmt: skip
    task = asyncio.create_task(running.listen(nothing))
    well, said = await machine.check()
    assert (well, "正在运行的机器人" in about("本机接收消息", said)) == (True, True)
    well, said = await machine.check(token="anotherToken", path="/wecom")
    assert (well, "HTTP 403" in about("本机接收消息", said), about("接收消息的URL", said)[0]) == (False, True, "✗")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_address_that_is_not_this_machines_is_said(machine: Machine) -> None:
    well, said = await machine.check(listen="192.0.2.1:8480", public_url=None)
    assert (well, about("本机接收消息", said)[0]) == (False, "✗")
    assert "wecom.listen" in about("本机接收消息", said)


async def test_a_proxy_that_leads_elsewhere_is_told_from_one_that_nobody_reaches(
    machine: Machine, sandbox: Sandbox
) -> None:
    well, said = await machine.check(public_url=f"{sandbox.page_url}wecom")
    assert (well, about("接收消息的URL", said)[0]) == (False, "✗")
    well, said = await machine.check(public_url="http://127.0.0.1:9/wecom")
    assert (well, about("接收消息的URL", said)[0]) == (True, "⚠")
    assert "手机流量" in about("接收消息的URL", said)
    assert "没有填 wecom.public_url" in about("接收消息的URL", (await machine.check(public_url=None))[1])


async def test_a_robot_subscribes_once_and_lets_go(machine: Machine) -> None:
    aibot = machine.wecom.aibot
    robot = {**dict.fromkeys(CONSOLE), "bot_id": aibot.bot_id, "bot_secret": aibot.secret, "robot_url": aibot.url}
    well, said = await machine.check(**robot)
    assert (well, about("智能机器人", said)[0]) == (True, "✓")
    await hung_up(aibot)
    assert "先给它发一句话" in about("智能机器人", said)
    assert "不补" in about("智能机器人", said)
    well, said = await machine.check(**robot | {"bot_secret": "another"})
    assert (well, "长连接" in about("智能机器人", said)) == (False, True)
    well, said = await machine.check(bot_id=aibot.bot_id)
    assert (well, about("智能机器人", said)) == (
        True,
        "⚠ 智能机器人：填了 wecom.corp_id，走的是自建应用，wecom.bot_id 没有用上。",
    )
    well, said = await machine.check(**robot | {"bot_secret": None})
    assert (well, "「Secret」" in about("智能机器人的Secret", said)) == (False, True)


async def test_the_robot_of_a_bot_that_runs_is_not_thrown_out(machine: Machine) -> None:
    aibot = machine.wecom.aibot
    robot = {**dict.fromkeys(CONSOLE), "bot_id": aibot.bot_id, "bot_secret": aibot.secret, "robot_url": aibot.url}
    async with machine.opened() as one:
        await one.storage.run(lambda tx: lease.keep(tx, "line:wecom", "the bot", lease.clock(tx), lambda _: False))
    well, said = await machine.check(**robot)
    assert (well, "没有另连" in about("智能机器人", said), aibot.journal) == (True, True, [])
    async with machine.opened() as one:
        await one.storage.run(lambda tx: lease.let_go(tx, "line:wecom", 1))
    assert "连得上" in about("智能机器人", (await machine.check(**robot))[1])


async def test_the_readmes_road_leads_from_nothing_to_a_bot_that_knows_its_people(machine: Machine) -> None:
    """WeCom lets nobody set a trusted IP before the URL is saved, and the URL is saved only while the bot runs."""
    wecom, machine.values["group"] = machine.wecom, "appchat"
    wecom.trusted_ips.add("192.0.2.1")
    _, said = await machine.check()
    assert [line for line in said if line.startswith("✗")] == [about("企业可信IP", said)]
    async with running(machine):
        await wecom.connected(str(machine.values["public_url"]), 20)
        wecom.trusted_ips.add("127.0.0.1")
        well, said = await machine.check()
        assert (well, "正在运行的机器人" in about("本机接收消息", said)) == (True, True)
        wecom.write(1, "帮助")
        await answered(wecom, 1, "信息技术老师")
        await machine.roster()
        wecom.write(1, "帮助")
        await answered(wecom, 1, "李老师，您好。")
        well, said = await machine.check()
        assert (well, "2人都对上了账号" in about("花名册与通讯录", said)) == (True, True)


async def test_the_robots_road_leads_to_the_same_by_a_line_of_the_invitations(machine: Machine) -> None:
    """No directory can be read there: who writes their line is known, and has written first."""
    aibot = machine.wecom.aibot
    machine.values = {"bot_id": aibot.bot_id, "bot_secret": aibot.secret, "robot_url": aibot.url}
    async with machine.opened() as one:
        await machine.brought_in(one)
        told: list[str] = []
        await write_invites(one, machine.folder / "邀请.xlsx", Words("zh"), told.append)
        assert "请本人在企业微信的对话里发送表里自己的那一行" in told[-1]
    async with running(machine):
        await connected(aibot)
        assert "没有另连" in about("智能机器人", (await machine.check())[1])
        aibot.write(1, machine.line_of("李明"))
        await answered(machine.wecom, 1, "您已绑定：中心小学")


async def test_the_command_line_ends_with_one_where_anything_is_missing(machine: Machine) -> None:
    machine.wecom.trusted_ips.add("192.0.2.1")
    machine.config({})
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "bot", "check"]
    bot = await asyncio.create_subprocess_exec(*command, cwd=machine.folder, env=environment, stdout=subprocess.PIPE)
    said, _ = await bot.communicate()
    assert bot.returncode == 1
    assert "✗ 企业可信IP：60020" in said.decode()
    assert said.decode().count("✗") == 1


async def nothing(raws: Sequence[Raw]) -> None:
    raise AssertionError("nobody posts in these tests")


def print_nothing(line: str) -> None:
    """What other commands say is not looked at here."""


async def hung_up(aibot: Aibot) -> None:
    """The sandbox sees the end of a connection a moment after the other side has made it."""
    async with asyncio.timeout(10):
        while aibot.connected:  # noqa: ASYNC110 - it rings no bell
            await asyncio.sleep(0)


async def connected(aibot: Aibot) -> None:
    async with asyncio.timeout(10):
        while not aibot.connected:  # noqa: ASYNC110 - it rings no bell
            await asyncio.sleep(0)


@asynccontextmanager
async def running(machine: Machine) -> AsyncIterator[None]:
    """`python -m bot run`, in this process."""
    task = asyncio.create_task(serve(load(machine.config({})), SystemClock()))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def answered(wecom: WeCom, person: int, words: str) -> None:
    """As soon as the phone shows it."""
    changed = asyncio.Event()
    wecom.on_change(lambda _: changed.set())
    async with asyncio.timeout(20):
        while not any(words in one.text for one in wecom.chat(person) if one.sender == 0):
            changed.clear()
            await changed.wait()
