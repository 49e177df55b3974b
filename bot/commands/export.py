"""`export`: the figures of a span of days as one workbook, a row a class, written while they are read."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct

from bot.commands import Say
from bot.machine import Machine, MachineError
from bot.texts import Words
from bot.workbook import cells, rows_to
from handlers.export import HEADERS, Cells, rows
from handlers.following import line_list
from handlers.model import School
from handlers.questions import Ask, RulesOn, Schools
from storage import Tx
from storage.answers import Answers

SHEET = "零报告"


class Wanted(Struct, frozen=True):
    """From the first day to the last, today at the latest; of one school by its name, or of all."""

    first: date
    last: date
    school: str | None

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(n) for n in range((self.last - self.first).days + 1))

    def chosen(self, schools: Sequence[School]) -> list[str]:
        return [one.id for one in schools if self.school in (None, one.name, one.short)]


async def export(machine: Machine, wanted: Wanted, out: Path, words: Words, say: Say) -> None:
    """A day at a time, so that neither memory nor a running bot is held up; without days of rehearsal, which are no
    history. Raises MachineError, OSError."""
    await _check(machine, wanted, words)
    update = machine.update(machine.arrival("export"), "export")

    def of_day(tx: Tx, day: date) -> tuple[Cells, ...] | None:
        ask = Answers(tx)
        if ask(RulesOn(day)).rehearsal:
            return None
        schools = ask(Schools(day))
        return rows(update, ask, day, wanted.chosen(schools))

    def of_cases(ask: Ask) -> tuple[Cells, ...]:
        if ask(RulesOn(wanted.last)).rehearsal:
            return ()
        schools = ask(Schools(wanted.last))
        return line_list.case_rows(update, ask, wanted.chosen(schools), wanted.first, wanted.last)

    headers, held, rehearsed = tuple(words.say(header) for header in HEADERS), 0, 0
    with rows_to(out, SHEET, headers, made_at=machine.now()) as table:
        for day in wanted.days:
            found = await machine.storage.read(lambda tx, day=day: of_day(tx, day))  # type: ignore[misc]
            held += bool(found)
            rehearsed += found is None
            for row in found or ():
                table.add(cells(row, words))
        listed = await machine.storage.read(lambda tx: of_cases(Answers(tx)))
        cases = table.then(line_list.NAME, tuple(words.say(header) for header in line_list.HEADERS))
        for row in listed:
            cases.add(cells(row, words))
    left_out = words.say("machine.rehearsed", {"n": rehearsed}) if rehearsed else ""
    say(words.say("machine.exported", {"n": table.count, "days": held, "file": str(out)}) + left_out)


async def _check(machine: Machine, wanted: Wanted, words: Words) -> None:
    if wanted.last < wanted.first or wanted.last > machine.today():
        raise MachineError(words.say("machine.no_span", {"today": machine.today().isoformat()}))
    known = await machine.storage.read(lambda tx: Answers(tx)(Schools(wanted.last)))
    if wanted.school is not None and not wanted.chosen(known):
        names = "、".join(one.name for one in known)
        raise MachineError(words.say("machine.no_school", {"school": wanted.school, "names": names}))
