"""`wecom directory`: a dry run that writes a workbook for the clerk, and what the clerk has settled in it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bot.channels import Member
from bot.channels.wecom.api import Api
from bot.channels.wecom.directory import members
from bot.commands import Say
from bot.config import ConfigError
from bot.directory import Kind, Known, Plan, Row, Staffer, held_against, known, plan, sheets
from bot.machine import Machine, MachineError
from bot.roster import RosterFaults
from bot.texts import Words
from bot.workbook import save_private, workbook
from handlers.model import text
from handlers.questions import ChatsOf
from storage.answers import Answers
from storage.inbox import DISTRICT, Arrival

CHANNEL = "wecom"
MOST_LINES = 30


async def fetched(machine: Machine) -> tuple[Member, ...]:
    """Everybody in the corp's 通讯录 whom the app may see, or whom we know. Raises ConfigError, ChannelError."""
    app = machine.config.wecom_app
    if app is None:
        raise ConfigError("wecom.corp_id is missing: the directory is read by a self-built app (自建应用) alone.")
    chats = await machine.storage.read(lambda tx: Answers(tx)(ChatsOf(CHANNEL)))
    api = Api(machine.config.wecom.base_url, app.corp_id, app.secret, machine.clock)
    try:
        await api.open()
        return await members(api, [one.native for one in chats if one.person is not None])
    finally:
        await api.close()


async def write(machine: Machine, there: Sequence[Member], out: Path, words: Words, say: Say) -> None:
    """Changes nothing. Raises MachineError where nobody can be seen or the file is there already; OSError."""
    _check_free(out, words)
    found = await _known(machine, there, words)
    rows = held_against(there, found)
    save_private(out, workbook(sheets(rows, found), made_at=machine.now()))
    for line in _report(rows, found, words):
        say(line)
    say(words.say("directory.written", {"file": str(out)}))


def _check_free(out: Path, words: Words) -> None:
    """The clerk may have been at work in it."""
    if out.exists():
        raise MachineError(words.say("directory.exists", {"file": str(out)}))


async def apply(
    machine: Machine,
    there: Sequence[Member],
    file: Path,
    words: Words,
    say: Say,
    agreed: Callable[[], bool],
) -> None:
    """Raises MachineError where the workbook is faulty, which then changes nothing, or a row was set aside."""
    found = await _known(machine, there, words)
    settled = _settled(file, there, found, words, say)
    for line in _lines(settled, there, found, words):
        say(line)
    if not settled.binds and not settled.stops:
        say(words.say("directory.nothing"))
    elif not agreed():
        say(words.say("machine.dry"))
    else:
        await machine.tell(_arrivals(machine, settled))
        say(words.say("directory.applied", {"bound": len(settled.binds), "stopped": len(settled.stops)}))


async def _known(machine: Machine, there: Sequence[Member], words: Words) -> Known:
    if not there:
        raise MachineError(words.say("directory.empty"))
    day = machine.today()
    return await machine.storage.read(lambda tx: known(Answers(tx), CHANNEL, day))


def _settled(file: Path, there: Sequence[Member], found: Known, words: Words, say: Say) -> Plan:
    try:
        return plan(file, there, found)
    except RosterFaults as error:
        for fault in error.faults:
            say(str(fault))
        raise MachineError(words.say("directory.faults", {"n": len(error.faults)})) from None


def _arrivals(machine: Machine, settled: Plan) -> list[Arrival]:
    """A row an account, and one a school for all who have left it."""
    gone: dict[str, list[str]] = {}
    for native, whose in settled.stops:
        gone.setdefault(_lane(whose), []).append(native)
    return [
        *(machine.arrival("stopped", (CHANNEL, *natives), lane=lane) for lane, natives in gone.items()),
        *(
            machine.arrival("member", (CHANNEL, native, whose.person.id), lane=_lane(whose))
            for native, whose in settled.binds
        ),
    ]


def _lane(whose: Staffer) -> str:
    return whose.person.school or DISTRICT


# What is read before anybody says yes


def _report(rows: Sequence[Row], found: Known, words: Words) -> Iterator[str]:
    counted = Counter(row.kind for row in rows)
    counts = "，".join(words.say(f"directory.count.{kind}", {"n": counted[kind]}) for kind in Kind if counted[kind])
    yield words.say("directory.counted", {"counts": counts})
    there = {row.whose.person.id for row in rows if row.whose and row.kind is not Kind.STOPPED}
    without = sum(one.person.id not in there for one in found.staff)
    if without:
        yield words.say("directory.without", {"n": without})
    yield from _emptied([row.whose for row in rows if row.whose and row.kind is Kind.STOPPED], found, words)


def _lines(settled: Plan, there: Sequence[Member], found: Known, words: Words) -> Iterator[str]:
    """Everybody who is stopped and every binding under another name; of the others the first."""
    names = {one.native: one.name for one in there}
    for native, whose in settled.stops:
        yield words.say("directory.stops", {"account": native, "who": _said(whose, words)})
    plain = []
    for native, whose in settled.binds:
        line = words.say("directory.binds", {"account": native, "name": names[native], "who": _said(whose, words)})
        if names[native] == whose.person.name:
            plain.append(line)
        else:
            yield line + words.say("directory.other_name")
    yield from plain[:MOST_LINES]
    if len(plain) > MOST_LINES:
        yield words.say("machine.more", {"n": len(plain) - MOST_LINES})
    yield from _emptied([whose for _, whose in settled.stops], found, words)


def _said(whose: Staffer, words: Words) -> str:
    values = {"number": whose.number, "place": whose.place.name, "name": whose.person.name, "holds": whose.holds}
    return words.render(text("directory.candidate", **values), name=lambda _: None, author=None)


def _emptied(gone: Sequence[Staffer], found: Known, words: Words) -> Iterator[str]:
    """More than half of a school: perhaps by a slip in the console."""
    chats = {chat.person for chat in found.chats.values() if chat.person}
    bound = Counter(one.place.name for one in found.staff if one.person.id in chats)
    for place, n in Counter(one.place.name for one in gone).items():
        if 2 * n > bound[place] > 1:
            yield words.say("directory.empties", {"place": place, "n": n, "bound": bound[place]})
