"""What may stand only once: a seat of a class, a number of a school, a person."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from bot.roster.columns import Column
from bot.roster.faults import Fault, Trouble
from bot.roster.schools import key as school
from bot.roster.tables import Entry
from handlers.rolls import PupilRow, StaffRow

T = TypeVar("T")
Read = tuple[Entry, T]


def staff_twice(read: Sequence[Read[StaffRow]]) -> Iterator[Fault]:
    """A 工号 is one within its school. Two of one name are two people only if both have a number."""
    people = [_Person(entry, row.name, row.staff_no, school(entry)) for entry, row in read]
    yield from _numbers_twice(people, Column.STAFF_NO, lambda one: (one.school, one.number))
    yield from _numbers_twice(people, Column.STAFF_NO, lambda one: (one.name, one.number))
    yield from _names_twice(people, Column.STAFF_NO)


def pupils_twice(read: Sequence[Read[PupilRow]]) -> Iterator[Fault]:
    """A 学号 is one in the district: by it a pupil is known who moves. Two of one name in a class need one each."""
    for (entry, _), (other, _) in _again(read, lambda one: (school(one[0]), one[1].class_name, one[1].seat)):
        yield entry.fault(Trouble.SEAT_TWICE, Column.SEAT, other=other.seen_from(entry))
    people = [_Person(entry, row.name, row.student_no, school(entry), row.class_name) for entry, row in read]
    yield from _numbers_twice(people, Column.STUDENT_NO, lambda one: one.number)
    yield from _names_twice(people, Column.STUDENT_NO)


class _Person(Struct, frozen=True):
    entry: Entry
    name: str
    number: str | None
    school: str
    within: str = ""

    def fault(self, kind: Trouble, column: Column, other: "_Person", number: Column) -> Fault:
        seen = other.entry.seen_from(self.entry)
        return self.entry.fault(kind, column, name=self.name, other=seen, number=number)


def _numbers_twice(people: Sequence[_Person], number: Column, key: Callable[[_Person], Hashable]) -> Iterator[Fault]:
    for one, other in _again([person for person in people if person.number], key):
        if one.name != other.name:
            yield one.fault(Trouble.NUMBER_TWICE, number, other, number)
        else:
            kind = Trouble.PERSON_TWICE if one.school == other.school else Trouble.PERSON_ELSEWHERE
            yield one.fault(kind, Column.NAME, other, number)


def _names_twice(people: Sequence[_Person], number: Column) -> Iterator[Fault]:
    for one, other in _again(people, lambda one: (one.school, one.within, one.name)):
        if not (one.number and other.number):
            yield one.fault(Trouble.PERSON_TWICE, Column.NAME, other, number)


def _again(all_of: Sequence[T], key: Callable[[T], Hashable]) -> Iterator[tuple[T, T]]:
    """Each that has the key of an earlier one, with the first that had it."""
    first: dict[Hashable, T] = {}
    for one in all_of:
        other = first.setdefault(key(one), one)
        if other is not one:
            yield one, other
