"""What the READMEs tell people to type exists: commands with their options, settings, rules, words to the bot."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot.__main__ import app
from bot.config import Config, settings
from bot.texts.table import table
from handlers import ANYBODY, PEOPLE
from handlers.settings.ruling import KEYS

ROOT = Path(__file__).parents[1]
READMES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")}
SETTINGS = set(settings())
FILES = (".toml", ".png", ".json", ".jsonl", ".md", ".xlsx", ".db", ".service")
NOT_TO_THE_BOT = {"newbot", "wecom", "healthz", "metrics"}  # said to @BotFather; paths of addresses

pytestmark = pytest.mark.parametrize("name", READMES)


def lines(name: str) -> list[str]:
    """Without what a # says beside it."""
    return [line.partition("  #")[0].strip() for line in READMES[name].splitlines()]


def spans(name: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", READMES[name], flags=re.S))


def commands(name: str) -> Iterator[list[str]]:
    """The words after `python -m bot`, and those that `make demo` hands on."""
    for line in (*lines(name), *spans(name)):
        for said in re.findall(r"python -m bot\b([^`]*)", line):
            yield said.split()
        for said in re.findall(r'make demo ARGS="([^"]*)"', line):
            yield ["demo", *said.split()]


def missing(words: list[str]) -> list[str]:
    """What of a command line there is not."""
    command: Any = get_command(app)
    rest = list(words)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        if rest[0] not in command.commands:
            return [rest[0]]
        command, rest = command.commands[rest[0]], rest[1:]
    options = {option for param in command.params for option in param.opts} | {"--help"}
    return [word for word in rest if word.startswith("--") and word not in options]


def test_every_command_exists_with_its_options(name: str) -> None:
    said = list(commands(name))
    assert {words[0] for words in said if words} >= {
        "check",
        "rules",
        "roster",
        "invite",
        "run",
        "replay",
        "wecom",
        "demo",
        "backup",
        "restore",
    }
    assert [(words, missing(words)) for words in said if missing(words)] == []


def test_every_setting_of_an_example_exists(name: str) -> None:
    found = [
        (section, key)
        for block in re.findall(r"```toml\n(.*?)```", READMES[name], re.S)
        for section, body in re.findall(r"\[(\w+)\]\n((?:(?!\s*\[).*\n)*)", block)
        for key in re.findall(r"^\s*#?\s*(\w+) =", body, re.M)
    ]
    found += re.findall(r"`\[(\w+)\] (\w+)", READMES[name])
    assert {("telegram", "token_file"), ("storage", "url"), ("district", "rehearsal")} <= set(found)
    assert [one for one in found if one not in SETTINGS] == []


def test_every_setting_and_rule_that_is_named_exists(name: str) -> None:
    named = [one for one in spans(name) if re.fullmatch(r"[a-z]+(\.[a-z_]+)+", one) and not one.endswith(FILES)]
    known = KEYS | {f"{section}.{key}" for section, key in SETTINGS}
    assert [one for one in named if one not in known] == []
    variables = re.findall(r"ZERO_REPORT_([A-Z]+)__([A-Z_]+)", READMES[name])
    assert [one for one in variables if (one[0].lower(), one[1].lower()) not in SETTINGS] == []
    assert set(Config.model_fields) >= {section for section, _ in SETTINGS}


def test_every_word_to_the_bot_exists(name: str) -> None:
    said = [word for one in spans(name) for word in re.findall(r"(?:^| )/([a-z_]+)(?= |$)", one)]
    assert {"report", "bind", "summary"} <= set(said)
    assert set(said) - NOT_TO_THE_BOT - PEOPLE.keys() - ANYBODY.keys() == set()


def test_every_file_that_is_there_to_be_copied_or_read_exists(name: str) -> None:
    said = {one for one in spans(name) if one in ("config.example.toml", "bot/district.toml")}
    linked = {one for one in re.findall(r"\]\(([^)#]+)\)", READMES[name]) if not one.startswith("http")}
    assert said == {"config.example.toml", "bot/district.toml"} or name == "README.zh-CN.md"
    assert [one for one in said | linked if not (ROOT / one).exists()] == []


def test_the_first_lines_say_where_it_works_and_what_is_not_built(name: str) -> None:
    first = " ".join(READMES[name].splitlines()[:12])
    assert "Telegram" in first
    assert "企业微信" in first
    assert "这一版还没有的" in first or "Not there yet" in first
    assert "还没有接过真的企业微信" in first or "not met the real WeCom yet" in first


def test_a_new_years_holidays_stand_under_the_name_that_the_admins_are_told(name: str) -> None:
    called, language = {"README.md": ("A new year's holidays", "en"), "README.zh-CN.md": ("新一年的放假安排", "zh")}[
        name
    ]
    for when in ("ahead", "now"):
        assert called in table(language)[f"tomorrow.unannounced_{when}"]
    _, _, below = READMES[name].partition(f"**{called}")
    assert "pip install --upgrade chinese-calendar" in below.partition("**")[2][:700]
