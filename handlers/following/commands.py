"""/cases, 追踪: the open cases, each with who asked after it; 联系: what was learnt, in one line."""

from dataclasses import replace

from handlers.class_meant import class_meant
from handlers.facts import Viewed
from handlers.following.contacting import News, here, may_ask_after, noted
from handlers.following.lists import ASKED, SEES_ALL, Lists, asked, lists_of
from handlers.model import Answer, Case, How, Learnt, Message, Method, Person, Text, ToHere, Typed, Update, Where, text
from handlers.outcome import Outcome
from handlers.proposal import reading_of
from handlers.questions import Ask, RulesOn
from handlers.rules.onset import said_onset
from handlers.rules.reading import Line
from handlers.scene import Scene, current_round, look
from handlers.views import looked_at
from handlers.words import NOTHING, listed

SPOKEN = {  # in the order in which they are looked for
    How.UNREACHED: ("未接通", "没接通", "没人接", "没接", "打不通", "联系不上", "关机", "no answer"),
    How.WECHAT: ("微信", "wechat"),
    How.VISIT: ("家访", "home visit"),
    How.HERE: ("当面",),
    How.PHONE: ("打电话", "电话", "phone"),
}
FEELS = {Learnt.SAME: ("情况同前", "同前", "as before"), Learnt.BETTER: ("好转", "好多了", "better")}


def cases(update: Update, ask: Ask, person: Person) -> Outcome:
    """A teacher's own, for the school's office the school's; what is due first stands first."""
    if person.school is None:
        return _say(update, text("report.no_class"))
    lists = lists_of(update, ask, person.school)
    shown = asked(lists, person, f"{ASKED}::{update.id}:{person.id}")
    return Outcome(facts=_viewed(lists, person, NOTHING), says=(shown,))


def follow_list(update: Update, ask: Ask, person: Person) -> Outcome:
    """联系情况 under a receipt: a teacher's own list, for others this class's; 返回 in a list, that list."""
    if person.school is None:
        return _say(update, text("report.no_class"))
    lists, class_id = lists_of(update, ask, person.school), update.args[0] if update.args else NOTHING
    shown = here(lists, person)
    if shown.in_place or person.teaches(class_id):
        return Outcome(says=(shown,), answer=Answer())
    shown = replace(asked(lists, person, f"{ASKED}:{class_id}:{update.id}:{person.id}"), fresh=True)
    return Outcome(facts=_viewed(lists, person, class_id), says=(shown,), answer=Answer())


def _viewed(lists: Lists, person: Person, class_id: str) -> tuple[Viewed, ...]:
    """The office opened names of classes that are not its own."""
    if not person.has(*SEES_ALL):
        return ()
    facts: list[Viewed] = []
    for klass in dict.fromkeys(task.klass.id for task in lists.tasks if class_id in (NOTHING, task.klass.id)):
        found = [task for task in lists.tasks if task.klass.id == klass]
        facts += looked_at(lists.scene(found[0]), person, "cases", (task.case.pupil for task in found))
    return tuple(facts)


# Typed


def contact(update: Update, ask: Ask, person: Person) -> Outcome:
    """联系 17号 38.5 去医院了: of pupils with an open case, as the sentence reader reads it."""
    rounds = ask(RulesOn(update.today)).rounds
    how, feels, rest = _spoken(update.text)
    found = class_meant(replace(update, text=rest), ask, person) if rounds else text("typed.no_class")
    if isinstance(found, Text):
        return _say(update, found)
    scene = look(update, ask, found, update.today, current_round(rounds, update).id)
    reading = reading_of(scene, rest) if scene else None
    if scene is None or reading is None or not reading.lines:
        return _say(update, text("follow.unread"))
    told, without = [], []
    for line in reading.lines:
        case = scene.case_of(line.pupil) if line.pupil else None
        if case is not None and may_ask_after(person, case):
            told.append((case, _news(scene, case, line, how, feels)))
        else:
            without.append(text("follow.no_case", words=Typed(line.words, person.id)))
    if not told:
        return _say(update, text("follow.no_case_at_all", lines=tuple(without)))
    outcome = noted(update, ask, person, tuple(told))
    done = text(
        "follow.noted", seats=listed([_seat(case) for case, _ in told]), rest=(*without, *_rest(reading.unread, person))
    )
    return replace(outcome, answer=None) + _say(update, done)


def _seat(case: Case) -> Text:
    return text("pupil.seat", seat=case.seat)


def _rest(words: tuple[str, ...], person: Person) -> tuple[Text, ...]:
    return tuple(text("walk.unread", words=Typed(one, person.id)) for one in words)


def _spoken(words: str) -> tuple[How | None, tuple[Learnt, ...], str]:
    """How, how they are, and the rest."""
    how, rest = None, words
    for one, spoken in SPOKEN.items():
        for said in spoken:
            if said in rest:
                how, rest = how or one, rest.replace(said, " ")
    feels = tuple(one for one, spoken in FEELS.items() if any(said in rest for said in spoken))
    for said in (said for spoken in FEELS.values() for said in spoken):
        rest = rest.replace(said, " ")
    return how, feels, rest


def _news(scene: Scene, case: Case, line: Line, how: How | None, feels: tuple[Learnt, ...]) -> News:
    visited = line.where is Where.HOSPITAL
    unwell = bool(line.symptoms)
    learnt = (*feels, *((Learnt.UNWELL,) if unwell else ()), *((Learnt.VISITED,) if visited else ()))
    method = Method.AXILLARY if case.away else scene.method
    return News(
        how=how or (How.PHONE if case.away else How.HERE),
        learnt=learnt,
        tenths=line.temperature,
        method=(line.method or method) if line.temperature is not None else None,
        afebrile=line.afebrile,
        cause=line.disease if not line.recovered else None,
        visited_at=scene.update.at if visited else None,
        onset=said_onset(line.words, scene.day),
        words=line.words,
    )


def _say(update: Update, words: Text) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))
