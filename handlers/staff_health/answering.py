"""One tap says 正常; who is unwell says how warm, what else, and what follows (居家观察, 暂停上班, 就医)."""

from collections.abc import Iterable
from datetime import date

from handlers.cards import brought_up
from handlers.facts import StaffReported
from handlers.model import (
    Action,
    Answer,
    Choices,
    Duty,
    Message,
    Person,
    Private,
    StaffHealth,
    Symptom,
    Text,
    ToHere,
    ToPerson,
    Update,
    Urgency,
    Value,
    text,
    together,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, RulesOn, SchoolMorning, ShownAbout, Staff, StaffHealthOn
from handlers.rulebook import Round, Rules, Step
from handlers.scene import class_rounds, look
from handlers.spoken import ALL_WELL, bare
from handlers.staff_health import words
from handlers.staff_health.words import AFEBRILE, UNTAKEN, Said
from handlers.values import replace
from handlers.words import day_full, duty_and_title, listed

WELL = ALL_WELL | {"正常", "都好", "well"}
HEAR = (Duty.NURSE, Duty.PRINCIPAL)


def subject(day: date, person: str) -> str:
    """What a message about somebody's own health is about."""
    return f"health:{day:%Y%m%d}:{person}"


# The clock's steps


def staff_step(update: Update, ask: Ask, day: date, round: Round, step: Step) -> Outcome:
    """The first card goes to who answers for no class: the others have it under the receipt of their class. At the
    reminder whoever has said nothing is asked. Nobody on a day on which nothing is due from any class."""
    if step.name == "close" or round.stopped(update.now, day, update.zone) or not _asked(update, ask, day):
        return Outcome()
    known = ask(StaffHealthOn(update.lane, day))
    people = [one for one in ask(Staff(update.lane, day)) if one.reachable and one.id not in known]
    if step.name == "open":
        people = [one for one in people if not one.classes]
    return Outcome(says=tuple(_card(update, day, round, one, step) for one in people))


def _asked(update: Update, ask: Ask, day: date) -> bool:
    rounds = [one for one in ask(RulesOn(day)).rounds_of(update.lane) if one.of_classes]
    return any(row.off is None for one in rounds for row in ask(SchoolMorning(update.lane, day, one.id)).rows)


def _card(update: Update, day: date, round: Round, person: Person, step: Step) -> Message:
    shown, choices = words.card(day, round, person.title)
    about, stop = subject(day, person.id), round.span(day, update.zone)[1]
    urgency = Urgency.BROADCAST if step.name == "open" else Urgency.REMINDER
    key = f"{step.name}:{about}"
    return Message(key, ToPerson(person.id), shown, choices, urgency, not_after=stop, about=about, until=about)


# What people say


def own(update: Update, ask: Ask, person: Person) -> Outcome:
    """/health, 健康: one's own card; 健康 正常 says it at once."""
    rules = ask(RulesOn(update.today))
    round = rules.staff_round(person.school) if person.school else None
    if round is None:
        return Outcome(says=(Message(f"answer:{update.id}", ToHere(), text("health.not_asked")),))
    known = ask(StaffHealthOn(person.school or "", update.today)).get(person.id)
    if bare(update.text) in WELL:
        return _stated(update, ask, person, StaffHealth(update.today, person.id, _next(known), True, update.at))
    shown, choices = _own_card(update, ask, rules, round, person, known)
    about = subject(update.today, person.id)
    return Outcome(says=(Message(f"asked:{about}:{update.id}", ToPerson(person.id), shown, choices, about=about),))


def _next(known: StaffHealth | None) -> int:
    return known.rev + 1 if known else 1


def _own_card(
    update: Update, ask: Ask, rules: Rules, round: Round, person: Person, known: StaffHealth | None
) -> tuple[Text, Choices]:
    if known is None:
        return words.card(update.today, round, person.title)
    return words.receipt(update, known.day, round, known, _told(ask, rules, person, known))


def answer(update: Update, ask: Ask, person: Person) -> Outcome:
    """Any button about oneself. Of another day, or over an older revision, it changes nothing and shows what stands."""
    said, rules = words.read(update.args), ask(RulesOn(update.today))
    round = rules.staff_round(person.school) if person.school else None
    if said is None or round is None:
        return pop_up(text("answer.unknown_button"))
    if said.day != update.today:
        return pop_up(text("health.stale"))
    known = ask(StaffHealthOn(person.school or "", said.day)).get(person.id)
    if said.rev != (known.rev if known else 0):
        shown, choices = _own_card(update, ask, rules, round, person, known)
        return _in_place(update, person, shown, choices, Answer(text("answer.older")))
    return _step(update, ask, person, said, rules)


def _step(update: Update, ask: Ask, person: Person, said: Said, rules: Rules) -> Outcome:
    method = rules.method_of(person.school or "")
    match said.step:
        case "well":
            return _stated(update, ask, person, StaffHealth(said.day, person.id, said.rev + 1, True, update.at))
        case "ill":
            return _in_place(update, person, *words.ask_temperature(said, method))
        case "temperature" if said.last in (AFEBRILE, UNTAKEN, *map(str, words.DEGREES)):
            return _in_place(update, person, *words.ask_symptoms(replace(said, temperature=said.last)))
        case "symptom" if (every := together(said.last)) is not None and set(every) <= set(words.ASKED):
            symptoms = tuple(one for one in words.ASKED if one in every)
            return _in_place(update, person, *words.ask_action(replace(said, symptoms=symptoms)))
        case "symptom" if said.last in words.ASKED:
            code = Symptom(said.last)
            chosen = {*said.symptoms} ^ {code}
            symptoms = tuple(one for one in words.ASKED if one in chosen)
            return _in_place(update, person, *words.ask_symptoms(replace(said, symptoms=symptoms)))
        case "symptoms":
            return _in_place(update, person, *words.ask_action(said))
        case "do" if said.last in set(Action):
            return _stated(update, ask, person, _unwell(update, person, said, rules))
        case "again":
            shown = text("health.again", day=day_full(said.day))
            return _in_place(update, person, shown, (words.row(said.day, said.rev),))
        case _:
            return pop_up(text("answer.unknown_button"))


def _unwell(update: Update, person: Person, said: Said, rules: Rules) -> StaffHealth:
    taken = said.temperature not in (AFEBRILE, UNTAKEN)
    return StaffHealth(
        said.day,
        person.id,
        said.rev + 1,
        False,
        update.at,
        temperature=int(said.temperature) if taken else None,
        method=rules.method_of(person.school or "") if taken else None,
        afebrile=said.temperature == AFEBRILE,
        symptoms=said.symptoms,
        action=Action(said.last),
    )


def _in_place(update: Update, person: Person, shown: Text, choices: Choices, answer: Answer | None = None) -> Outcome:
    """In the message about oneself; a tap under a class's receipt opens one, and the receipt stays."""
    about = subject(update.today, person.id)
    here = update.on is not None and about in update.on
    key = update.on if here and update.on else f"own:{about}"
    said = Message(key, ToPerson(person.id), shown, choices, about=about, in_place=here, fresh=not here)
    return Outcome(says=(said,), answer=answer)


# It is stated


def _stated(update: Update, ask: Ask, person: Person, health: StaffHealth) -> Outcome:
    """The fact, every message that shows it, and who is to hear of it."""
    rules = ask(RulesOn(health.day))
    round = rules.staff_round(person.school)
    if round is None or person.school is None:
        raise ValueError("the staff are not asked")
    before = ask(StaffHealthOn(person.school, health.day)).get(person.id)
    fact = StaffReported(person.school, health, alarming=_alarming(rules, health))
    shown, choices = words.receipt(update, health.day, round, health, _told(ask, rules, person, health))
    about = subject(health.day, person.id)
    keys = {one.key for one in ask(ShownAbout(about))}
    if update.on is None:
        keys.add(f"own:{about}")
    own_messages = tuple(
        Message(key, ToPerson(person.id), shown, choices, about=about, in_place=key == update.on)
        for key in sorted(keys)
    )
    told = _alerts(update, ask, rules, person, health, before)
    answer = Answer(text("answer.reported" if health.rev == 1 else "answer.revised"))
    return Outcome((fact,), (*own_messages, *_receipts(update, ask, person, health), *told), answer)


def _receipts(update: Update, ask: Ask, person: Person, health: StaffHealth) -> Iterable[Message]:
    """Of this person's classes: the row of buttons has become a line."""
    for round in class_rounds(update, ask, person.school):
        for class_id in dict.fromkeys(person.classes):
            scene = look(update, ask, class_id, health.day, round.id)
            if scene is None or scene.staff is None or scene.report is None:
                continue
            now = replace(scene, staff={**scene.staff, person.id: health})
            for one in ask(ShownAbout(scene.subject)):
                if one.person == person.id:
                    yield brought_up(now, person, one.key)


def _alarming(rules: Rules, health: StaffHealth) -> bool:
    fever = health.temperature is not None and health.temperature >= rules.fever[health.method or rules.method]
    return fever or any(code in rules.alarming for code in health.symptoms)


def _hearers(ask: Ask, person: Person, day: date) -> list[tuple[Person, Duty]]:
    """校医 and 校长 of the school, in private; nobody hears of themselves."""
    people = [one for one in ask(Staff(person.school, day)) if one.id != person.id and one.reachable]
    once = {one.id: (one, duty) for duty in reversed(HEAR) for one in people if one.has(duty)}
    return list(reversed(once.values()))


def _told(ask: Ask, rules: Rules, person: Person, health: StaffHealth) -> Value:
    """To who is unwell: who knows of it, and what to do."""
    if health.well:
        return text("health.thanks")
    todo = text(f"health.todo_{health.action}") if health.action else text("health.thanks")
    if not _alarming(rules, health):
        return text("health.seen_by", todo=todo)
    who = listed([duty_and_title(one, duty) for one, duty in _hearers(ask, person, health.day)])
    return text("health.told", who=who, todo=todo) if who else text("health.nobody_told", todo=todo)


def _alerts(
    update: Update, ask: Ask, rules: Rules, person: Person, health: StaffHealth, before: StaffHealth | None
) -> tuple[Message, ...]:
    """A fever, or what is treated as one; when that is taken back, the same message says so."""
    was = before is not None and _alarming(rules, before)
    if not (_alarming(rules, health) or was):
        return ()
    shown = text(
        "health.alert" if _alarming(rules, health) else "health.alert_over",
        title=person.title,
        phone=person.phone or text("phone.unknown"),
        line=Private(words.line(update, health)),
    )
    key = f"staff_alert:{subject(health.day, person.id)}"
    return tuple(
        Message(f"{key}:{one.id}", ToPerson(one.id), shown, urgency=Urgency.ALERT, fresh=not was)
        for one, _ in _hearers(ask, person, health.day)
    )
