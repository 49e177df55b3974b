"""What everybody concerned is told of a 代班, each in a message of their own that is kept true."""

from collections.abc import Collection, Iterator
from datetime import date

from handlers.answering import keepers
from handlers.cards import acknowledged
from handlers.following.showing import case_line
from handlers.model import Choice, Choices, Message, Person, Text, ToPerson, Update, Value, choice, text
from handlers.questions import AlertsOn, Ask, DraftsFor, RulesOn, StandIn, WhoIs
from handlers.rules.sums import add_up
from handlers.scene import Scene, look
from handlers.values import replace
from handlers.words import NOTHING, day_short, findings, hour_of


def notices(update: Update, ask: Ask, one: StandIn, *, ring: Collection[str] = ()) -> tuple[Message, ...]:
    """To the substitute first, above the card that follows; to who named them, the school's 疫情报告人 and the absent
    teacher. `ring`: to these it is news; of the others only what is there already is edited."""
    concerned = (one.person, one.by, *keepers(ask, one.klass.school, update.today)[:1], one.absent)
    readers = {reader.id: reader for reader in concerned if reader is not None}
    return tuple(
        replace(notice(update, ask, one, reader), fresh=id in ring, only_if_shown=id not in ring)
        for id, reader in readers.items()
    )


def notice(update: Update, ask: Ask, one: StandIn, reader: Person) -> Message:
    words, choices = _said(update, ask, one, reader)
    return Message(key_of(one.id, reader), ToPerson(reader.id), words, choices)


NOTICE = "substitute"


def key_of(id: str, reader: Person) -> str:
    return f"{NOTICE}:{id}:{reader.id}"


def _said(update: Update, ask: Ask, one: StandIn, reader: Person) -> tuple[Text, Choices]:
    if reader.id == one.person.id:
        return _to_substitute(update, ask, one)
    if one.absent is not None and reader.id == one.absent.id != one.by.id:
        return _to_absent(update, one)
    return _to_office(update, one)


def over(one: StandIn, today: date) -> bool:
    """Nothing of it is still to come."""
    return one.until < today or (one.ended is not None and one.ended <= max(one.since, today))


def span(one: StandIn) -> Value:
    """9月1日, 9月1日—9月5日."""
    if one.since == one.until:
        return day_short(one.since)
    return text("substitute.span", since=day_short(one.since), until=day_short(one.until))


# Who is away, and who arranged it


def _to_absent(update: Update, one: StandIn) -> tuple[Text, Choices]:
    words = text("substitute.absent", by=one.by.title, klass=one.klass.name, span=span(one), state=_state(update, one))
    return words, () if over(one, update.today) else ((_take_back(one, "button.here_after_all"),),)


def _to_office(update: Update, one: StandIn) -> tuple[Text, Choices]:
    words = text(
        "substitute.office",
        klass=one.klass.name,
        span=span(one),
        absent=one.absent.title if one.absent else text("substitute.no_teacher"),
        person=one.person.title,
        state=_state(update, one),
    )
    if over(one, update.today):
        return words, ()
    only_today = (TODAY,) if one.until == update.today else ()
    another = choice(text("button.another_substitute"), "hand_over", one.klass.id, *only_today)
    longer = choice(text("button.longer"), "days", one.klass.id, one.person.id)
    first = (another,) if one.declined_at is not None else (another, longer)
    return words, (first, (_take_back(one, "button.take_back"),))


TODAY = "today"  # stands in a button for this day alone


def _take_back(one: StandIn, label: str) -> Choice:
    return choice(text(label), "take_back", one.klass.id, one.id)


def _state(update: Update, one: StandIn) -> Text:
    who = one.person.title
    if one.ended is not None:
        return text("substitute.ended", day=day_short(one.ended))
    if one.until < update.today:
        return text("substitute.over")
    if one.declined_at is not None:
        return text("substitute.declined", who=who, time=hour_of(update, one.declined_at, update.today))
    if one.accepted_at is not None:
        return text("substitute.accepted", who=who, time=hour_of(update, one.accepted_at, update.today))
    return text("substitute.waiting", who=who)


# The substitute


def _to_substitute(update: Update, ask: Ask, one: StandIn) -> tuple[Text, Choices]:
    values: dict[str, Value] = {
        "title": one.person.title,
        "by": one.by.title,
        "klass": one.klass.name,
        "span": span(one),
        "absent": text("substitute.is_away", who=one.absent.title) if one.absent else NOTHING,
    }
    if one.declined_at is not None:
        return text("substitute.you_declined", **values), ()
    if over(one, update.today):
        return text("substitute.you_ended", **values), ()
    cannot = choice(text("button.cannot"), "decline", one.klass.id, one.id)
    if one.accepted_at is None:
        accept = choice(text("button.accept"), "accept", one.klass.id, one.id)
        return text("substitute.asked", **values), ((accept,), (cannot,))
    values |= {"time": update.local(update.now), "open": tuple(_open(update, ask, one))}
    return text("substitute.you_accepted", **values), ((cannot,),)


def _open(update: Update, ask: Ask, one: StandIn) -> Iterator[Text]:
    """What is open in the class today: what is not reported or not sent, today's alerts, the open cases."""
    if not one.holds(update.today):
        return
    rounds = [round for round in ask(RulesOn(update.today)).rounds_of(one.klass.school) if round.of_classes]
    scenes = [look(update, ask, one.klass.id, update.today, round.id) for round in rounds]
    for scene in scenes:
        if scene is not None and scene.view.off is None and _begun(scene):
            yield _report(scene)
            yield from _unsent(scene, ask, one)
    for alert in ask(AlertsOn(update.today, one.klass.school, one.klass.id)):
        if alert.withdrawn_at is None:
            yield text("substitute.alert", seat=alert.seat, state=acknowledged(update, alert))
    for scene in scenes[:1]:
        if scene is not None:
            yield from (case_line(scene, case) for case in scene.cases if case.ended is None)


def _begun(scene: Scene) -> bool:
    return scene.update.now >= scene.round.span(scene.day, scene.update.zone)[0]


def _report(scene: Scene) -> Text:
    round, report = scene.round.name, scene.report
    if report is None:
        return text("substitute.unreported", round=round, deadline=f"{scene.round.deadline:%H:%M}")
    found = findings(add_up(report.expected, report.entries, scene.rules.fever))
    time = scene.update.local(report.first_at or report.at)
    return text("substitute.reported", round=round, time=time, by=report.first_by_title, found=found)


def _unsent(scene: Scene, ask: Ask, one: StandIn) -> Iterator[Text]:
    """Of others: their own they know."""
    for draft in ask(DraftsFor(one.klass.id, scene.day, scene.round.id)):
        author = ask(WhoIs(draft.person, scene.day)) if draft.waits and draft.person != one.person.id else None
        if author is not None:
            yield text("substitute.unsent", who=author.title, n=draft.many)
