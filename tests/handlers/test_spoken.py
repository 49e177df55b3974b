"""Words instead of commands: which are known, what may stand around them, and what stays a sentence."""

from datetime import UTC, datetime

import pytest

from handlers import PEOPLE
from handlers.menus import GROUP, commands
from handlers.model import Duty, Held, Person, Update
from handlers.spoken import TAKE_MORE, WORDS, as_command
from tests.handlers.world import ZONE

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def heard(text: str, verb: str = "text") -> Update:
    return Update("u", "district", "wecom", "101", "101", True, NOW, NOW, bytes(16), ZONE, verb, text=text)


@pytest.mark.parametrize(
    ("typed", "verb", "args"),
    [
        *((word, words[0], words[1:]) for word, words in WORDS.items()),
        *((f"  {word}。\n", words[0], words[1:]) for word, words in WORDS.items()),
        *(
            (typed, "report", ())
            for typed in ("“报告”", "「报告」！", "／报告", "/报告", "报告🙏", "　报告～", "(报告)")
        ),
        *((typed, "today", ()) for typed in ("今日？", "今日?", "·今日", "【今日】")),
        ("邀请 孙红", "invite", ("孙红",)),
        ("邀请　孙红", "invite", ("孙红",)),
        ("邀请 中心小学 张敏", "invite", ("中心小学", "张敏")),
        ("假期 10月12日至14日 秋假", "holiday", ("10月12日至14日", "秋假")),
        ("绑定情况 二校", "who", ("二校",)),
        ("语言 English", "language", ("English",)),
    ],
)
def test_a_word_does_what_the_command_does(typed: str, verb: str, args: tuple[str, ...]) -> None:
    understood = as_command(heard(typed))
    assert (understood.verb, understood.args, understood.text.split()) == (verb, args, list(args))


@pytest.mark.parametrize(
    "typed",
    ["报告一下", "报告 3号38.5", "今日全员正常", "补报17号", "未报 三(2)班", "帮助 我", "", " ", "。", "不是报告"],
)
def test_a_sentence_stays_a_sentence(typed: str) -> None:
    assert as_command(heard(typed)) == heard(typed)


def test_only_typed_words_are_taken_for_a_command() -> None:
    for verb in ("forwarded", "edited", "unreadable"):
        assert as_command(heard("报告", verb)) == heard("报告", verb)


def test_every_command_of_a_menu_has_a_word() -> None:
    everything = Person("p", "s", "某", "某老师", None, "zh", tuple(Held(duty, "k") for duty in Duty))
    words = {words[0] for words in WORDS.values()}
    assert words >= {*commands(everything), *GROUP}
    assert words | TAKE_MORE <= set(PEOPLE)
