"""测温方式: how a school takes temperatures, as its 疫情报告人, 副报告人 or 校医 has chosen."""

from handlers.facts import RuleRow, RulesSet
from handlers.model import Answer, Choices, Message, Method, Person, Text, ToHere, Update, choice, text
from handlers.outcome import Outcome, pop_up
from handlers.plain import canonical
from handlers.questions import Ask, RulesOn
from handlers.rulebook import Rules
from handlers.words import degrees

SOURCE = "本学区规定（本校选定）"


def thermometer(update: Update, ask: Ask, person: Person) -> Outcome:
    """`/thermometer`: what is chosen, with a button for each way; a tap chooses it for the school from today on."""
    rules = ask(RulesOn(update.today))
    if person.school is None:
        return pop_up(text("answer.no_right"))
    if not update.args:
        return Outcome(says=(_shown(update, rules, person.school, rules.method_of(person.school)),))
    if update.args[0] not in set(Method):
        return pop_up(text("answer.unknown_button"))
    chosen = Method(update.args[0])
    rule = RuleRow(f"method.{person.school}", canonical(chosen), update.today, SOURCE)
    facts = (RulesSet((rule,)),) if chosen is not rules.method_of(person.school) else ()
    return Outcome(facts, (_shown(update, rules, person.school, chosen),), Answer(text("settings.method_set")))


def _shown(update: Update, rules: Rules, school: str, chosen: Method) -> Message:
    lines = tuple(
        text(
            "settings.method_line",
            mark=text("settings.method_chosen" if method is chosen else "settings.method_other"),
            method=text(f"method.{method}"),
            line=degrees(rules.fever[method]),
            source=rules.sources[f"fever.{method}"],
        )
        for method in Method
    )
    words: Text = text("settings.methods", lines=lines)
    key = update.on or f"thermometer:{update.id}"
    return Message(key, ToHere(), words, _choices(chosen), in_place=True)


def _choices(chosen: Method) -> Choices:
    return (
        tuple(choice(text(f"method.{method}"), "thermometer", method) for method in Method if method is not chosen),
    )
