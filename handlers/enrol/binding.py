"""Joining: a one-time code, or a platform's own directory, binds a chat to a person; who is bound may say 不是我 and
choose a language."""

from datetime import datetime, timedelta

from handlers import cards, ids
from handlers.admins import admins, tell
from handlers.alerts import missed
from handlers.enrol.called import classes_of
from handlers.enrol.privacy import privacy_words
from handlers.facts import Bound, Guessed, LanguageChosen, Unbound
from handlers.menus import menu, strangers_menu
from handlers.model import (
    SCHOOL_OFFICE,
    Answer,
    Duty,
    Message,
    Person,
    Text,
    To,
    ToChat,
    ToHere,
    ToPerson,
    Update,
    Urgency,
    choice,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import (
    Ask,
    DeepLinks,
    GroupHere,
    Guesses,
    InviteBy,
    RulesOn,
    SchoolOf,
    Sender,
    WhoIs,
)
from handlers.rulebook import Round, Rules
from handlers.scene import look
from handlers.values import replace

HOUR = timedelta(hours=1)
LANGUAGES = {"zh": "zh", "中文": "zh", "汉语": "zh", "en": "en", "english": "en", "英文": "en", "英语": "en"}


def start(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`/start CODE` binds this private chat; without a code it says again who is bound here."""
    if not update.private:
        return _reply(update, text("enrol.in_private")) if _is_heard(update, ask) else Outcome()
    if update.args:
        return _with_code(update, ask, update.args[0].lower())
    if person is None:
        return stranger(update, ask)
    return Outcome(says=(_welcome(update, ask, person, ask(RulesOn(update.today))),))


def stranger(update: Update, ask: Ask) -> Outcome:
    """One sentence and no data. A flood of questions is one answer; in a group that nobody has bound, silence."""
    key = "stranger" if _has_codes(update, ask) else "unlisted"
    if update.tap is not None:
        return pop_up(text(f"answer.{key}"))
    return _reply(update, text(f"enrol.{key}")) if update.private or _is_heard(update, ask) else Outcome()


def _has_codes(update: Update, ask: Ask) -> bool:
    """Where there is no link to append one to, the platform's own directory says who is who."""
    return update.channel in ask(DeepLinks())


def _is_heard(update: Update, ask: Ask) -> bool:
    """In a group: written to us, and where an admin has bound it."""
    return update.mentioned and ask(GroupHere(update.channel, update.chat)) is not None


def _reply(update: Update, words: Text) -> Outcome:
    return Outcome(says=(Message(f"start:{update.channel}:{update.chat}", ToHere(), words, fresh=True),))


# Codes


def _with_code(update: Update, ask: Ask, code: str) -> Outcome:
    rules = ask(RulesOn(update.today))
    if ask(Guesses(update.channel, update.chat, update.at - HOUR)) >= rules.guesses_an_hour:
        return _slowed(update, ask)
    hashed = ids.code_hash(code)
    invite = ask(InviteBy(hashed))
    person = ask(WhoIs(invite.person, update.today)) if invite else None
    if invite is None or person is None or invite.state != "open" or invite.expires <= update.at:
        return Outcome(facts=(Guessed(update.channel, update.chat),)) + _reply(update, text("enrol.bad_code"))
    return _joined(update, ask, person, Bound(person.id, update.channel, update.chat, hashed), ToHere())


def _joined(update: Update, ask: Ask, person: Person, fact: Bound, there: To) -> Outcome:
    """Whatever the person has elsewhere stays as it is there."""
    rules = ask(RulesOn(update.today))
    says = (_welcome(update, ask, person, rules), menu(person), *cards_of_today(update, ask, person, rules))
    return Outcome((fact,), tuple(replace(one, to=there) for one in says), puts=missed(update, ask, person.id))


def member(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """At the machine: `member CHANNEL NATIVE PERSON`, as the platform's own directory says: no code is needed. It is
    news that nobody waits for, so it rings nobody at night. Raises ValueError where there is no such person."""
    channel, native, id = update.args
    who, now = ask(WhoIs(id, update.today)), ask(Sender(channel, native, update.today))
    if who is None:
        raise ValueError(f"nobody on the roll is {id}")
    if now.state == "bound" and now.person == who:
        return Outcome()
    joined = _joined(update, ask, who, Bound(who.id, channel, native, None), ToChat(channel, native))
    return replace(joined, says=tuple(replace(one, urgency=max(one.urgency, Urgency.REMINDER)) for one in joined.says))


def _slowed(update: Update, ask: Ask) -> Outcome:
    """No code is looked up any more, not even a right one; the admins hear of it once an hour."""
    key = f"guesses:{update.channel}:{update.chat}:{update.at:%Y%m%d%H}"
    told = tell(admins(ask, update.today), key, text("enrol.guesses", channel=update.channel, chat=update.chat))
    return _reply(update, text("enrol.slow")).and_say(*told)


def _welcome(update: Update, ask: Ask, person: Person, rules: Rules) -> Message:
    words = text(
        "enrol.welcome",
        title=person.title,
        place=_place(ask, person, rules),
        classes=classes_of(ask, person, update.today),
        todo=_todo(person, rules),
        privacy=privacy_words(ask, person, update.today),
    )
    buttons = ((choice(text("button.not_me"), "not_me", person.id),),)
    return Message(f"welcome:{person.id}", ToHere(), words, buttons, fresh=True, in_full=True)


def _place(ask: Ask, person: Person, rules: Rules) -> str:
    school = ask(SchoolOf(person.school)) if person.school else None
    return school.name if school else rules.district


def _todo(person: Person, rules: Rules) -> tuple[Text, ...]:
    """What each duty has to do, in a line each."""
    rounds = [one for one in rules.rounds_of(person.school) if one.of_classes] if person.classes else []
    opens = tuple(text("enrol.todo_class", time=f"{one.opens:%H:%M}", round=one.name) for one in rounds[:1])
    school = (text("enrol.todo_school"),) if person.has(*SCHOOL_OFFICE) else ()
    district = (text("enrol.todo_district"),) if person.has(Duty.LIAISON, Duty.LEADER, Duty.ADMIN) else ()
    gate = (text("enrol.todo_gate"),) if person.has(Duty.GATE) else ()
    return (*opens, *school, *district, *gate, text("enrol.todo_help"))


def cards_of_today(
    update: Update, ask: Ask, person: Person, rules: Rules, *, fresh: bool = True
) -> tuple[Message, ...]:
    """Who joins, or is given a class, in the middle of a morning gets the card that could not be sent. Not `fresh`: one
    that was sent stays where it is."""
    scenes = (
        look(update, ask, class_id, update.today, round.id)
        for round in rules.rounds
        if is_open(update, round)
        for class_id in dict.fromkeys(person.classes)
        if person.asked(class_id)
    )
    return tuple(
        cards.show(scene, person, scene.key("card", person), fresh=fresh)
        for scene in scenes
        if scene and scene.report is None and scene.view.off is None
    )


def is_open(update: Update, round: Round) -> bool:
    """True from the hour when today's cards go out until the day's close."""
    opens = datetime.combine(update.today, round.opens, update.zone)
    return opens <= update.at and not round.closed(update.at, update.today, update.zone)


# Bound


def not_me(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """不是我: the chat is nobody's again, and the admins see to the right one; where none can be told, the reply says
    what to run on the machine. The code was used up by binding; where a directory said who is who, it said wrong."""
    if person is None or update.args != (person.id,):
        return pop_up(text("enrol.not_bound"))
    rules = ask(RulesOn(update.today))
    others = [one for one in admins(ask, update.today) if one.id != person.id and one.reachable]
    by_directory, unheard = "" if _has_codes(update, ask) else "_listed", "" if others else "_unheard"
    words = text(f"enrol.not_me{by_directory}", place=_place(ask, person, rules), name=person.name)
    said = text(f"enrol.unbound{by_directory}{unheard}")
    gone = Message(f"welcome:{person.id}", ToHere(), said, in_place=True)
    return Outcome(
        facts=(Unbound(update.channel, update.chat),),
        says=(gone, strangers_menu(update.chat), *tell(others, f"not_me:{update.id}", words)),
        answer=Answer(),
    )


def language(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`/language en`, or two buttons. What is said next is said in it."""
    if person is None:
        return stranger(update, ask)
    chosen = LANGUAGES.get(update.args[0].lower()) if update.args else None
    key = update.on if update.tap and update.on else f"language:{person.id}"
    if chosen is None:
        offer = tuple(choice(text(f"enrol.language_{one}"), "language", one) for one in ("zh", "en"))
        return Outcome(says=(Message(key, ToPerson(person.id), text("enrol.language"), (offer,), fresh=True),))
    done = text("enrol.language_set", language=text(f"enrol.language_{chosen}"))
    return Outcome(
        facts=(LanguageChosen(person.id, chosen),),
        says=(
            Message(key, ToPerson(person.id), done, in_place=True, fresh=update.tap is None),
            menu(person),
        ),
        answer=Answer() if update.tap else None,
    )
