"""What must hold after each day, whatever went wrong in it: each check says in words what does not."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property

from msgspec import Struct

from bot.demo import reading
from bot.simulate.model import Alarm, ClassDay, Model
from bot.simulate.people import People
from bot.simulate.plan import CHAIN, Ill, Kind
from bot.simulate.town import Member
from bot.simulate.trouble import Span
from bot.simulate.world import World, at
from handlers.model import Attendance, Duty, Report
from handlers.plain import stamp
from handlers.questions import LedgerOn, RollOf, SchoolMorning
from sandbox import Entry, Message
from storage import Tx, audit
from storage.answers import Answers

ROUND = "am"
BACKDATED = timedelta(seconds=150)  # so far a tap that came after a gap may be dated back
SLACK = timedelta(seconds=60)  # for what has an hour: the postman's queue, a few retries
HEALTHY = timedelta(minutes=3)  # a time so long without trouble is enough for whatever is due
ON_THE_WIRE = timedelta(seconds=0.2)
STEP = timedelta(minutes=10)  # of the chain
FOLLOW_UP = timedelta(minutes=10)  # between what is added to a post that cannot be edited
REPEATED = "（网络不稳，这条可能是重复的）\n"
UNANSWERED = ("500", "timeout", "drop")  # faults that leave it open whether the call took effect
CARD = re.compile(r"^(\S+班) · .*应到\d+人|^昨天还没结束的\d+人\n(\S+班) ", re.S)  # of some, a card says so first
POST = re.compile(r"^(?:（.*）\n)?【学区晨检】.*\n(?:上报：)?应报")
FIRST = re.compile(r"，(\S+?班)今天的晨检还没有收到")
LAST = re.compile(r"，(\S+?班)晨检到\S+仍未收到")
KINDS = {"card": CARD, "remind1": FIRST, "remind2": LAST}


class Played(Struct, dict=True):
    """A day, as phones show it, as teachers know it, and as it is stored."""

    world: World
    day: date
    model: Model
    people: People
    spans: tuple[Span, ...]

    def at(self, hour: float) -> datetime:
        return at(self.day, hour)

    @property
    def end(self) -> datetime:
        return self.world.now()

    def healthy(self, since: datetime, until: datetime, least: timedelta = HEALTHY) -> bool:
        """Whether there was a time without trouble in it that was long enough for what is due."""
        free = since
        for span in sorted(self.spans, key=lambda one: one.since):
            if span.until <= free or span.since >= until:
                continue
            if span.since - free >= least:
                return True
            free = max(free, span.until)
        return until - free >= least

    def disturbed(self, since: datetime, until: datetime, *kinds: Kind) -> bool:
        return any(one.since < until and one.until > since for one in self.spans if not kinds or one.kind in kinds)

    @cached_property
    def reports(self) -> dict[str, Report | None]:
        """class → what is stored of it."""
        schools = self.schools.values()

        def found(tx: Tx) -> dict[str, Report | None]:
            rows = [row for school in schools for row in Answers(tx)(SchoolMorning(school, self.day, ROUND)).rows]
            return {row.klass.name: row.report for row in rows}

        return self.world.ask(found)

    @cached_property
    def schools(self) -> dict[str, str]:
        """name → id"""
        names = dict.fromkeys(self.world.town.school_of.values())

        def ids(tx: Tx) -> dict[str, str]:
            found = {name: Answers(tx)(RollOf(name, self.day, False)).school for name in names}
            return {name: school.id for name, school in found.items() if school is not None}

        return self.world.ask(ids)

    @cached_property
    def seats(self) -> dict[str, int]:
        """pupil → seat"""
        schools = list(self.schools)

        def found(tx: Tx) -> dict[str, int]:
            rolls = [Answers(tx)(RollOf(name, self.day, False)) for name in schools]
            return {one.id: one.seat for roll in rolls for one in roll.pupils if one.seat is not None}

        return self.world.ask(found)

    def listed(self, report: Report) -> frozenset[Ill]:
        words = {Attendance.SICK: "病假", Attendance.PERSONAL: "事假"}
        return frozenset(
            Ill(self.seats[one.pupil], one.temperature, words.get(one.attendance, "")) for one in report.entries
        )

    def under_a_wrong_clock(self, row: ClassDay) -> bool:
        """Whether the machine's clock may have been wrong when a class's report was heard. A tap has no time of its
        own, so whoever taps then has acted at a wrong hour; and what the platform holds back, or waits for the
        database, is heard only later, at the latest when its phone shows that it is reported."""
        return bool(row.tried) and self.disturbed(row.tried[0] - STEP, row.seen or self.end, Kind.JUMP)

    @cached_property
    def unanswered(self) -> Sequence[Entry]:
        """Calls of the day of which the bot does not know whether they took effect."""
        return [one for one in self.world.phones.journal if one.fault in UNANSWERED and one.at >= self.at(0)]

    @property
    def unanswered_twice(self) -> Iterator[Entry]:
        """Those that repeated a message, marked: it is said no third time."""
        return (one for one in self.unanswered if _said(one).startswith(REPEATED))

    @cached_property
    def given_up(self) -> set[int]:
        """Chats of which something was not answered twice."""
        return {one.chat for one in self.unanswered_twice if one.chat is not None}

    def posts(self, group: int) -> list[Message]:
        """The leaders' posts of the day; where none can be edited, with what follows on them."""
        edits = self.world.phones.edits(group)
        return [one for one in self.people.today(group) if one.photo or (not edits and POST.search(one.text))]


