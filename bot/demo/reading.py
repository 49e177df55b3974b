"""The bot's Chinese messages read back into numbers, as a suspicious clerk would, by what they say and nothing else."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

Said = Mapping[str, int | str]

_TORN: Final = re.compile("(?<=[、，；])\n")


def in_one(texts: Iterable[str]) -> str:
    """What was too long for one message; a line that was cut behind a comma is one again."""
    return _TORN.sub("", "\n".join(texts))


_HEAD: Final = re.compile(r"数据截至(\d\d:\d\d)(?:（更新于(\d\d:\d\d)）)?")
_CLASSES: Final = re.compile(r"^上报：应报(\d+)班，已报(\d+)班（按时(\d+)，逾时(\d+)）；零报告(\d+)班", re.M)
_MISSING: Final = re.compile(r"^未报(\d+)班：(.+)，不计入以下数字", re.M)
_MISSING_MANY: Final = re.compile(r"^未报(\d+)班（(\d+)人，名单见下一条）", re.M)
_PRESENT: Final = re.compile(
    r"^出勤：应到(\d+)，实到(\d+)，缺勤(\d+)（病(\d+)，事(\d+)，原因未明(\d+)）；因病缺勤率([\d.]+)%"
    r"(?:，近5个上学日平均([\d.]+)%)?",
    re.M,
)
_FEVER: Final = re.compile(r"^发热（≥([\d.]+)℃）(\d+)人(?:：(.+?)；(.+))?$", re.M)
_UNWELL: Final = re.compile(r"^其他不适(\d+)人(?:：(.+))?$", re.M)
_CLUSTERS: Final = re.compile(r"^同班3人及以上：(.+)，请核实", re.M)
_CLUSTER: Final = re.compile(r"(.+班)(\d+)人（以.+为多）")
_ALERTS: Final = re.compile(
    r"^(发热|急症|发热、急症)提醒(\d+)条(?:（急症(\d+)）)?：已知悉(\d+)，待知悉(\d+)(?:（(.+?)）)?(?:；发热的另有(\d+)人.+)?$",
    re.M,
)
_NO_ALERT: Final = re.compile(r"^发热(\d+)人没有再发提醒", re.M)
_COUNTED: Final = re.compile(r"(\D+?)(\d+)$")


def caption(text: str) -> Said:
    """Every number of the leaders' caption by its name; what is not there is not in the answer."""
    return dict(_caption(text))


def _caption(text: str) -> Iterator[tuple[str, int | str]]:
    if head := _HEAD.search(text):
        yield "数据截至", head[1]
        if head[2]:
            yield "更新于", head[2]
    if found := _CLASSES.search(text):
        yield from _numbers(("应报", "已报", "按时", "逾时", "零报告"), found)
    if found := _MISSING.search(text):
        yield "未报", int(found[1])
        yield "未报班级", found[2]
    elif found := _MISSING_MANY.search(text):
        yield from _numbers(("未报", "未报人数"), found)
    if found := _PRESENT.search(text):
        yield from _numbers(("应到", "实到", "缺勤", "病", "事", "原因未明"), found)
        yield "因病缺勤率", found[7]
        if found[8]:
            yield "近5日平均", found[8]
    if found := _FEVER.search(text):
        yield "发热线", found[1]
        yield "发热", int(found[2])
        yield from _each("发热·", found[3])
        yield from _each("发热·", found[4])
    if found := _UNWELL.search(text):
        yield "其他不适", int(found[1])
        yield from _each("其他不适·", found[2])
    if found := _CLUSTERS.search(text):
        for one in found[1].split("、"):
            if (cluster := _CLUSTER.fullmatch(one)) is not None:
                yield f"同班3人·{cluster[1]}", int(cluster[2])
    if found := _ALERTS.search(text):
        yield from (("提醒", int(found[2])), ("已知悉", int(found[4])), ("待知悉", int(found[5])))
        if found[1] != "发热":
            yield "急症提醒", int(found[3] or found[2])
        if found[6]:
            yield "待知悉班级", found[6]
        if found[7]:
            yield "未再提醒", int(found[7])
    elif found := _NO_ALERT.search(text):
        yield "未再提醒", int(found[1])


_BEHIND: Final = re.compile(r"^【.+】.+｜接上一条")
_OF_ONE_SCHOOL: Final = re.compile(r"^([^：■]+)：(.+)$")


