"""What the bot should have said: the crowd's own record under the names that bot/demo/reading.py reads by."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from msgspec import Struct

from bot.demo.reading import Said
from sandbox.crowd import (
    AT_SCHOOL,
    ZONE,
    Case,
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

BECAUSE = {  # whoever corrects here measured again
    "supplement": "补报",
    "correction": "复测",
    "recheck": "复测",
    "clearance": "复核同意返校",
}
IN_ALL_PLACES = "①②③"


def receipt(row: ClassRecord, version: Version, record: Record, at: datetime) -> Said:
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
        "返校": "、".join(sorted(_returns(row, version, record, at))),
        "学生": "、".join(_pupil(row, version, one) for one in sorted(listed, key=lambda one: one.seat)),
        "时间": hour(first.at),
        "报告人": first.by.title,
        "代报": f"电话 {first.heard}" if first.heard else "",
        "及时": "按时" if record.on_time(first) else "逾时",
        **_updated(row, version),
    }


def _returns(row: ClassRecord, version: Version, record: Record, at: datetime) -> Iterator[str]:
    """Of who is away: from when on they may come back; of who came too early: why not yet."""
    said = {one.seat: one.verdict for one in record.reviews if one.key == row.of.key and one.at <= at}
    cases = {case.seat: case for case in row.cases(version, record.day)}
    for one in version.listed:
        case = replace(cases[one.seat], review=said.get(one.seat, cases[one.seat].review)) if one.away else None
        words = case and (why_not(case, version.at) if one.waits else earliest(case))
        if words:
            yield f"{one.seat}号 {words}"


NEEDS = "（要复课证明和校医复核）"
REVIEWED = {"yes": "可以返校（已复核同意）", "no": "暂不能返校（复核不同意）"}


def earliest(case: Case) -> str:
    """From when on a child may come back; what the 校医 said stands above it."""
    if case.review:
        return REVIEWED[case.review]
    if case.back is None:
        return ""
    return f"最早{day_of(case.back)}返校{NEEDS if case.listed.cause is not None else ''}"


def why_not(case: Case, at: datetime) -> str:
    if case.review:
        return "复核不同意返校" if case.review == "no" else ""
    if case.back is not None and case.too_early(at):
        return f"最早{day_of(case.back)}返校"
    return "还没有复课证明" if case.barred(at) else ""


def day_of(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _updated(row: ClassRecord, version: Version) -> dict[str, int | str]:
    nth = row.versions.index(version) + 1
    said = f"{hour(version.at)} {version.by.title} {nth} {BECAUSE.get(version.kind, '')}"
    return {"更新": said} if nth > 1 else {}


def _pupil(row: ClassRecord, version: Version, one: Listed) -> str:
    (name,) = (pupil.name for pupil in row.of.pupils if pupil.seat == one.seat)
    sent_home = ("病假",) if one.absence is None and one.away_sick else ()
    parts = (warmth(one), *one.symptoms, *sent_home, one.absence, one.cause, one.place, _added(row, version, one.seat))
    return " ".join((f"{one.seat}号 {name}", *filter(None, parts)))


def warmth(one: Listed) -> str:
    if one.temperature is not None:
        return f"{one.temperature / 10:.1f}℃ {one.method}"
    return "不发热" if one.afebrile else ""


def _added(row: ClassRecord, version: Version, seat: int) -> str:
    """By 补报, and when."""
    first = next(said for said in row.versions if any(one.seat == seat for one in said.listed))
    return f"{hour(first.at)}补报" if first.kind == "supplement" and first.at <= version.at else ""


def receipt_alerts(key: Key, record: Record, people: Town, at: datetime) -> Said:
    """Of each flagged child: whom it was told, and who has seen to it; and what the teacher is to do now."""
    flags = [flag for flag in record.flags if flag.key == key and flag.at <= at and not _gone(flag, at)]
    said = {f"提醒{flag.listed.seat}号": _line(flag, people, at) for flag in flags}
    news = [flag for flag in flags if not flag.continued]
    if not news:
        return said
    here = any(flag.listed.place == AT_SCHOOL for flag in news)
    return {**said, "做法": ("在校" if here else "离校") + IN_ALL_PLACES}


def _line(flag: Flag, people: Town, at: datetime) -> str:
    names = "、".join(f"{duty} {member.title}" for member, duty in names_told(flag, people, at).items())
    if flag.continued:
        return f"续 {names}"
    return f"{names} {_acknowledged(flag, at)}".strip()


# An alert

AT_ONCE = ("疫情报告人", "校医", "校长")
CHAIN = ("疫情报告人", "副报告人", "校长", "学区联络员")
OFFICES = ("疫情报告人", "副报告人", "校长", "校医", "学区联络员", "学区领导", "管理员")
MEASURES = frozenset({"疫情报告人", "副报告人", "校医"})
PATIENCE = timedelta(minutes=10)
THIRD = 3  # of a class: so many are said aloud


class Telling(Struct, frozen=True):
    """That one of the office must hear of a child, when, and by which duty."""

    at: datetime
    duty: str
    member: Member


def tellings(flag: Flag, people: Town) -> Iterator[Telling]:
    """At once by duty, later while it is passed on; of a continued one the 疫情报告人 alone."""
    for duty in AT_ONCE[:1] if flag.continued else AT_ONCE:
        yield from (Telling(flag.at, duty, one) for one in people.of(duty, flag.key.school))
    if not flag.continued:
        yield from _passed_on(flag, people)


def _passed_on(flag: Flag, people: Town) -> Iterator[Telling]:
    due = flag.at
    for duty, holders in _steps(flag, people):
        due += PATIENCE
        if due >= _seen_to(flag):
            return
        yield from (Telling(due, duty, one) for one in holders)


def _steps(flag: Flag, people: Town) -> Iterator[tuple[str, tuple[Member, ...]]]:
    """After the first, who answers for it next; a duty that nobody holds is passed over."""
    for duty in CHAIN[1:]:
        holders = people.of(duty, flag.key.school) or (people.of(duty) if duty == CHAIN[-1] else ())
        if holders:
            yield duty, holders


def told(flag: Flag, member: Member, people: Town) -> list[datetime]:
    """When this member must have been written to of it; whoever reported it has the receipt."""
    if flag.continued:
        return []
    mine = dict.fromkeys(one.at for one in tellings(flag, people) if one.member == member)
    return [at for at in mine if at > flag.at or member.id != flag.listed_by]


def names_told(flag: Flag, people: Town, at: datetime) -> dict[Member, str]:
    """Who had been told by then, each by the duty that came first."""
    names: dict[Member, str] = {}
    for one in tellings(flag, people):
        if one.at <= at:
            names.setdefault(one.member, one.duty)
    return names


def duties_told(flags: Iterable[Flag], people: Town, at: datetime) -> str:
    """As the group is told of them."""
    said = [duty for flag in flags if flag.at <= at for duty in names_told(flag, people, at).values()]
    return "、".join(dict.fromkeys(said))


def group_alert(flag: Flag) -> str:
    return " ".join((short(flag.key.school), flag.key.name, f"{flag.listed.seat}号", _degrees(flag), hour(flag.at)))


def private_alert(flag: Flag) -> str:
    return " ".join((flag.key.name, f"{flag.listed.seat}号", _degrees(flag)))


def how_it_stands(flag: Flag, record: Record, people: Town, at: datetime) -> Said:
    """What every card of the alert must show of the child at that moment."""
    now, revised = _now(flag, record, at), None if _gone(flag, at) else revision(flag, record, at)
    end = (
        f"更正 {hour(flag.withdrawn)} {_value(now)}" if flag.withdrawn and _gone(flag, at) else _acknowledged(flag, at)
    )
    said: dict[str, int | str] = {"知悉": end or _waits_for(flag, people, at)}
    said |= {"症状": "、".join(now.symptoms) or "无其他症状", "去向": now.place or ""}
    return said | ({"复测": f"{hour(revised.at)} {_value(now)}"} if revised else {})


def officers_card(flag: Flag, record: Record, people: Town, at: datetime) -> Said:
    """And what a private alert says beside that."""
    klass = record.classes[flag.key].of
    (pupil,) = (one for one in klass.pupils if one.seat == flag.listed.seat)
    (by,) = (one.title for one in people.members if one.id == flag.listed_by)
    said = dict(how_it_stands(flag, record, people, at))
    said |= {"学生": f"{pupil.seat}号 {pupil.name}", "时间": hour(flag.at), "报告人": by}
    if _gone(flag, at):
        return said
    if _seen_to(flag) <= at:
        return said | {"做法": "下一步"}
    said["做法"] = "请处理"
    passed = {one.duty for one in _passed_on(flag, people) if one.at <= at}
    left = [f"{duty} {holders[0].title}" for duty, holders in _steps(flag, people) if duty not in passed]
    return said | ({"分钟": int(PATIENCE.total_seconds() // 60), "转给": left[0]} if left else {})


def button_of_post(flags: Iterable[Flag], at: datetime) -> str:
    """While somebody has to see to one of them."""
    return "已知悉" if any(flag.at <= at < _seen_to(flag) for flag in flags) else ""


def buttons_of_card(flag: Flag, member: Member, at: datetime) -> str:
    """已知悉 while it waits; 填复测 for who measures, until it is taken back."""
    measures = not _gone(flag, at) and not MEASURES.isdisjoint(member.duties)
    return "、".join((*(["已知悉"] if at < _seen_to(flag) else []), *(["填复测"] if measures else [])))


def _waits_for(flag: Flag, people: Town, at: datetime) -> str:
    passed = [one for one in _passed_on(flag, people) if one.at <= at]
    return f"已转 {hour(passed[-1].at)} {passed[-1].duty}" if passed else ""


def _now(flag: Flag, record: Record, at: datetime) -> Listed:
    version = record.classes[flag.key].at(at)
    listed = version.listed if version else ()
    return next((one for one in listed if one.seat == flag.listed.seat), flag.listed)


def revision(flag: Flag, record: Record, at: datetime) -> Version | None:
    """The last one by then that gave the child another value."""
    value, found = _value(flag.listed), None
    for version in record.classes[flag.key].versions:
        for one in version.listed:
            if flag.at <= version.at <= at and one.seat == flag.listed.seat and _value(one) != value:
                value, found = _value(one), version
    return found


def third_children(flags: Iterable[Flag], record: Record, at: datetime) -> Said:
    """Of the classes of these flags, those of which so many have been told of by then."""
    standing = [flag for flag in record.flags if flag.at <= at and not flag.continued and not _gone(flag, at)]
    counted = Counter(flag.key for flag in standing)
    return {flag.key.name: counted[flag.key] for flag in flags if counted[flag.key] >= THIRD}


def correction(flag: Flag, record: Record) -> str | None:
    """更正 or 复测, as whoever was told of it hears."""
    end = flag.withdrawn or datetime.max.replace(tzinfo=ZONE)
    version = revision(flag, record, end)
    if version is None:
        return None
    kind, place = "更正" if flag.withdrawn else "复测", f"{short(flag.key.school)} {flag.key.name} {flag.listed.seat}号"
    values = (_degrees(flag), f"{(_now(flag, record, version.at).temperature or 0) / 10:.1f}")
    return f"{kind} {place} {hour(flag.at)} {values[0]} {hour(version.at)} {values[1]}"


def measured_again(flag: Flag, record: Record, version: Version) -> str:
    return f"{private_alert(flag)} {(_now(flag, record, version.at).temperature or 0) / 10:.1f}"


def _acknowledged(flag: Flag, at: datetime) -> str:
    if flag.acknowledged is None or flag.by is None or flag.acknowledged > at:
        return ""
    return f"已知悉 {hour(flag.acknowledged)} {office(flag.by)}"


def office(member: Member) -> str:
    """The duty by which they answer."""
    return min((duty for duty in member.duties if duty in OFFICES), key=OFFICES.index)


def _degrees(flag: Flag) -> str:
    if flag.listed.temperature is not None:
        return f"{flag.listed.temperature / 10:.1f}"
    return "不发热" if flag.listed.afebrile else "体温未测"


def _value(one: Listed) -> str:
    return warmth(one).replace("℃", "")


def _gone(flag: Flag, at: datetime) -> bool:
    return flag.withdrawn is not None and flag.withdrawn <= at


def passed_on(flag: Flag) -> bool:
    """Ten minutes went by, and nobody had seen to it."""
    return not flag.continued and _seen_to(flag) > flag.at + PATIENCE


def _seen_to(flag: Flag) -> datetime:
    never = datetime.max.replace(tzinfo=ZONE)
    return min((at for at in (flag.acknowledged, flag.withdrawn) if at is not None), default=never)
