"""Every number that the bot said, beside what the crowd did. A difference is a sentence; none is a good day."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.demo import reading, truth
from bot.demo.reading import Said
from bot.demo.witness import Face, Witness
from sandbox.crowd import GROUP, ZONE, ClassRecord, Crowd, Flag, How, Key, Member, Paper, Plan, Record, short

REMINDS = (time(8, 15), time(8, 30))
LATE_LIST = time(8, 45)
SUMMARY = time(9, 0)
OPENS = time(7, 30)
ON_THE_WIRE = timedelta(seconds=20)
AT_ONCE = timedelta(seconds=10)  # within which a fever is heard of
ANSWERED = timedelta(seconds=60)
OFFICE_TOLD = ("疫情报告人", "校长")


@dataclass(frozen=True)
class Played:
    """A day that is over, from both sides."""

    day: date
    crowd: Crowd
    plans: Sequence[Plan]
    paper: Paper
    witness: Witness

    @property
    def record(self) -> Record:
        return self.crowd.record

    def hour(self, hour: time) -> datetime:
        return datetime.combine(self.day, hour, ZONE)


def differences(played: Played) -> list[str]:
    """Sorted by what they are about, in the order of the day."""
    parts = (
        troubles(played),
        cards(played),
        receipts(played),
        reminders(played),
        lists(played),
        unfinished(played),
        summaries(played),
        alerts(played),
        answers(played),
        outsiders(played),
        refusals(played),
    )
    return [line for part in parts for line in part]


def differ(where: str, said: Said | None, true: Said) -> Iterator[str]:
    """A line for each number that is not what it should be."""
    if said is None:
        yield f"{where}: nothing was said"
        return
    for name in dict.fromkeys((*true, *said)):
        if said.get(name) != true.get(name):
            yield f"{where}: {name}: the bot said {said.get(name)}, the crowd did {true.get(name)}"


def differ_in_all(where: str, said: Iterable[str], true: Iterable[str]) -> Iterator[str]:
    """Things that should have been said once each."""
    had, wanted = Counter(said), Counter(true)
    yield from (f"{where}: the bot said {n} × {one}, nobody did that" for one, n in (had - wanted).items())
    yield from (f"{where}: the bot did not say {n} × {one}" for one, n in (wanted - had).items())


# People


def troubles(played: Played) -> Iterator[str]:
    yield from (f"somebody was stuck: {line}" for line in played.record.troubles)


def silent(plan: Plan) -> bool:
    """None of the class's teachers can be written to."""
    return plan.how in (How.BLOCKED, How.UNBOUND)


def cards(played: Played) -> Iterator[str]:
    """At 07:30 one card a class and teacher who can be reached, with the class's own 应到."""
    opened = played.hour(OPENS)
    for plan in played.plans:
        for teacher in plan.klass.teachers:
            faces = list(played.witness.first_faces(teacher.id))
            head = f"{plan.klass.key.name} · "
            asked = [one.text for one in faces if one.text.startswith(head) and one.at >= opened]
            wanted = 0 if silent(plan) else 1
            if len(asked) != wanted:
                yield f"card of {truth.named(plan.klass)}, {teacher.name}: {len(asked)} came instead of {wanted}"
            if asked and f"应到{plan.klass.expected}人" not in asked[0]:
                yield f"card of {truth.named(plan.klass)}: not 应到{plan.klass.expected}人"


# Receipts


def receipts(played: Played) -> Iterator[str]:
    confirmed: set[Key] = set()
    for member in played.crowd.people.members:
        for face in played.witness.faces(member.id):
            said = reading.receipt(face.text)
            if said is None:
                continue
            key = Key(member.school, str(said["班级"]))
            row = played.record.classes[key]
            version = row.at(face.at)
            where = f"receipt of {truth.named(key)} to {member.name}"
            if version is None:
                yield f"{where}: the class had not reported"
                continue
            yield from differ(where, said, truth.receipt(row, version, played.record))
            if face.last and version is row.versions[-1]:
                confirmed.add(key)
    for key, row in played.record.classes.items():
        if row.versions and key not in confirmed:
            yield f"receipt of {truth.named(key)}: none shows how the class stands"


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
            if here[person, klass] > 1:
                yield f"reminder {step:%H:%M}: {person} about {klass} {here[person, klass]} times"
        for person, klass in must - set(here):
            yield f"reminder {step:%H:%M}: {person} about {klass} is missing"
    if counted != len(pings):
        yield f"reminders: {len(pings) - counted} came at other hours"


