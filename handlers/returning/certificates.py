"""复课证明: a photo or a PDF that is sent in the private chat becomes one for a case, and is shown to few."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from handlers.answering import KEEPERS
from handlers.cards import refresh
from handlers.class_names import read_class
from handlers.facts import CertificateGiven, Fact, FileGone, FileKept, Viewed
from handlers.ids import new_id
from handlers.model import (
    Answer,
    Case,
    Choice,
    Choices,
    Fetch,
    Klass,
    Message,
    Paper,
    Person,
    PupilRef,
    Put,
    Text,
    ToHere,
    ToPerson,
    Update,
    Urgency,
    choice,
    in_rows,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import (
    Ask,
    Cases,
    CasesOf,
    CertificatesOf,
    ClassBy,
    Classes,
    DraftsOf,
    FileAskedOf,
    FileBy,
    FileView,
    Register,
    RulesOn,
    WhoIs,
)
from handlers.returning.cards import called, case_named, is_waiting, objection, review_card, scene_of, shown_of
from handlers.returning.deciders import deciders
from handlers.returning.deciding import let_in, with_case
from handlers.rules.names import find
from handlers.rules.returning import DECIDE, ReturnRule, rule_of
from handlers.scene import Scene
from handlers.values import replace
from handlers.words import NOTHING

FETCHED, PUT_AWAY = "fetched", "put_away"  # verbs
ASKED_WITHIN = timedelta(minutes=10)
LOOK = timedelta(minutes=30)  # so long what is shown stands in the chat
MOST = 90  # buttons
A_ROW = 2
_NOT_A_NAME = re.compile(r"(?:的|复课|复学|返校|诊断|医院|病假|证明书?|病历|照片|[\s:：,，。])+$")


def sent(update: Update, ask: Ask, person: Person) -> Outcome:
    """A photo or a document. Where no case is open nobody wants one."""
    if not open_cases(update, ask, person):
        return Outcome(says=(Message(f"answer:{update.id}", ToHere(), text("typed.unreadable")),))
    most, id = ask(RulesOn(update.today)).paper_bytes, new_id(update.seed, "file")
    return Outcome(fetches=(Fetch(id, update.args[1], person.id, FETCHED, update.text, most),))


def fetched(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`fetched FILE PERSON WHAT BYTES` with the caption as text. WHAT is its kind, or why there is nothing:
    too_large | no_paper | lost."""
    id, by, what, size = update.args
    sender = ask(WhoIs(by, update.today))
    if what not in set(Paper):
        most = ask(RulesOn(update.today)).paper_bytes // (1 << 20)
        return Outcome(says=(_to(by, id, text(f"return.file_{what}", most=most)),))
    kept = FileKept(id, Paper(what), int(size), by, update.at)
    cases = open_cases(update, ask, sender) if sender is not None else ()
    if sender is None or not cases:
        return Outcome(facts=(kept, FileGone(id, "unused")), says=(_to(by, id, text("return.file_nobody")),))
    named = _named(update, ask, cases)
    if named is None:
        return Outcome(facts=(kept,), says=(_to(by, id, text("return.whose"), _picks(update, ask, cases, id)),))
    return _given(update, ask, sender, named, id, (kept,))


def _to(person: str, file: str, words: Text, choices: Choices = ()) -> Message:
    return Message(f"file:{file}", ToPerson(person), words, choices, in_place=True)


# Whose


def open_cases(update: Update, ask: Ask, person: Person) -> tuple[Case, ...]:
    """Whom this person may hand a certificate in for: those that the table asks one of come first."""
    if person.school is None:
        return ()
    rules = ask(RulesOn(update.today)).returns
    known = sorted(_cases(ask, person, update.today), key=lambda case: not _asked(case, rules))
    return tuple(case for case in known if case.ended is None)


def _asked(case: Case, rules: Mapping[str, ReturnRule]) -> bool:
    rule = rule_of(case, rules)
    return rule is not None and rule.asks_paper


