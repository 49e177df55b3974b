"""What teachers were shown: the card at 07:30, receipts, reminders."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.demo import reading, truth
from bot.demo.checks.played import ANSWERED, CLOSE, OPENS, REMINDS, Played, Standing, silent
from bot.demo.reading import Said
from bot.demo.witness import Face, Ping
from sandbox.crowd import ClassRecord, How, Key, Member, Plan, plain

ON_THE_WIRE = timedelta(seconds=20)
ZERO = ("全员正常", "都同昨日")
SEEN = "登记："  # what somebody saw of a child is no card
OFFICE = frozenset({"疫情报告人", "副报告人"})


def cards(played: Played) -> Iterator[str]:
    """At 07:30 one card a class and teacher who can be reached, with the class's own 应到."""
    opened = played.hour(OPENS)
    for plan in played.plans:
        for teacher in plan.klass.teachers:
            asked = [one for one in _cards_of(played, plan, teacher) if one.at >= opened]
            asked = asked if played.edits else [one for one in asked if one.at <= opened + ANSWERED]
            wanted = 0 if silent(plan) else 1
            if len(asked) != wanted:
                yield f"card of {truth.named(plan.klass)}, {teacher.name}: {len(asked)} came instead of {wanted}"
            if any(one.at > opened + ANSWERED for one in asked):
                yield f"card of {truth.named(plan.klass)}, {teacher.name}: not at {truth.hour(opened)}"
            says = asked and ("应到" in asked[0].text or not asked[0].card)
            if says and f"应到{plan.klass.expected}人" not in asked[0].text:
                yield f"card of {truth.named(plan.klass)}: not 应到{plan.klass.expected}人"


def _cards_of(played: Played, plan: Plan, teacher: Member) -> list[Face]:
    """Where nothing is edited a teacher has asked for some of them herself."""
    faces = (one for one in played.witness.first_faces(teacher.id) if reading.reminder(one.text) is None)
    return [one for one in faces if SEEN not in one.text and reading.asks_for(one.text) == plan.klass.key.name]


def closed(played: Played) -> Iterator[str]:
    """A class that was closed in the morning: each of its teachers' cards says so in the end, and asks for nothing."""
    for key in played.record.off:
        for teacher in played.record.classes[key].of.teachers:
            last = [face for face in played.witness.faces(teacher.id) if face.last]
            told = [face for face in last if reading.off(face.text) == key.name]
            if len(told) != 1 or told[0].message.keyboard:
                yield f"card of {truth.named(key)}, {teacher.name}: {len(told)} say that nothing is due"


def still_open(played: Played) -> Iterator[str]:
    """Of a class that has reported no card, reminder or walk still asks, in whosever chat: each shows the report."""
    reported = {(key.school, key.name) for key, row in played.record.classes.items() if row.versions}
    for member in played.crowd.people.members:
        for message in played.witness.from_bot(member.id):
            labels = " ".join(button.text for row in message.keyboard for button in row)
            asked = reading.asks_for(plain(message.text)) if any(one in labels for one in ZERO) else None
            if not played.edits and not message.card:
                continue  # words stay as they were said
            if asked is not None and (member.school, asked) in reported:
                yield f"card of {member.school}{asked}, {member.name}: it still asks after the report"
        for name, last in _what_asked(played, member) if played.edits else ():
            shown = reading.receipt(last.text)
            if (member.school, name) in reported and (shown is None or shown["班级"] != name):
                yield f"card of {member.school}{name}, {member.name}: it does not show the report in the end"


def _what_asked(played: Played, member: Member) -> Iterator[tuple[str, Face]]:
    """Each card and reminder, and what has become of it."""
    asked = {face.message.id: reading.asks_for(face.text) for face in played.witness.first_faces(member.id)}
    for face in played.witness.faces(member.id):
        name = None if SEEN in face.text else asked[face.message.id]
        if face.last and name is not None:
            yield name, face


# Receipts


def receipts(played: Played) -> Iterator[str]:
    """All of them, wherever they are shown, and with every edit; of each class that has reported there is one."""
    confirmed: set[Key] = set()
    standing = Standing(played)
    for member in played.crowd.people.members:
        for face in played.witness.faces(member.id):
            said = reading.receipt(face.text)
            if said is None:
                continue
            key = Key(member.school, str(said["班级"]))
            row = played.record.classes[key]
            where = f"receipt of {truth.named(key)} to {member.name}"
            if row.at(face.at) is None:
                yield f"{where}: the class had not reported"
                continue

            def true(at: datetime, row: ClassRecord = row) -> Said:
                version = row.at(at)
                return truth.receipt(row, version, played.record, at) if version else {}

            yield from standing.untrue(where, face, said, true)
            if (shown := _of_report(face)) != (buttons := _offered(played, member, face)):
                yield f"{where}: the buttons are {shown}, not {buttons}"
            if face.last:
                confirmed.add(key)
    for key, row in played.record.classes.items():
        if row.versions and key not in confirmed:
            yield f"receipt of {truth.named(key)}: none shows how the class stands"


def _of_report(face: Face) -> str:
    """The buttons that change the report; others ask after those who are away."""
    return "、".join(label for label in face.buttons.split("、") if label in ("订正", "补报"))


def _offered(played: Played, member: Member, face: Face) -> str:
    """订正 until the close, then for the school's 报告人 and deputy alone; 补报 all day."""
    office = not OFFICE.isdisjoint(member.duties)
    return "订正、补报" if office or face.at < played.hour(CLOSE) else "补报"


# Reminders


def reminders(played: Played) -> Iterator[str]:
    """Who had not reported, once a step; nobody else. What was on the wire when the report came is excepted."""
    people = [member.id for member in played.crowd.people.members]
    pings = played.witness.pings(people)
    counted = 0
    for step in REMINDS:
        due = played.hour(step)
        here = Counter((one.person, one.klass) for one in pings if due <= one.at < due + timedelta(minutes=5))
        counted += here.total()
        must, may = _to_remind(played, due + ON_THE_WIRE), _to_remind(played, due)
        for person, klass in here:
            if (person, klass) not in may:
                yield f"reminder {step:%H:%M}: {person} about {klass}, who had reported"
            begun = _begun(played, person, klass, due)
            if any(reading.begun(ping.text) != begun for ping in pings if _same(ping, person, klass, due)):
                yield f"reminder {step:%H:%M}: {person} about {klass}: it should {'' if begun else 'not '}say 未发送"
            if here[person, klass] > 1:
                yield f"reminder {step:%H:%M}: {person} about {klass} {here[person, klass]} times"
        for person, klass in must - set(here):
            yield f"reminder {step:%H:%M}: {person} about {klass} is missing"
    if counted != len(pings):
        yield f"reminders: {len(pings) - counted} came at other hours"


def _same(ping: Ping, person: int, klass: str, due: datetime) -> bool:
    return (ping.person, ping.klass) == (person, klass) and due <= ping.at < due + timedelta(minutes=5)


def _begun(played: Played, person: int, klass: str, due: datetime) -> bool:
    """They had opened a walk and not sent it."""
    walks = (How.WALK, How.FOLLOWED, How.RESUMED, How.UNFINISHED)
    mine = (one for one in played.plans if one.who.id == person and one.klass.key.name == klass)
    return any(one.how in walks and one.at < due for one in mine)


def _to_remind(played: Played, moment: datetime) -> set[tuple[int, str]]:
    return {
        (teacher.id, plan.klass.key.name)
        for plan in played.plans
        if not silent(plan) and not played.record.reported_before(plan.klass.key, moment)
        if played.record.due(plan.klass.key, moment)
        for teacher in plan.klass.teachers
    }