def behind(text: str) -> Said:
    """What the caption had no room for, from the message behind it, by the same names; nothing in any other message."""
    return dict(_behind(text)) if _BEHIND.match(text) else {}


def overview(text: str) -> Said:
    """A leader's /today, and behind it what its caption only counts."""
    return {**caption(text), **dict(_behind(text.partition("｜接上一条")[2]))}


def _behind(text: str) -> Iterator[tuple[str, int | str]]:
    heading, waiting = "", list[str]()
    for line in text.splitlines()[1:]:
        heading = line if line.startswith("■") else heading
        if heading.startswith("■ 发热"):
            yield from _each("发热·", line)
        elif (found := _OF_ONE_SCHOOL.match(line)) is not None:
            items = [found[1] + one for one in found[2].split("、")]
            if heading.startswith("■ 同班"):
                yield from ((f"同班3人·{one[1]}", int(one[2])) for one in map(_CLUSTER.fullmatch, items) if one)
            elif heading.startswith("■ 待知悉"):
                waiting += items
    if waiting:
        yield "待知悉班级", "、".join(waiting)


def _numbers(names: tuple[str, ...], found: re.Match[str]) -> Iterator[tuple[str, int]]:
    for place, name in enumerate(names, 1):
        yield name, int(found[place])


def _each(prefix: str, parts: str | None) -> Iterator[tuple[str, int]]:
    """中心校2、二校5."""
    for part in (parts or "").split("、"):
        if (counted := _COUNTED.fullmatch(part)) is not None:
            yield prefix + counted[1], int(counted[2])


# A school's lists

_LATE: Final = re.compile(r"^(\S+?)晨检 (\d\d:\d\d)[｜\n]应报(\d+)班，已报(\d+)班，还差(\d+)班")
_UNREACHED: Final = re.compile(r"^(\S+?)晨检｜.+?：应报(\d+)班，已报\d+班；还没报、老师又收不到消息的(\d+)班")
_LINE: Final = re.compile(r"^\d+\. (\S+班) ", re.M)


def late_list(text: str) -> Said | None:
    found = _LATE.match(text)
    if found is None:
        return None
    named = "、".join(_LINE.findall(text))
    return {
        "学校": found[1],
        **dict(zip(("应报", "已报", "还差"), map(int, found.groups()[2:]), strict=True)),
        "班级": named,
    }


def unreached_list(text: str) -> Said | None:
    found = _UNREACHED.match(text)
    if found is None:
        return None
    return {"学校": found[1], "应报": int(found[2]), "还差": int(found[3]), "班级": "、".join(_LINE.findall(text))}


_FILLED_IN: Final = re.compile(r"^\d+\. (\S+班) .*填写中（含发热）", re.M)


def filled_in(text: str) -> list[str]:
    """The classes of a late list of which an open walk has a fever in it."""
    return _FILLED_IN.findall(text)


_DISTRICT: Final = re.compile(r"^\d+月.+：还有(\d+)班未报$", re.M)
_OF_SCHOOL: Final = re.compile(r"^(\S+?)(\d+)班：(.+?)(?:　.*)?$", re.M)


def late_district(text: str) -> Said | None:
    """A line a school with something missing."""
    found = _DISTRICT.search(text)
    if found is None:
        return None
    said: dict[str, int | str] = {"未报": int(found[1])}
    for line in _OF_SCHOOL.finditer(text, found.end()):
        said |= {line[1]: int(line[2]), f"{line[1]}班级": line[3]}
    return said


_SCHOOL: Final = re.compile(
    r"^(\S+) \d+月.+\n应报(\d+)班，已报(\d+)班（按时(\d+)，逾时(\d+)），未报(\d+)班(?:：(.+?))?；零报告(\d+)班\n"
    r"应到(\d+)，实到(\d+)（病(\d+)，事(\d+)，原因未明(\d+)）；因病缺勤率([\d.]+)%\n(.+?)。(.*)"
)
_OF_CLASS: Final = re.compile(r"(\S+?班)(\d+)人")