def _said(call: Entry) -> str:
    """In words."""
    text = call.params.get("text", call.params.get("caption", ""))
    return str(text.get("content", "")) if isinstance(text, dict) else str(text)


Check = Callable[[Played], Iterator[str]]


def nothing_confirmed_is_lost(day: Played) -> Iterator[str]:
    """What a phone showed as reported is stored, as it was meant; and nothing that nobody sent."""
    for klass, row in day.model.classes.items():
        report = day.reports[klass]
        if report is None:
            if row.seen is not None:
                yield f"{klass} was confirmed at {row.seen} and is not stored"
            continue
        if not row.tried:
            yield f"{klass} has a report that nobody made"
        elif (listed := day.listed(report)) not in row.may_list:
            yield f"{klass} lists {sorted(listed)}, meant was {sorted(row.meant)} and {sorted(row.more)}"


def nothing_is_stored_twice(day: Played) -> Iterator[str]:
    for klass, row in day.model.classes.items():
        report = day.reports[klass]
        if report is not None and report.rev > 1 + (row.more_tried is not None):
            yield f"{klass} has {report.rev} revisions"


def every_update_is_one_row(day: Played) -> Iterator[str]:
    """However often it is delivered; so is every tick, whoever puts it."""
    rows = day.world.ask(
        lambda tx: tx.all(
            """SELECT channel, native, count(*) AS n FROM inbox WHERE received >= :since
               GROUP BY channel, native HAVING count(*) > 1""",
            since=stamp(day.at(0)),
        )
    )
    yield from (f"{row['channel']} {row['native']} is in the inbox {row['n']} times" for row in rows)


def every_report_has_its_facts(day: Played) -> Iterator[str]:
    """One a revision, in the trail that is sealed."""
    since = stamp(day.at(0))
    [row] = day.world.ask(
        lambda tx: tx.all("SELECT count(*) AS n FROM fact WHERE kind = 'Reported' AND at >= :since", since=since)
    )
    revisions = sum(report.rev for report in day.reports.values() if report is not None)
    if row["n"] != revisions:
        yield f"{revisions} revisions are stored, and {row['n']} facts of them"


SUMS = "SELECT round, school, classes, expected, sick, fever FROM school_sums WHERE day = :day ORDER BY 1, 2"
OF_REPORTS = """SELECT round, school, count(*) AS classes, sum(expected) AS expected, sum(sick) AS sick,
    sum(fever) AS fever
  FROM report WHERE day = :day AND latest = 1 GROUP BY round, school ORDER BY 1, 2"""


def what_is_added_up_is_what_is_reported(day: Played) -> Iterator[str]:
    """The sums that are kept beside the reports, school by school."""
    kept, true = day.world.ask(lambda tx: [tx.all(sql, day=day.day.isoformat()) for sql in (SUMS, OF_REPORTS)])
    if kept != true:
        yield f"the sums are {kept}, and those of the reports {true}"


