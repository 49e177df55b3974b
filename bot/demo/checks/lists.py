"""What each 报告人 was shown: whom nobody can write to, who has not reported, who has not finished."""

from collections.abc import Iterator

from bot.demo import reading, truth
from bot.demo.checks.played import ANSWERED, CLOSE, LATE_LIST, OPENS, Played, differ, first, silent
from bot.demo.reading import Said
from bot.demo.witness import Face
from sandbox.crowd import How, Member, short


def lists(played: Played) -> Iterator[str]:
    """What each 报告人 got at 08:45, what it says in the end; and at 07:30 whom nobody can write to."""
    for school in played.crowd.people.schools:
        (reporter, *_) = played.crowd.people.of("疫情报告人", school)
        yield from _late_lists(played, school, reporter)
        unreached = [plan.klass.key.name for plan in played.plans if silent(plan) and plan.klass.key.school == school]
        opened = played.hour(OPENS)
        faces = [face for face in played.witness.first_faces(reporter.id) if opened <= face.at < opened + ANSWERED]
        said = [reading.unreached_list(face.text) for face in faces]
        true: Said = {
            "学校": short(school),
            "应报": sum(plan.klass.key.school == school for plan in played.plans),
            "还差": len(unreached),
            "班级": "、".join(unreached),
        }
        found = first(said)
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
    if not played.edits:
        return
    last = next((face for face in faces if first and face.last and face.message.id == first.message.id), None)
    closed = max(version.at for row in played.record.classes.values() for version in row.versions)
    said = reading.late_list(last.text) if last else None
    yield from differ(f"{where}, in the end", said, truth.late(played.record, school, closed))


def unfinished(played: Played) -> Iterator[str]:
    """An open walk with a fever stands so in every late list, and nobody else's does; at the close its teacher hears
    that it was not sent."""
    for school in played.people.schools:
        (reporter, *_) = played.people.of("疫情报告人", school)
        for face in played.witness.faces(reporter.id):
            yield from _behalf_offered(played, face)
            if reading.late_list(face.text) is not None:
                yield from _filled_in(played, school, face)
    for plan in played.plans:
        if plan.how is not How.UNFINISHED:
            continue
        name = plan.klass.key.name
        words = f"{name} {played.day.month}月{played.day.day}日有一份"
        told = [face for face in played.witness.first_faces(plan.who.id) if face.text.startswith(words)]
        if len(told) != 1 or f"填了{len(plan.listed)}人" not in told[0].text:
            yield f"close: {plan.who.name} was told {len(told)} times that the walk of {name} was not sent"


def _behalf_offered(played: Played, face: Face) -> Iterator[str]:
    """Until the close two buttons for each class on a list: to report in its place, to hand it over."""
    listed = reading.late_list(face.text) or reading.unreached_list(face.text)
    if listed is None or face.at >= played.hour(CLOSE):
        return
    buttons = "、".join(f"代报 {name}、代班 {name}" for name in str(listed["班级"]).split("、") if name)
    if face.buttons.removeprefix("我来打、") != buttons:
        yield f"list at {truth.hour(face.at)}: the buttons are {face.buttons}, not {buttons}"


def _filled_in(played: Played, school: str, face: Face) -> Iterator[str]:
    """By the plans of that school: whoever never sends it, and on the way whoever has just begun."""
    where, said = f"list of {short(school)} at {truth.hour(face.at)}", set(reading.filled_in(face.text))
    open_ones = [plan for plan in played.plans if plan.klass.key.school == school and plan.at < face.at]
    must = {plan.klass.key.name for plan in open_ones if plan.how is How.UNFINISHED}
    may = {plan.klass.key.name for plan in open_ones if plan.listed or plan.words}
    yield from (f"{where}: it does not say that {name} is being filled in, with a fever" for name in must - said)
    yield from (f"{where}: nobody is filling in {name}" for name in said - may)
