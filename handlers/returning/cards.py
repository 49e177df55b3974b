"""复课复核: the card on which 校医 says yes or no, and what the class's teachers hear of it."""

from handlers.following.course import waiting
from handlers.following.showing import bar_words, case_line
from handlers.model import Case, Choices, Duty, Message, Person, Text, ToPerson, Update, Urgency, Value, choice, text
from handlers.questions import Ask, CaseBy, CertificatesOf, RulesOn, ShownAbout, Staff, WhoIs
from handlers.rules.returning import DECIDE, Bar, barred
from handlers.scene import Scene, current_round, look
from handlers.values import replace
from handlers.words import NOTHING, duty_and_title, hour_of


def subject(case: Case) -> str:
    """What a review card is about."""
    return f"case:{case.id}"


def shown_of(case: str) -> str:
    """What a message that shows a certificate is about."""
    return f"paper:{case}"


def scene_of(update: Update, ask: Ask, case: Case) -> Scene | None:
    """The day of the pupil's class: in the round in which they were last reported today, else in the present one."""
    rounds = ask(RulesOn(update.today)).rounds
    if not rounds:
        return None
    round = case.round if case.seen == update.today else current_round(rounds, update).id
    return look(update, ask, case.class_id, update.today, round)


def is_waiting(scene: Scene, case: Case) -> bool:
    """Came today before they might, and waits in the observation room (临时留观点)."""
    report = scene.report
    return report is not None and any(entry.pupil == case.pupil and waiting(entry) for entry in report.entries)


def undecided(scene: Scene, case: Case) -> bool:
    """Waits there, and nobody has said a word of it: a refusal is of the day on which it was said."""
    said_today = case.reviewed_at is not None and scene.update.day_of(case.reviewed_at) == scene.day
    return is_waiting(scene, case) and (case.review is None or not said_today)


def objection(scene: Scene, case: Case) -> Bar | None:
    """What the table has against a return now."""
    return barred(case, scene.rules.returns, scene.update.at, scene.update.zone, scene.round.deadline)


# The card


def review_card(
    scene: Scene, ask: Ask, case: Case, person: Person, *, urgency: Urgency, fresh: bool, more: int = 0
) -> Message:
    """`more`: certificates that are being given just now."""
    papers = len(ask(CertificatesOf(case.id))) + more
    return Message(
        f"review:{case.id}:{person.id}",
        ToPerson(person.id),
        _words(scene, ask, case, papers),
        _choices(scene, case, papers),
        urgency,
        about=subject(case),
        fresh=fresh,
    )


def again(scene: Scene, ask: Ask, case: Case) -> tuple[Message, ...]:
    """Every review card of the case that is there already, as it stands now."""
    people = (ask(WhoIs(one.person, scene.day)) for one in ask(ShownAbout(subject(case))))
    return tuple(
        review_card(scene, ask, case, person, urgency=Urgency.REPLY, fresh=False)
        for person in people
        if person is not None
    )


def _words(scene: Scene, ask: Ask, case: Case, papers: int) -> Text:
    return text(
        "return.review",
        klass=scene.view.klass.name,
        line=case_line(scene, case),
        here=text("return.here") if is_waiting(scene, case) else NOTHING,
        why=_why(scene, case),
        papers=text("return.papers", n=papers) if papers else NOTHING,
        state=state(scene, ask, case),
    )


def _why(scene: Scene, case: Case) -> Text | str:
    if case.review is not None and not undecided(scene, case):
        return NOTHING
    bar = objection(scene, replace(case, review=None))
    return text("return.against", why=bar_words(scene, bar)) if bar is not None else NOTHING


def state(scene: Scene, ask: Ask, case: Case) -> Text:
    """Who has said what, when; and whether an answer is waited for."""
    said = _last_word(scene, ask, case)
    if case.review is not None and undecided(scene, case):
        return text("return.waits_again", said=said)
    return said


def _last_word(scene: Scene, ask: Ask, case: Case) -> Text:
    if case.reviewed_at is None or case.reviewed_by is None:
        return text("return.waits")
    verdict = case.review or ("unclear" if case.certified_at is None else None)
    if verdict is None:
        return text("return.waits")
    who = ask(WhoIs(case.reviewed_by, scene.day))
    time = hour_of(scene.update, case.reviewed_at, scene.day)
    return text(f"return.said_{verdict}", who=called(who, case), time=time)


def called(person: Person | None, case: Case) -> Value:
    """校医吴医生: the office by which somebody decides, then the 称呼."""
    if person is None:
        return NOTHING
    duty = next((duty for duty in DECIDE if person.has(duty)), None)
    return duty_and_title(person, duty) if duty else text("literal", words=person.title)


def _choices(scene: Scene, case: Case, papers: int) -> Choices:
    """Each names the turn in which it was shown: who is second sees whose word it was. One who has said a word may
    say the other; of who has come again on another day either."""
    if case.ended is not None:
        return ()
    answers = [
        choice(text(f"button.{verb}"), verb, case.id, case.turn)
        for verb, verdict in (("agree", "yes"), ("disagree", "no"))
        if case.review != verdict or undecided(scene, case)
    ]
    if not papers:
        return (tuple(answers),)
    see = choice(text("button.see_paper"), "paper", case.id)
    if case.certified_at is None:
        return ((see,), tuple(answers))
    return ((see, choice(text("button.unclear"), "unclear", case.id, case.turn)), tuple(answers))


# To the class


def teachers(scene: Scene, ask: Ask, besides: Person | None = None) -> tuple[Person, ...]:
    """Who answers for the class; where none of them can be reached, its 疫情报告人."""
    here = tuple(one for one in scene.view.asked if one.reachable)
    if here:
        return tuple(one for one in here if one != besides)
    staff = ask(Staff(scene.view.school.id, scene.day))
    return tuple(one for one in staff if one.has(Duty.REPORTER) and one.reachable and one != besides)


def tell(update: Update, people: tuple[Person, ...], words: Text) -> tuple[Message, ...]:
    return tuple(Message(f"return:{update.id}:{one.id}", ToPerson(one.id), words, fresh=True) for one in people)


def case_named(update: Update, ask: Ask) -> Case | None:
    return ask(CaseBy(update.args[0], update.today)) if update.args else None
