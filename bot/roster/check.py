"""The office's files → checked rolls of its schools, or every fault in them. `read_roster` is the way in."""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, field

from bot.roster.columns import HEADER_WITHIN, NOTES, IgnoredColumn, Kind, header_faults
from bot.roster.faults import Fault, RosterFaults, Trouble, fault
from bot.roster.files import read_files
from bot.roster.roll import Note, Remark, by_school, classes_without_pupils, notes_on, roll_of
from bot.roster.rows import Faulty, pupil_row, staff_row
from bot.roster.schools import spelling_faults, usual_names
from bot.roster.tables import Entry, Table
from bot.roster.twice import pupils_twice, staff_twice
from handlers.rolls import SchoolRoll

T = TypeVar("T")


class Roster(Struct, frozen=True):
    """A file that is right: its schools in their order, what was not read, and what deserves a look."""

    schools: tuple[SchoolRoll, ...]
    ignored: tuple[IgnoredColumn, ...]
    notes: tuple[Note, ...]


class _Found(Struct):
    """What has been read so far."""

    entries: dict[Kind, list[Entry]] = field(default_factory=lambda: {kind: [] for kind in Kind})
    ignored: list[IgnoredColumn] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_roster(paths: Sequence[Path], needed: Collection[Kind] = tuple(Kind)) -> Roster:
    """The tables, from one workbook or several files; those `needed` must be there. Raises RosterFaults naming every
    fault; then nothing counts."""
    tables, faults = read_files(paths)
    found = _Found(faults=faults)
    if not faults:
        found.faults += _tables_missing(paths, tables, needed)
    for table in tables:
        if table.kind is not None:
            _take_table(found, table, table.kind)
    pupils = list(_each(found, Kind.PUPILS, pupil_row))
    all_pupils = not found.faults  # else a class would seem to have none
    staff = list(_each(found, Kind.STAFF, staff_row))
    if all_pupils:
        found.faults += classes_without_pupils(staff, pupils)
    everybody = [entry for kind in Kind for entry in found.entries[kind]]
    found.faults += spelling_faults(everybody)
    found.faults += staff_twice([(entry, row) for entry, row in staff if row])
    found.faults += pupils_twice([(entry, row) for entry, row in pupils if row])
    if found.faults:
        raise RosterFaults(_in_order(found.faults, tables))
    rows = by_school(staff, pupils)
    rolls = {key: roll_of(name, rows[key]) for key, name in usual_names(everybody).items()}
    notes = [note for key, roll in rolls.items() for note in notes_on(roll, rows[key])]
    return Roster(
        schools=tuple(roll for roll in rolls.values() if roll.staff or roll.pupils),
        ignored=tuple(found.ignored),
        notes=(*_sheets_ignored(tables), *notes),
    )


def _tables_missing(paths: Sequence[Path], tables: Sequence[Table], needed: Collection[Kind]) -> Iterator[Fault]:
    there = {table.kind for table in tables}
    for kind in needed:
        if kind not in there:
            yield fault(Trouble.NO_TABLE, "、".join(path.name for path in paths), name=kind)


def _take_table(found: _Found, table: Table, kind: Kind) -> None:
    if table.header is None:
        found.faults.append(fault(Trouble.NO_HEADER, table.sheet, rows=HEADER_WITHIN))
        return
    found.ignored += table.ignored
    if faults := header_faults(kind, table.sheet, table.header):
        # without its columns every row would be faulty, and none would tell anything new
        found.faults += faults
        return
    if not table.entries:
        found.faults.append(fault(Trouble.NO_ROWS, table.sheet, table.header.row + 1))
    found.entries[kind] += table.entries


def _each(found: _Found, kind: Kind, read: Callable[[Entry], T | None]) -> Iterator[tuple[Entry, T | None]]:
    for entry in found.entries[kind]:
        try:
            yield entry, read(entry)
        except Faulty as error:
            found.faults += error.faults


def _in_order(faults: Sequence[Fault], tables: Sequence[Table]) -> list[Fault]:
    """Those of whole files, then as one walks through the sheets; of two alike one."""
    place = {table.sheet: number for number, table in enumerate(tables)}
    return sorted(dict.fromkeys(faults), key=lambda one: (place.get(one.sheet, -1), one.row or 0))


def _sheets_ignored(tables: Sequence[Table]) -> Iterator[Note]:
    for table in tables:
        if table.kind is None and not table.sheet.endswith(NOTES):
            yield Note(Remark.SHEET_IGNORED, None, f"没有读取工作表“{table.sheet}”")
