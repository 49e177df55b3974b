"""`wecom directory` against a corp over real HTTP: a dry run, what the clerk settled, and who has left."""

import asyncio
import stat
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest

from bot.channels import Member, TryLater
from bot.channels.wecom.api import Api
from bot.channels.wecom.directory import members
from bot.clock import SystemClock
from bot.commands import directory, people
from bot.commands.roster import import_roster
from bot.config import ConfigError, load
from bot.machine import Machine, MachineError, machine
from bot.texts import Words
from sandbox import Fault, Sandbox
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
LI, OTHER_LI, WANG, ZHAO, COOK = 1, 2, 3, 4, 5
NAMES = {LI: "李明", OTHER_LI: "李明", WANG: "王芳", ZHAO: "赵强", COOK: "钱师傅"}


@dataclass
class Corp:
    """The pretended WeCom with two schools, and what the app of its console is configured with."""

    sandbox: Sandbox
    central: int
    grade: int
    second: int

    @property
    def url(self) -> str:
        return self.sandbox.page_url.rstrip("/")

    def config(self, *more: str) -> str:
        wecom = self.sandbox.wecom
        lines = {
            "corp_id": wecom.corp_id,
            "secret": wecom.secret,
            "token": wecom.token,
            "aes_key": wecom.aes_key,
            "base_url": self.url,
        }
        said = [f'{name} = "{value}"' for name, value in lines.items()]
        return "\n".join(("[wecom]", f"agent_id = {wecom.agent_id}", *said, *more, ""))

    async def seen(self, *bound: str) -> tuple[Member, ...]:
        api = Api(self.url, self.sandbox.wecom.corp_id, self.sandbox.wecom.secret, SystemClock())
        try:
            await api.open()
            return await members(api, bound)
        finally:
            await api.close()


@pytest.fixture
async def corp() -> AsyncIterator[Corp]:
    sandbox = Sandbox(SystemClock())
    for number, name in NAMES.items():
        sandbox.add_person(number, name)
    await sandbox.start()
    wecom = sandbox.wecom
    central, second = wecom.add_department("中心小学").id, wecom.add_department("第二小学").id
    grade = wecom.add_department("三年级组", central).id
    wecom.employ(LI, "LiMing", [grade, central])
    wecom.employ(OTHER_LI, "liming2", second)
    wecom.employ(WANG, "WangFang", central)
    wecom.employ(ZHAO, "zq", second)
    wecom.employ(COOK, "chef", central)
    yield Corp(sandbox, central, grade, second)
    await sandbox.stop()


async def test_a_member_of_two_departments_is_one_and_says_where_they_are(corp: Corp) -> None:
    corp.sandbox.wecom.employ(WANG, "WangFang", corp.central, status=4)
    corp.sandbox.wecom.employ(ZHAO, "zq", status=2)
    top = "示范学区"
    assert await corp.seen() == (
        Member("chef", "钱师傅", ((top, "中心小学"),), "active"),
        Member("LiMing", "李明", ((top, "中心小学", "三年级组"), (top, "中心小学")), "active"),
        Member("liming2", "李明", ((top, "第二小学"),), "active"),
        Member("WangFang", "王芳", ((top, "中心小学"),), "waiting"),
        Member("zq", "赵强", ((top,),), "stopped"),
    )


async def test_what_is_outside_of_the_visible_range_is_not_needed_to_name_what_is_inside(corp: Corp) -> None:
    corp.sandbox.wecom.set_visible([corp.grade])
    assert await corp.seen() == (Member("LiMing", "李明", (("三年级组",),), "active"),)


async def test_who_is_bound_and_not_listed_is_asked_after_before_they_are_said_to_have_left(corp: Corp) -> None:
    wecom = corp.sandbox.wecom
    wecom.set_visible([corp.grade], [WANG])
    wecom.dismiss(COOK)
    wecom.employ(ZHAO, "zq", corp.grade, status=5)
    assert await corp.seen("LiMing", "WangFang", "liming2", "chef", "zq") == (
        Member("LiMing", "李明", (("三年级组",),), "active"),
        Member("liming2", "", (), "hidden"),
        Member("WangFang", "王芳", (), "active"),
        Member("zq", "赵强", (("三年级组",),), "stopped"),
    )


