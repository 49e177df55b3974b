"""The command line, as a program of its own: what it prints, how it ends, what is in the database after it."""

import asyncio
import os
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.clock import SystemClock
from sandbox import Sandbox

ROOT = Path(__file__).parents[2]
STAFF = """学校,姓名,职务,班级
中心小学,李明,班主任,三(2)班
中心小学,王芳,疫情报告人、校长,
学区办公室,赵强,管理员、学区领导,
"""
PUPILS = """学校,班级,座号,姓名
中心小学,三(2)班,1,张三
中心小学,三(2)班,2,李四
"""
NUMBERED = """学校,班级,座号,姓名,学号
中心小学,三(2)班,1,张三,1001
中心小学,三(2)班,2,李四,1002
"""


class Machine:
    """A folder in which somebody types commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "LANG": "C.UTF-8",
        }

    def write(self, name: str, words: str) -> Path:
        path = self.folder / name
        path.write_text(words, encoding="utf-8")
        path.chmod(0o600)
        return path

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "bot", *words]

    def run(self, *words: str) -> tuple[int, str]:
        done = subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
            check=False,
            umask=0,
        )
        return done.returncode, done.stdout.decode()

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.folder / "zero-report.db")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def roster(self) -> tuple[str, str]:
        self.write("教职工.csv", STAFF)
        self.write("学生.csv", PUPILS)
        return "教职工.csv", "学生.csv"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_import_only_shows_what_it_would_change(machine: Machine) -> None:
    code, said = machine.run("roster", "import", *machine.roster())
    assert code == 0
    assert "中心小学（新学校）：新增班级1，新增教职工2，新增学生2" in said
    assert "--yes" in said
    assert machine.rows("SELECT * FROM pupil") == []


def test_an_import_with_yes_brings_everybody_in_and_a_second_changes_nothing(machine: Machine) -> None:
    files = machine.roster()
    code, said = machine.run("roster", "import", *files, "--yes")
    assert (code, said.splitlines()[-1]) == (0, "已导入2所学校（单位）。")
    assert machine.rows("SELECT name FROM pupil ORDER BY name") == [("张三",), ("李四",)]
    facts = machine.rows("SELECT count(*) FROM fact")
    code, said = machine.run("roster", "import", *files, "--yes")
    assert (code, said.splitlines()[-1]) == (0, "花名册与现有记录一致，没有需要导入的。")
    assert machine.rows("SELECT count(*) FROM fact") == facts


def test_a_second_import_names_what_moves(machine: Machine) -> None:
    files = machine.roster()
    machine.run("roster", "import", *files, "--yes")
    machine.write("学生.csv", PUPILS.replace("2,李四", "7,李四"))
    code, said = machine.run("roster", "import", *files, "--yes")
    assert code == 0
    assert "李四：三(2)班 2号 → 三(2)班 7号" in said


def test_in_september_the_dry_run_shows_a_class_going_up_and_nobody_moving(machine: Machine) -> None:
    machine.roster()
    machine.write("学生.csv", NUMBERED)
    files = ("教职工.csv", "学生.csv")
    machine.run("roster", "import", *files, "--yes")
    machine.write("教职工.csv", STAFF.replace("三(2)班", "四(2)班"))
    machine.write("学生.csv", NUMBERED.replace("三(2)班", "四(2)班"))
    code, said = machine.run("roster", "import", *files, "--since", "2030-09-01")
    assert code == 0
    assert "中心小学：班级改名1\n  班级改名　三(2)班 → 四(2)班（还是这个班，记录随班走）\n学区办公室：没有变化" in said
    assert "这份名单从2030-09-01起生效。" in said
    machine.run("roster", "import", *files, "--since", "2030-09-01", "--yes")
    names = machine.rows("SELECT name, until < '9999' FROM class_name ORDER BY since")
    assert names == [("三(2)班", 1), ("四(2)班", 0)]
    assert machine.rows("SELECT count(*) FROM class") == [(1,)]


def test_an_import_from_before_the_last_one_is_refused_with_the_day(machine: Machine) -> None:
    files = machine.roster()
    machine.run("roster", "import", *files, "--yes", "--since", "2030-09-01")
    code, said = machine.run("roster", "import", *files, "--yes", "--since", "2030-08-31")
    assert code == 1
    assert "中心小学已有从2030-09-01起生效的名单" in said
    assert "--since 2030-09-01" in said
    assert machine.rows("SELECT count(*) FROM class") == [(1,)]


def test_a_list_of_newcomers_only_is_remarked_before_it_empties_a_school(machine: Machine) -> None:
    files = machine.roster()
    machine.run("roster", "import", *files, "--yes")
    machine.write("学生.csv", "学校,班级,座号,姓名\n中心小学,三(2)班,3,王五\n")
    code, said = machine.run("roster", "import", *files)
    assert code == 0
    assert "中心小学现有教职工2人、学生2人，导入后有一半以上要离开" in said


def test_a_school_that_is_not_in_the_file_is_named_and_stays(machine: Machine) -> None:
    machine.run("roster", "import", *machine.roster(), "--yes")
    machine.write("教职工.csv", STAFF.replace("中心小学", "第二小学"))
    machine.write("学生.csv", PUPILS.replace("中心小学", "第二小学"))
    code, said = machine.run("roster", "import", "教职工.csv", "学生.csv", "--yes")
    assert code == 0
    assert "不在这份文件里、没有改动的学校：中心小学" in said
    assert "第二小学（新学校）：新增班级1，新增教职工2，新增学生2\n  三(2)班2人" in said
    assert machine.rows("SELECT count(*) FROM pupil") == [(4,)]


def test_every_faulty_row_is_named_and_nothing_is_imported(machine: Machine) -> None:
    files = machine.roster()
    machine.write("学生.csv", PUPILS.replace("2,李四", "1,李四") + "中心小学,三(2)班,x,王五\n")
    code, said = machine.run("roster", "import", *files, "--yes")
    assert code == 1
    assert "学生.csv 第4行「座号」" in said
    assert "学生.csv 第3行" in said
    assert "什么都没有导入" in said
    assert machine.rows("SELECT * FROM pupil") == []


def test_the_invitations_are_in_a_workbook_that_only_its_owner_reads(machine: Machine) -> None:
    machine.run("roster", "import", *machine.roster(), "--yes")
    code, said = machine.run("roster", "invites", "--out", "邀请.xlsx")
    assert (code, "3人的邀请" in said, "随之作废" in said) == (0, True, False)
    path = machine.folder / "邀请.xlsx"
    assert path.stat().st_mode & 0o077 == 0
    book = load_workbook(path)
    assert [(sheet.title, sheet.max_row - 1) for sheet in book.worksheets] == [("学区", 1), ("中心小学", 2)]
    sentences = [str(row[-1].value) for sheet in book.worksheets for row in sheet.iter_rows(min_row=2)]
    assert all("请在与机器人的对话里发送下面这一行" in one and "/start " in one for one in sentences)
    assert machine.rows("SELECT count(*) FROM invite WHERE state = 'open'") == [(3,)]
    code, said = machine.run("roster", "invites", "--out", "邀请.xlsx")
    assert (code, "其中3人此前的链接还没有用，已随之作废" in said) == (0, True)
    assert machine.rows("SELECT count(*) FROM invite WHERE state = 'open'") == [(3,)]


def test_whatever_is_written_is_its_owners_only_under_any_umask(machine: Machine) -> None:
    files = machine.roster()
    before = set(machine.folder.iterdir())
    machine.run("roster", "template")
    machine.run("roster", "import", *files, "--yes")
    machine.run("roster", "invites", "--out", "邀请.xlsx")
    written = set(machine.folder.iterdir()) - before
    assert {path.name for path in written} == {"花名册.xlsx", "zero-report.db", "邀请.xlsx"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}


def test_the_first_admin_gets_a_code_before_anything_else_is_there(machine: Machine) -> None:
    code, said = machine.run("invite", "--admin")
    assert code == 0
    assert re.search(r"/start [a-z2-7]{16}", said)
    assert machine.rows("SELECT duty FROM duty") == [("admin",)]
    assert machine.run("invite", "--admin", "--instead")[0] == 0
    assert machine.rows("SELECT count(*) FROM duty WHERE until > '9999'") == [(1,)]
    assert machine.rows("SELECT state FROM invite ORDER BY state") == [("open",), ("void",)]


def test_the_template_can_be_written(machine: Machine) -> None:
    assert machine.run("roster", "template", "empty.xlsx")[0] == 0
    assert {"教职工", "学生"} <= set(load_workbook(machine.folder / "empty.xlsx").sheetnames)


def test_the_rules_are_shown_and_changed_from_a_day_on(machine: Machine) -> None:
    machine.write("new.toml", '[[rule]]\nkey = "fever.ear"\nvalue = 375\nsource = "本学区规定"\n')
    assert "fever.ear = 373" in machine.run("rules")[1]
    code, said = machine.run("rules", "new.toml", "--from", "2030-09-01")
    assert (code, "2030-09-01" in said) == (0, True)
    assert "fever.ear = 373" in machine.run("rules")[1]
    assert "fever.ear = 375" in machine.run("rules", "--from", "2030-09-02")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('[[rule]]\nkey = "fever.ear"\nvalue = 3850\nsource = "本学区规定"\n', "fever.ear is 3850"),
        ('[[rule]]\nkey = "fever.nose"\nvalue = 375\nsource = "本学区规定"\n', "fever.nose is not known"),
        ('[[rule]]\nkey = "fever.ear"\nvalue = 375\n', "'source'"),
        ('[[rule]]\nkey = "starts_on"\nvalue = "2026-09-01"\nsource = "x"\n', "starts_on is set in config.toml"),
        ('[[rule]]\nkey = "rehearsal"\nvalue = true\nsource = "x"\n', "rehearsal is set in config.toml"),
    ],
)
def test_a_rule_that_is_wrong_is_named_and_changes_nothing(machine: Machine, words: str, said: str) -> None:
    machine.write("new.toml", words)
    code, answer = machine.run("rules", "new.toml")
    assert code == 1
    assert said in answer
    assert "fever.ear = 373" in machine.run("rules")[1]


def test_the_country_s_holidays_are_there_after_the_first_command(machine: Machine) -> None:
    machine.run("rules")
    assert machine.rows("SELECT DISTINCT school_day FROM calendar WHERE scope = 'country' ORDER BY 1") == [(0,), (1,)]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("", "telegram.token is missing"),
        ('[telegram]\ntokn = "1:a"\n', "Did you mean telegram.token?"),
        ('[telegram]\ntoken = "1:a"\n[storage]\nurl = "sqlite:///nowhere/zero.db"\n', "nowhere"),
        ('[telegram]\ntoken = "1:a"\n[storage]\nurl = "mysql://x"\n', "[storage] url must read like"),
    ],
)
def test_a_start_that_cannot_be_says_why_in_a_sentence(machine: Machine, config: str, said: str) -> None:
    machine.write("config.toml", config)
    code, answer = machine.run("run")
    assert code == 2
    assert said in answer
    assert "Traceback" not in answer


def test_a_database_newer_than_the_program_is_left_alone(machine: Machine) -> None:
    machine.run("rules")
    connection = sqlite3.connect(machine.folder / "zero-report.db")
    connection.execute("INSERT INTO schema_version (n, name) VALUES (9999, 'of_tomorrow')")
    connection.commit()
    connection.close()
    code, said = machine.run("invite", "--admin")
    assert code == 2
    assert "version 9999" in said
    assert "Traceback" not in said


# With a platform


@pytest.fixture
async def sandbox(machine: Machine) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(SystemClock())
    await sandbox.start()
    machine.write("config.toml", f'[telegram]\ntoken = "{sandbox.token}"\nbase_url = "{sandbox.base_url}"\n')
    yield sandbox
    await sandbox.stop()


async def test_check_names_the_bot_when_all_is_well(machine: Machine, sandbox: Sandbox) -> None:
    code, said = await asyncio.to_thread(machine.run, "check")
    assert code == 0
    assert "@zero_report_bot" in said
    assert "✗" not in said
    tried = [line[2:].partition("：")[0] for line in said.splitlines()]
    assert tried == [
        *("配置", "文件权限", "文字", "字体", "证明文件夹", "数据库", "存证", "规则", "备份", "硬盘", "机外看守"),
        *("机器人令牌", "时钟", "领导群"),
    ]


async def test_check_names_a_certificate_that_others_may_open(machine: Machine, sandbox: Sandbox) -> None:
    folder = machine.folder / "zero-report-files"
    folder.mkdir(mode=0o755)
    code, said = await asyncio.to_thread(machine.run, "check")
    assert (code, "✗ 证明文件夹：zero-report-files" in said) == (1, True)
    folder.chmod(0o700)
    code, said = await asyncio.to_thread(machine.run, "check")
    assert (code, "✓ 证明文件夹" in said) == (0, True)


async def test_check_warns_of_terms_that_are_not_set_or_over(machine: Machine, sandbox: Sandbox) -> None:
    row = '[[rule]]\nkey = "terms"\nvalue = [["{}", "{}"]]\nsource = "本学区规定"\n'
    await asyncio.to_thread(machine.run, "rules")
    code, said = await asyncio.to_thread(machine.run, "check")
    assert (code, "⚠ 规则：没有设学期" in said) == (0, True)
    for terms, warned in ((("2020-02-20", "2020-07-03"), True), (("2020-02-20", "2099-07-03"), False)):
        file = machine.write("terms.toml", row.format(*terms))
        await asyncio.to_thread(machine.run, "rules", str(file))
        code, said = await asyncio.to_thread(machine.run, "check")
        assert (code, "⚠ 规则：设的学期（terms）都已结束" in said, "✓ 规则" in said) == (0, warned, not warned)


async def test_a_wrong_token_ends_check_and_run(machine: Machine, sandbox: Sandbox) -> None:
    machine.environment["ZERO_REPORT_TELEGRAM__TOKEN"] = "7000000001:AAwrong"
    code, said = await asyncio.to_thread(machine.run, "check")
    assert (code, "✗ 机器人令牌" in said) == (1, True)
    code, said = await asyncio.to_thread(machine.run, "run")
    assert (code, "does not know this bot's token" in said) == (2, True)
    assert "AAwrong" not in said


async def test_a_bot_that_runs_ends_cleanly_at_sigterm_and_knows_its_own_address(
    machine: Machine, sandbox: Sandbox
) -> None:
    log = machine.folder / "log"
    with log.open("wb") as out:
        bot = await asyncio.create_subprocess_exec(
            *machine.command("run"), cwd=machine.folder, env=machine.environment, stdout=out, stderr=out
        )
    try:
        await sandbox.until(lambda: any(entry.method == "getMe" for entry in sandbox.journal), 30)
        sandbox.add_person(101, "李老师")
        sandbox.write(101, 101, "/start")
        await sandbox.until(lambda: any(entry.method == "sendMessage" for entry in sandbox.journal), 30)
        code, said = await asyncio.to_thread(machine.run, "invite", "--admin")
        link = re.search(r"https://t\.me/zero_report_bot\?start=([a-z2-7]{16})", said)
        assert (code, link is not None) == (0, True), said
        assert link is not None
        sandbox.write(101, 101, f"/start {link[1]}")
        await sandbox.until(lambda: any(entry.method == "setMyCommands" for entry in sandbox.journal), 30)
        bot.terminate()
        assert await asyncio.wait_for(bot.wait(), 30) == 0, log.read_text()
    finally:
        if bot.returncode is None:
            bot.kill()
            await bot.wait()
    words = log.read_text(encoding="utf-8")
    assert sandbox.token not in words
    [why] = [line for line in words.splitlines() if "privacy.telegram is alone" in line]
    assert why.endswith("narrower than full because what is sent through Telegram lies on servers outside the country")
    assert "Traceback" not in words
    assert machine.rows("SELECT value FROM progress WHERE name = 'running'") == [("",)]


async def test_a_rehearsal_is_said_at_the_start_and_on_every_message(machine: Machine, sandbox: Sandbox) -> None:
    config = (machine.folder / "config.toml").read_text(encoding="utf-8")
    machine.write("config.toml", f"{config}[district]\nrehearsal = true\nstarts_on = 2099-09-01\n")
    log = machine.folder / "log"
    with log.open("wb") as out:
        bot = await asyncio.create_subprocess_exec(
            *machine.command("run"), cwd=machine.folder, env=machine.environment, stdout=out, stderr=out
        )
    try:
        sandbox.add_person(101, "李老师")
        sandbox.write(101, 101, "/start")
        await sandbox.until(lambda: any(one.sender == 0 for one in sandbox.chat(101)), 30)
    finally:
        bot.terminate()
        await bot.wait()
    assert [one.text[:4] for one in sandbox.chat(101) if one.sender == 0] == ["【演练】"]
    words = log.read_text(encoding="utf-8")
    assert "today is a rehearsal" in words
    assert "teachers hear nothing before 2099-09-01" in words


def test_starting_is_quick(machine: Machine) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "--help"],
        cwd=machine.folder,
        env=machine.environment,
        capture_output=True,
        timeout=60,
        check=True,
    )
    loaded = done.stderr.decode()
    for heavy in ("matplotlib", "telegram", "pydantic_settings", "openpyxl"):
        assert f" {heavy}\n" not in loaded, heavy


# Of one person


def left(machine: Machine) -> None:
    """李四 was on the roll and is not any more."""
    machine.write("教职工.csv", STAFF)
    machine.write("学生.csv", NUMBERED)
    machine.run("roster", "import", "教职工.csv", "学生.csv", "--yes")
    machine.write("学生.csv", NUMBERED.replace("中心小学,三(2)班,2,李四,1002\n", ""))
    machine.run("roster", "import", "教职工.csv", "学生.csv", "--yes", "--since", "2099-01-01")
    assert machine.rows("SELECT count(*) FROM enrolment WHERE until < '9999-12-31'") == [(1,)]


def test_who_is_on_the_roll_or_not_known_is_not_erased(machine: Machine) -> None:
    left(machine)  # as of 2099: today both are here
    for who, why in (("1002", "还在花名册上"), ("9999", "没有学号、工号或编号是 9999 的人")):
        code, said = machine.run("person", "erase", who, "--yes")
        assert code == 1
        assert why in said
    assert machine.rows("SELECT name FROM pupil ORDER BY name") == [("张三",), ("李四",)]


def test_who_has_left_is_erased_after_a_yes_and_the_chain_stays_whole(machine: Machine) -> None:
    machine.write("教职工.csv", STAFF)
    machine.write("学生.csv", NUMBERED)
    machine.run("roster", "import", "教职工.csv", "学生.csv", "--yes", "--since", "2026-01-01")
    machine.write("学生.csv", NUMBERED.replace("中心小学,三(2)班,2,李四,1002\n", ""))
    machine.run("roster", "import", "教职工.csv", "学生.csv", "--yes", "--since", "2026-01-02")

    code, said = machine.run("person", "erase", "1002")
    assert code == 0
    assert "将清除：中心小学三(2)班2号 李四" in said
    assert "以上只是预演" in said
    assert machine.rows("SELECT count(*) FROM fact WHERE body = ''") == [(0,)]

    out = machine.folder / "李四.json"
    code, said = machine.run("person", "export", "1002", "--out", str(out))
    assert code == 0, said
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "李四" in out.read_text(encoding="utf-8")
    assert "张三" not in out.read_text(encoding="utf-8")
    assert machine.rows("SELECT what, person FROM viewed") == [("export", "machine")]

    code, said = machine.run("person", "erase", "1002", "--yes")
    assert code == 0, said
    assert "已清除 中心小学三(2)班2号" in said
    assert machine.rows("SELECT name, student_no FROM pupil ORDER BY name") == [("", None), ("张三", "1001")]
    assert machine.rows("SELECT count(*) FROM fact WHERE body LIKE '%李四%'") == [(0,)]
    assert machine.rows("SELECT count(*) FROM inbox WHERE body LIKE '%李四%'") == [(0,)]
    assert machine.rows("SELECT count(*) FROM enrolment") == [(2,)]
    code, said = machine.run("audit", "verify")
    assert code == 0, said
    assert re.search(r"其中[1-9]\d*条已按规定清除内容", said)


def test_who_left_the_staff_is_erased_with_phone_and_chat(machine: Machine) -> None:
    machine.write(
        "教职工.csv", STAFF.replace("职务,班级", "职务,班级,工号,手机").replace("三(2)班\n", "三(2)班,T1,13800001234\n")
    )
    machine.write("学生.csv", PUPILS)
    machine.run("roster", "import", "教职工.csv", "学生.csv", "--yes", "--since", "2026-01-01")
    machine.write("教职工.csv", STAFF.replace("李明", "何新"))
    machine.run("roster", "import", "教职工.csv", "学生.csv", "--yes", "--since", "2026-01-02")
    code, said = machine.run("person", "erase", "T1", "--yes")
    assert code == 0, said
    assert machine.rows("SELECT count(*) FROM person WHERE name = '李明' OR phone = '13800001234'") == [(0,)]
    assert machine.rows("SELECT count(*) FROM fact WHERE body LIKE '%李明%' OR body LIKE '%13800001234%'") == [(0,)]
    assert machine.run("audit", "verify")[0] == 0


# 存证


def test_a_changed_fact_ends_the_check_with_one_and_is_named(machine: Machine) -> None:
    machine.run("roster", "import", *machine.roster(), "--yes")
    code, said = machine.run("audit", "verify")
    assert code == 0, said
    assert "存证链完整" in said
    connection = sqlite3.connect(machine.folder / "zero-report.db")
    connection.execute("UPDATE fact SET body = replace(body, '张三', '张四')")
    connection.commit()
    connection.close()
    code, said = machine.run("audit", "verify")
    assert code == 1
    assert re.search(r"存证链断裂。最后一次存证之后：\w+ 的第\d+条记录，内容与指纹不符", said)


def test_a_caption_that_is_no_seal_is_refused(machine: Machine) -> None:
    machine.run("roster", "import", *machine.roster(), "--yes")
    code, said = machine.run("audit", "verify", "--caption", "存证 a1b2 c3d4 e5f6 0718")
    assert (code, "没有一次存证是" in said) == (1, True)
    code, said = machine.run("audit", "verify", "--caption", "昨天那个")
    assert (code, "不是存证" in said) == (1, True)


def test_consents_of_the_offices_file_come_in_and_are_counted(machine: Machine) -> None:
    machine.write("教职工.csv", STAFF)
    machine.write(
        "学生.csv", PUPILS.replace("姓名\n", "姓名,同意日期,同意书版本\n").replace("张三\n", "张三,2026/9/1,2026-1\n")
    )
    code, said = machine.run("roster", "import", "教职工.csv", "学生.csv", "--yes")
    assert code == 0, said
    assert "新记同意书1份" in said
    assert machine.rows("SELECT since, version, person FROM consent") == [("2026-09-01", "2026-1", "machine")]
    code, said = machine.run("roster", "import", "教职工.csv", "学生.csv", "--yes")
    assert said.splitlines()[-1] == "花名册与现有记录一致，没有需要导入的。"