def a_tap_in_quiet_gets_through(day: Played) -> Iterator[str]:
    """Whoever tapped 全员正常 or 发送 while nothing was wrong saw that it is reported."""
    for klass, row in day.model.classes.items():
        teachers = {one.id for one in day.world.town.teachers(klass)}
        for when in row.unanswered:
            if (
                not day.disturbed(when - timedelta(seconds=5), when + timedelta(seconds=30))
                and not teachers & day.world.unreachable
            ):
                yield f"{klass} tapped at {when}, and nothing came of it"


def what_was_entered_is_not_gone(day: Played) -> Iterator[str]:
    """Whoever was shown it as 填写中 finds it so until it is sent."""
    for act in day.people.gone:
        yield f"{act.klass} had entered {[one.words for one in act.ill]}, and it is gone"


def whoever_tried_got_through(day: Played) -> Iterator[str]:
    """They try again until they see it; so a day in which the program was there for them has no report without it."""
    for klass, row in day.model.classes.items():
        teachers = {one.id for one in day.world.town.teachers(klass)}
        if not row.tried or row.seen is not None or teachers & day.world.unreachable:
            continue
        if day.healthy(row.tried[-1] + timedelta(seconds=5), day.at(17), timedelta(hours=1)):
            yield f"{klass} tried {len(row.tried)} times and never saw that it is reported"


def timely_is_who_was(day: Played) -> Iterator[str]:
    """By when the teacher did it, as far as a doubt is not theirs."""
    ends = day.at(8.5) + timedelta(minutes=1)
    for klass, row in day.model.classes.items():
        report = day.reports[klass]
        if report is None or not row.tried:
            continue
        if day.under_a_wrong_clock(row):
            continue
        if row.seen is not None and row.seen < ends and not report.timely:
            yield f"{klass} saw its report at {row.seen}, and it counts as late"
        if row.tried[0] >= ends + BACKDATED and report.timely:
            yield f"{klass} tried at {row.tried[0]} for the first time, and it counts as on time"


def every_ping_that_was_due_came(day: Played) -> Iterator[str]:
    """To each teacher who can be reached, of a class that had not reported by its hour."""
    for kind, due, until in (("card", 7.5, 8.25), ("remind1", 8.25, 8.5), ("remind2", 8.5, 12.0)):
        since = day.at(due)
        for member in day.world.town.members:
            if member.klass is None or member.id in day.world.unreachable:
                continue
            row = day.model.classes[member.klass]
            silent_until = min((*row.tried, day.at(until)))
            if since < silent_until and day.healthy(since, silent_until) and not _came(day, member, kind):
                yield f"{member.name} never got the {kind} that was due at {since}"


def _came(day: Played, member: Member, kind: str) -> bool:
    return member.id in day.given_up or bool(_of_kind(day, member, kind))


def _of_kind(day: Played, member: Member, kind: str) -> list[Message]:
    return [
        one
        for one in day.people.today(member.id)
        if (found := KINDS[kind].search(_first(one))) and found[found.lastindex or 0] == member.klass
    ]


def _first(one: Message) -> str:
    return (one.revisions[0].text if one.revisions else one.text).removeprefix(REPEATED)


def no_ping_came_that_was_not_due(day: Played) -> Iterator[str]:
    """Nobody before the hour; nobody who had seen their report; and nothing twice, but for what was on the wire."""
    for member in day.world.town.members:
        if member.klass is None:
            continue
        seen = day.model.classes[member.klass].seen
        yield from _told_anew(day, member)
        for kind, due in (("card", 7.5), ("remind1", 8.25), ("remind2", 8.5)):
            copies = _of_kind(day, member, kind)
            for one in copies:
                if one.date < day.at(due) and not day.disturbed(day.at(6), day.at(due), Kind.JUMP):
                    yield f"{member.name} had the {kind} at {one.date}"
                if kind != "card" and seen is not None and one.date > seen + ON_THE_WIRE:
                    yield f"{member.name} was reminded at {one.date}, {member.klass} was confirmed at {seen}"
            asked = day.people.wrote[member.id] if kind == "card" else 0
            yield from _doubled(day, member.id, kind, copies[: max(1, len(copies) - asked)])


