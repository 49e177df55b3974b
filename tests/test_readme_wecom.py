"""The README's WeCom chapter: three questions lead to a road, every value has the console's name, and what it tells
to write down works as written."""

import re
from itertools import product
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.texts.table import table

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
CHAPTER = README.partition("\n## 企业微信\n")[2].partition("\n## ")[0]
QUESTIONS = ("公网地址？", "备案域名或可被回调的地址？", "固定出口IP？")
ROADS = ("甲路", "乙路", "丙路")
VALUES = ("corp_id", "agent_id", "secret", "token", "aes_key", "group_key", "bot_id", "bot_secret")
ANSWERS = {"有没有都一样": (True, False), "没有": (False,), "有": (True,)}  # the longest first


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", CHAPTER, re.S)


def table_under(head: str) -> list[list[str]]:
    """Its rows, without the line under the head."""
    lines = CHAPTER[CHAPTER.index(head) :].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def answers(cell: str) -> tuple[bool, ...]:
    return next(values for said, values in ANSWERS.items() if cell.startswith(said))


def test_it_asks_three_questions_before_anything_else() -> None:
    first, second = re.findall(r"^### (.*)$", CHAPTER, re.M)[:2]
    assert (first, second.startswith("第一步")) == ("先回答三个问题", True)
    asked = CHAPTER.partition(f"### {first}")[2].partition(f"### {second}")[0]
    assert re.findall(r"^\d\. \*\*(.*?)\*\*", asked, re.M) == list(QUESTIONS)


def test_every_answer_leads_to_exactly_one_road_and_every_road_is_described() -> None:
    rows = table_under("| " + " | ".join(question.rstrip("？") for question in QUESTIONS))
    led: dict[tuple[bool, ...], list[str]] = {}
    for *said, road in rows:
        for answer in product(*map(answers, said)):
            led.setdefault(answer, []).append(re.findall(r"\*\*(.路)\*\*", road)[0])
    assert sorted(led) == sorted(product((False, True), repeat=3))
    assert {len(roads) for roads in led.values()} == {1}
    assert led[True, True, True] == ["甲路"]
    assert led[False, False, False] == ["丙路"]
    assert {road for roads in led.values() for road in roads} == set(ROADS)
    steps = CHAPTER.partition("### 第一步")[2]
    assert [road for road in ROADS if road not in steps] == []


@pytest.mark.parametrize("key", VALUES)
def test_every_value_has_the_name_that_the_console_and_check_give_it(key: str) -> None:
    called = table("zh")[f"check.what.{key}"].removeprefix("智能机器人的").removeprefix("群机器人的")
    assert called in CHAPTER
    assert re.search(rf"^{key}(_file)? = |^# {key} = |`wecom\.{key}`", CHAPTER, re.M)
    for page in re.findall(r"「(.*?)」", table("zh")[f"check.where.{key}"]):
        assert page in CHAPTER, page


@pytest.mark.parametrize(("n", "road"), [(0, "app"), (1, "robot")])
def test_what_it_tells_to_write_into_config_toml_is_whole(n: int, road: str, tmp_path: Path) -> None:
    secret = tmp_path / "wecom-secret"
    secret.write_text("from the console\n", encoding="utf-8")
    config = tmp_path / "config.toml"
    config.write_text(blocks("toml")[n].replace("/opt/zero-report/wecom-secret", str(secret)), encoding="utf-8")
    loaded = load(config)
    assert loaded.channels == ("wecom",)
    assert ((loaded.wecom_app is not None), (loaded.wecom_robot is not None)) == (road == "app", road == "robot")


def test_every_proxy_leads_to_where_the_bot_listens() -> None:
    wecom = Config().wecom
    nginx, out = blocks("nginx")
    [caddy] = blocks("caddy")
    [tunnel] = blocks("ini")
    assert f"location = {wecom.path} {{\n        proxy_pass http://{wecom.listen};" in nginx
    assert f"reverse_proxy {wecom.path} {wecom.listen}" in caddy
    assert f"-R {wecom.listen}:{wecom.listen}" in tunnel
    assert f"proxy_pass {wecom.base_url};" in out
    [back] = re.findall(r"listen (\S+);", out)
    assert f"-L {back}:{back}" in tunnel
    assert f'base_url = "http://{back}"' in CHAPTER


def test_every_road_ends_with_a_check_that_has_nothing_against_it() -> None:
    assert CHAPTER.count("python -m bot check") >= 4
    last = CHAPTER.partition("### 第八步")[2].partition("\n### ")[0]
    assert "python -m bot check" in last
    assert "一个 ✗ 都没有" in last


def test_it_says_what_the_school_signs() -> None:
    signed = CHAPTER.partition("### 学校要签什么")[2]
    for word in ("委托处理", "受托人", "可见范围只限教职工", "保密消息", "告知书", "法律顾问"):
        assert word in signed, word


def test_it_says_when_it_was_written_and_that_menus_move() -> None:
    assert re.search(r"> 写于\d{4}年\d+月。管理后台的菜单常改名", CHAPTER)
