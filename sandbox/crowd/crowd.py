"""The crowd: everybody of the district, each with a phone, living through a day."""

import asyncio
import random
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sandbox.clock import Clock
from sandbox.crowd import office
from sandbox.crowd.cases import Register
from sandbox.crowd.hand import ZONE, Hand, Stuck, labelled, plain
from sandbox.crowd.illness import Paper, Yesterday
from sandbox.crowd.people import Key, Member, Town, short
from sandbox.crowd.plan import DEAF, PUNCTUAL, SILENT, Day, How, Plan, plan_day
from sandbox.crowd.platform import Platform
from sandbox.crowd.record import Record
from sandbox.crowd.teaching import CORRECT, Teacher, report
from sandbox.crowd.week import StandIn, Week
from sandbox.district import OFFICE
from sandbox.model import Message
from sandbox.telegram import Sandbox
from sandbox.wecom.model import ROOT

GROUP: Final = -40_001
STRANGER: Final = 699_999
USERID: Final = "gh"  # before a 工号, which alone is a number
DEADLINE: Final = time(8, 31)  # on time is before the end of the minute 08:30
REPORTER: Final = "疫情报告人"
PRINCIPAL: Final = "校长"
NURSE: Final = "校医"
PASSED_TO: Final = "已转校长"
LIAISON: Final = "学区联络员"
HANDED_OVER: Final = time(7, 10)
TAKEN_OVER: Final = time(7, 12)
GATE: Final = time(7, 40)
QUARTER: Final = timedelta(minutes=15)
EVENING: Final = time(16, 40)
SATURDAY: Final = 6
TOGETHER: Final = timedelta(seconds=0.3)


@dataclass(frozen=True)
class Question:
    """A command that somebody of the office asks at some hour."""

    at: time
    who: Member
    command: str


