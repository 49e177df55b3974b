"""A certificate goes with its case: so many days after its end (rule `retention.certificate_days`); one that nobody
named a case for, after a day. That it went is a fact; the bytes go once that is recorded."""

from datetime import date, timedelta

from handlers.facts import FileGone
from handlers.model import Update
from handlers.outcome import Outcome
from handlers.questions import Ask, OldFiles, RulesOn

UNUSED = timedelta(days=1)


def old_files(update: Update, ask: Ask, school: str, day: date) -> Outcome:
    """Of one school, in its lane."""
    closed = day - ask(RulesOn(day)).paper_kept
    old = ask(OldFiles(school, update.at - UNUSED, closed))
    return Outcome(facts=tuple(FileGone(id, why) for id, why in old))
