"""What people type instead of a command, on any channel: 报告, 今日, 帮助 …"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from handlers.model import Update
from handlers.values import replace

# word → the command's verb, and what would be typed after it
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "报告": ("report",),
    "补报": ("supplement",),
    "订正": ("correct",),
    "add a pupil": ("supplement",),
    "correct": ("correct",),
    "状态": ("status",),
    "帮助": ("help",),
    "健康": ("health",),
    "教职工": ("staff",),
    "隐私": ("privacy",),
    "依据": ("basis",),
    "语言": ("language",),
    "测温方式": ("thermometer",),
    "今日": ("today",),
    "未报": ("late",),
    "不得返校": ("gate_list",),
    "看证明": ("papers",),
    "复核人": ("reviewer",),
    "复课规则": ("returns",),
    "长假": ("leave",),
    "追踪": ("cases",),
    "四时": ("intervals",),
    "联系": ("call",),
    "外出": ("travel",),
    "返校申报": ("travel",),
    "观察": ("observed",),
    "我的记录": ("ledger",),
    "台账": ("ledger",),
    "说明": ("explain",),
    "请假条": ("note",),
    "校医室": ("clinic",),
    "校门口": ("gate",),
    "代班": ("substitute",),
    "同意书": ("consent",),
    "谁看过": ("viewed",),
    "邀请": ("invite",),
    "催报": ("remind",),
    "汇总": ("summary",),
    "假期": ("holiday",),
    "时段": ("rounds",),
    "阶段": ("stage",),
    "绑定情况": ("who",),
    "绑定领导群": ("bind", "leaders"),
    "解除领导群": ("unbind", "leaders"),
}
# The words of two buttons of a card. 全员正常 needs none: it is a sentence.
ALL_WELL: Final = frozenset({"all well", "all well (zero report"})
UNWELL: Final = frozenset({"有异常", "有人未到", "有异常/有人未到", "somebody unwell or absent", "somebody unwell"})
UNCHANGED: Final = frozenset(("没有变化", "无变化", "all as before", "all as before, the rest well"))
_AS_BEFORE: Final = re.compile(
    r"(?:^|(?<=[,.;:，。；：\s]))(?:其余|其他|其它|别的|剩下)?的?(?:人|同学|孩子|学生)?(?:都|均)?[和跟与同]昨[日天]"
    r"(?:一样|相同)?(?:[,，]?其[余他它]都?正常)?$"
)
# 邀请 孙红; after any other word more words are a sentence, such as 报告 3号38.5
TAKE_MORE: Final = frozenset(
    {
        "clinic",
        "call",
        "travel",
        "explain",
        "gate",
        "health",
        "leave",
        "note",
        "substitute",
        "consent",
        "viewed",
        "invite",
        "holiday",
        "rounds",
        "stage",
        "who",
        "language",
    }
)


def as_command(update: Update) -> Update:
    """The command whose word was typed, whatever signs and spaces stand around it; anything else as it is."""
    if update.verb != "text":
        return update
    if words := WORDS.get(bare(update.text)):
        return replace(update, verb=words[0], args=words[1:], text=" ".join(words[1:]))
    head, *more = update.text.split(maxsplit=1) or [""]
    verb = WORDS.get(bare(head), ("",))[0]
    if verb in TAKE_MORE and more:
        return replace(update, verb=verb, args=tuple(more[0].split()), text=more[0].strip())
    return update


def is_as_before(text: str) -> bool:
    """都同昨日, 和昨天一样, 没有变化, the whole of a button."""
    return bare(text) in UNCHANGED or before_as_before(text) == ""


def before_as_before(text: str) -> str | None:
    """17号返校了，其他都同昨日: what is said before it. None where it does not end so."""
    words = bare(text)
    found = _AS_BEFORE.search(words)
    return None if found is None else words[: found.start()].rstrip(",.;:，。；： ")


def bare(text: str) -> str:
    """At the common width, without what is neither letter nor digit at its ends: “报告”。 and 报告🙏 are 报告,
    Send is send."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    start, end = 0, len(plain)
    while start < end and not plain[start].isalnum():
        start += 1
    while start < end and not plain[end - 1].isalnum():
        end -= 1
    return plain[start:end]
