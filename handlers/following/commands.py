"""/cases, 追踪: the open cases, each with who asked after it; 联系: what was learnt, in one line."""

import re

from handlers.class_meant import class_meant
from handlers.facts import Viewed
from handlers.following.contacting import News, here, may_ask_after, noted
from handlers.following.lists import ASKED, SEES_ALL, Lists, asked, lists_of
from handlers.model import Answer, Case, How, Learnt, Message, Method, Person, Text, ToHere, Typed, Update, Where, text
from handlers.outcome import Outcome
from handlers.proposal import reading_of
from handlers.questions import Ask, RulesOn
from handlers.rules.names import find
from handlers.rules.onset import said_onset
from handlers.rules.reading import Line
from handlers.scene import Scene, current_round, look
from handlers.values import replace
from handlers.views import looked_at
from handlers.words import NOTHING, listed

SPOKEN = {  # in the order in which they are looked for
    How.UNREACHED: ("未接通", "没接通", "没人接", "没接", "打不通", "联系不上", "关机", "no answer"),
    How.WECHAT: ("微信", "wechat"),
    How.VISIT: ("家访", "home visit"),
    How.HERE: ("当面",),
    How.PHONE: ("打电话", "电话", "phone"),
}
SEPARATORS = re.compile(r"[，,；;。\n]")
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


def call(update: Update, ask: Ask, person: Person) -> Outcome:
    """联系 17号 38.5 去医院了，5号 未接通: of pupils with an open case, as the sentence reader reads it."""
    rounds = ask(RulesOn(update.today)).rounds
    found = class_meant(update, ask, person) if rounds else text("typed.no_class")
    if isinstance(found, Text):
        return _say(update, found)
    scene = look(update, ask, found, update.today, current_round(rounds, update).id)
    if scene is None:
        return _say(update, text("typed.no_class"))
    told: dict[str, tuple[Case, News]] = {}
    left: list[Text] = []
    for words in _parts(scene, update.text):
        said = _of_one(scene, person, words)
        if said is None:
            left.append(text("follow.no_case", words=Typed(words, person.id)))
        else:
            told[said[0].id] = said
    if not told:
        return _say(update, text("follow.no_case_at_all", lines=tuple(left)) if left else text("follow.unread"))
    seats = listed([text("pupil.seat", seat=case.seat) for case, _ in told.values()])
    done = _say(update, text("follow.noted", seats=seats, rest=tuple(left)))
    return replace(noted(update, ask, person, tuple(told.values())), answer=None) + done


def _parts(scene: Scene, words: str) -> list[str]:
    """What is said of one pupil each: a part that names nobody belongs to the one before it."""
    parts: list[str] = []
    for part in filter(None, (one.strip() for one in SEPARATORS.split(words))):
        if parts and _named(scene, part) is None:
            parts[-1] = f"{parts[-1]}，{part}"
        else:
            parts.append(part)
    return parts


def _named(scene: Scene, words: str) -> str | None:
    """The pupil whom these words name, and nobody else."""
    rest = _spoken(words)[2]
    line = _line(scene, rest)
    if line is not None and line.pupil is not None:
        return line.pupil
    found = find(rest.replace(scene.view.klass.name, " ").strip(" ，,"), scene.everybody)
    return found.pupils[0].id if found.exact else None


def _line(scene: Scene, words: str) -> Line | None:
    return next((line for line in reading_of(scene, words).lines if line.pupil is not None), None)


def _of_one(scene: Scene, person: Person, words: str) -> tuple[Case, News] | None:
    pupil = _named(scene, words)
    case = scene.case_of(pupil) if pupil else None
    if case is None or not may_ask_after(person, case):
        return None
    how, feels, rest = _spoken(words)
    line, reach = _line(scene, rest), how or (How.PHONE if case.away else How.HERE)
    return case, replace(_news(scene, case, line), how=reach, words=words, learnt=_learnt(line, feels))


def _learnt(line: Line | None, feels: tuple[Learnt, ...]) -> tuple[Learnt, ...]:
    if line is None:
        return feels
    unwell = (Learnt.UNWELL,) if line.symptoms else ()
    return (*feels, *unwell, *((Learnt.VISITED,) if line.where is Where.HOSPITAL else ()))


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


def _news(scene: Scene, case: Case, line: Line | None) -> News:
    if line is None:
        return News(How.PHONE)
    method = Method.AXILLARY if case.away else scene.method
    return News(
        how=How.PHONE,
        tenths=line.temperature,
        method=(line.method or method) if line.temperature is not None else None,
        afebrile=line.afebrile,
        cause=line.disease if not line.recovered else None,
        visited_at=scene.update.at if line.where is Where.HOSPITAL else None,
        onset=said_onset(line.words, scene.day),
    )


def _say(update: Update, words: Text) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))
