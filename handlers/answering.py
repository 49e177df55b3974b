"""Who answers for a class: its teachers, the school's 疫情报告人 and deputy; and whom to phone."""

from collections.abc import Sequence
from datetime import date

from handlers.model import Duty, Person, Text, Update, text
from handlers.questions import Ask, RulesOn, SchoolOf, Staff
from handlers.scene import Scene, named
from handlers.words import duty_and_title

KEEPERS = (Duty.REPORTER, Duty.DEPUTY)


def keeps(person: Person, school: str) -> bool:
    """True for the 疫情报告人 and the deputy of this school."""
    return person.school == school and person.has(*KEEPERS)


def owns(person: Person, class_id: str) -> bool:
    """True for a 班主任 or 任课教师 of the class, but not for who stands in for one."""
    return any(held.class_id == class_id for held in person.duties if held.duty in (Duty.HOMEROOM, Duty.TEACHER))


def answers_for(scene: Scene, person: Person) -> bool:
    """True for the class's teachers, and the school's 报告人 and deputy."""
    return person.teaches(scene.view.klass.id) or keeps(person, scene.view.school.id)


def for_another(scene: Scene, person: Person) -> bool:
    """True for a 报告人 who does not teach the class: what they report is 代报."""
    return keeps(person, scene.view.school.id) and not person.teaches(scene.view.klass.id)


def may_report(update: Update, ask: Ask, person: Person) -> bool:
    """The teachers of the class that the button names, and the school's 报告人 and deputy."""
    where = named(update)
    if where is None:
        return True  # refused as an unknown button
    if person.teaches(where[0]):
        return True
    school = ask(SchoolOf(where[0]))
    return school is None or keeps(person, school.id)


def keepers(ask: Ask, school: str, day: date) -> tuple[Person, ...]:
    """The 疫情报告人 of a school, then the 副报告人: who comes first is asked first."""
    staff = ask(Staff(school, day))
    return keepers_of(staff)


def keepers_of(staff: Sequence[Person]) -> tuple[Person, ...]:
    """The same, of people who are known already."""
    return tuple(dict.fromkeys(one for duty in KEEPERS for one in staff if one.has(duty)))


def whom_to_phone(scene: Scene, ask: Ask, person: Person) -> Text:
    """疫情报告人李老师（138…）, else the deputy, the 校长, the district's office: the first who has a phone."""
    others = [one for one in ask(Staff(scene.view.school.id, scene.update.today)) if one.id != person.id]
    for duty in (Duty.REPORTER, Duty.DEPUTY, Duty.PRINCIPAL):
        for one in others:
            if one.has(duty) and one.phone:
                return text("phone.of", who=duty_and_title(one, duty), phone=one.phone)
    return text("phone.office", phone=ask(RulesOn(scene.update.today)).office_phone)


def office_of_school(ask: Ask, school: str, day: date) -> list[Person]:
    """The 报告人; where none can be reached the deputy, then the 校长."""
    people = ask(Staff(school, day))
    for duty in (Duty.REPORTER, Duty.DEPUTY, Duty.PRINCIPAL):
        found = [one for one in people if one.has(duty) and one.reachable]
        if found:
            return found
    return [one for one in people if one.has(Duty.REPORTER)]
