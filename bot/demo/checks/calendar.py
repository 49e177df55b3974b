"""What was said of time itself: when Telegram could not be heard, and what the bot will do tomorrow."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bot.demo import truth
from bot.demo.checks.played import CLOSE, Played, differ_in_all
from bot.demo.witness import Face
from sandbox.crowd import Member, short

OVER: Final = re.compile(r"^系统中断 (\d\d:\d\d–\d\d:\d\d)（\d+分钟），现已恢复")
INSIDE: Final = re.compile(r"^系统中断 (\S+)$", re.M)
ASKS: Final = "：07:30向{n}个班发晨检卡片。"
ASKED: Final = timedelta(minutes=2)  # it is answered within
CONTINUES: Final = "｜接上一条"
NOBODY: Final = "起放假（校庆）：不发卡片，不提醒，也不算未报。"


def outages(played: Played) -> Iterator[str]:
    """The admins hear of each; post, own lines and late lists name it, as far as they change after it; nobody is late
    by one after the deadline."""
    true = ["–".join(map(truth.hour, out)) for out in played.record.out]
    for admin in _admins(played):
        told = [found[1] for face in played.witness.first_faces(admin.id) if (found := OVER.match(face.text))]
        yield from differ_in_all(f"outages told to {admin.name}", told, true)
    schools = played.people.schools
    own_lines = [(one.id, f"{school} ") for school in schools for one in played.people.of("校长", school)]
    lists = [(one.id, f"{short(school)}晨检 ") for school in schools for one in played.people.of("疫情报告人", school)]
    lists = [(chat, start) for chat, start in lists if _in_the_end(played, chat, start)]  # none where all had reported
    for chat, start in ((played.witness.group, "【"), *(own_lines + lists if played.edits else ())):
        last = _in_the_end(played, chat, start)
        shown = "、".join(found[1] for text in last if (found := INSIDE.search(text)))
        if shown != "、".join(true):
            yield f"outages in chat {chat}: the bot shows {shown or 'none'}, there were {'、'.join(true) or 'none'}"
        if any("系统原因" in text for text in last):
            yield f"outages in chat {chat}: somebody is late by one that came after the deadline"


def _in_the_end(played: Played, chat: int, start: str) -> list[str]:
    """Each message; where new words come below the old ones, the newest of them, but for what had no room there."""
    texts = [face.text for face in played.witness.faces(chat) if face.last and face.text.startswith(start)]
    return texts if played.edits else [text for text in texts if CONTINUES not in text][-1:]


def tomorrow(played: Played) -> Iterator[str]:
    """At 17:00 what follows from the holiday that was set; after one tap what follows from that."""
    day = played.day + timedelta(days=1)
    head = f"明天{day.month}月{day.day}日（{'一二三四五六日'[day.weekday()].join(('周', ''))}）"
    wanted = {
        "holiday": [f"{head}{NOBODY}"],
        "school": [f"{head}{NOBODY}", head + ASKS.format(n=len(played.plans))],
    }.get(played.record.tomorrow, [])
    close = played.hour(CLOSE)
    for admin in _admins(played):
        faces = [face for face in played.witness.faces(admin.id) if face.text.startswith(head)]
        said = (_in_one_line(face) for face in faces)
        yield from differ_in_all(f"tomorrow, to {admin.name}", said, (one.replace("：", "") for one in wanted))
        if any(not close <= face.at <= close + ASKED for face in faces):
            yield f"tomorrow, to {admin.name}: not at {truth.hour(close)}"


def _in_one_line(face: Face) -> str:
    """A card says in lines what is one on a longer message."""
    first, *others = face.text.split("\n")
    lines = (line for line in others if face.card and not line.startswith("（"))
    return "".join((first, *lines)).replace("：", "")


def _admins(played: Played) -> tuple[Member, ...]:
    return tuple(played.crowd.people.of("管理员"))
