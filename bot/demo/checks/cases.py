"""Of each child who was away or had a fever: what the morning's card says of them, and how their case stands when the
day is over."""

from collections.abc import Iterator

from bot.demo import reading, truth
from bot.demo.checks.played import OPENS, Played, brief, differ, differ_in_all, silent, without_names
from bot.demo.reading import Said
from sandbox.crowd import SICK, Case, Key, Listed, Member, Plan


def carried_over(played: Played) -> Iterator[str]:
    """The cards of 07:30: every open case of the class with its day, its cause and its day of return, and no other."""
    opened = played.hour(OPENS)
    for plan in played.plans:
        true: Said = {f"{one.seat}号": of_morning(played, one.case) for one in plan.words}
        true = {**true, "人数": len(plan.words)} if true else true
        for teacher in () if silent(plan) else plan.klass.teachers:
            where = f"card of {truth.named(plan.klass)}, {teacher.name}: those of yesterday"
            faces = [one for one in played.witness.first_faces(teacher.id) if one.at >= opened]
            card = next((one for one in faces if reading.asks_for(one.text) == plan.klass.key.name), None)
            said = reading.open_cases(card.text) if card else None
            if card and card.card:
                said, true = brief(without_names(played, said or {}), without_names(played, true))
            yield from differ(where, said, true)


def of_morning(played: Played, case: Case) -> str:
    """As the card of that morning says it."""
    (klass,) = (one for one in played.people.classes if one.key == case.key)
    (name,) = (pupil.name for pupil in klass.pupils if pupil.seat == case.seat)
    listed, day = case.listed, (played.day - case.opened).days + 1
    sick = listed.away_sick
    kind = f"{(SICK if sick else listed.absence)}第{day}天" if case.away else "观察中"
    warm = f"{truth.day_of(case.seen)} {_degrees(listed)}" if case.fever_at and _degrees(listed) else ""
    cause = listed.cause or ("病因未明" if sick else "")
    said = "，".join(filter(None, (kind, warm, *listed.symptoms, cause)))
    back = truth.earliest(case) if case.away else ""
    return "；".join(filter(None, (f"{name} {said}", back)))


def _degrees(listed: Listed) -> str:
    return f"{listed.temperature / 10:.1f}℃（{listed.method}）" if listed.temperature is not None else ""


def reviewed(played: Played) -> Iterator[str]:
    """Of who came back too early the 校医 is asked; the class's teachers hear the answer."""
    firsts = [(key, row.versions[0]) for key, row in played.record.classes.items() if row.versions]
    held = [(key, one) for key, first in firsts for one in first.listed if one.waits and not one.flagged]
    for school in played.people.schools:
        waiting = [f"{key.name} {one.seat}号" for key, one in held if key.school == school]
        for nurse in played.people.of("校医", school):
            faces = (face for face in played.witness.first_faces(nurse.id) if "不同意" in face.buttons)
            asked = [one for face in faces if (one := reading.review(face.text))]
            yield from differ_in_all(f"reviews asked of {nurse.name}", asked, waiting)
    for member in played.people.members:
        taught, reviews = _taught(played, member), played.record.reviews
        told = [one for face in played.witness.first_faces(member.id) if (one := reading.verdict(face.text))]
        said = [f"{one.key.name} {one.seat}号 {one.verdict}" for one in reviews if one.key in taught]
        yield from differ_in_all(f"answers of the 校医 to {member.name}", told, said)


def _taught(played: Played, member: Member) -> set[Key]:
    """The classes of which they are told: of those whose teachers cannot be reached the 疫情报告人."""
    return {plan.klass.key for plan in played.plans if member in _answerable(played, plan)}


def _answerable(played: Played, plan: Plan) -> tuple[Member, ...]:
    return played.people.of("疫情报告人", plan.klass.key.school) if silent(plan) else plan.klass.teachers


def followed(played: Played) -> Iterator[str]:
    """Every absence has its case, from the day on which it began, and no child has two; who is back has none."""
    yield from differ_in_all("cases", played.kept, map(of_evening, played.cases))


def of_evening(case: Case) -> str:
    """As it is kept when the day is over."""
    end = f"{case.ended} {case.ended_on}" if case.ended_on else "open"
    cause = case.listed.cause or ""
    return " ".join(filter(None, (truth.named(case.key), f"{case.seat}号", f"{case.opened} {case.seen}", cause, end)))