def _to_remind(played: Played, moment: datetime) -> set[tuple[int, str]]:
    return {
        (teacher.id, plan.klass.key.name)
        for plan in played.plans
        if not silent(plan) and not played.record.reported_before(plan.klass.key, moment)
        for teacher in plan.klass.teachers
    }


# The office's lists


def lists(played: Played) -> Iterator[str]:
    """What each 报告人 got at 08:45, what it says in the end; and at 07:30 whom nobody can write to."""
    for school in played.crowd.people.schools:
        (reporter, *_) = played.crowd.people.of("疫情报告人", school)
        yield from _late_lists(played, school, reporter)
        unreached = [plan.klass.key.name for plan in played.plans if silent(plan) and plan.klass.key.school == school]
        said = [reading.unreached_list(face.text) for face in played.witness.first_faces(reporter.id)]
        true: Said = {
            "学校": short(school),
            "应报": sum(plan.klass.key.school == school for plan in played.plans),
            "还差": len(unreached),
            "班级": "、".join(unreached),
        }
        found = _first(said)
        if unreached or found:
            yield from differ(f"list of {short(school)} at 07:30", found, true)


def _late_lists(played: Played, school: str, reporter: Member) -> Iterator[str]:
    due = played.hour(LATE_LIST)
    true = truth.late(played.record, school, due)
    faces = [face for face in played.witness.faces(reporter.id) if reading.late_list(face.text) is not None]
    first = next((face for face in faces if due <= face.at < due + ANSWERED), None)
    if not true["还差"] and first is None:
        return
    where = f"list of {short(school)} at 08:45"
    yield from differ(where, reading.late_list(first.text) if first else None, true)
    last = next((face for face in faces if first and face.last and face.message.id == first.message.id), None)
    closed = max(version.at for row in played.record.classes.values() for version in row.versions)
    said = reading.late_list(last.text) if last else None
    yield from differ(f"{where}, in the end", said, truth.late(played.record, school, closed))


def unfinished(played: Played) -> Iterator[str]:
    """An open walk with a fever stands so in the list at 08:45; at the close its teacher hears that it was not sent."""
    for plan in played.plans:
        if plan.how is not How.UNFINISHED:
            continue
        name, school = plan.klass.key.name, plan.klass.key.school
        (reporter, *_) = played.crowd.people.of("疫情报告人", school)
        listed = [face.text for face in played.witness.faces(reporter.id) if reading.late_list(face.text)]
        if not any(name in line and "填写中（含发热）" in line for text in listed for line in text.split("\n")):
            yield f"list of {short(school)} at 08:45: it does not say that {name} is being filled in, with a fever"
        told = [face for face in played.witness.first_faces(plan.who.id) if face.text.startswith(f"{name}今天有一份")]
        if len(told) != 1 or f"填了{len(plan.listed)}人" not in told[0].text:
            yield f"close: {plan.who.name} was told {len(told)} times that the walk of {name} was not sent"


# The leaders


def summaries(played: Played) -> Iterator[str]:
    posts = [message for message in played.witness.from_bot(GROUP) if message.photo is not None]
    if len(posts) != 1:
        yield f"the leaders' post: {len(posts)} came instead of one"
    due = played.hour(SUMMARY)
    for face in played.witness.faces(GROUP):
        if face.message.photo is None:
            continue
        decided = _decided(played.record, due, face.at)
        true = truth.caption(played.record, played.paper, due, decided, updated=decided > due)
        yield from differ(f"the leaders' post as of {truth.hour(decided)}", reading.caption(face.text), true)
    if posts:
        last = _decided(played.record, due, due + timedelta(hours=12))
        shown = reading.caption(posts[-1].text).get("更新于", truth.hour(due))
        if shown != truth.hour(last):
            yield f"the leaders' post: it stands as of {shown}, the last change was at {truth.hour(last)}"


def _decided(record: Record, due: datetime, shown: datetime) -> datetime:
    """When what stood there at some moment was said: at 09:00, or at the last report, correction or 已知悉 since."""
    changes = [version.at for row in record.classes.values() for version in row.versions]
    changes += [flag.acknowledged for flag in record.flags if flag.acknowledged is not None]
    return max((at for at in changes if due < at <= shown), default=due)


