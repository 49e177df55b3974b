"""What the bot should have said: the crowd's own record under the names that bot/demo/reading.py reads by."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.demo.reading import Said
from sandbox.crowd import (
    ZONE,
    ClassRecord,
    Flag,
    Key,
    Listed,
    Member,
    Paper,
    Record,
    SchoolClass,
    Tally,
    Town,
    Version,
    is_zero,
    short,
)

USUAL_DAYS = 5
MOST_NAMED = 8  # classes that a caption names
LINE = "37.3"


def hour(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%H:%M}"


def rate(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "0.00"


def named(klass: SchoolClass | Key) -> str:
    key = klass.key if isinstance(klass, SchoolClass) else klass
    return short(key.school) + key.name


def caption(record: Record, paper: Paper, as_of: datetime, at: datetime) -> Said:
    """The numbers as they must stand when they were decided at `at`."""
    return dict(_caption(record, paper, as_of, at))


def _caption(record: Record, paper: Paper, as_of: datetime, at: datetime) -> Iterator[tuple[str, int | str]]:
    tally = record.tally(at)
    yield "数据截至", hour(as_of)
    yield from _classes(tally)
    if tally.missing:
        yield "未报", len(tally.missing)
        if len(tally.missing) <= MOST_NAMED:
            yield "未报班级", "、".join(f"{named(one)}（{one.expected}人）" for one in tally.missing)
        else:
            yield "未报人数", sum(one.expected for one in tally.missing)
    yield from _attendance(tally)
    yield "缺勤", tally.absent
    yield "近5日平均", _usual(record, paper)
    yield "发热线", LINE
    yield "发热", tally.fever
    yield from ((f"发热·{short(school)}", n) for school, n in tally.fever_at.items())
    yield from ((f"发热·{place}", n) for place, n in tally.fever_places.items())
    yield "其他不适", tally.unwell - tally.fever
    yield from ((f"其他不适·{group}", n) for group, n in tally.groups.items())
    yield from ((f"同班3人·{named(key)}", n) for key, n in tally.together.items())
    if tally.flags:
        yield "提醒", tally.flags
        yield "已知悉", tally.acknowledged
        yield "待知悉", tally.flags - tally.acknowledged
        waiting = dict.fromkeys(named(flag.key) for flag in _waiting(record, at))
        if waiting:
            yield "待知悉班级", "、".join(waiting)
    if tally.severe:
        yield "急症提醒", tally.severe
    if tally.unalerted:
        yield "未再提醒", tally.unalerted


def _classes(tally: Tally) -> Iterator[tuple[str, int]]:
    yield "应报", tally.due
    yield "已报", tally.reported
    yield "按时", tally.on_time
    yield "逾时", tally.late
    yield "零报告", tally.zero


def _attendance(tally: Tally) -> Iterator[tuple[str, int | str]]:
    yield "应到", tally.expected
    yield "实到", tally.present
    yield "病", tally.sick
    yield "事", tally.personal
    yield "原因未明", tally.unknown
    yield "因病缺勤率", rate(tally.sick, tally.expected)


def _waiting(record: Record, at: datetime) -> list[Flag]:
    """In the order of the schools, each school's as they came."""
    schools = list(dict.fromkeys(key.school for key in record.classes))
    waiting = [
        flag
        for flag in record.flags
        if flag.at <= at
        and not flag.continued
        and (flag.withdrawn is None or flag.withdrawn > at)
        and (flag.acknowledged is None or flag.acknowledged > at)
    ]
    return sorted(waiting, key=lambda flag: (schools.index(flag.key.school), flag.at))


def _usual(record: Record, paper: Paper) -> str:
    """Of the classes that had reported on each of those days."""
    days: list[date] = sorted(paper)[-USUAL_DAYS:]
    rows = [(key, listed) for day in days for key, listed in paper[day].items()]
    sick = sum(one.away_sick for _, listed in rows for one in listed)
    return rate(sick, sum(record.classes[key].of.expected for key, _ in rows))


# A school


def school_today(record: Record, school: str, at: datetime) -> Said:
    tally = record.tally(at, school)
    said: dict[str, int | str] = {"学校": school, "未报": len(tally.missing)}
    said |= dict(_classes(tally)) | dict(_attendance(tally))
    said |= {"未报班级": "、".join(one.key.name for one in tally.missing)} if tally.missing else {}
    said |= _found(tally.fever, tally.unwell)
    unwell = record.unwell_by_class(at, school)
    return said | {f"不适·{key.name}": n for key, n in unwell.items()}