async def test_a_console_that_does_not_let_us_says_what_to_mend(corp: Corp) -> None:
    corp.sandbox.wecom.trusted_ips.add("203.0.113.7")
    with pytest.raises(TryLater, match="可信IP"):
        await corp.seen("LiMing")
    corp.sandbox.wecom.trusted_ips.clear()
    corp.sandbox.wecom.faults.append(Fault("errcode", method="user/get", errcode=50003))
    with pytest.raises(TryLater, match="应用被停用"):
        await corp.seen("nobody")


@dataclass
class Office:
    """Somebody at the machine, with a corp and a roster."""

    corp: Corp
    machine: Machine
    folder: Path
    said: list[str] = field(default_factory=list)

    @property
    def workbook(self) -> Path:
        return self.folder / "核对表.xlsx"

    async def write(self) -> None:
        there = await directory.fetched(self.machine)
        await directory.write(self.machine, there, self.workbook, Words("zh"), self.said.append)

    async def apply(self, agreed: Callable[[], bool] = lambda: True) -> None:
        there = await directory.fetched(self.machine)
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
async def office(corp: Corp, tmp_path: Path) -> AsyncIterator[Office]:
    (tmp_path / "教职工.csv").write_text(STAFF, encoding="utf-8")
    (tmp_path / "学生.csv").write_text(PUPILS, encoding="utf-8")
    path = tmp_path / "config.toml"
    path.write_text(corp.config("[storage]", f'url = "sqlite:///{tmp_path}/zero-report.db"'))
    async with machine(load(path), SystemClock()) as opened:
        files = [tmp_path / "教职工.csv", tmp_path / "学生.csv"]
        await import_roster(opened, files, None, Words("zh"), lambda _: None, lambda: True)
        yield Office(corp, opened, tmp_path)


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
    office.corp.sandbox.wecom.dismiss(LI)
    office.corp.sandbox.wecom.employ(OTHER_LI, "ming", office.corp.second)
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


async def test_a_visible_range_that_has_become_narrow_stops_nobody(office: Office) -> None:
    await office.write()
    await office.apply()
    office.workbook.unlink()
    before = await office.bound()
    office.corp.sandbox.wecom.set_visible([office.corp.second])
    await office.write()
    assert "通讯录：待定3，已绑定1" in office.said
    await office.apply()
    assert office.said[-1] == "核对表与现有绑定一致，没有需要改的。"
    assert await office.bound() == before
    office.settle(LiMing="001")
    await office.apply()
    assert office.said[-1] == "已绑定0人，停用1人。"


async def test_a_school_of_which_most_have_left_is_doubted_before_anybody_says_yes(office: Office) -> None:
    await office.write()
    await office.apply()
    office.workbook.unlink()
    for number in (LI, WANG):
        office.corp.sandbox.wecom.dismiss(number)
    await office.write()
    doubt = "⚠️ 中心小学已绑定2人，其中2人已停用或不在通讯录里：请先在管理后台核对，再确认。"
    assert doubt in office.said
    office.said.clear()
    await office.apply(lambda: False)
    assert doubt in office.said


async def test_nobody_to_be_seen_is_a_console_to_be_mended_and_no_empty_school(office: Office) -> None:
    office.corp.sandbox.wecom.set_visible([])
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


async def test_an_invitation_is_not_asked_for_where_wecom_is_the_only_platform(office: Office) -> None:
    await people.write_invites(office.machine, office.folder / "邀请.xlsx", Words("zh"), office.said.append)
    assert "老师由通讯录对上，不用邀请" in office.said[-1]
    await people.invite_admin(office.machine, Words("zh"), office.said.append, instead=False)
    assert office.said[-1] == "企业微信里没有链接：请在企业微信里与本应用（或智能机器人）的对话中发送上面这一行。"


async def test_the_program_writes_the_workbook_and_carries_it_out(office: Office) -> None:
    line = CommandLine(office.folder)
    code, said = await asyncio.to_thread(line.run, "wecom", "directory", "--out", "a.xlsx")
    assert (code, said.splitlines()[0]) == (0, "通讯录：待定1，对上3，不在花名册1")
    code, said = await asyncio.to_thread(line.run, "wecom", "directory", "--apply", "a.xlsx", "--yes")
    assert (code, said.splitlines()[-1]) == (0, "已绑定3人，停用0人。")


async def test_without_an_app_there_is_no_directory_to_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'[storage]\nurl = "sqlite:///{tmp_path}/zero-report.db"\n')
    async with machine(load(tmp_path / "config.toml"), SystemClock()) as opened:
        with pytest.raises(ConfigError, match=r"wecom\.corp_id is missing"):
            await directory.fetched(opened)