class Crowd:
    """Acts only as people do, through the phones. A person whom somebody plays by hand is left to them."""

    def __init__(
        self, sandbox: Sandbox, platform: Platform, clock: Clock, people: Town, seed: int, week: Week | None = None
    ) -> None:
        self._sandbox = sandbox
        self.platform = platform
        self._clock = clock
        self._seed = seed
        self._tasks: set[asyncio.Task[None]] = set()
        self._seen: dict[int, int] = {}  # chat → the last message that was looked at
        self.day: Day | None = None
        self.week = week
        self._chained: Key | None = None
        self._led = False
        self.switched: set[int] = set()  # to the other platform, by somebody who plays them by hand
        self.people = people
        self.register = Register()
        self._yesterday: Yesterday = {}
        self.record = Record((), datetime.max.replace(tzinfo=ZONE))
        self.hands = {one.id: self._hand(one.id) for one in people.members}
        self._stranger = self._hand(STRANGER)
        schools = people.schools
        officers = [
            one for duty in (REPORTER, PRINCIPAL, NURSE) for school in schools for one in people.of(duty, school)
        ]
        self._officers = {one.id: one for one in officers}

    def _hand(self, person: int) -> Hand:
        return Hand(self.platform, self._clock, person, random.Random(f"hand {self._seed} {person}"))

    def move_in(self) -> None:
        """Everybody has a phone."""
        for one in self.people.members:
            self._sandbox.add_person(one.id, one.name, role=one.role, school=one.school)
        self._sandbox.add_person(STRANGER, "一位家长", role="家长", school="校外")
        self.platform.on_change(self._noticed)

    def employ(self, members: Iterable[Member]) -> None:
        """WeCom's 通讯录, as its administrator keeps it: a department a school, everybody by their 工号; and somebody
        who is on no roster."""
        wecom = self._sandbox.wecom
        departments = {one.name: one.id for one in wecom.directory.departments.values()}
        for school in self.people.schools:
            if school not in departments:
                departments[school] = wecom.add_department(school).id
        for one in members:
            wecom.employ(one.id, f"{USERID}{one.number}", departments.get(one.school, ROOT))
        wecom.employ(STRANGER, f"{USERID}0")

    def join(self, member: Member, code: str) -> None:
        """The invitation's link is opened: Telegram writes /start with its code."""
        self.hands[member.id].own.add(self._sandbox.write(member.id, member.id, f"/start {code}").id)

    def call_in(self, admin: Member) -> None:
        """The leaders have a group, and the bot is taken into it."""
        members = [one.id for one in self.people.members if one.school == OFFICE]
        members += [one.id for school in self.people.schools for one in self.people.of("校长", school)]
        self._sandbox.add_group(GROUP, "示范学区防控领导小组", members, False, viewers=members[:1])
        self._sandbox.add_bot(GROUP, admin.id)
        self.hands[admin.id].own |= {one.id for one in self._sandbox.chat(GROUP) if one.sender == admin.id}

    def bind_group(self, admin: Member) -> None:
        self.hands[admin.id].write("/bind leaders", GROUP)

    def remember(self, paper: Paper) -> None:
        """What the classes wrote down on the days before the first one."""
        self.register, self._yesterday = Register.of_paper(paper), paper[max(paper)]

    def begin(self, day: date) -> Day:
        """The day's plans start running; they wait for their hours."""
        self.remember_today()
        week, people = self.week, self.week.people(self.people, day) if self.week else self.people
        today = self.day = plan_day(self._seed, people, day, self.register, week.late if week else "")
        self._chained, self._led = None, False
        self.record = Record(people.classes, datetime.combine(day, DEADLINE, ZONE), self._yesterday, self.register)
        for plan in today.plans:
            self._start(f"{short(plan.klass.key.school)}{plan.klass.key.name}", self._class_day(plan))
            if plan.how is How.OFF:
                self._start(f"停课 {plan.klass.key.name}", self._close(plan))
            if plan.behalf is not None:
                self._start(f"代报 {plan.klass.key.name}", self._behalf(plan, plan.behalf))
        if week is not None and week.stand_in.since == day:
            self._start("代班", self._hand_over(week.stand_in))
            self._start("接受代班", self._take_over(week.stand_in))
        if week is not None and week.gate == day:
            self._start("校门", self._gate(day, today))
        for question in self._questions(today):
            self._start(question.command, self._ask(day, question))
        self._start("tomorrow", self._evening(day))
        self._start("a stranger", self._strange(today))
        self._start("a forger", self._forge(today))
        return today

    def remember_today(self) -> None:
        """When a day is over. One on which nobody reported is none."""
        day = self.record.day
        for key, row in self.record.classes.items():
            row.tell(self.register, day, row.versions, (one for one in self.record.reviews if one.key == key))
        said = {key: row.versions[-1].listed for key, row in self.record.classes.items() if row.versions}
        if said:
            self.register.day_is_over(day)
        self._yesterday = said or self._yesterday
        self.record = Record((), datetime.max.replace(tzinfo=ZONE))

    async def stop(self) -> None:
        """Whatever they were doing they leave."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def touched(self, person: int) -> bool:
        """True once something was done on this phone that its owner did not do, or they were switched."""
        if person in self.switched:
            return True
        own = self.hands[person].own if person in self.hands else self._stranger.own
        chats = (person, self.platform.group)
        if any(one.sender == person and one.id not in own for chat in chats for one in self.platform.chat(chat)):
            return True
        return any(tap.person == person and tap.id not in own for tap in self.platform.taps.values())

    # How tasks run

    def _start(self, name: str, doing: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(self._try(name, doing))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self, name: str, doing: Coroutine[None, None, None]) -> None:
        record = self.record
        try:
            await doing
        except Stuck as stuck:
            record.troubles.append(f"{name}: {stuck}")

    async def _at(self, when: datetime, person: int) -> bool:
        """Waits for the hour; False when it has gone by, or somebody else holds this phone."""
        if when < self._clock.now():
            return False
        await self._clock.sleep_until(when)
        return not self.touched(person)

    # Classes

    async def _class_day(self, plan: Plan) -> None:
        who, hand = plan.who, self.hands[plan.who.id]
        if not await self._at(plan.at, who.id):
            return
        if plan.how is How.BLOCKED:
            self.platform.leave(who.id)
            return
        teacher = Teacher(hand, plan, who, self.record)
        if plan.how is How.TOGETHER:
            await self._together(plan, teacher)
        else:
            await report(teacher, plan)
        if plan.taken_back is not None and await self._at(plan.taken_back, who.id):
            await teacher.take_back(plan.listed[0])
        if plan.rechecked is not None:
            self._start("复测", self._recheck(plan, plan.rechecked))
        if plan.refused is not None and await self._at(plan.refused, who.id):
            await teacher.corrects_too_late()
        if plan.news is not None and await self._at(plan.news[0], who.id):
            await teacher.supplement(plan.news[1])

    async def _together(self, plan: Plan, first: Teacher) -> None:
        """Both read their cards; then one presses, and the other an instant later."""
        other = plan.klass.teachers[1]
        second = Teacher(self.hands[other.id], plan, other, self.record)
        mine, theirs = await first.card(), await second.card()
        pressing = asyncio.create_task(first.tap_on(mine))
        await self._clock.sleep_until(self._clock.now() + TOGETHER)
        await second.tap_on(theirs)
        await pressing

    async def _behalf(self, plan: Plan, when: datetime) -> None:
        who = self.people.of(REPORTER, plan.klass.key.school)[0]
        if await self._at(when, who.id):
            await office.behalf(self.hands[who.id], plan, who, self.record)

    # The office

    async def _close(self, plan: Plan) -> None:
        who = self.people.of("管理员")[0]
        if await self._at(plan.at, who.id):
            await office.closes(self.hands[who.id], plan.klass.key, plan.at.date(), self.record)

    async def _hand_over(self, one: StandIn) -> None:
        who = self.people.of(REPORTER, one.klass.key.school)[0]
        if await self._at(datetime.combine(one.since, HANDED_OVER, ZONE), who.id):
            await office.hand_over(self.hands[who.id], one)

    async def _take_over(self, one: StandIn) -> None:
        if await self._at(datetime.combine(one.since, TAKEN_OVER, ZONE), one.member.id):
            await office.take_over(self.hands[one.member.id], one)

    async def _gate(self, day: date, today: Day) -> None:
        """Of a class that is going to report that all are well."""
        when, school = datetime.combine(day, GATE, ZONE), self.people.schools[0]
        who = self.people.of(NURSE, school)[0]
        quiet = (plan for plan in today.plans if plan.how is How.TAP and plan.news is None and plan.at > when + QUARTER)
        plan = next(plan for plan in quiet if plan.klass.key.school == school)
        if await self._at(when, who.id):
            await office.sees_at_the_gate(self.hands[who.id], plan.klass, self.record)

    def _questions(self, day: Day) -> list[Question]:
        liaison = self.people.of(LIAISON)[0]
        reporter = self.people.of(REPORTER, self.people.schools[0])[0]
        teacher = next(plan.who for plan in day.plans if plan.how not in SILENT and plan.at.time() != PUNCTUAL)
        return [
            Question(time(8, 49, 30), reporter, "今日"),
            Question(time(8, 50, 30), reporter, "/late"),
            Question(DEAF[0], teacher, "/status"),
            Question(time(12, 0), teacher, "/status"),
            Question(time(16, 55), liaison, "/today"),
            Question(time(16, 56), liaison, "/late"),
        ]

    async def _ask(self, day: date, question: Question) -> None:
        if await self._at(datetime.combine(day, question.at, ZONE), question.who.id):
            await office.ask(self.hands[question.who.id], question.command, question.who, self.record)

    async def _evening(self, day: date) -> None:
        """Not before a weekend, which is one anyway."""
        who, tomorrow = self.people.of("管理员")[0], day + timedelta(days=1)
        if tomorrow.isoweekday() < SATURDAY and await self._at(datetime.combine(day, EVENING, ZONE), who.id):
            await office.evening(self.hands[who.id], tomorrow, self.record)

    def _noticed(self, chat: int | None) -> None:
        """An officer's phone shows a new alert, or that a child has come back too early."""
        who = self._officers.get(chat or 0)
        if who is None or self.day is None:
            return
        for message in self.platform.chat(who.id):
            if message.id <= self._seen.get(who.id, 0):
                continue
            self._seen[who.id] = message.id
            if plain(message.text).startswith(office.ALERT) and labelled(message, office.ACKNOWLEDGE):
                self._called(self.day, who, message)
            elif plain(message.text).startswith(office.REVIEW) and labelled(message, office.DISAGREE):
                self._start("复核", self._review(who, message))

    def _called(self, day: Day, who: Member, message: Message) -> None:
        """The 疫情报告人 sees to it within two minutes. Of the first class that corrects nothing nobody does, until it
        has gone on to the 校长; the first of another school is left to a leader, who sees to it in the group."""
        ((key, seat),) = office.alerts_of(message, who.school)
        if REPORTER not in who.duties:
            if key == self._chained and PASSED_TO in message.text:
                self._start("校长", self._acknowledge(who, message))
            return
        if self._chained is None and not day.revised(key):
            self._chained = key
        elif not self._led and self._chained is not None and key.school != self._chained.school:
            self._led = True
            self._start("a leader", self._leader_acknowledges(key, seat))
        elif key != self._chained:
            self._start("已知悉", self._acknowledge(who, message))

    async def _acknowledge(self, who: Member, message: Message) -> None:
        hand = self.hands[who.id]
        await hand.pause(35, 110)
        shown = hand.look(message)
        if shown is not None and not self.touched(who.id):
            await office.acknowledge(hand, shown, who.school, who, self.record)

    async def _leader_acknowledges(self, key: Key, seat: int) -> None:
        """In the group, or on a card of one's own."""
        who = self.people.of("学区领导")[0]
        hand = self.hands[who.id]
        await hand.pause(150, 240)
        named = f"{key.name} {seat}号"
        if self.platform.group_acts:
            card = post = hand.newest(office.ACKNOWLEDGE, named, self.platform.group)
        else:
            card = hand.newest(office.ACKNOWLEDGE, f"｜{short(key.school)}")
            post = hand.newest(None, named, self.platform.group)
        if card is not None and not self.touched(who.id):
            await office.acknowledge(hand, card, key.school, who, self.record, post)

    async def _review(self, who: Member, message: Message) -> None:
        """The 校医 looks at the child, and lets in whoever may come by the days alone."""
        hand = self.hands[who.id]
        await hand.pause(60, 180)
        if not self.touched(who.id):
            await office.review(hand, message, who, self.register, self.record)

    async def _recheck(self, plan: Plan, when: datetime) -> None:
        """The 校医 answers the alert of the first listed child."""
        who = self.people.of("校医", plan.klass.key.school)[0]
        if await self._at(when, who.id):
            await office.recheck(self.hands[who.id], plan, who, self.record)

    # Outsiders

    async def _strange(self, day: Day) -> None:
        if await self._at(day.stranger_at, STRANGER):
            await office.strangers_question(self._stranger, self.record)

    async def _forge(self, day: Day) -> None:
        """A teacher's phone says things that no button of hers says: made up, and copied from a colleague's card."""
        plan = next(plan for plan in day.plans if plan.klass.key == day.forger)
        hand = self.hands[plan.who.id]
        if not await self._at(day.forger_at, plan.who.id):
            return
        mine = await Teacher(hand, plan, plan.who, self.record).receipt()
        colleague = next(one for one in day.plans if one.klass.key.school != plan.klass.key.school and _taps(one))
        theirs = await Teacher(self.hands[colleague.who.id], colleague, colleague.who, self.record).receipt()
        copied = labelled(theirs, CORRECT)
        await office.forge(hand, mine, "zero:nosuchid:20260901:am:0", self.record)
        await office.forge(hand, mine, "💥" * 16, self.record)
        if copied is not None:
            await office.forge(hand, mine, copied.data, self.record)


def _taps(plan: Plan) -> bool:
    return plan.how is How.TAP and plan.taken_back is None
