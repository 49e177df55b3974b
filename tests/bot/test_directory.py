"""`wecom directory` against a corp over real HTTP: a dry run, what the clerk settled, and who has left."""

import asyncio
import stat
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels import Member, TryLater
from bot.channels.wecom.api import Api
from bot.channels.wecom.directory import members
from bot.clock import SystemClock
from bot.commands import directory
from bot.commands.roster import import_roster
from bot.config import Config, load
from bot.machine import Machine, MachineError, machine
from bot.texts import Words
from tests.bot.test_cli import Machine as CommandLine

STAFF = """学校,姓名,职务,班级,工号
中心小学,李明,班主任,三(2)班,001
中心小学,王芳,疫情报告人,,002
中心小学,何静,任课教师,三(2)班,003
第二小学,李明,班主任,三(1)班,201
学区办公室,赵强,管理员,,101
"""
PUPILS = """学校,班级,座号,姓名
中心小学,三(2)班,1,张三
第二小学,三(1)班,1,李四
"""
CONFIG = """[wecom]
corp_id = "ww1"
agent_id = 1000002
secret = "secret"
token = "token"
aes_key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
base_url = "{url}"
"""
ROOT = {"id": 1, "name": "青山县教育", "parentid": 0}
CENTRAL = {"id": 2, "name": "中心小学", "parentid": 1}
GRADE = {"id": 3, "name": "三年级组", "parentid": 2}
SECOND = {"id": 4, "name": "第二小学", "parentid": 1}


def user(account: str, name: str, *departments: int, status: int = 1) -> dict[str, object]:
    return {"userid": account, "name": name, "department": list(departments), "status": status}


@dataclass
class Corp:
    """A 通讯录 that answers as WeCom does; `refuses` is the errcode of every call but the token's."""

    departments: list[dict[str, object]] = field(default_factory=lambda: [ROOT, CENTRAL, GRADE, SECOND])
    users: list[dict[str, object]] = field(default_factory=list)
    refuses: int = 0

    async def token(self, request: web.Request) -> web.Response:
        return web.json_response({"errcode": 0, "errmsg": "ok", "access_token": "open", "expires_in": 7200})

    async def listed(self, request: web.Request) -> web.Response:
        return self._answer(request, department=self.departments)

    async def users_of(self, request: web.Request) -> web.Response:
        here = int(request.query["department_id"])
        return self._answer(request, userlist=[one for one in self.users if here in one["department"]])  # type: ignore[operator]

    def _answer(self, request: web.Request, **found: object) -> web.Response:
        assert request.query["access_token"] == "open"
        if self.refuses:
            return web.json_response({"errcode": self.refuses, "errmsg": "no"})
        return web.json_response({"errcode": 0, "errmsg": "ok", **found})


@pytest.fixture
async def corp() -> AsyncIterator[tuple[Corp, str]]:
    there = Corp(
        users=[
            user("LiMing", "李明", 3, 2),
            user("liming2", "李明", 4),
            user("WangFang", "王芳", 2),
            user("zq", "赵强", 1),
            user("chef", "钱师傅", 2),
        ]
    )
    app = web.Application()
    app.router.add_get("/cgi-bin/gettoken", there.token)
    app.router.add_get("/cgi-bin/department/list", there.listed)
    app.router.add_get("/cgi-bin/user/list", there.users_of)
    async with TestServer(app) as server:
        yield there, str(server.make_url("")).rstrip("/")


async def seen(url: str) -> tuple[Member, ...]:
    api = Api(url, "ww1", "secret", SystemClock())
    try:
        await api.open()
        return await members(api)
    finally:
        await api.close()


async def test_a_member_of_two_departments_is_one_and_says_where_they_are(corp: tuple[Corp, str]) -> None:
    there, url = corp
    there.users = [user("B", "李明", 3, 4), user("a", "王芳", 2, 99, status=4), user("c", "钱师傅", 1, status=2)]
    assert await seen(url) == (
        Member("a", "王芳", (("青山县教育", "中心小学"),), "waiting"),
        Member("B", "李明", (("青山县教育", "中心小学", "三年级组"), ("青山县教育", "第二小学")), "active"),
        Member("c", "钱师傅", (("青山县教育",),), "stopped"),
    )


