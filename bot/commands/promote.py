"""`roster promote`: shows what a new school year makes of every class, and moves them up, school by school."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from bot.commands import Say
from bot.machine import Machine, MachineError
from bot.texts import Words
from handlers.model import School, Text
from handlers.questions import Schools
from handlers.roster import NotNow, Promotion, TooEarly, lines, promotion
from storage import Tx
from storage.answers import Answers


class Planned(Struct, frozen=True):
    """One school: what becomes of it, or why nothing does."""

    school: School
    found: Promotion | None
    why: str


async def promote(machine: Machine, on: date | None, words: Words, say: Say, agreed: Callable[[], bool]) -> None:
    """Raises MachineError where no school can go up on that day, or one was set aside."""
    day = on or machine.today()
    planned = await machine.storage.read(lambda tx: _plan(tx, day, words))
    for line in _report(planned, words):
        say(line)
    due = [one for one in planned if one.found is not None]
    if not due:
        raise MachineError(words.say("machine.promote_none"))
    say(words.say("machine.promote_from", {"day": day.isoformat()}))
    if not agreed():
        say(words.say("machine.dry"))
        return
    await machine.tell(
        [machine.arrival("promote", (one.school.id, day.isoformat()), lane=one.school.id) for one in due]
    )
    say(words.say("machine.promoted", {"n": len(due)}))


def _plan(tx: Tx, on: date, words: Words) -> list[Planned]:
    ask = Answers(tx)
    planned = []
    for school in ask(Schools(on)):
        try:
            planned.append(Planned(school, promotion(ask, school, on), ""))
        except NotNow as error:
            planned.append(Planned(school, None, _said(error.why, words)))
        except TooEarly as error:
            why = words.say("machine.too_early", {"school": school.name, "day": error.latest})
            planned.append(Planned(school, None, why))
    return planned


def _report(planned: Sequence[Planned], words: Words) -> Iterator[str]:
    for one in planned:
        if one.found is None:
            yield one.why
            continue
        fact = one.found.fact
        counts = {"school": one.school.name, "up": len(fact.classes), "leave": len(fact.closed), "n": len(fact.left)}
        yield words.say("machine.promote_school", counts)
        yield from ("  " + _said(line, words) for line in lines(one.found))


def _said(line: Text, words: Words) -> str:
    return words.render(line, name=lambda _: None, author=None)
