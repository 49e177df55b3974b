"""How an entry of the ledger reads: to whom it names, in everyday words; to the office, by its official name."""

from datetime import datetime

from handlers.model import Account, Choices, Message, PupilRef, Text, ToPerson, Update, Urgency, Value, choice, text
from handlers.questions import Explanation, LedgerView, SightingView
from handlers.rulebook import Rules
from handlers.values import replace
from handlers.words import NOTHING, day_full, day_short, entry_words, hour_of

REASONS = ("ill", "teaching", "network", "phoned")  # offered to whoever explains
FOR_A_PERSON = ("doubtful", "contradiction")  # what is never decided by the system

# Where it stands


def explain_by(update: Update, rules: Rules, entry: LedgerView) -> datetime | None:
    """Until then it is the person's own; None while no such school day is known."""
    if entry.explain_day is None:
        return None
    return datetime.combine(entry.explain_day, rules.explain_until, update.zone)


def state_of(update: Update, rules: Rules, entry: LedgerView) -> str:
    """counts, excused, no_fault, withdrawn; waiting for the person's explanation; to_judge by a person; untold; left
    before they could explain."""
    if entry.settled is not None:
        return entry.settled.state
    until = explain_by(update, rules, entry)
    if not entry.told:
        return "untold"
    if entry.left:
        return "left"
    if until is None or update.now < until:
        return "waiting"
    return "to_judge" if entry.kind in FOR_A_PERSON else "counts"


def state(update: Update, rules: Rules, entry: LedgerView) -> Text:
    found = state_of(update, rules, entry)
    if entry.settled is not None:
        by = entry.settled.by
        why = text(f"ledger.why.{entry.settled.why}")
        key = "counts_by" if found == "counts" else found
        return text(f"ledger.state.{key}", why=why, by=by.title if by else text("ledger.by_system"))
    for_a_person = found == "waiting" and entry.kind in FOR_A_PERSON
    return text(f"ledger.state.{'waiting_look' if for_a_person else found}", until=_until(update, rules, entry))


def _until(update: Update, rules: Rules, entry: LedgerView) -> Value:
    until = explain_by(update, rules, entry)
    if until is None:
        return text("ledger.until_school")
    return text("day.hour", day=day_short(update.day_of(until)), time=update.local(until))


# What happened


def what(update: Update, entry: LedgerView) -> Text:
    """The evidence, in a sentence."""
    evidence, day = entry.evidence, entry.day
    pupil = PupilRef(evidence.pupil, evidence.seat or 0) if evidence.pupil else NOTHING
    at = hour_of(update, evidence.reported_at, day) if evidence.reported_at else NOTHING
    match entry.kind:
        case "late":
            return text("ledger.what.late", due=update.local(evidence.due), at=at)
        case "missing":
            return text("ledger.what.missing", due=update.local(evidence.due))
        case "omitted" | "doubtful":
            added = hour_of(update, evidence.added_at, day) if evidence.added_at else NOTHING
            known = text(f"ledger.known.{evidence.known or 'unsaid'}")
            return text("ledger.what.added", pupil=pupil, at=at, added=added, known=known)
        case "contradiction":
            seen = sighted(update, entry.sighting) if entry.sighting else NOTHING
            return text("ledger.what.contradiction", seen=seen, at=at, rev=evidence.rev)
        case _:
            by = entry.found_by.title if entry.found_by else NOTHING
            return text("ledger.what.concealed", by=by, words=Account(evidence.words or NOTHING))


def sighted(update: Update, seen: SightingView) -> Text:
    """校门口07:40登记：17号 38.5℃（额温）."""
    pupil = PupilRef(seen.entry.pupil, seen.seat)
    if seen.kind == "leave_note":
        span = day_short(seen.day) if seen.day == seen.until else _span(seen)
        return text("sighting.leave_note", days=span, pupil=pupil, what=entry_words(seen.entry))
    time = hour_of(update, seen.at, seen.day)
    return text(f"sighting.{seen.kind}", time=time, pupil=pupil, what=entry_words(seen.entry))


def _span(seen: SightingView) -> Text:
    return text("sighting.span", first=day_short(seen.day), last=day_short(seen.until))


def explanation(update: Update, entry: LedgerView, one: Explanation) -> Text:
    said: Value = text(f"ledger.reason.{one.reason}") if one.reason else Account(one.words)
    return text("ledger.explained", time=hour_of(update, one.at, entry.day), what=said)


def explanations(update: Update, entry: LedgerView) -> tuple[Text, ...]:
    return tuple(explanation(update, entry, one) for one in entry.explanations)


def head(entry: LedgerView, *, official: bool) -> Text:
    """三(2)班 9月1日（周二）晨检 逾时; to the office by its official name, and whose it is."""
    kind = text(f"ledger.{'official' if official else 'kind'}.{entry.kind}")
    return text(
        "ledger.head_official" if official else "ledger.head",
        day=day_full(entry.day),
        round=entry.called,
        klass=entry.klass.name,
        kind=kind,
        who=entry.person.title,
    )


def lines(update: Update, rules: Rules, entry: LedgerView, *, official: bool) -> Text:
    """The whole entry, as it stands in a list."""
    return text(
        "ledger.entry",
        head=head(entry, official=official),
        what=what(update, entry),
        explained=explanations(update, entry),
        state=state(update, rules, entry),
    )


# To whom it names


def key(entry: LedgerView) -> str:
    return f"ledger:{entry.id}"


def told(update: Update, rules: Rules, entry: LedgerView) -> Message:
    """What they hear first, and how to explain it."""
    open_still = entry.settled is None
    words = text(
        f"ledger.told_{entry.kind if entry.kind == 'contradiction' else 'you'}",
        title=entry.person.title,
        head=head(entry, official=False),
        what=what(update, entry),
        explained=explanations(update, entry),
        state=state(update, rules, entry),
        how=text("ledger.how") if open_still else NOTHING,
    )
    choices = explain_choices(entry) if open_still else ()
    return Message(key(entry), ToPerson(entry.person.id), words, choices, Urgency.REMINDER)


def explain_choices(entry: LedgerView) -> Choices:
    """说明原因; and where two records differ the way to list the pupil."""
    explain = choice(text("button.explain"), "why", entry.id)
    if entry.kind != "contradiction":
        return ((explain,),)
    args = (entry.klass.id, f"{entry.day:%Y%m%d}", entry.round, entry.evidence.rev)
    return ((choice(text("button.supplement"), "more", *args), explain),)


def told_again(update: Update, rules: Rules, entry: LedgerView, *, ring: bool = False) -> Message:
    """The same message as it stands now: an edit, or sent anew where it must be heard."""
    return replace(told(update, rules, entry), fresh=ring, only_if_shown=not ring)