def _told_anew(day: Played, member: Member) -> Iterator[str]:
    """A receipt takes the place of what was there: nobody who wrote nothing gets a message of its own with it; unless a
    code was good for one edit, and the program died before it knew of that one."""
    one_edit = False
    for one in day.people.today(member.id):
        one_edit |= not day.world.phones.edits(member.id) and (member.id, one.id) in day.world.excused
        if _first(one).startswith("✅ 已报") and not day.people.wrote[member.id] and not one_edit:
            yield f"{member.name} got a message of its own at {one.date} for what their card says"


def _doubled(day: Played, chat: int, what: str, copies: list[Message]) -> Iterator[str]:
    """But what may have come unseen. Where nothing said in words is edited, what has changed is said anew, and an equal
    request is shown once, whatever happens."""
    if chat > 0 and not day.world.phones.edits(chat):
        alike = [one for one in copies[:-1] if _first(one) == _first(copies[-1])]
        unexplained = [one for one in alike if not _in_another_form(day, one, copies[-1])]
    elif day.disturbed(day.at(6), day.end, Kind.TWO):
        return
    else:
        unexplained = [one for one in copies[:-1] if (chat, one.id) not in day.world.excused]
    if unexplained:
        yield f"{chat} got {what} {len(copies)} times, at {[str(one.date) for one in copies]}"


def _in_another_form(day: Played, one: Message, later: Message) -> bool:
    """A card that may have come unseen, and a later version of the message: what has changed may be what a card has no
    room for. A repeat bears the same name, be it with a number."""
    names = [_name(card) for card in (one, later)]
    return (one.chat, one.id) in day.world.excused and all(names) and names[0] != names[1]


def _name(card: Message) -> str:
    """Under which it was sent; none of what was said in words."""
    first = card.revisions[0].card if card.revisions else card.card
    return str(first.get("task_id", "")).partition("_")[0]


def the_late_list_came(day: Played) -> Iterator[str]:
    """At 08:45 to the 疫情报告人 of a school with a class that had not reported; to nobody else's."""
    for school in day.schools:
        [reporter] = day.world.town.holders(Duty.REPORTER, school)
        rows = [day.model.classes[klass] for klass, of in day.world.town.school_of.items() if of == school]
        lists = [one for one in day.people.today(reporter.id) if reading.late_list(_first(one))]
        missing = any(not row.tried or row.tried[0] > day.at(9) for row in rows)
        reachable = reporter.id not in day.world.unreachable | day.given_up
        if missing and reachable and not lists and day.healthy(day.at(8.75), day.at(9)):
            yield f"{school} has no list of who is late"
        yield from _doubled(day, reporter.id, "the late list", lists)


def every_fever_reached_somebody(day: Played) -> Iterator[str]:
    """In private to the school's office at once, then up the chain, ten minutes a step, until it is acknowledged."""
    for alarm in day.model.alarms.values():
        if alarm.seen is None:
            continue
        school = day.world.town.school_of[alarm.klass]
        for duty in (Duty.REPORTER, Duty.NURSE, Duty.PRINCIPAL):
            yield from _told_by(day, alarm, duty, school, alarm.seen + SLACK)
        for step, duty in enumerate(CHAIN):
            due = alarm.seen + STEP * step + SLACK
            if alarm.tapped is None or alarm.tapped > due + _trouble(day, alarm.seen, due):
                yield from _told_by(day, alarm, duty, school if duty is not Duty.LIAISON else None, due)
        for group in day.world.town.groups.values():
            yield from _group_knows(day, alarm, group)
            yield from _called(day, alarm, group)


def _told_by(day: Played, alarm: Alarm, duty: Duty, school: str | None, due: datetime) -> Iterator[str]:
    """`due`: later by as much trouble as there was."""
    assert alarm.seen is not None  # noqa: S101 - only those
    for officer in day.world.town.holders(duty, school):
        if officer.id in day.world.unreachable:
            continue
        told = _alerts(day, officer.id, alarm)
        allowed = due + _trouble(day, alarm.seen, due)
        if not told and day.end > allowed:
            yield f"{officer.name} was never told of {alarm.klass} {alarm.one.seat}号 (reported {alarm.seen})"
        elif told and told[0] > allowed:
            yield f"{officer.name} was told of {alarm.klass} {alarm.one.seat}号 at {told[0]}, due {due}"


