"""The substitute takes a class with one tap, or cannot; whoever is concerned takes it back."""

from handlers.answering import keepers, keeps, owns
from handlers.facts import SubstituteAccepted, SubstituteDeclined
from handlers.model import Answer, Duty, Person, Update, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, StandIn, StandInBy
from handlers.substitutes.ending import at_once, end, lists_again
from handlers.substitutes.telling import notice, notices, over
from handlers.values import replace


def accept(update: Update, ask: Ask, person: Person) -> Outcome:
    """接受代班: from now on pupils are named to them; what is open is shown at once."""
    one = _of(update, ask)
    if one is None or one.person.id != person.id:
        return pop_up(text("answer.not_yours"))
    if one.accepted_at is not None or _settled(update, one):
        return _as_it_is(update, ask, one, person)
    says = notices(update, ask, replace(one, accepted_at=update.at))
    return Outcome((SubstituteAccepted(one.id, update.at),), says, Answer())


def decline(update: Update, ask: Ask, person: Person) -> Outcome:
    """来不了, before accepting or after: who named them and the 报告人 hear it at once, and can ask somebody else."""
    one = _of(update, ask)
    if one is None or one.person.id != person.id:
        return pop_up(text("answer.not_yours"))
    if _settled(update, one):
        return _as_it_is(update, ask, one, person)
    office = {reader.id for reader in (one.by, *keepers(ask, one.klass.school, update.today)[:1])}
    return Outcome(
        (SubstituteDeclined(one.id, update.today, update.at),),
        notices(update, ask, replace(one, declined_at=update.at), ring=office - {person.id}),
        Answer(),
        puts=(at_once(update, one), *lists_again(update, ask, one)),
    )


def take_back(update: Update, ask: Ask, person: Person) -> Outcome:
    """撤销, 我能来: from today on the class is its teacher's again."""
    one = _of(update, ask)
    if one is None or not _may_take_back(one, person):
        return pop_up(text("answer.not_yours"))
    if over(one, update.today):
        return _as_it_is(update, ask, one, person)
    return end(update, ask, one, max(update.today, one.since), person, heard=one.absent) + Outcome(answer=Answer())


def _of(update: Update, ask: Ask) -> StandIn | None:
    """`verb:CLASS:ID`: the class names the lane."""
    one = ask(StandInBy(update.args[1])) if len(update.args) == 2 else None
    return one if one is not None and one.klass.id == update.args[0] else None


def _settled(update: Update, one: StandIn) -> bool:
    return one.declined_at is not None or over(one, update.today)


def _as_it_is(update: Update, ask: Ask, one: StandIn, person: Person) -> Outcome:
    """Nothing is changed; the message shows how it stands."""
    return Outcome(says=(replace(notice(update, ask, one, person), in_place=True),), answer=Answer())


def _may_take_back(one: StandIn, person: Person) -> bool:
    """The class's own teachers, the school's 报告人 and deputy, 管理员."""
    return owns(person, one.klass.id) or keeps(person, one.klass.school) or person.has(Duty.ADMIN)