def _found(fever: int, unwell: int) -> dict[str, int | str]:
    others = {"其他不适": unwell - fever} if unwell > fever else {}
    return {**({"发热": fever} if fever else {}), **others}


def late(record: Record, school: str, at: datetime) -> Said:
    tally = record.tally(at, school)
    return {
        "学校": short(school),
        "应报": tally.due,
        "已报": tally.reported,
        "还差": len(tally.missing),
        "班级": "、".join(one.key.name for one in tally.missing),
    }


def late_district(record: Record, at: datetime) -> Said:
    missing = record.tally(at).missing
    said: dict[str, int | str] = {"未报": len(missing)}
    for school in dict.fromkeys(one.key.school for one in missing):
        names = [one.key.name for one in missing if one.key.school == school]
        said |= {short(school): len(names), f"{short(school)}班级": "、".join(names)}
    return said


# A class


def receipt(row: ClassRecord, version: Version, record: Record) -> Said:
    first = row.versions[0]
    listed = version.listed
    sick, fever = sum(one.away_sick for one in listed), sum(one.fever for one in listed)
    personal = sum(one.absence == "事假" for one in listed)
    unknown = sum(one.away for one in listed) - sick - personal
    counts = {"病": sick, "事": personal, "原因未明": unknown}
    return {
        "班级": row.of.key.name,
        "零报告": int(is_zero(listed)),
        "应到": row.of.expected,
        "实到": row.of.expected - sick - personal - unknown,
        **{name: n for name, n in counts.items() if n},
        **_found(fever, sum(one.unwell for one in listed)),
        "学生": "、".join(map(_pupil, sorted(listed, key=lambda one: one.seat))),
        "时间": hour(first.at),
        "报告人": first.by.title,
        "代报": first.heard or "",
        "及时": "按时" if record.on_time(first) else "逾时",
    }


def _pupil(one: Listed) -> str:
    if one.temperature is not None:
        return f"{one.seat}号{one.temperature / 10:.1f}{one.method}"
    return f"{one.seat}号{'不发热' if one.measured and one.absence is None else ''}"


# An alert

AT_ONCE = ("疫情报告人", "校医", "校长")
CHAIN = ("疫情报告人", "副报告人", "校长", "学区联络员")
PATIENCE = timedelta(minutes=10)


def group_alert(flag: Flag) -> str:
    return " ".join((short(flag.key.school), flag.key.name, f"{flag.listed.seat}号", _degrees(flag), hour(flag.at)))


def private_alert(flag: Flag) -> str:
    return " ".join((flag.key.name, f"{flag.listed.seat}号", _degrees(flag)))


def correction(flag: Flag) -> str:
    return f"{short(flag.key.school)} {flag.key.name} {flag.listed.seat}号 {hour(flag.at)} {_degrees(flag)} " + (
        hour(flag.withdrawn) if flag.withdrawn else ""
    )


def end_of_alert(flag: Flag) -> str:
    if flag.withdrawn is not None:
        return f"更正 {hour(flag.withdrawn)}"
    return f"已知悉 {hour(flag.acknowledged)}" if flag.acknowledged is not None else ""


def _degrees(flag: Flag) -> str:
    return f"{flag.listed.temperature / 10:.1f}" if flag.listed.temperature is not None else "不发热"


def passed_on(flag: Flag) -> bool:
    """Ten minutes went by, and nobody had seen to it."""
    return not flag.continued and _seen_to(flag) > flag.at + PATIENCE


def _seen_to(flag: Flag) -> datetime:
    never = datetime.max.replace(tzinfo=ZONE)
    return min((at for at in (flag.acknowledged, flag.withdrawn) if at is not None), default=never)


def told(flag: Flag, member: Member, people: Town) -> Iterator[datetime]:
    """When this member of the office must have heard of it; whoever reported it has the receipt."""
    if flag.continued:
        return
    if member.id != flag.listed_by and any(member in people.of(duty, flag.key.school) for duty in AT_ONCE):
        yield flag.at
    due = flag.at
    for duty in CHAIN[1:]:
        holders = people.of(duty, flag.key.school) or (people.of(duty) if duty == CHAIN[-1] else ())
        if not holders:
            continue
        due += PATIENCE
        if due >= _seen_to(flag):
            return
        if member in holders:
            yield due


def receipt_line(flag: Flag) -> tuple[str, str]:
    """How the line of a child on the class's receipt begins, and what it says of who saw to it."""
    seat = f"{flag.listed.seat}号："
    if flag.continued:
        return f"{seat}上一上学日（", "）已提醒过，今天已告知疫情报告人"
    return f"{seat}已通知", f"✅ {hour(flag.acknowledged)} " if flag.acknowledged else "○ 等待知悉"