def _cases(ask: Ask, person: Person, day: date) -> Iterator[Case]:
    if person.school is not None and person.has(*KEEPERS, *DECIDE):
        yield from ask(CasesOf(person.school, day))
        return
    for class_id in dict.fromkeys(person.classes):
        yield from ask(Cases(class_id, day))


def _named(update: Update, ask: Ask, cases: Sequence[Case]) -> Case | None:
    """By the caption, and by nothing else: 17号复课证明, 三(2)班王小明的证明. None where it names nobody, or two."""
    name, who = _read(update.text)
    found: list[Case] = []
    for class_id in dict.fromkeys(case.class_id for case in cases):
        klass = ask(ClassBy(class_id, update.today))
        if klass is None or name not in (None, klass.name):
            continue
        pupils = find(who, ask(Register(class_id, update.today)).everybody)
        found += [case for case in cases if pupils.exact and case.pupil == pupils.pupils[0].id]
    return found[0] if len(found) == 1 else None


def _read(caption: str) -> tuple[str | None, str]:
    """The class in its one spelling, where one is named, and the pupil."""
    said = _NOT_A_NAME.sub("", caption.strip())
    for end in range(len(said), 1, -1):
        roll = read_class(said[:end])
        if roll is not None:
            return roll.name, said[end:].strip()
    return None, said


def _picks(update: Update, ask: Ask, cases: Sequence[Case], file: str) -> Choices:
    classes = {one.id: one for one in ask(Classes(_school(cases), update.today))}
    several = len({case.class_id for case in cases}) > 1
    buttons = [_pick(case, classes, file, several=several) for case in cases[:MOST]]
    rows = in_rows(buttons, A_ROW)
    return (*rows, (choice(text("button.no_certificate"), "no_cert", file),))


def _pick(case: Case, classes: dict[str, Klass], file: str, *, several: bool) -> Choice:
    """Of several classes a seat alone is anybody's."""
    pick = choice(_label(case, classes, several=several), "cert", case.id, file)
    return pick if several else replace(pick, number=case.seat)


def _school(cases: Sequence[Case]) -> str:
    return cases[0].school


def _label(case: Case, classes: dict[str, Klass], *, several: bool) -> Text:
    klass = classes[case.class_id].name if several and case.class_id in classes else NOTHING
    return text("return.pick", klass=klass, pupil=PupilRef(case.pupil, case.seat, alone=True))


def give(update: Update, ask: Ask, person: Person) -> Outcome:
    """`cert CASE FILE`: the answer to whose it is."""
    file = ask(FileBy(update.args[1])) if len(update.args) == 2 else None
    case = case_named(update, ask)
    if file is None or case is None or file.by != person.id:
        return pop_up(text("answer.no_file"))
    if file.case is not None:
        return pop_up(text("answer.given_already"))
    if case not in open_cases(update, ask, person):
        return pop_up(text("answer.case_over"))
    return _given(update, ask, person, case, file.id, ())


def said_whose(update: Update, ask: Ask, person: Person) -> Outcome | None:
    """The same in words: 17号, 王小明的证明. None where it is not asked, the person has turned to a walk since, or it
    names nobody."""
    file = ask(FileAskedOf(person.id, update.at - ASKED_WITHIN))
    if file is None or ask(DraftsOf(person.id, file.at)):
        return None
    case = _named(update, ask, open_cases(update, ask, person))
    return _given(update, ask, person, case, file.id, ()) if case else None


def throw_away(update: Update, ask: Ask, person: Person) -> Outcome:
    """`no_cert FILE`: it is no certificate, or not one to be kept."""
    file = ask(FileBy(update.args[0])) if update.args else None
    if file is None or file.by != person.id or file.case is not None:
        return pop_up(text("answer.no_file"))
    return Outcome(facts=(FileGone(file.id, "unused"),), says=(_to(person.id, file.id, text("return.thrown_away")),))


