"""说明原因: whoever an entry names says why, by a button or by /explain; nothing that was said is overwritten."""

from collections.abc import Sequence
from datetime import date

from handlers.class_names import class_first
from handlers.facts import Explained
from handlers.ids import new_id
from handlers.ledger.masking import masked
from handlers.ledger.showing import REASONS, head, key, lines, told_again
from handlers.model import Answer, Choices, Message, Person, Put, Text, ToHere, ToPerson, Update, choice, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, Explanation, LedgerEntry, LedgerPage, LedgerView, RollOf, RulesOn
from handlers.rules.dates import read_day
from handlers.rules.spelling import plain
from handlers.values import replace

LONGEST = 300  # characters
RECENT = 20  # entries that /explain looks among


def _own(update: Update, ask: Ask, person: Person) -> LedgerView | Outcome:
    """The entry that a button names, where it is this person's."""
    entry = ask(LedgerEntry(update.args[0])) if update.args else None
    if entry is None:
        return pop_up(text("answer.unknown_button"))
    return entry if entry.person.id == person.id else pop_up(text("answer.not_yours"))


# By a button


def reasons(update: Update, ask: Ask, person: Person) -> Outcome:
    """`why ENTRY`: the reasons most often given, each a tap; any other is typed."""
    entry = _own(update, ask, person)
    if isinstance(entry, Outcome):
        return entry
    words = text(
        "ledger.ask_why",
        head=head(entry, official=False),
        klass=entry.klass.name,
        day=f"{entry.day.month}月{entry.day.day}日",
    )
    buttons = [choice(text(f"ledger.reason.{one}"), "explained", entry.id, one) for one in REASONS]
    choices: Choices = (tuple(buttons[:2]), tuple(buttons[2:]))
    return Outcome(says=(Message(key(entry), ToPerson(person.id), words, choices, in_place=True),))


def told_reason(update: Update, ask: Ask, person: Person) -> Outcome:
    """`explained ENTRY REASON`."""
    entry = _own(update, ask, person)
    if isinstance(entry, Outcome):
        return entry
    if len(update.args) != 2 or update.args[1] not in REASONS:
        return pop_up(text("answer.unknown_button"))
    _, outcome = _kept(update, ask, entry, update.args[1], "")
    return outcome + Outcome(answer=Answer(text("ledger.explanation_kept")))


def _kept(update: Update, ask: Ask, entry: LedgerView, reason: str | None, words: str) -> tuple[LedgerView, Outcome]:
    """The entry as it is now; the message that told of it shows the explanation."""
    fact = Explained(new_id(update.seed, "explained", entry.id), entry.id, entry.person.id, reason, words, update.at)
    now = replace(entry, explanations=(*entry.explanations, Explanation(reason, words, update.at)))
    return now, Outcome((fact,), (told_again(update, ask(RulesOn(update.today)), now),))


# Typed


def explain(update: Update, ask: Ask, person: Person) -> Outcome:
    """`/explain [班级] [日期] 原因`. Without a class and a day it is of the only class-day that waits for one. Several
    entries of one class-day, such as a late report and a pupil left out of it, are explained together."""
    entries = [one for one in ask(LedgerPage(None, person.id, 0, RECENT)) if one.settled is None]
    if not entries:
        return _say(update, text("ledger.nothing_to_explain"))
    words = update.text.strip()
    if not words:
        return _which(update, entries, "ledger.explain_which")
    if len(words) > LONGEST:
        return _say(update, text("ledger.explain_long", most=LONGEST))
    found, said = _meant(words, entries, update.today)
    if len({(one.klass.id, one.day) for one in found}) != 1:
        return _which(update, entries, "ledger.explain_say_which")
    if not said:
        return _which(update, found, "ledger.explain_which")
    return Outcome(puts=(_handed_over(update, ask, found, said),))


def _say(update: Update, words: Text, choices: Choices = ()) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words, choices),))


def _which(update: Update, entries: Sequence[LedgerView], key: str) -> Outcome:
    items = [head(one, official=False) for one in entries]
    rows = tuple((choice(item, "why", one.id),) for item, one in zip(items, entries, strict=True))
    return _say(update, text(key, lines=tuple(items)), rows)


def _meant(typed: str, entries: Sequence[LedgerView], today: date) -> tuple[Sequence[LedgerView], str]:
    """Those of the class and the day that the words begin with; words that fit none are taken for the explanation,
    which is kept as it was typed."""
    words = plain(typed)
    roll, rest = class_first(words)
    if roll is not None and (of_class := [one for one in entries if one.klass.name == roll.name]):
        entries, words = of_class, rest
    said = read_day(words, 0, today)
    day, end = (said[0].back, said[1]) if said else (None, 0)
    if of_day := [one for one in entries if one.day == day]:
        entries, words = of_day, words[end:]
    silent = [one for one in entries if not one.explanations]
    return silent or entries, typed[len(typed) - len(words) :].strip(" ,，。:：")


def _handed_over(update: Update, ask: Ask, entries: Sequence[LedgerView], said: str) -> Put:
    """Stated in the lane of the entries' school: who moved to another one still explains what was there."""
    first = entries[0]
    roll = ask(RollOf(first.school.name, first.day, False))
    words = masked(said, roll.pupils, {one.id: one.name for one in roll.classes}, first.klass.id)
    args = tuple(one.id for one in entries)
    return Put(first.school.id, f"explanation:{update.id}", "explanation", args, words)


def explanation(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`explanation ENTRY …` with the words."""
    rules, outcome, shown = ask(RulesOn(update.today)), Outcome(), []
    entries = [entry for one in update.args if (entry := ask(LedgerEntry(one))) is not None]
    for entry in entries:
        now, kept = _kept(update, ask, entry, None, update.text)
        outcome += kept
        shown.append(lines(update, rules, now, official=False))
    told = text("ledger.explanation_told", entries=tuple(shown))
    to = {entry.person.id for entry in entries}
    return outcome.and_say(*(Message(f"explained:{update.id}", ToPerson(one), told) for one in to))
