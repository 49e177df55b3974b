"""What is known before a directory is held against it: the staff of the roster, and whose each chat is."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from msgspec import Struct

from handlers.model import Person, Value
from handlers.questions import Ask, ChatsOf, ChatView, Classes, RulesOn, Schools, Staff
from handlers.roster.summary import holds


class Place(Struct, frozen=True):
    """A school, or the district's office; `short` is what lists call it."""

    id: str | None
    name: str
    short: str


class Staffer(Struct, frozen=True):
    """One of the staff, with their place and their duties in words."""

    person: Person
    place: Place
    holds: Value

    @property
    def number(self) -> str:
        """What the clerk writes for them: the 工号, for who has none the id."""
        return self.person.staff_no or self.person.id


class Known(Struct, frozen=True, dict=True):
    """`chats` by their native id in small letters: a platform may spell an account as it likes."""

    places: tuple[Place, ...]
    staff: tuple[Staffer, ...]
    chats: Mapping[str, ChatView]

    def holder(self, native: str) -> Staffer | None:
        """Whose chat it is, of those on the roll."""
        chat = self.chats.get(native.lower())
        return self._by_id.get(chat.person) if chat is not None and chat.person is not None else None

    def numbered(self, said: str) -> tuple[Staffer, ...]:
        """Whoever has this 工号, which is one within a school only, or this id."""
        return tuple(self._by_number.get(said, ()))

    @cached_property
    def _by_id(self) -> Mapping[str, Staffer]:
        return {one.person.id: one for one in self.staff}

    @cached_property
    def _by_number(self) -> Mapping[str, list[Staffer]]:
        found: dict[str, list[Staffer]] = {}
        for one in self.staff:
            for said in {one.person.staff_no, one.person.id} - {None}:
                found.setdefault(str(said), []).append(one)
        return found


def known(ask: Ask, channel: str, day: date) -> Known:
    office = ask(RulesOn(day)).district
    places = (*(Place(one.id, one.name, one.short) for one in ask(Schools(day))), Place(None, office, office))
    staff = tuple(one for place in places for one in _staff(ask, place, day))
    return Known(places, staff, {one.native.lower(): one for one in ask(ChatsOf(channel))})


def _staff(ask: Ask, place: Place, day: date) -> list[Staffer]:
    names = {one.id: one.name for one in ask(Classes(place.id, day))} if place.id else {}
    return [Staffer(person, place, holds(person, names)) for person in ask(Staff(place.id, day))]
