"""Reading the ledger: one's own entries, a school's, the district's school by school; by day, never by person, never
counted and never ranked."""

from handlers.ledger.rights import may_read, may_settle, reads_school
from handlers.ledger.showing import FOR_A_PERSON, lines, state_of
from handlers.model import Choice, Choices, Duty, Message, Person, Text, ToHere, Update, choice, in_rows, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, LedgerEntry, LedgerPage, LedgerView, RulesOn, SchoolOf, Schools
from handlers.rulebook import Rules
from handlers.words import literal

PAGE = 8  # entries
MINE = "mine"
MOST_SCHOOLS = 90  # buttons of one message


def ledger(update: Update, ask: Ask, person: Person) -> Outcome:
    """/ledger, 我的记录: by right. A button names whose, and how many of the newest are passed over."""
    if update.tap is None:
        whose = _first(person)
        return Outcome(says=(_schools(update, ask, person) if whose is None else _page(update, ask, person, whose, 0),))
    whose, skip = update.args[0], update.args[1] if len(update.args) > 1 else ""
    if not skip.isdigit() or len(skip) > 6:
        return pop_up(text("answer.unknown_button"))
    if whose != MINE and not reads_school(person, whose):
        return pop_up(text("answer.no_right"))
    return Outcome(says=(_page(update, ask, person, whose, int(skip)),))


def _first(person: Person) -> str | None:
    """What is shown to whom when they ask: a school's to its office, one's own to a teacher; None: the schools."""
    if person.has(Duty.LIAISON):
        return None
    if person.school is not None and reads_school(person, person.school):
        return person.school
    return MINE


def _schools(update: Update, ask: Ask, person: Person) -> Message:
    schools = ask(Schools(update.today))[:MOST_SCHOOLS]
    buttons = [choice(literal(one.short), "ledger", one.id, 0) for one in schools]
    if person.classes:
        buttons.insert(0, choice(text("button.my_ledger"), "ledger", MINE, 0))
    rows = in_rows(buttons, 3)
    return _here(update, text("ledger.schools"), rows)


def _page(update: Update, ask: Ask, person: Person, whose: str, skip: int) -> Message:
    mine = whose == MINE
    found = ask(LedgerPage(None if mine else whose, person.id if mine else None, skip, PAGE + 1))
    entries, rules = found[:PAGE], ask(RulesOn(update.today))
    school = None if mine else ask(SchoolOf(whose))
    title = text("ledger.mine") if school is None else text("ledger.of_school", school=school.name)
    shown = tuple(
        text("ledger.numbered", n=n, entry=lines(update, rules, one, official=not mine))
        for n, one in enumerate(entries, skip + 1)
    )
    words = text("ledger.list", title=title, lines=shown or (text("ledger.nothing"),))
    choices = (*_open(entries, skip), *_turn(person, whose, skip, more=len(found) > PAGE))
    return _here(update, words, choices)


def _open(entries: tuple[LedgerView, ...], skip: int) -> Choices:
    buttons = [choice(text("button.entry", n=n), "entry", one.id) for n, one in enumerate(entries, skip + 1)]
    return in_rows(buttons, 4)


def _turn(person: Person, whose: str, skip: int, *, more: bool) -> Choices:
    row: list[Choice] = []
    if skip:
        row.append(choice(text("button.newer"), "ledger", whose, max(0, skip - PAGE)))
    if more:
        row.append(choice(text("button.older"), "ledger", whose, skip + PAGE))
    own = ((choice(text("button.my_ledger"), "ledger", MINE, 0),),) if whose != MINE and person.classes else ()
    return (*((tuple(row),) if row else ()), *own)


def _here(update: Update, words: Text, choices: Choices) -> Message:
    return Message(update.on or f"ledger_list:{update.id}", ToHere(), words, choices, in_place=True)


# One entry


def entry(update: Update, ask: Ask, person: Person) -> Outcome:
    """`entry ENTRY`: with what this reader may do about it."""
    found = ask(LedgerEntry(update.args[0])) if update.args else None
    if found is None:
        return pop_up(text("answer.unknown_button"))
    if not may_read(person, found):
        return pop_up(text("answer.no_right"))
    return Outcome(says=(shown(update, ask(RulesOn(update.today)), person, found),))


def shown(update: Update, rules: Rules, person: Person, found: LedgerView) -> Message:
    mine = person.id == found.person.id
    words = text("ledger.one", entry=lines(update, rules, found, official=not mine), how=_how(person, found))
    return _here(update, words, _choices(update, rules, person, found))


def _how(person: Person, found: LedgerView) -> Text:
    if person.id == found.person.id:
        return text("ledger.how")
    return text("ledger.how_settle" if may_settle(person, found) else "ledger.how_read")


def _choices(update: Update, rules: Rules, person: Person, found: LedgerView) -> Choices:
    if person.id == found.person.id:
        explain = ((choice(text("button.explain"), "why", found.id),),) if found.settled is None else ()
        return (*explain, (_back(MINE),))
    buttons = _settling(update, rules, found) if may_settle(person, found) else ()
    return (*in_rows(buttons, 2), (_back(found.school.id),))


def _settling(update: Update, rules: Rules, found: LedgerView) -> tuple[Choice, ...]:
    whys = _whys(found.kind, state_of(update, rules, found))
    return tuple(choice(text(f"ledger.why.{why}"), "settle", found.id, why) for why in whys)


def _whys(kind: str, state: str) -> tuple[str, ...]:
    """Which buttons an entry has: what is never decided by the system is judged by a person, once it was heard."""
    judged = ("judged",) if state != "waiting" and (kind in FOR_A_PERSON or state in ("untold", "left")) else ()
    if kind in FOR_A_PERSON:
        return ("checked", *judged)
    return ("ill", "unassigned", "platform", "checked", *judged, "mistaken")


def _back(whose: str) -> Choice:
    return choice(text("button.back"), "ledger", whose, 0)
