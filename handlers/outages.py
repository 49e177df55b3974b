"""系统中断: times in which the bot could hear nobody. What they disturbed says so: the doubt is ours, no teacher's."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from handlers.admins import admins, tell
from handlers.facts import Outage
from handlers.model import Person, Put, Report, Text, Update, Value, text
from handlers.outcome import Outcome
from handlers.plain import unstamp
from handlers.questions import Ask, ClassRow, LastSummary, Outages, OutageView, RulesOn, SchoolMorning, Schools
from handlers.rulebook import Round
from handlers.words import NOTHING, day_short, listed

MOST_SPANS = 3
A_MINUTE = timedelta(minutes=1)
SYSTEM = "system"  # the cause of a standing
KEPT = "kept"  # what was written in an outage comes after it
RESTORED = "restored"  # what was written, and answered, is gone: the database is a backup's
LOST = {KEPT: "outage.taps_lost", "lost": "outage.all_lost", RESTORED: "outage.restored"}


# What an outage means for a round


def inside(update: Update, ask: Ask, round: Round, day: date) -> tuple[OutageView, ...]:
    """Those between the round's cards and the hour from which nothing is sent any more."""
    return ask(Outages(*round.span(day, update.zone)))


def beside_deadline(update: Update, ask: Ask, round: Round, day: date) -> bool:
    """系统原因: an outage lay across the round's deadline, or ended shortly before it. Who tapped in it saw nothing
    come back, was teaching, and may find out hours later: so it excuses late and missing classes at any hour."""
    return any(_beside(update, ask, round, day, one) for one in inside(update, ask, round, day))


def _beside(update: Update, ask: Ask, round: Round, day: date, one: OutageView) -> bool:
    limit = round.limit(day, update.zone)
    return one.began < limit and one.ended >= limit - ask(RulesOn(day)).outage_beside


def could_report(teachers: Sequence[Person]) -> bool:
    """A class none of whose teachers can be written to was not kept from reporting by an outage."""
    return any(teacher.reachable for teacher in teachers)


def by_system(rows: Sequence[ClassRow], *, beside: bool) -> tuple[int, int]:
    """How many of the late classes, and of the missing ones."""
    due = [row for row in rows if beside and row.off is None and could_report(row.asked)]
    late = sum(row.report is not None and not row.report.timely for row in due)
    return late, sum(row.report is None for row in due)


# How it is said


def timeliness(report: Report, *, by_system: bool) -> Text:
    """按时, 逾时 or 逾时（系统原因）."""
    if report.timely:
        return text("receipt.on_time")
    return text("receipt.late_system" if by_system else "receipt.late")


def spans(update: Update, round: Round, day: date, outages: Sequence[OutageView]) -> tuple[tuple[str, str], ...]:
    """From HH:MM to HH:MM, from the round's first card at the earliest. Many are one, from the first to the last."""
    opens, _ = round.span(day, update.zone)
    found = [(update.local(max(one.began, opens)), update.local(one.ended)) for one in outages]
    return tuple(found) if len(found) <= MOST_SPANS else ((found[0][0], found[-1][1]),)


def line(update: Update, ask: Ask, round: Round, day: date) -> Value:
    """系统中断 08:02–08:21; nothing where there was none."""
    outages = inside(update, ask, round, day)
    shown = [text("outage.span", start=start, end=end) for start, end in spans(update, round, day, outages)]
    many = text("outage.times", n=len(outages)) if len(outages) > MOST_SPANS else NOTHING
    return text("outage.inside", spans=listed(shown), many=many) if shown else NOTHING


# When one is over


