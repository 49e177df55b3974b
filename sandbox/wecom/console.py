"""What the corp's administrator does in WeCom's console, and people who make a group."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sandbox.wecom.callbacks import Callbacks
from sandbox.wecom.corp import Corp
from sandbox.wecom.events import event_xml
from sandbox.wecom.model import ACTIVE, Department, GroupChat, Member


class Console:
    """ValueError is raised for what the console would refuse."""

    def __init__(self, corp: Corp, callbacks: Callbacks) -> None:
        self.corp = corp
        self.callbacks = callbacks

    def add_department(self, name: str, parent: int = 1) -> Department:
        made = self.corp.directory.add_department(name, parent)
        self.corp.changed()
        return made

    def employ(self, person: int, userid: str, department: int | Sequence[int] = 1, status: int = ACTIVE) -> Member:
        """Puts a person into the directory, or gives them another userid, department or status."""
        departments = (department,) if isinstance(department, int) else tuple(department)
        member = Member(person, userid, departments, status)
        with self._range_change([person]):
            self.corp.directory.put(member)
        return member

    def dismiss(self, person: int) -> None:
        """They have left: the directory does not know them any more."""
        with self._range_change([person]):
            self.corp.directory.remove(person)

    def set_visible(self, departments: Iterable[int], people: Iterable[int] = ()) -> None:
        """The app's visible range: these departments with all under them, and these people."""
        with self._range_change(self.corp.directory.members):
            self.corp.directory.set_visible(departments, people)

    def plain(self, person: int, on: bool = True) -> None:
        """Whether they read in WeChat's 微工作台: it shows neither cards nor markdown."""
        (self.corp.plain.add if on else self.corp.plain.discard)(person)
        self.corp.changed(person)

    def add_robot(self, title: str, members: Sequence[int]) -> GroupChat:
        """People make a group of theirs and give it a robot, whose `key` is in the address that they copy."""
        strangers = [person for person in members if person not in self.corp.directory.members]
        if len(members) < 2 or strangers:
            raise ValueError(f"a group has two members at least, of the corp: {strangers}")
        return self.corp.add_group(title, tuple(members), members[0], key=self.corp.secret_number(128))

    def remove_robot(self, group: int) -> None:
        """Its key opens nothing any more."""
        self.corp.groups[group] = replace(self.corp.groups[group], key="")
        self.corp.changed(group)

    @contextmanager
    def _range_change(self, people: Iterable[int]) -> Iterator[None]:
        """Whoever comes into the app's visible range subscribes by it, whoever falls out unsubscribes."""
        directory = self.corp.directory
        before = {person: directory.members.get(person) for person in people}
        was_seen = {person for person, member in before.items() if directory.sees(member)}
        yield
        for person, old in before.items():
            member = directory.members.get(person, old)
            is_seen = directory.sees(directory.members.get(person))
            if member is not None and is_seen != (person in was_seen) and self.callbacks.url:
                event = "subscribe" if is_seen else "unsubscribe"
                self.callbacks.post(person, event_xml(self.corp, member.userid, event, {"EventKey": ""}))
        self.corp.changed()