def school_today(text: str) -> Said | None:
    found = _SCHOOL.match(text)
    if found is None:
        return None
    names = ("应报", "已报", "按时", "逾时", "未报", "零报告", "应到", "实到", "病", "事", "原因未明")
    numbers = (found[n] for n in (2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13))
    said: dict[str, int | str] = {"学校": found[1], "因病缺勤率": found[14]}
    said |= dict(zip(names, map(int, numbers), strict=True))
    said |= {part[1]: int(part[2]) for part in _PART.finditer(found[15])}
    said |= {f"不适·{one[1]}": int(one[2]) for one in _OF_CLASS.finditer(found[16].replace("、", " "))}
    return said | ({"未报班级": found[7]} if found[7] else {})


# A class

_RECEIPT: Final = re.compile(
    r"^✅ 已报 · (\S+班) \d+月\d+日\n?晨检\n?：?(零报告：)?应到(\d+)，实到(\d+)(?:（(.+?)）)?[，；](.+?)。"
)
_PART: Final = re.compile(r"(病|事|原因未明|发热|其他不适)(\d+)")
_PUPIL: Final = re.compile(r"^(\d+)号 (?!\S+：)((?!.*(?:解除观察|已返校)).*)$", re.M)
_BACK: Final = re.compile(r"^(\d+号)(?: \S+)?：(?!.*已(?:通知|告知))(.+)$", re.M)
_HELD: Final = re.compile(r"^⚠️ (\d+号) ?\S*?(?:还不能返校（(.+?)）|(复核不同意返校))：", re.M)
_BETWEEN: Final = re.compile(r"[，（）]+")
_MADE: Final = re.compile(r"^(\d\d:\d\d) 由(.+?)(?:报告|代报（(.+?)，(\d\d:\d\d)得知）)，(按时|逾时)。", re.M)
_UPDATED: Final = re.compile(r"^(\d\d:\d\d) 由(.+?)更新（第(\d+)版，(.+?)）", re.M)
_TOLD_OF: Final = re.compile(r"^(\d+)号：(.*?)已(?:通知|告知)(.+?)。(.*)$", re.M)
_TO_DO: Final = re.compile(r"^请您现在：(.*)$", re.M)
_AGAIN_AT_HOME: Final = "已报过"
_STEPS: Final = "①②③"


def receipt(text: str) -> Said | None:
    """None for what is no ✅ 已报."""
    found = _RECEIPT.match(text)
    if found is None:
        return None
    said: dict[str, int | str] = {"班级": found[1], "零报告": int(found[2] is not None)}
    said |= {"应到": int(found[3]), "实到": int(found[4])}
    said |= {part[1]: int(part[2]) for part in _PART.finditer(f"{found[5] or ''}，{found[6]}")}
    pupils = sorted(_PUPIL.finditer(text), key=lambda one: int(one[1]))
    returns = [f"{one[1]} {one[2]}" for one in _BACK.finditer(text)]
    returns += [f"{one[1]} {one[2] or one[3]}" for one in _HELD.finditer(text)]
    said["返校"] = "、".join(sorted(returns))
    said["学生"] = "、".join(_BETWEEN.sub(" ", one[0]).strip() for one in pupils)
    if (made := _MADE.search(text)) is not None:
        said |= {"时间": made[1], "报告人": made[2], "及时": made[5]}
        said["代报"] = f"{made[3]} {made[4]}" if made[3] else ""
    if (updated := _UPDATED.search(text)) is not None:
        said["更新"] = " ".join(updated.groups())
    return said


def receipt_alerts(text: str) -> Said:
    """Of each flagged child on a receipt whom it was told, and who has seen to it; and what the teacher does now."""
    said: dict[str, int | str] = {}
    for one in _TOLD_OF.finditer(text):
        said[f"提醒{one[1]}号"] = f"{'续 ' if _AGAIN_AT_HOME in one[2] else ''}{one[3]} {end_of_alert(one[4])}".strip()
    if (todo := _TO_DO.search(text)) is not None:
        said["做法"] = ("在校" if "留观" in todo[1] else "离校") + "".join(one for one in _STEPS if one in todo[1])
    return said


# An alert. What every one of them has in it, and no more words than tell one line from another