# Fevers


def alerts(played: Played) -> Iterator[str]:
    flags = played.record.flags
    faces = [face for face in played.witness.first_faces(GROUP) if reading.group_alert(face.text)]
    said = [one for face in faces if (one := reading.group_alert(face.text)) is not None]
    yield from differ_in_all("fevers in the group", said, map(truth.group_alert, flags))
    corrections = [one for face in played.witness.faces(GROUP) if (one := reading.correction(face.text)) is not None]
    withdrawn = [truth.correction(flag) for flag in flags if flag.withdrawn is not None]
    yield from differ_in_all("corrections in the group", corrections, withdrawn)
    for flag in flags:
        yield from _one_alert(played, flag, faces)
    for school in played.crowd.people.schools:
        true = [truth.private_alert(flag) for flag in flags if flag.key.school == school]
        for member in (one for duty in OFFICE_TOLD for one in played.crowd.people.of(duty, school)):
            told = [one for face in played.witness.first_faces(member.id) if (one := reading.private_alert(face.text))]
            yield from differ_in_all(f"fevers to {member.name}", told, true)


def _one_alert(played: Played, flag: Flag, faces: Sequence[Face]) -> Iterator[str]:
    """Heard within seconds; and in the end it shows who saw to it."""
    named = truth.group_alert(flag)
    face = next((one for one in faces if reading.group_alert(one.text) == named), None)
    if face is None:
        return
    if not flag.at <= face.at <= flag.at + AT_ONCE:
        yield f"fever {named}: it came {(face.at - flag.at).total_seconds():.1f} s after its report"
    end = reading.end_of_alert(face.message.text)
    if end != truth.end_of_alert(flag):
        yield f"fever {named}: the bot shows {end or 'waiting'}, the crowd did {truth.end_of_alert(flag) or 'nothing'}"


# Questions


def answers(played: Played) -> Iterator[str]:
    for command, who, at in played.record.asked:
        texts = [face.text for face in played.witness.first_faces(who.id) if at <= face.at <= at + ANSWERED]
        where = f"{command} for {who.name} at {truth.hour(at)}"
        match command:
            case "/today":
                yield from differ(
                    where,
                    _first(map(reading.caption, texts)),
                    truth.caption(played.record, played.paper, at, at, updated=False),
                )
            case "今日":
                true = truth.school_today(played.record, who.school, at)
                yield from differ(where, _first(map(reading.school_today, texts)), true)
            case "/late":
                yield from differ(where, *_late_answer(played, who, at, texts))
            case _:
                yield from _status(played, where, who, texts, at)


def _late_answer(played: Played, who: Member, at: datetime, texts: Sequence[str]) -> tuple[Said | None, Said]:
    """Of one's own school, or of the district by right."""
    if who.school in played.crowd.people.schools:
        return _first(map(reading.late_list, texts)), truth.late(played.record, who.school, at)
    return _first(map(reading.late_district, texts)), truth.late_district(played.record, at)


def _first(said: Iterable[Said | None]) -> Said | None:
    return next((one for one in said if one), None)


def _status(played: Played, where: str, who: Member, texts: Sequence[str], at: datetime) -> Iterator[str]:
    said = {one["班级"]: one for text in texts for one in reading.status(text)}
    for key in who.classes:
        row: ClassRecord = played.record.classes[key]
        version = row.at(at)
        if version is None:
            if key.name in said:
                yield f"{where}: {key.name} had not reported"
            continue
        whole = truth.receipt(row, version, played.record)
        true = {name: whole[name] for name in ("班级", "时间", "及时", "应到", "实到")}
        yield from differ(where, said.get(key.name), true)


# Those who should get nothing


def outsiders(played: Played) -> Iterator[str]:
    """A stranger gets one sentence and no data; a button that was not given does nothing and says so."""
    for who, answer in played.record.odd:
        wanted = "不对外提供信息" if "stranger" in who else "没有提交任何内容"
        if wanted not in answer or "发热" in answer:
            yield f"{who}: the answer was {answer!r}"


def refusals(played: Played) -> Iterator[str]:
    """Calls that the platform refused: on a day without faults there are none."""
    for entry in played.witness.calls:
        if not entry.ok:
            yield f"the platform refused {entry.method} at {truth.hour(entry.at)}: {entry.error}"