def _trouble(day: Played, since: datetime, until: datetime) -> timedelta:
    """How much of it there was; what begins just before it is over delays it further."""
    whole = timedelta(0)
    for span in sorted(day.spans, key=lambda one: one.since):
        if span.until > since - STEP and span.since < until + whole:
            whole += span.until - max(span.since, since - STEP)
    return whole


def _alerts(day: Played, chat: int, alarm: Alarm) -> list[datetime]:
    """When a chat was shown an alert, be it in the place of another."""
    words = re.compile(rf"{re.escape(alarm.klass)} ?{alarm.one.seat}号")
    found = []
    for one in day.people.today(chat):
        for text, when in _faces(one):
            if text.removeprefix(REPEATED).startswith("🔴") and words.search(text):
                found.append(when)
    return sorted(found)


def _faces(one: Message) -> Iterator[tuple[str, datetime]]:
    """What it has shown, and from when on."""
    yield from ((face.text, face.at) for face in one.revisions)
    yield one.text, one.edit_date or one.date


def _group_knows(day: Played, alarm: Alarm, group: int) -> Iterator[str]:
    assert alarm.seen is not None  # noqa: S101 - only those
    due = _follows(day, alarm, group, alarm.seen) + SLACK
    told = _alerts(day, group, alarm)
    allowed = due + _trouble(day, alarm.seen, due)
    if not told or told[0] > allowed:
        yield f"the leaders ({group}) were told of {alarm.klass} {alarm.one.seat}号 at {told[:1]}, due {due}"


def _follows(day: Played, alarm: Alarm, group: int, when: datetime) -> datetime:
    """Where a group takes no edits, what is to be added to a post follows ten minutes after the last of it."""
    if day.world.phones.edits(group):
        return when
    head = f"🔴 发热提醒｜{day.world.town.school_of[alarm.klass]}"
    posts = [one.date for one in day.people.today(group) if one.text.removeprefix(REPEATED).startswith(head)]
    return max((one + FOLLOW_UP for one in posts if when - FOLLOW_UP < one <= when + SLACK), default=when)


def _called(day: Played, alarm: Alarm, group: int) -> Iterator[str]:
    """Nobody of the chain has answered: somebody must phone."""
    assert alarm.seen is not None  # noqa: S101 - only those
    due = _follows(day, alarm, group, alarm.seen + STEP * len(CHAIN)) + SLACK
    if alarm.tapped is not None or day.end < due + _trouble(day, alarm.seen, due):
        return
    school = day.world.town.school_of[alarm.klass]
    calls = [one for one in day.people.today(group) if "无人知悉" in one.text and f"{school} {alarm.klass}" in one.text]
    if not calls:
        yield f"nobody ({group}) was told to phone for {alarm.klass} {alarm.one.seat}号"


def no_step_was_told_too_early(day: Played) -> Iterator[str]:
    """But where the step before could not be reached."""
    for alarm in day.model.alarms.values():
        school = day.world.town.school_of[alarm.klass]
        for step, duty in ((1, Duty.DEPUTY), (3, Duty.LIAISON)):
            before = {one.id for each in CHAIN[:step] for one in day.world.town.holders(each, school)}
            for officer in day.world.town.holders(duty, school if duty is Duty.DEPUTY else None):
                told = _alerts(day, officer.id, alarm)
                early = told and told[0] < alarm.sent + STEP * step - timedelta(seconds=1)
                if early and not before & day.world.unreachable and not day.disturbed(alarm.sent - STEP, told[0]):
                    yield f"{officer.name} was told of {alarm.klass} {alarm.one.seat}号 at {told[0]}, sent {alarm.sent}"