def _given(update: Update, ask: Ask, person: Person, case: Case, file: str, facts: tuple[Fact, ...]) -> Outcome:
    """Who decides hears of it, unless they have agreed already."""
    scene = scene_of(update, ask, case)
    if scene is None:
        return pop_up(text("answer.unknown_button"))
    agreed = case.review if case.review == "yes" else None
    now = replace(case, certified_at=update.at, review=agreed, turn=case.turn + 1)
    after = with_case(scene, now)
    outcome = Outcome(facts=(*facts, CertificateGiven(case.id, file, person.id, update.at)))
    if is_waiting(scene, case) and objection(after, now) is None and not scene.closed:
        return outcome + let_in(after, ask, person, now)[0].and_say(_to(person.id, file, _thanks(after, ask, now)))
    cards = _cards(after, ask, now) if agreed is None else ()
    return outcome.and_say(_to(person.id, file, _thanks(after, ask, now)), *cards, *refresh(after, ask))


def _cards(scene: Scene, ask: Ask, case: Case) -> tuple[Message, ...]:
    """To whoever decides: at once where the pupil waits at school."""
    there = deciders(ask, scene.rules, case.school, scene.update)
    urgency = Urgency.ALERT if is_waiting(scene, case) else Urgency.REPLY
    return tuple(review_card(scene, ask, case, one, urgency=urgency, fresh=True, more=1) for one in there.asked)


def _thanks(scene: Scene, ask: Ask, case: Case) -> Text:
    there = deciders(ask, scene.rules, case.school, scene.update)
    bar = objection(scene, case)
    who = called(there.asked[0], case) if there.asked and bar is not None else NOTHING
    pupil = PupilRef(case.pupil, case.seat)
    asked = text("return.given_review", who=who) if who else NOTHING
    return text("return.given", klass=scene.view.klass.name, pupil=pupil, asked=asked)


# Seeing


def see(update: Update, ask: Ask, person: Person) -> Outcome:
    """`paper CASE`: its certificates, protected from being forwarded. Each look is on record."""
    case = case_named(update, ask)
    files = ask(CertificatesOf(case.id)) if case is not None else ()
    if case is None or not files:
        return pop_up(text("answer.no_file"))
    look = Viewed("certificate", case.class_id, (case.pupil,), person.id, update.at)
    says = tuple(_shown(update, ask, person, case, file) for file in files)
    back = Put(case.school, f"{PUT_AWAY}:{case.id}:{update.id}", PUT_AWAY, (case.id,), at=update.now + LOOK)
    return Outcome(facts=(look,), says=says, puts=(back,), answer=Answer(text("answer.shown")))


def put_away(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`put_away CASE`: what was shown of its certificates goes out of the chats again."""
    return Outcome(takes_back=(shown_of(update.args[0]),))


def _shown(update: Update, ask: Ask, person: Person, case: Case, file: FileView) -> Message:
    sender = ask(WhoIs(file.by, update.today))
    words = text("return.paper", seat=case.seat, by=sender.title if sender else NOTHING, time=update.local(file.at))
    key, about = f"paper:{file.id}:{update.id}", shown_of(case.id)
    return Message(key, ToPerson(person.id), words, paper=(file.id, file.kind), about=about)


def papers(update: Update, ask: Ask, person: Person) -> Outcome:
    """`/papers`, 看证明: the open cases of the school that have one, each a button."""
    cases = ask(CasesOf(person.school, update.today)) if person.school else ()
    there = [case for case in cases if ask(CertificatesOf(case.id))]
    if not there:
        return Outcome(says=(Message(f"answer:{update.id}", ToHere(), text("return.no_papers")),))
    classes = {one.id: one for one in ask(Classes(_school(there), update.today))}
    buttons = [choice(_label(case, classes, several=True), "paper", case.id) for case in there[:MOST]]
    rows = in_rows(buttons, A_ROW)
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), text("return.all_papers"), rows),))
