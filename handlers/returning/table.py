"""复课规则: the table of diseases as the district has chosen, and how an admin chooses another published row of it."""

from datetime import date, timedelta

from handlers.facts import RuleRow, RulesSet
from handlers.following.showing import needs
from handlers.model import Answer, Choice, Choices, Duty, Message, Person, Text, ToHere, Update, choice, in_rows, text
from handlers.outcome import Outcome, pop_up
from handlers.plain import canonical
from handlers.questions import Ask, RulesOn
from handlers.returning.rows import row_words, rule_words, source_of
from handlers.rulebook import Rules
from handlers.rules.returning import OBSERVATION, ReturnRule
from handlers.settings.ruling import return_value
from handlers.words import NOTHING, day_full

A_ROW = 3
LIST = "all"


def returns(update: Update, ask: Ask, person: Person) -> Outcome:
    """`/returns`: every disease with its chosen row and source. `returns CODE`: its rows, each other one a button.
    `returns CODE ROW DAY`: that row from that day on."""
    rules = ask(RulesOn(update.today))
    code, *chosen = update.args or (LIST,)
    if update.tap is None or code == LIST:
        return Outcome(says=(_shown(update, _table(rules, person)),))
    rule = rules.returns.get(code)
    if rule is None or not rule.rows:
        return pop_up(text("answer.unknown_button"))
    if not chosen:
        return Outcome(says=(_shown(update, _rows(update, ask, rule, person)),))
    return _choose(update, ask, person, code, chosen)


def _shown(update: Update, page: tuple[Text, Choices]) -> Message:
    words, choices = page
    return Message(update.on or f"returns:{update.id}", ToHere(), words, choices, in_place=True)


# The pages


def _table(rules: Rules, person: Person) -> tuple[Text, Choices]:
    known = tuple(rule for code, rule in rules.returns.items() if code != OBSERVATION)  # that ends by a release
    lines = tuple(
        text("returns.line", name=rule.name, row=rule_words(rule), source=source_of(rules, rule)) for rule in known
    )
    may = person.has(Duty.ADMIN)
    buttons = [choice(text("case.cause", name=rule.name), "returns", rule.code) for rule in known if len(rule.rows) > 1]
    rows = in_rows(buttons, A_ROW)
    return text("returns.all", lines=lines, how=text("returns.how") if may else NOTHING), rows


def _line(rules: Rules, rule: ReturnRule) -> Text:
    return text("returns.line", name=rule.name, row=rule_words(rule), source=source_of(rules, rule))


def _rows(update: Update, ask: Ask, rule: ReturnRule, person: Person) -> tuple[Text, Choices]:
    lines = tuple(
        text("returns.row", mark=_mark(rule, n), n=n + 1, what=row_words(row), source=row.source)
        for n, row in enumerate(rule.rows)
    )
    changes = _ahead(update, ask, rule)
    words = text("returns.of", name=rule.name, lines=lines, needs=needs(rule), ahead=changes)
    buttons: list[tuple[Choice, ...]] = []
    if person.has(Duty.ADMIN):
        buttons = [_buttons(update, rule, n) for n in range(len(rule.rows)) if n != rule.chosen]
    return words, (*buttons, (choice(text("button.back"), "returns", LIST),))


def _buttons(update: Update, rule: ReturnRule, n: int) -> tuple[Choice, ...]:
    days = (("today", update.today), ("tomorrow", update.today + timedelta(days=1)))
    return tuple(
        choice(text(f"button.row_{when}", n=n + 1), "returns", rule.code, n, f"{day:%Y%m%d}") for when, day in days
    )


def _mark(rule: ReturnRule, n: int) -> Text:
    return text("settings.method_chosen" if n == rule.chosen else "settings.method_other")


def _ahead(update: Update, ask: Ask, rule: ReturnRule) -> Text | str:
    """What holds from tomorrow on, where that is another row."""
    tomorrow = update.today + timedelta(days=1)
    then = ask(RulesOn(tomorrow)).returns.get(rule.code)
    if then is None or then.chosen == rule.chosen:
        return NOTHING
    return text("returns.ahead", day=day_full(tomorrow), n=then.chosen + 1)


# Choosing


def _choose(update: Update, ask: Ask, person: Person, code: str, chosen: list[str]) -> Outcome:
    """From a day on, with who chose it; the row that held before stays on record."""
    if not person.has(Duty.ADMIN):
        return pop_up(text("answer.not_yours"))
    day = _day(update, chosen)
    rule = ask(RulesOn(day)).returns.get(code) if day is not None else None
    if day is None or rule is None or not chosen[0].isdigit() or int(chosen[0]) >= len(rule.rows):
        return pop_up(text("answer.returns_stale"))
    n = int(chosen[0])
    value = return_value(rule) | {"chosen": n}
    fact = RulesSet((RuleRow(f"return.{code}", canonical(value), day, rule.rows[n].source),))
    words = text("returns.set", name=rule.name, n=n + 1, day=day_full(day), what=row_words(rule.rows[n]))
    back: Choices = ((choice(text("button.back"), "returns", LIST),),)
    facts = (fact,) if n != rule.chosen else ()
    return Outcome(facts=facts, says=(_shown(update, (words, back)),), answer=Answer(text("answer.returns_set")))


def _day(update: Update, chosen: list[str]) -> date | None:
    """Today or tomorrow; a button of an earlier day sets nothing."""
    days = (update.today, update.today + timedelta(days=1))
    return next((day for day in days if chosen[1:2] == [f"{day:%Y%m%d}"]), None)
