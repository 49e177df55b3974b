"""Said to be at school, and to be observed at home: the child waits, and 校医 hears of it at once."""

from handlers.following.showing import observation_line
from handlers.model import Attendance, Duty, Message, Observation, Person, ToPerson, Where, choice, text
from handlers.observing.rights import releases
from handlers.observing.showing import who
from handlers.outcome import Outcome
from handlers.questions import Ask, Staff
from handlers.scene import Scene


def came_early(before: Scene, now: Scene, ask: Ask) -> Outcome:
    """Of whom the report that led from `before` to `now` keeps in the observation room for the first time today."""
    if before.gone or before.past or before.closed:
        return Outcome()
    held = _waiting(now) - _waiting(before)
    found = [one for one in now.observed if one.pupil in held]
    people = _told(now, ask) if found else ()
    return Outcome(says=tuple(_card(now, ask, one, person) for one in found for person in people))


def _waiting(scene: Scene) -> set[str]:
    entries = scene.report.entries if scene.report else ()
    observed = {one.pupil for one in scene.observed}
    kept = (one for one in entries if one.attendance is Attendance.PERSONAL and one.where is Where.SCHOOL)
    return {one.pupil for one in kept if one.pupil in observed}


def _told(scene: Scene, ask: Ask) -> tuple[Person, ...]:
    """校医; where none can be reached, whoever else may release a pupil."""
    may = [one for one in ask(Staff(scene.view.school.id, scene.day)) if one.reachable]
    nurses = tuple(one for one in may if one.has(Duty.NURSE))
    return nurses or tuple(one for one in may if any(releases(one, two) for two in scene.observed))


def _card(scene: Scene, ask: Ask, one: Observation, person: Person) -> Message:
    words = text("observation.came", who=who(ask, one, scene.day), what=observation_line(one, scene.day))
    undo = ((choice(text("button.undo"), "release", one.id, "mistaken"),),)
    key = f"came:{one.id}:{scene.update.id}:{person.id}"
    return Message(key, ToPerson(person.id), words, undo, fresh=True)