# a caption's numbers: what it leaves out is 0
NUMBERS = {
    "应报": r"应报(\d+)班",
    "已报": r"已报(\d+)班",
    "按时": r"按时(\d+)",
    "逾时": r"逾时(\d+)",
    "零报告": r"零报告(\d+)班",
    "未报": r"未报(\d+)班",
    "应到": r"应到(\d+)",
    "实到": r"实到(\d+)",
    "缺勤": r"缺勤(\d+)",
    "病": r"病(\d+)，",
    "事": r"事(\d+)",
    "原因未明": r"原因未明(\d+)",
    "发热": r"℃）(\d+)人",
    "提醒": r"发热提醒(\d+)条",
    "已知悉": r"：已知悉(\d+)",
    "待知悉": r"待知悉(\d+)",
}


def numbers_in(caption: str) -> dict[str, int]:
    found = {name: re.search(pattern, caption) for name, pattern in NUMBERS.items()}
    return {name: int(match[1]) for name, match in found.items() if match}


def what_wecom_posted_was_taken(day: Played) -> Iterator[str]:
    """It keeps nothing, so what nobody takes is lost; but only while nobody could."""
    for one in day.world.sandbox.wecom.lost:
        if one.at >= day.at(0) and not day.disturbed(one.at - timedelta(seconds=15), one.at):
            yield f"a callback of {one.person} was lost at {one.at}: {one.why}"


def the_summary_is_true(day: Played) -> Iterator[str]:
    """The post of 09:00: every number of it, as it stands at the end, and no report in it that was not made yet."""
    for group in day.world.town.groups.values():
        yield from _summary(day, group)


def _summary(day: Played, group: int) -> Iterator[str]:
    posts = day.posts(group)
    pictures = [one for one in posts if one.photo]
    if not pictures and not (posts and _picture_given_up(day, group)):
        if day.healthy(day.at(9), day.at(12)) and group not in day.given_up:
            yield f"there is no summary in {group}"
        return
    yield from _doubled(day, group, "the summary", pictures)
    last = posts[-1]
    wrong = {name: (value, day_says) for name, value, day_says in _differences(day, last.text)}
    if wrong and day.healthy(day.at(17), day.end) and not _given_up_true(day, last):
        yield f"the summary says otherwise than the day was: {wrong}"
    for text, when in (face for one in posts for face in _faces(one)):
        said = numbers_in(text).get("已报", 0)
        tried = sum(bool(row.tried) and row.tried[0] <= when for row in day.model.classes.values())
        if said > tried:
            yield f"the summary of {when} counts {said} reports, {tried} were made"


def _picture_given_up(day: Played, group: int) -> bool:
    """Where it is a message of its own, the words come also behind one that was not answered twice."""
    calls = sum(one.chat == group and not _said(one) for one in day.unanswered)
    return not day.world.phones.edits(group) and calls > 1


def _given_up_true(day: Played, last: Message) -> bool:
    """Where nothing can be edited, a new version of the post is a message of its own. One that may have come is
    repeated once, marked: where that was not answered either, the bot does not know that the post is not as it was to
    be. But it must have said it as the day was."""
    return not day.world.phones.edits(last.chat) and any(
        one.chat == last.chat and one.at > last.date and not any(_differences(day, _said(one)))
        for one in day.unanswered_twice
    )


def _differences(day: Played, caption: str) -> Iterator[tuple[str, object, str]]:
    said = numbers_in(caption)
    for name, low, high in _truth(day):
        value = said.get(name, 0)
        if not low <= value <= high:
            yield name, value, f"{low}…{high}"


def _truth(day: Played) -> Iterator[tuple[str, int, int]]:
    """Each number as teachers know it, at least and at most: who tried and saw nothing may have reported or not."""
    sure = {klass for klass, row in day.model.classes.items() if row.seen is not None}
    maybe = {klass for klass, row in day.model.classes.items() if row.tried and row.seen is None}
    if maybe or any(len(row.may_list) > 1 for row in day.model.classes.values()):
        yield "已报", len(sure), len(sure) + len(maybe)
        return
    lists = [one for klass in sure for one in next(iter(day.model.classes[klass].may_list))]
    size, many = day.world.town.pupils, len(sure)
    numbers = {
        "应报": len(day.model.classes),
        "已报": many,
        "零报告": sum(all(one.absence == "事假" for one in day.model.classes[klass].meant) for klass in sure)
        - sum(
            all(one.absence == "事假" for one in day.model.classes[klass].meant) and bool(day.model.classes[klass].more)
            for klass in sure
        ),
    }
    if many:
        absent = [one for one in lists if one.absence]
        numbers |= {
            "应到": many * size,
            "实到": many * size - len(absent),
            "缺勤": len(absent),
            "病": sum(one.absence == "病假" for one in lists),
            "事": sum(one.absence == "事假" for one in lists),
            "原因未明": 0,
            "发热": sum(one.fever for one in lists),
            "提醒": sum(one.fever for one in lists),
        }
    if many < len(day.model.classes) and many:
        numbers["未报"] = len(day.model.classes) - many
    for name, value in numbers.items():
        yield name, value, value
    if many:
        yield from _ranges(day, sure)


