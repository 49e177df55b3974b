"""复核人: who decides on a return at a school, as its 疫情报告人 or 校长 has named."""

from handlers.facts import RuleRow, RulesSet
from handlers.model import Answer, Duty, Message, Person, ToHere, Update, choice, text
from handlers.outcome import Outcome, pop_up
from handlers.plain import canonical
from handlers.questions import Ask, RulesOn
from handlers.returning.deciders import deciders
from handlers.rules.returning import DECIDE
from handlers.values import replace
from handlers.words import listed

SOURCE = "本学区规定（本校指定）"


def reviewer(update: Update, ask: Ask, person: Person) -> Outcome:
    """`/reviewer`: which role decides, and who that is now; a tap names another one from today on."""
    if person.school is None:
        return pop_up(text("answer.no_right"))
    rules = ask(RulesOn(update.today))
    if not update.args or update.tap is None:
        return Outcome(says=(_shown(update, ask, person.school, rules.reviewers.get(person.school, Duty.NURSE)),))
    if update.args[0] not in DECIDE:
        return pop_up(text("answer.unknown_button"))
    named = Duty(update.args[0])
    rule = RuleRow(f"reviewer.{person.school}", canonical(named), update.today, SOURCE)
    facts = (RulesSet((rule,)),) if named != rules.reviewers.get(person.school, Duty.NURSE) else ()
    says = (_shown(update, ask, person.school, named),)
    return Outcome(facts=facts, says=says, answer=Answer(text("answer.reviewer_set")))


def _shown(update: Update, ask: Ask, school: str, named: Duty) -> Message:
    rules = ask(RulesOn(update.today))
    rules = replace(rules, reviewers={**rules.reviewers, school: named})
    there = deciders(ask, rules, school, update)
    who = listed([text("literal", words=one.title) for one in there.first]) or text("returns.nobody")
    words = text("returns.reviewer", duty=text(f"duty.{named}"), now=text(f"duty.{there.duty}"), who=who)
    others = tuple(choice(text(f"duty.{duty}"), "reviewer", duty) for duty in DECIDE if duty is not named)
    return Message(update.on or f"reviewer:{update.id}", ToHere(), words, (others,), in_place=True)