async def test_what_is_outside_of_the_visible_range_is_not_needed_to_name_what_is_inside(
    corp: tuple[Corp, str],
) -> None:
    there, url = corp
    there.departments = [GRADE]
    assert [one.places for one in await seen(url)] == [(("三年级组",),)]


async def test_a_console_that_does_not_let_us_says_what_to_mend(corp: tuple[Corp, str]) -> None:
    there, url = corp
    there.refuses = 60020
    with pytest.raises(TryLater, match="可信IP"):
        await seen(url)


@dataclass
class Office:
    """Somebody at the machine, with a corp and a roster."""

    corp: Corp
    config: Config
    machine: Machine
    folder: Path
    said: list[str] = field(default_factory=list)

    @property
    def workbook(self) -> Path:
        return self.folder / "核对表.xlsx"

    async def write(self) -> None:
        there = await directory.fetched(self.config, self.machine.clock)
        await directory.write(self.machine, there, self.workbook, Words("zh"), self.said.append)

    async def apply(self, agreed: Callable[[], bool] = lambda: True) -> None:
        there = await directory.fetched(self.config, self.machine.clock)
        await directory.apply(self.machine, there, self.workbook, Words("zh"), self.said.append, agreed)

    def settle(self, **numbers: str | None) -> None:
        """By account what the clerk writes as its number."""
        book = openpyxl.load_workbook(self.workbook)
        for row in book["通讯录"].iter_rows(min_row=2):
            if row[0].value in numbers:
                row[6].value = numbers[str(row[0].value)]
        book.save(self.workbook)

    async def bound(self) -> dict[str, str]:
        """By account, school and name of who is bound there."""
        sql = """SELECT a.native, s.short, p.name FROM address a JOIN person p ON p.id = a.person
                 LEFT JOIN school s ON s.id = p.school WHERE a.channel = 'wecom' AND a.state = 'bound'"""
        rows = await self.machine.storage.read(lambda tx: tx.all(sql))
        return {row["native"]: f"{row['short'] or ''}{row['name']}" for row in rows}

    async def facts(self) -> list[str]:
        rows = await self.machine.storage.read(lambda tx: tx.all("SELECT kind FROM fact ORDER BY at, lane, n"))
        return [row["kind"] for row in rows if row["kind"] not in ("RulesSet", "CalendarSet")]


@pytest.fixture
async def office(corp: tuple[Corp, str], tmp_path: Path) -> AsyncIterator[Office]:
    there, url = corp
    (tmp_path / "教职工.csv").write_text(STAFF, encoding="utf-8")
    (tmp_path / "学生.csv").write_text(PUPILS, encoding="utf-8")
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(url=url) + f'[storage]\nurl = "sqlite:///{tmp_path}/zero-report.db"\n')
    config = load(path)
    async with machine(config, SystemClock()) as opened:
        files = [tmp_path / "教职工.csv", tmp_path / "学生.csv"]
        await import_roster(opened, files, None, Words("zh"), lambda _: None, lambda: True)
        yield Office(there, config, opened, tmp_path)


async def test_the_dry_run_counts_what_it_found_and_changes_nothing(office: Office) -> None:
    before = await office.facts()
    await office.write()
    assert office.said == [
        "通讯录：待定1，对上3，不在花名册1",
        "花名册上另有2人还没有对应的账号（见“花名册”表里账号空着的）。",
        f"已写入 {office.workbook}，只有您能读；什么都没有改。\n"
        "请核对「工号」一栏：填了的才处理，空着的不处理。“待定”的请从「候选工号」里选一个填上。\n"
        f"填好后运行：python -m bot wecom directory --apply {office.workbook}",
    ]
    assert stat.S_IMODE(office.workbook.stat().st_mode) == 0o600
    assert (await office.bound(), await office.facts()) == ({}, before)


async def test_what_the_clerk_settled_is_bound_without_a_code_and_a_second_time_changes_nothing(
    office: Office,
) -> None:
    await office.write()
    office.settle(zq="101")
    await office.apply(lambda: False)
    assert office.said[-1] == "以上只是预演，什么都没有改。确认无误后加 --yes 再运行一次。"
    assert await office.bound() == {}
    await office.apply()
    assert office.said[-1] == "已绑定4人，停用0人。"
    assert await office.bound() == {
        "LiMing": "中心校李明",
        "liming2": "二校李明",
        "WangFang": "中心校王芳",
        "zq": "赵强",
    }
    before = await office.facts()
    await office.apply()
    assert office.said[-1] == "核对表与现有绑定一致，没有需要改的。"
    assert await office.facts() == before


