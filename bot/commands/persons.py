"""`person erase` and `person export`: what is kept of somebody goes, or is handed out, at the machine."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.commands import Say
from bot.machine import Machine, MachineError
from bot.texts import Words
from bot.workbook import save_private
from handlers.bodies import decode
from handlers.erasing import Refused, known, to_erase
from handlers.questions import Somebody
from storage import Row, Tx, persons
from storage.answers import Answers

Told = dict[str, list[dict[str, Any]]]


async def erase(machine: Machine, said: str, words: Words, say: Say, agreed: Callable[[], bool]) -> None:
    """Shows what would go, asks, and erases. Raises MachineError where the person may not be erased, or not yet."""
    one, told = await machine.storage.read(lambda tx: _looked_up(tx, said, machine.today(), words))
    say(words.say("machine.person_erases", {"name": one.name, "place": one.place}))
    for table, n in told.items():
        say("  " + words.say("machine.person_rows", {"what": words.say(f"machine.table.{table}"), "n": n}))
    say(words.say("machine.person_keeps"))
    if not agreed():
        say(words.say("machine.person_dry"))
        return
    before = await machine.storage.read(persons.erased_facts)
    await machine.tell([machine.arrival("erase_person", (one.id,))])
    after = await machine.storage.read(persons.erased_facts)
    say(words.say("machine.person_erased", {"place": one.place, "facts": after - before}))


def _looked_up(tx: Tx, said: str, day: date, words: Words) -> tuple[Somebody, Mapping[str, int]]:
    one = _found(lambda: to_erase(Answers(tx), said, day), said, words)
    return one, {table: len(rows) for table, rows in persons.kept_of(tx, one).items() if rows}


def _found(look: Callable[[], Somebody], said: str, words: Words) -> Somebody:
    try:
        return look()
    except Refused as error:
        raise MachineError(words.say(f"machine.person_refused.{error.why}", {"said": said})) from error


async def export(machine: Machine, said: str, out: Path, words: Words, say: Say) -> None:
    """Raises MachineError, OSError. That it was handed out is recorded before it is."""
    one = await machine.storage.read(lambda tx: _found(lambda: known(Answers(tx), said, machine.today()), said, words))
    await machine.tell([machine.arrival("exported", (one.id,))])
    told = await machine.storage.read(lambda tx: _told(tx, one, words))
    whole = {words.say("machine.person_is"): f"{one.place} {one.name}", **told}
    save_private(out, json.dumps(whole, ensure_ascii=False, indent=2).encode())
    say(words.say("machine.person_exported", {"n": sum(map(len, told.values())), "file": str(out)}))


def _told(tx: Tx, one: Somebody, words: Words) -> Told:
    """By table, under the name that people have for it; a message as it reads, symptoms by their names."""
    found = persons.kept_of(tx, one)
    return {words.say(f"machine.table.{table}"): _rows(rows, words) for table, rows in found.items() if rows}


def _rows(rows: Sequence[Row], words: Words) -> list[dict[str, Any]]:
    return [{name: _value(name, value, words) for name, value in row.items() if _speaks(name, value)} for row in rows]


def _speaks(name: str, value: object) -> bool:
    return value is not None and name not in ("salt", "seed", "ref", "address", "until", "about")


def _value(name: str, value: Any, words: Words) -> Any:
    if name == "symptoms":
        return [words.say(f"symptom.{code}") for code in value.split()]
    if name == "attendance":
        return words.say(f"attendance.{value}")
    if name == "whereabouts":
        return words.say(f"where.{value}")
    if name == "said":
        return words.render(decode(value).text, name=lambda _: None, author=None)
    if name in ("body", "revised_body"):
        return json.loads(value) if value else None
    return value