STATUTORY: Final = "不代替法定报告"
_CALLS: Final = re.compile("收不到|无人知悉")
_POST: Final = re.compile(r"^[🔴✅] \S+｜(\S+?)(?:　\d+人)?$", re.M)
_TOLD: Final = re.compile(r"^(\S+班) (\d+)号　(\S+)　(\d\d:\d\d)报$", re.M)
_PRIVATE: Final = re.compile(r"^[🔴✅] \S+｜(\S+班) (\d+)号[　\n](\S+)", re.M)
_CONTINUED: Final = re.compile(r"^续｜(\S+班) (\d+)号　(\S+?)，")
_METHOD: Final = re.compile(r"℃（.+?）$")
_MATTER: Final = re.compile(r"^(?:症状：|\d\d\.\d℃\S*　|不发热　|体温未测　)(\S+)　(?:去向：)?(\S+)$", re.M)
_ACKNOWLEDGED: Final = re.compile(r"^✅ (\d\d:\d\d) (\S+?)(?: \S+?)?已知悉", re.M)
_TAKEN_BACK: Final = re.compile(r"^✅ (\d\d:\d\d) 已更正：(.+)$", re.M)
_PASSED: Final = re.compile(r"（(\d\d:\d\d)已转(\S+?)）")
_REVISED: Final = re.compile(r"^(\d\d:\d\d) [^\s\d]*为(\S+)$", re.M)
_NOTIFIED: Final = re.compile(r"^已通知：(?:本校)?(\S+)$", re.M)
_TODAY: Final = re.compile(r"(\S+班)今天已(\d+)人")
_PUPIL_OF: Final = re.compile(r"^学生：(\d+号 \S+)$", re.M)
_REPORTED: Final = re.compile(r"^(\d\d:\d\d) 由?(\S+?)报(?:告| )", re.M)
_DO: Final = re.compile(r"^(请处理|下一步)：", re.M)
_NEXT: Final = re.compile(r"^(\d+)分钟内.+转给(.+?)。$", re.M)
_NEWS: Final = re.compile(
    r"^(更正|复测)｜(\S+) (\S+班) ?(\d+)号\n(\d\d:\d\d) \D*(\d\d\.\d)℃.*?(\d\d:\d\d)\D+(\d\d\.\d)℃", re.M
)
_MEASURED_AGAIN: Final = re.compile(r"^✅ 复测已记录 · (\S+班) (\d+)号\n(\d\d\.\d)\D+(\d\d\.\d)")


def post(text: str) -> Mapping[str, Said]:
    """三校 四(1)班 17号 37.5 07:47, as the group is told of each → how it stands; empty for what is no alert."""
    head = _POST.match(text)
    if head is None:
        return {}
    places = [*_TOLD.finditer(text)]
    ends = [*(one.start() for one in places[1:]), len(text)]
    return {
        " ".join((head[1], one[1], f"{one[2]}号", _METHOD.sub("", one[3]), one[4])): how_it_stands(
            text[one.end() : end]
        )
        for one, end in zip(places, ends, strict=True)
    }


def told(text: str) -> str:
    """The duties that a post says have been told."""
    found = _NOTIFIED.search(text)
    return found[1] if found else ""


def calls_for_help(text: str) -> str:
    """That somebody cannot be reached, or nobody has answered."""
    found = _CALLS.search(text)
    return found[0] if found else ""


def third_children(text: str) -> Said:
    """The classes of which a post says that they have three or more, and how many."""
    return {found[1]: int(found[2]) for found in _TODAY.finditer(text)}


def private_alert(text: str) -> str | None:
    found = _PRIVATE.match(text)
    return " ".join((found[1], f"{found[2]}号", _METHOD.sub("", found[3]))) if found else None


def officers_card(text: str) -> Said:
    """What a private alert says beside its heading."""
    said: dict[str, int | str] = dict(how_it_stands(text))
    if (pupil := _PUPIL_OF.search(text)) is not None:
        said["学生"] = pupil[1]
    if (made := _REPORTED.search(text)) is not None:
        said |= {"时间": made[1], "报告人": made[2]}
    if (then := _DO.search(text)) is not None:
        said["做法"] = then[1]
    if (then := _NEXT.search(text)) is not None:
        said |= {"分钟": int(then[1]), "转给": then[2]}
    return said


def continued(text: str) -> str | None:
    """续, in the same words."""
    found = _CONTINUED.match(text)
    return " ".join((found[1], f"{found[2]}号", _METHOD.sub("", found[3]))) if found else None


def correction(text: str) -> str | None:
    """更正 or 复测: whose, when and what at first, when and what now."""
    found = _NEWS.match(text)
    return " ".join((*found.groups()[:3], f"{found[4]}号", *found.groups()[4:])) if found else None


