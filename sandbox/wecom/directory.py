"""The corp's directory: departments, members, and which of them the app's visible range holds."""

from collections.abc import Iterable, Mapping

from sandbox.model import Person
from sandbox.wecom.model import ROOT, Department, Member


class Directory:
    """`people` is the sandbox's own table, so that one person can be on both platforms."""

    def __init__(self, people: Mapping[int, Person], name: str) -> None:
        self.people = people
        self.departments: dict[int, Department] = {ROOT: Department(ROOT, name, 0)}
        self.members: dict[int, Member] = {}
        self.tags: dict[int, frozenset[int]] = {}
        self.visible_departments: frozenset[int] = frozenset({ROOT})
        self.visible_people: frozenset[int] = frozenset()
        self._by_key: dict[str, int] = {}
        self._seen: frozenset[int] | None = None

    def add_department(self, name: str, parent: int) -> Department:
        if parent not in self.departments:
            raise ValueError(f"no such department: {parent}")
        made = Department(max(self.departments) + 1, name, parent)
        self.departments[made.id] = made
        self._seen = None
        return made

    def set_visible(self, departments: Iterable[int], people: Iterable[int]) -> None:
        self.visible_departments, self.visible_people = frozenset(departments), frozenset(people)
        self._seen = None

    def put(self, member: Member) -> None:
        """Raises ValueError for an unknown person or department, or a userid that somebody else has."""
        if member.person not in self.people:
            raise ValueError(f"nobody has the number {member.person}")
        if not member.departments or not self.departments.keys() >= set(member.departments):
            raise ValueError(f"no such department: {member.departments}")
        if self._by_key.get(member.key, member.person) != member.person:
            raise ValueError(f"the userid is taken: {member.userid}")
        self.remove(member.person)
        self.members[member.person] = member
        self._by_key[member.key] = member.person

    def remove(self, person: int) -> None:
        member = self.members.pop(person, None)
        if member is not None:
            del self._by_key[member.key]

    def find(self, userid: str) -> Member | None:
        person = self._by_key.get(userid.lower())
        return None if person is None else self.members[person]

    def beneath(self, department: int) -> frozenset[int]:
        """The department and all under it."""
        found = {department}
        while more := {one.id for one in self.departments.values() if one.parent in found} - found:
            found |= more
        return frozenset(found)

    def seen_departments(self) -> frozenset[int]:
        """What the app may see: each department of its range, with all under it."""
        if self._seen is None:
            self._seen = frozenset().union(*(self.beneath(one) for one in self.visible_departments))
        return self._seen

    def sees(self, member: Member | None) -> bool:
        if member is None:
            return False
        return member.person in self.visible_people or not self.seen_departments().isdisjoint(member.departments)

    def seen(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members.values() if self.sees(member))

    def within(self, departments: Iterable[int]) -> tuple[Member, ...]:
        """Those whom the app sees of whoever is directly in one of these departments."""
        wanted = frozenset(departments)
        return tuple(member for member in self.seen() if not wanted.isdisjoint(member.departments))
