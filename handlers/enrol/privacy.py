"""隐私: in three sentences what is kept, who sees it, whom to ask; said at the binding and by /privacy.

The sentences are true of what storage/ keeps: the roll, reports, messages, chats, and for a while what came in."""

from datetime import date

from handlers.model import Duty, Message, Person, Text, ToHere, Update, text
from handlers.outcome import Outcome
from handlers.questions import Ask, Holders, RulesOn
from handlers.rulebook import Rules
from handlers.words import NOTHING, duty_and_title


def privacy(update: Update, ask: Ask, person: Person) -> Outcome:
    """/privacy, in private only: it names the 报告人 and their phone."""
    return Outcome(says=(Message(f"privacy:{update.id}", ToHere(), privacy_words(ask, person, update.today)),))


def privacy_words(ask: Ask, person: Person, day: date) -> Text:
    rules = ask(RulesOn(day))
    days, health = rules.kept["inbox"].days, rules.kept["health"].days
    papers = rules.paper_kept.days
    return text("enrol.privacy", days=days, health=health, papers=papers, whom=_whom(ask, person, day, rules))


def _whom(ask: Ask, person: Person, day: date, rules: Rules) -> Text:
    """The school's 疫情报告人; for the 报告人 and the district's own staff, the district's office."""
    reporters = ask(Holders(person.school, Duty.REPORTER, day)) if person.school else ()
    reporter = next(iter(reporters), None)
    if reporter is None or person.has(Duty.REPORTER):
        return text("enrol.ask_office", phone=rules.office_phone)
    phone = text("enrol.ask_phone", phone=reporter.phone) if reporter.phone else NOTHING
    return text("enrol.ask_reporter", who=duty_and_title(reporter, Duty.REPORTER), phone=phone)