async def test_a_binding_under_another_name_is_pointed_out_before_anybody_says_yes(office: Office) -> None:
    await office.write()
    office.settle(chef="003", zq=None)
    await office.apply(lambda: False)
    assert "绑定　chef（钱师傅）→ 003 中心小学 何静（三(2)班任课教师）　⚠️ 姓名不同，请再看一眼" in office.said


async def test_who_left_is_retired_and_whose_account_was_renamed_stays(office: Office) -> None:
    await office.write()
    await office.apply()
    office.workbook.unlink()
    there = office.corp.users
    there[:] = [one for one in there if one["userid"] not in ("LiMing", "liming2")] + [user("ming", "李明", 4)]
    await office.write()
    assert "通讯录：待定1，对上1，停用或离开2，不在花名册1，已绑定1" in office.said
    before = Counter(await office.facts())
    await office.apply()
    assert "停用　LiMing：001 中心小学 李明（三(2)班班主任）" in office.said
    assert office.said[-1] == "已绑定1人，停用1人。"
    assert await office.bound() == {"ming": "二校李明", "WangFang": "中心校王芳"}
    assert Counter(await office.facts()) - before == Counter(Bound=1, Unbound=1, RollChanged=1)
    told = "SELECT a.native FROM message m JOIN address a ON a.id = m.address WHERE m.body LIKE '%directory.stopped%'"
    assert [row["native"] for row in await office.machine.storage.read(lambda tx: tx.all(told))] == ["WangFang"]


async def test_a_visible_range_that_has_become_narrow_is_doubted_before_a_school_is_emptied(office: Office) -> None:
    await office.write()
    await office.apply()
    office.workbook.unlink()
    office.corp.users[:] = [one for one in office.corp.users if one["userid"] == "liming2"]
    await office.write()
    doubt = "⚠️ 中心小学已绑定2人，其中2人不在通讯录里：请先确认应用的「可见范围」没有改小。"
    assert doubt in office.said
    office.said.clear()
    await office.apply(lambda: False)
    assert doubt in office.said


async def test_nobody_to_be_seen_is_a_console_to_be_mended_and_no_empty_school(office: Office) -> None:
    office.corp.users.clear()
    with pytest.raises(MachineError, match="「可见范围」设为全体教职工"):
        await office.write()
    assert not office.workbook.exists()


async def test_a_workbook_in_which_the_clerk_may_have_been_at_work_is_not_overwritten(office: Office) -> None:
    await office.write()
    before = office.workbook.read_bytes()
    with pytest.raises(MachineError, match="没有覆盖"):
        await office.write()
    assert office.workbook.read_bytes() == before


async def test_a_faulty_workbook_changes_nothing_and_names_every_fault(office: Office) -> None:
    await office.write()
    office.settle(chef="999", zq="002")
    with pytest.raises(MachineError, match="共2处问题，什么都没有改"):
        await office.apply()
    assert len([line for line in office.said if line.startswith("通讯录 第")]) == 2
    assert await office.bound() == {}


async def test_the_program_writes_the_workbook_and_carries_it_out(corp: tuple[Corp, str], tmp_path: Path) -> None:
    _, url = corp
    line = CommandLine(tmp_path)
    line.write("config.toml", CONFIG.format(url=url))
    line.write("教职工.csv", STAFF)
    line.write("学生.csv", PUPILS)
    code, said = await asyncio.to_thread(line.run, "roster", "import", "教职工.csv", "学生.csv", "--yes")
    assert code == 0, said
    code, said = await asyncio.to_thread(line.run, "wecom", "directory", "--out", "a.xlsx")
    assert (code, said.splitlines()[0]) == (0, "通讯录：待定1，对上3，不在花名册1")
    code, said = await asyncio.to_thread(line.run, "wecom", "directory", "--apply", "a.xlsx", "--yes")
    assert (code, said.splitlines()[-1]) == (0, "已绑定3人，停用0人。")
    line.write("config.toml", "")
    code, said = await asyncio.to_thread(line.run, "wecom", "directory")
    assert (code, said) == (
        2,
        "wecom.corp_id is missing: the directory is read by a self-built app (自建应用) alone.\n",
    )
