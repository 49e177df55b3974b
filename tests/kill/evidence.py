"""What was seen of the played day, as plain values: the checks read nothing else, so that a test can doctor them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Place = tuple[int, int]  # a chat, and a message in it


@dataclass(frozen=True)
class Sent:
    """A message of the bot's as it was sent; `kind` says what it is, so that a repeat is known as one."""

    place: Place
    at: datetime
    kind: str
    words: str  # by which a copy of it is known
    begun: datetime  # when the bot put it on the wire, as far as it recorded that

    @property
    def chat(self) -> int:
        return self.place[0]


@dataclass(frozen=True)
class Kill:
    """A `kill -9`: what teachers had seen confirmed by then, what the database held, what was on the wire; the native
    ids of what the platform had been told is the bot's, and of what was."""

    at: datetime
    why: str
    confirmed: frozenset[str]
    stored: frozenset[str]
    wire: frozenset[Place]
    acknowledged: frozenset[str]
    heard: frozenset[str]


@dataclass(frozen=True)
class Stored:
    """A class's day in the database. `listed`: seat and tenths of ℃ of the revision that holds."""

    first_facts: int
    listed: frozenset[tuple[int, int | None]]


@dataclass(frozen=True)
class Step:
    """A reminder: `due`, and until when a class must have kept silent for it to be surely owed one."""

    kind: str
    due: datetime
    until: datetime


@dataclass(frozen=True)
class Evidence:
    kills: tuple[Kill, ...]
    sent: tuple[Sent, ...]  # in the order of their arrival
    class_of: Mapping[int, str]  # teachers' chats
    unreachable: frozenset[int]
    confirmed: Mapping[str, datetime]  # class → the first ✅ 已报 or 已报 that a teacher saw
    planned: Mapping[str, frozenset[tuple[int, int | None]]]  # of those who meant to report
    stored: Mapping[str, Stored]
    steps: tuple[Step, ...]
    fevers: Mapping[str, frozenset[int]]  # kind of the alert → chats that must have it
    told: Mapping[int, frozenset[str]]  # chat → the fevers that it was shown, whenever
    summary: Mapping[str, int]  # as the last caption says
    truth: Mapping[str, int]  # as people know
    asked: Mapping[int, int]  # how many answers somebody may have had
    swallowed: tuple[str, ...]  # said to have been shown, and was not
    ended: tuple[str, ...] = field(default=())  # ends that nobody brought about


REPLY = "reply"  # as many as were asked for
ANSWERS = ("填写中（还没有发送）", "今天已经报过了", "已绑定", "已设为领导群")
SCREENS = ("晨检 未发送", "体温多少", "还有什么症状", "现在在哪里", "收到：", "没有等着用数字回答的问题", "✅ 已报 ·")
ALERT = re.compile(r"([^\s｜]+班) (\d+)号[　\n]\d\d\.\d℃")
CARD = re.compile(r"^(\S+) · .*应到\d+人", re.S)
RECEIPT = re.compile(r"^✅ 已报 · (\S+) ")
FIRST = re.compile(r"，(\S+?)今天的晨检还没有收到")
LAST = re.compile(r"，(\S+?)晨检到\S+仍未收到")


def alert_kind(klass: str, seat: int) -> str:
    return f"alert {klass} {seat}"


def fevers_in(text: str) -> frozenset[str]:
    """Every fever that an alert names; the group's post may name several of a school."""
    found = ALERT.finditer(text) if text.startswith("🔴") else ()
    return frozenset(alert_kind(one[1], int(one[2])) for one in found)


def kind_of(text: str, *, picture: bool, anew: bool = False) -> str:
    """What a message is; one of no special kind is known by its words. `anew`: what a tap is answered with may be a
    message of its own."""
    if anew and any(words in text for words in SCREENS):
        return REPLY
    if picture:
        return "summary"
    if text.startswith("🔴") and (alert := ALERT.search(text)):
        told = alert_kind(alert[1], int(alert[2]))
        return f"passed on: {told}" if "已转" in text else told
    for kind, pattern in (("card", CARD), ("receipt", RECEIPT), ("remind1", FIRST), ("remind2", LAST)):
        if found := pattern.search(text):
            return f"{kind} {found[1]}"
    return REPLY if any(words in text for words in ANSWERS) else text


NUMBERS = {
    "due": r"应报(\d+)班",
    "reported": r"已报(\d+)班",
    "on_time": r"按时(\d+)",
    "late": r"逾时(\d+)",
    "zero": r"零报告(\d+)班",
    "missing": r"未报(\d+)班",
    "expected": r"应到(\d+)",
    "present": r"实到(\d+)",
    "sick": r"病(\d+)",
    "personal": r"事(\d+)",
    "unknown": r"原因未明(\d+)",
    "fever": r"℃）(\d+)人",
    "unwell": r"其他不适(\d+)人",
    "alerts": r"发热提醒(\d+)条",
    "acknowledged": r"：已知悉(\d+)",
}


def numbers_in(caption: str) -> dict[str, int]:
    """What a caption states; what it leaves out is missing here too."""
    found = {name: re.search(pattern, caption) for name, pattern in NUMBERS.items()}
    return {name: int(match[1]) for name, match in found.items() if match}