def _ranges(day: Played, sure: set[str]) -> Iterator[tuple[str, int, int]]:
    """Where a doubt may be nobody's fault."""
    ends = day.at(8.5) + timedelta(minutes=1)
    rows = [day.model.classes[klass] for klass in sure]
    if not day.disturbed(day.at(8), ends + BACKDATED) and not any(map(day.under_a_wrong_clock, rows)):
        late = sum(row.tried[0] >= ends for row in rows)
        yield "逾时", late, late
        yield "按时", len(rows) - late, len(rows) - late
    alarms = [one for one in day.model.alarms.values() if one.seen is not None]
    tapped, acked = (sum(getattr(one, what) is not None for one in alarms) for what in ("tapped", "acked"))
    if alarms:
        yield "已知悉", acked, tapped
        yield "待知悉", len(alarms) - tapped, len(alarms) - acked


def the_ledger_is_who_was_late_or_missing(day: Played) -> Iterator[str]:
    """An entry for each class that had not reported in time, and for no other."""
    if not day.healthy(day.at(17), day.end) or day.disturbed(day.at(16.8), day.at(17.2)):
        return
    for school, id in day.schools.items():
        entries = day.world.ask(lambda tx, id=id: Answers(tx)(LedgerOn(id, day.day)))  # type: ignore[misc]
        found: dict[str, list[str]] = defaultdict(list)
        for one in entries:
            if one.kind in ("late", "missing"):
                found[one.klass.name].append(one.kind)
        for klass in (klass for klass, of in day.world.town.school_of.items() if of == school):
            report = day.reports[klass]
            expected = ["missing"] if report is None else [] if report.timely else ["late"]
            if found[klass] != expected:
                yield f"the ledger has {found[klass]} of {klass}, it was {expected}"


def the_seals_hold(day: Played) -> Iterator[str]:
    found = day.world.ask(audit.verify)
    if found.broken is not None:
        yield f"the audit trail is broken: {found.broken}"
    if not found.seals:
        yield "nothing was sealed"


def nothing_was_set_aside(day: Played) -> Iterator[str]:
    rows = day.world.ask(lambda tx: tx.all("SELECT id, outcome FROM inbox WHERE state <> 'done'"))
    yield from (f"{row['id']} is {row['outcome'] or 'open'}" for row in rows)
    yield from day.world.phones.losses
    if len(day.world.sandbox.wecom.callbacks):
        yield f"{len(day.world.sandbox.wecom.callbacks)} callbacks still wait at WeCom"
    if len(day.world.sandbox.updates):
        yield f"{len(day.world.sandbox.updates)} updates still wait at the platform"
    yield from day.world.complaints
    day.world.complaints.clear()


CHECKS: tuple[Check, ...] = (
    nothing_confirmed_is_lost,
    nothing_is_stored_twice,
    every_update_is_one_row,
    every_report_has_its_facts,
    what_is_added_up_is_what_is_reported,
    a_tap_in_quiet_gets_through,
    what_was_entered_is_not_gone,
    whoever_tried_got_through,
    timely_is_who_was,
    every_ping_that_was_due_came,
    no_ping_came_that_was_not_due,
    the_late_list_came,
    every_fever_reached_somebody,
    no_step_was_told_too_early,
    what_wecom_posted_was_taken,
    the_summary_is_true,
    the_ledger_is_who_was_late_or_missing,
    the_seals_hold,
    nothing_was_set_aside,
)


def complaints(day: Played) -> list[str]:
    return [f"{day.day} {check.__name__}: {words}" for check in CHECKS for words in check(day)]
