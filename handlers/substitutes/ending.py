"""A 代班 ends: rights, menus and open walks with it; what was shown of the class's pupils is taken out of the chat."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from handlers.answering import answers_for
from handlers.facts import SubstituteEnded
from handlers.following.lists import about_of, again, lists_of
from handlers.model import Message, Person, Put, ToPerson, Update, Urgency, text
from handlers.outcome import Outcome
from handlers.questions import Ask, RulesOn, ShownAbout, StandIn, StandInBy, WhoIs
from handlers.scene import Scene, look
from handlers.substitutes.telling import notices
from handlers.values import replace
from handlers.words import day_short

OVER = "substitute_over"
A_DAY = timedelta(days=1)


def end(update: Update, ask: Ask, one: StandIn, day: date, by: Person, *, heard: Person | None) -> Outcome:
    """From this day on, earlier than arranged. Who stood in hears it, and `heard`; but not who did it."""
    now = replace(one, ended=day)
    stands_in = one.person if one.declined_at is None else None
    ring = {reader.id for reader in (stands_in, heard) if reader} - {by.id}
    over = later(update, one, day) if day > update.today else at_once(update, one)
    return Outcome(
        (SubstituteEnded(one.id, day, by.id, update.at),),
        notices(update, ask, now, ring=ring),
        puts=(over, *lists_again(update, ask, one)),
    )


def at_once(update: Update, one: StandIn) -> Put:
    """Looks at the end of it now."""
    return Put(one.klass.school, f"{OVER}:{one.id}:{update.id}", OVER, (one.id,))


def later(update: Update, one: StandIn, day: date) -> Put:
    """Looks at the end of it as that day begins."""
    at = datetime.combine(day, time.min, update.zone).astimezone(UTC)
    return Put(one.klass.school, f"{OVER}:{one.id}:{day}", OVER, (one.id,), at=at)


def rights_changed(update: Update, one: StandIn, *, at: datetime | None = None) -> tuple[Put, ...]:
    """Menus, cards and open walks of the two become those of the duties that hold then."""
    people = (one.person.id, *((one.absent.id,) if one.absent else ()))
    native = f"duties_changed:{one.id}:{update.id}"
    return (Put(one.klass.school, native, "duties_changed", people, at=at),)


def lists_again(update: Update, ask: Ask, one: StandIn) -> tuple[Put, ...]:
    """Whom to phone has changed: the lists of this morning say so."""
    if not one.since <= update.today <= one.until:
        return ()
    return tuple(
        Put(
            one.klass.school,
            f"late_list_again:{round.id}:{update.id}",
            "late_list_again",
            (update.today.isoformat(), round.id),
        )
        for round in ask(RulesOn(update.today)).rounds
    )


def substitute_over(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`substitute_over ID`, as the day after its last begins, or once it was refused or taken back."""
    one = ask(StandInBy(update.args[0]))
    if one is None or (one.declined_at is None and one.holds(update.today)):
        return Outcome()
    who = ask(WhoIs(one.person.id, update.today))
    says = (*notices(update, ask, one), *_taken_out(update, ask, one, who), *_lists_taken_out(update, ask, one))
    return Outcome(says=says, puts=rights_changed(update, one))


def _taken_out(update: Update, ask: Ask, one: StandIn, who: Person | None) -> tuple[Message, ...]:
    """Every message about the class in the days of it, but where they still answer for the class."""
    said: list[Message] = []
    for day in _days(one, update.today):
        for round in ask(RulesOn(day)).rounds:
            scene = look(update, ask, one.klass.id, day, round.id)
            if scene is not None and not (who is not None and answers_for(scene, who)):
                said += [
                    _emptied(scene, shown.key, one)
                    for shown in ask(ShownAbout(scene.subject))
                    if shown.person == one.person.id
                ]
    return tuple(said)


def _days(one: StandIn, today: date) -> Iterator[date]:
    """Those of the 代班 that have come."""
    return map(date.fromordinal, range(one.since.toordinal(), min(one.until, today).toordinal() + 1))


def _lists_taken_out(update: Update, ask: Ask, one: StandIn) -> Iterator[Message]:
    """追踪 names children too: today's list goes on without the class, those of days gone by are emptied."""
    to, words = ToPerson(one.person.id), text("substitute.list_emptied", klass=one.klass.name)
    for day in _days(one, update.today):
        if day == update.today:
            now = again(lists_of(update, ask, one.klass.school))
            yield from (message for message in now if message.to == to)
            continue
        about = about_of(one.klass.school, day)
        for shown in ask(ShownAbout(about)):
            if shown.person == one.person.id:
                yield Message(shown.key, to, words, urgency=Urgency.BROADCAST, about=about, only_if_shown=True)


def _emptied(scene: Scene, key: str, one: StandIn) -> Message:
    words = text(
        "substitute.emptied",
        klass=scene.view.klass.name,
        day=day_short(scene.day),
        round=scene.round.name,
    )
    return Message(
        key, ToPerson(one.person.id), words, urgency=Urgency.BROADCAST, about=scene.subject, only_if_shown=True
    )
