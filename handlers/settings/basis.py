"""依据: what the district has decided, each with the document and clause it rests on."""

from collections.abc import Iterator
from datetime import timedelta

from handlers.model import Message, Method, Person, Text, ToHere, Update, Value, text
from handlers.outcome import Outcome
from handlers.questions import Ask, RulesOn
from handlers.returning.rows import rule_words, source_of
from handlers.rulebook import PLACES, STAGES, Rules
from handlers.words import degrees, listed

HOUR = timedelta(hours=1)


def basis(update: Update, ask: Ask, person: Person) -> Outcome:
    """`/basis`."""
    lines = tuple(_lines(ask(RulesOn(update.today))))
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), text("basis.all", lines=lines)),))


def _lines(rules: Rules) -> Iterator[Text]:
    for one in rules.run:
        what: Text = text(
            "basis.round",
            round=one.name,
            opens=f"{one.opens:%H:%M}",
            deadline=f"{one.deadline:%H:%M}",
            summary=f"{one.posted:%H:%M}",
            close=f"{one.close:%H:%M}",
        )
        yield _line(rules, f"round.{one.id}", what)
    for method in Method:
        yield _line(
            rules,
            f"fever.{method}",
            text("basis.fever", method=text(f"method.{method}"), line=degrees(rules.fever[method])),
        )
    for code in sorted(rules.alarming):
        yield _line(rules, f"symptom.{code}", text("basis.alarming", symptom=text(f"symptom.{code}")))
    yield _line(rules, "alert.told", text("basis.told", who=listed([text(f"duty.{duty}") for duty in rules.told])))
    chain = listed([text(f"duty.{duty}") for duty in rules.chain], "list.then")
    minutes = int(rules.patience.total_seconds() // 60)
    yield _line(rules, "alert.chain", text("basis.chain", minutes=minutes, chain=chain))
    yield from _following(rules)
    for rule in rules.returns.values():
        what = text("basis.returns", name=rule.name, row=rule_words(rule))
        yield text("basis.line", what=what, source=source_of(rules, rule))
    days = rules.paper_kept.days
    yield _line(rules, "retention.certificate_days", text("basis.certificates", days=days))
    for kind, kept in rules.kept.items():
        yield _line(rules, f"retention.{kind}_days", text(f"basis.retention_{kind}", days=kept.days))
    for place in PLACES:
        yield _line(rules, f"todo.{place}", text(f"basis.todo_{place}", steps=rules.todo[place]))


def _following(rules: Rules) -> Iterator[Text]:
    first, daily = f"{rules.first_contact:%H:%M}", f"{rules.daily_contact:%H:%M}"
    yield _line(rules, "followup.first_contact", text("basis.first_contact", time=first))
    yield _line(rules, "followup.daily", text("basis.daily_contact", time=daily))
    yield _line(rules, "followup.unknown_hours", text("basis.unknown", hours=rules.unknown_after // HOUR))
    if rules.followed_stages:
        stages = listed([text(f"stages.name.{one}") for one in STAGES if one in rules.followed_stages])
        yield _line(rules, "followup.every_day", text("basis.every_day", stages=stages))
    yield _line(rules, "fever.watch_hours", text("basis.watch", hours=rules.fever_watch // HOUR))
    when = text(f"basis.observed_{rules.observed_when}")
    yield _line(rules, "observation.days", text("basis.observation", days=rules.observation_days))
    yield _line(rules, "observation.when", when)


def _line(rules: Rules, key: str, what: Value) -> Text:
    return text("basis.line", what=what, source=rules.sources[key])