def measured_again(text: str) -> str | None:
    """What is confirmed to whoever sent a 复测."""
    found = _MEASURED_AGAIN.match(text)
    return " ".join((found[1], f"{found[2]}号", found[3], found[4])) if found else None


def how_it_stands(text: str) -> Said:
    matter, again = _MATTER.search(text), _REVISED.search(text)
    said: dict[str, int | str] = {"知悉": end_of_alert(text) or _passed(text)}
    said |= {"症状": matter[1], "去向": matter[2]} if matter else {}
    return said | ({"复测": f"{again[1]} {_value(again[2])}"} if again else {})


def end_of_alert(text: str) -> str:
    """What became of it: 已知悉 07:59 校长, 更正 09:25 36.8 额温, or nothing."""
    if (found := _TAKEN_BACK.search(text)) is not None:
        return f"更正 {found[1]} {_value(found[2])}"
    found = _ACKNOWLEDGED.search(text)
    return f"已知悉 {found[1]} {found[2]}" if found else ""


def _passed(text: str) -> str:
    found = _PASSED.search(text)
    return f"已转 {found[1]} {found[2]}" if found else ""


def _value(words: str) -> str:
    return _BETWEEN.sub(" ", words.replace("℃", "")).strip()


_BEGUN: Final = re.compile(r"^您填了\d+人、还没有发送：", re.M)
_REMINDER: Final = re.compile(r"(\S+?班)(?:今天的晨检还没有收到，\d\d:\d\d截止|晨检到\d\d:\d\d仍未收到)")


def reminder(text: str) -> str | None:
    """The class that a reminder asks for."""
    found = _REMINDER.search(text.partition("，")[2].partition("\n")[0])
    return found[1] if found else None


def begun(text: str) -> bool:
    """It says that something was begun and not sent."""
    return _BEGUN.search(text) is not None


_OFF: Final = re.compile(r"^(\S+班) · \d+月\d+日（周.）[　\n]水痘停课，今天不用报。$")


def off(text: str) -> str | None:
    """The class that a card calls closed."""
    found = _OFF.match(text)
    return found[1] if found else None


_YESTERDAY: Final = re.compile(r"^昨天还没结束的(\d+)人：?\n(?:(?!\d+号 ).*\n)*((?:\d+号 .*(?:\n|\Z))+)", re.M)
_MANY: Final = re.compile(r"^昨天还没结束的(\d+)人$", re.M)


def open_cases(text: str) -> Said:
    """How many were away or had a fever, and what a card says of each: 17号 → …"""
    found = _YESTERDAY.search(text)
    if found is None:
        return {"人数": int(many[1])} if (many := _MANY.match(text)) else {}
    return {"人数": int(found[1]), **dict(line.split(" ", 1) for line in found[2].splitlines())}


_REVIEW: Final = re.compile(r"^🏥 复课复核 · (\S+班)\n(\d+号)")
_VERDICT: Final = re.compile(r"^[✅⛔] (\S+?班)(\d+号).*：.+?\d\d:\d\d(不)?同意返校")


def review(text: str) -> str | None:
    """Of whom the 校医 is asked."""
    found = _REVIEW.match(text)
    return f"{found[1]} {found[2]}" if found else None


def verdict(text: str) -> str | None:
    """Of whom a teacher is told what the 校医 said."""
    found = _VERDICT.match(text)
    return f"{found[1]} {found[2]} {'no' if found[3] else 'yes'}" if found else None


_CARD: Final = re.compile(r"^(?:昨天还没结束的\d+人\n(\S+班) |(\S+班)(?: · |　|今天))")


def asks_for(text: str) -> str | None:
    """The class that a card or a reminder is of."""
    found = _CARD.match(text)
    return found[1] or found[2] if found else reminder(text)


_STATUS: Final = re.compile(r"^(\S+班)　✅ (\d\d:\d\d)已报（(按时|逾时)）：应到(\d+)，实到(\d+)，", re.M)


def status(text: str) -> list[Said]:
    """A teacher's own classes that have reported."""
    return [
        {"班级": found[1], "时间": found[2], "及时": found[3], "应到": int(found[4]), "实到": int(found[5])}
        for found in _STATUS.finditer(text)
    ]