def gap(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`gap CHANNEL BEGAN ENDED kept|lost|restored`, put by the listener with the platform's first answer after it, or
    by a restore: whether what was written meanwhile comes later. The admins hear how long it was and what of it is
    lost; what the morning shows is shown again, each school's in its own lane."""
    channel, began, ended, written = update.args[0], unstamp(update.args[1]), unstamp(update.args[2]), update.args[3]
    rules = ask(RulesOn(update.today))
    if ended - began <= (rules.outage_from if written == KEPT else rules.outage_lossy):
        return Outcome()
    rounds = tuple(_disturbed(update, ask, began, ended))
    one_day = len({update.day_of(at) for at in (began, ended)}) == 1
    marked = any(_beside(update, ask, round, day, OutageView(began, ended)) for day, round in rounds)
    told, key = admins(ask, update.today), f"outage:{channel}:{update.args[1]}"
    words = text(
        "outage.over",
        start=update.local(began) if one_day else _with_day(update, began),
        end=update.local(ended) if one_day else _with_day(update, ended),
        lasted=_lasted(began, ended),
        lost=text(LOST[written]),
        marked=text("outage.marked") if marked else NOTHING,
    )
    return Outcome(
        facts=(Outage(channel, began, ended),),
        # a moment at night in which nobody was asked anything is no news
        says=tell(told if rounds or ended - began > rules.outage_from else (), key, words),
        puts=(
            *(put for day, round in rounds for put in _again(update, ask, day, round)),
            *(
                put
                for day, round in rounds
                for put in _ask_again(update, ask, day, round, OutageView(began, ended), written)
            ),
        ),
    )


def _disturbed(update: Update, ask: Ask, began: datetime, ended: datetime) -> Iterator[tuple[date, Round]]:
    """The rounds that it touched, in which any class was asked: one may have school when the district has none."""
    day, last = (update.day_of(at) for at in (began, ended))
    while day <= last:
        for round in ask(RulesOn(day)).rounds:
            opens, stop = round.span(day, update.zone)
            if began < stop and ended > opens and _asked(ask, day, round):
                yield day, round
        day += timedelta(days=1)


def _asked(ask: Ask, day: date, round: Round) -> bool:
    return any(row.off is None for one in ask(Schools(day)) for row in ask(SchoolMorning(one.id, day, round.id)).rows)


def _again(update: Update, ask: Ask, day: date, round: Round) -> Iterator[Put]:
    args = (day.isoformat(), round.id)
    for school in ask(Schools(day)):
        yield Put(school.id, f"disturbed:{update.id}:{day}:{round.id}:{school.id}", "disturbed", args)
    if day == update.today and ask(LastSummary(day, round.id)) is not None:
        yield Put("district", f"summary_again:{update.id}:{round.id}", "summary_again", args)


def _ask_again(update: Update, ask: Ask, day: date, round: Round, gap: OutageView, written: str) -> Iterator[Put]:
    """Who pressed in it saw nothing come back, for a platform keeps a press for two minutes at most. A reminder that is
    still to come, or waited for the end, tells them; after the last one this does. But who was told that they had
    reported, and have not, must read why they are asked again."""
    opens, stop = round.span(day, update.zone)
    reminders = [round.due(step, day, update.zone) for step in round.steps if step.to == "teachers"]
    reminded = written != RESTORED and any(at > gap.began for at in reminders)
    if round.of_classes and opens <= update.now < stop and not reminded:
        for school in ask(Schools(day)):
            native = f"ask_again:{update.id}:{day}:{round.id}:{school.id}"
            args = (day.isoformat(), round.id, update.local(gap.began), update.local(gap.ended), written)
            yield Put(school.id, native, "ask_again", args)


def _with_day(update: Update, at: datetime) -> Text:
    return text("day.hour", day=day_short(update.day_of(at)), time=update.local(at))


def _lasted(began: datetime, ended: datetime) -> Text:
    """As the two hours that stand beside it say, which are without seconds."""
    if ended - began < A_MINUTE:
        return text("outage.under_a_minute")
    first, last = (at.replace(second=0, microsecond=0) for at in (began, ended))
    minutes = (last - first) // A_MINUTE
    hours, rest = divmod(minutes, 60)
    return text("outage.hours", hours=hours, minutes=rest) if hours else text("outage.minutes", n=minutes)
