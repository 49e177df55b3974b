"""The workbook as the clerk hands it back → who is bound to which account and who is stopped, or every fault in it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from bot.channels import Member
from bot.directory.roll import Known, Staffer
from bot.directory.sheet import BETWEEN, TITLE, Column
from bot.roster.cells import narrow
from bot.roster.faults import Fault, RosterFaults, Trouble, fault
from bot.roster.files import read_own

NEEDED: Final = (Column.ACCOUNT, Column.NUMBER)

Account = tuple[str, Staffer]  # as the platform spells it now


class Plan(Struct, frozen=True):
    """What the settled workbook changes."""

    binds: tuple[Account, ...]
    stops: tuple[Account, ...]


class Said(Struct, frozen=True):
    """A row in which a number was filled in; `row` counts as Excel does."""

    row: int
    account: str
    school: str
    number: str

    def fault(self, kind: Trouble, column: Column, **values: object) -> Fault:
        return fault(kind, TITLE, self.row, column, **values)


def plan(path: Path, members: Sequence[Member], known: Known) -> Plan:
    """Held against the directory and the roster of now; a row without a number changes nothing. Raises RosterFaults
    naming every fault; then nothing counts."""
    rows = read_own(path, TITLE)
    if isinstance(rows, Fault):
        raise RosterFaults([rows])
    said = _said(rows)
    meant = [(one, _whose(one, known)) for one in said]
    found = [(one, whose) for one, whose in meant if isinstance(whose, Staffer)]
    faults = [whose for _, whose in meant if isinstance(whose, Fault)]
    here = {one.native.lower(): one.native for one in members if one.state in ("active", "waiting")}
    faults += [*_twice(found), *_not_there(found, here, known)]
    if faults:
        raise RosterFaults(sorted(faults, key=lambda one: one.row or 0))
    there = [(here[one.account.lower()], whose) for one, whose in found if one.account.lower() in here]
    gone = [(one, whose) for one, whose in found if one.account.lower() not in here]
    return Plan(
        tuple((native, whose) for native, whose in there if not _is_bound(native, whose, known)),
        tuple((known.chats[one.account.lower()].native, whose) for one, whose in gone),
    )


def _said(rows: Sequence[Sequence[str]]) -> list[Said]:
    header = [narrow(cell) for cell in rows[0]] if rows else []
    missing = [fault(Trouble.NO_COLUMN, TITLE, 1, column) for column in NEEDED if column not in header]
    if missing:
        raise RosterFaults(missing)
    at = {column: header.index(column) for column in Column if column in header}
    return list(_filled_in(rows, at))


def _filled_in(rows: Sequence[Sequence[str]], at: Mapping[Column, int]) -> Iterator[Said]:
    for place, row in enumerate(rows[1:], 2):
        cells = {column: narrow(row[n]) for column, n in at.items() if n < len(row)}
        if number := cells.get(Column.NUMBER):
            yield Said(place, cells.get(Column.ACCOUNT, ""), cells.get(Column.SCHOOL, ""), number)


def _whose(said: Said, known: Known) -> Staffer | Fault:
    """A 工号 is one within its school; who has none is written by their id."""
    having = known.numbered(said.number)
    schools = said.school.split(BETWEEN)
    there = tuple(one for one in having if {narrow(one.place.name), narrow(one.place.short)} & set(schools))
    match there if len(having) > 1 else having:
        case [one]:
            return one
        case [] if not having:
            return said.fault(Trouble.NO_NUMBER, Column.NUMBER)
    names = BETWEEN.join(one.place.name for one in having)
    return said.fault(Trouble.WHICH_SCHOOL, Column.SCHOOL, known=names)


def _twice(found: Sequence[tuple[Said, Staffer]]) -> Iterator[Fault]:
    accounts: dict[str, Said] = {}
    people: dict[str, Said] = {}
    for one, whose in found:
        first = accounts.setdefault(one.account.lower(), one)
        if first is not one:
            yield one.fault(Trouble.ACCOUNT_TWICE, Column.ACCOUNT, other=f"第{first.row}行")
            continue
        first = people.setdefault(whose.person.id, one)
        if first is not one:
            values = {"other": f"第{first.row}行", "name": whose.person.name}
            yield one.fault(Trouble.TWO_ACCOUNTS, Column.NUMBER, **values)


def _not_there(found: Sequence[tuple[Said, Staffer]], here: Mapping[str, str], known: Known) -> Iterator[Fault]:
    """Who has left is stopped only as who they are."""
    for one, whose in found:
        if one.account.lower() in here:
            continue
        bound = known.holder(one.account)
        if bound is None:
            yield one.fault(Trouble.NO_ACCOUNT, Column.ACCOUNT)
        elif bound.person.id != whose.person.id:
            yield one.fault(Trouble.NOT_THEIRS, Column.NUMBER, name=bound.person.name)


def _is_bound(native: str, whose: Staffer, known: Known) -> bool:
    chat = known.chats.get(native.lower())
    return chat is not None and (chat.native, chat.person, chat.state) == (native, whose.person.id, "bound")
