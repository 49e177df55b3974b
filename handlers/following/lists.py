"""追踪 as it is shown: a teacher's own list, one message a person and day that is edited as it is done; the school's,
for its office; and what /cases shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from handlers.following.due import cause_overdue, unexplained
from handlers.following.said import Said, code
from handlers.following.showing import case_line
from handlers.following.tasks import Task, of_owner, tasks_of
from handlers.model import (
    Case,
    Choice,
    Choices,
    Duty,
    How,
    Learnt,
    Message,
    Person,
    Text,
    ToPerson,
    Typed,
    Update,
    Value,
    choice,
    text,
)
from handlers.questions import (
    Ask,
    ClassDayView,
    ContactRow,
    ContactsOf,
    Observations,
    RulesOn,
    SchoolOf,
    ShownAbout,
    WhoIs,
)
from handlers.scene import Scene, current_round
from handlers.words import NOTHING, day_short, degrees, listed

MOST_LINES = 30
MOST_ROWS = 10
OWN, ASKED, OFFICE = "follow", "cases", "office"  # of a message's key: whose list it is
SEES_ALL: Final = (Duty.REPORTER, Duty.DEPUTY, Duty.NURSE, Duty.PRINCIPAL)


class Lists(Struct, frozen=True):
    """A school's open cases of today, with what is being stated just now."""

    update: Update
    ask: Ask
    school: str
    tasks: tuple[Task, ...]
    noted: Mapping[str, ContactRow]  # by case, what is being recorded just now

    def contacts(self, case: Case) -> tuple[ContactRow, ...]:
        now = self.noted.get(case.id)
        known = self.ask(ContactsOf(case.id)) if case.contacts > (now is not None) else ()
        return known if now is None else (*known, now)

    @property
    def day(self) -> date:
        return self.update.today

    @property
    def about(self) -> str:
        """Every list of the day is found by it."""
        return about_of(self.school, self.day)

    def scene(self, task: Task) -> Scene:
        """As much of a class's day as a line of a case needs."""
        rules, school = self.ask(RulesOn(self.day)), self.ask(SchoolOf(self.school))
        if school is None:
            raise LookupError(f"no school {self.school}")
        view = ClassDayView(task.klass, school, None, (), None)
        round = current_round(rules.rounds, self.update)
        observed = self.ask(Observations(self.school, self.day))
        return Scene(self.update, self.ask, view, self.day, round, rules, (), observed=observed)


def about_of(school: str, day: date) -> str:
    """What every list of a school's day is about."""
    return f"follow:{school}:{day:%Y%m%d}"


def lists_of(
    update: Update, ask: Ask, school: str, *changed: Case, noted: Mapping[str, ContactRow] | None = None
) -> Lists:
    """`changed`, `noted`: what is being stated just now."""
    return Lists(update, ask, school, tasks_of(ask, update, school, *changed), noted or {})


# Messages


def own_key(person: Person, day: date) -> str:
    return f"{OWN}:{day:%Y%m%d}:{person.id}"


def own(lists: Lists, person: Person, key: str = "") -> Message:
    """What this teacher has still to ask today, and what is done."""
    mine = of_owner(lists.tasks, person)
    todo = [task for task in mine if task.at is not None]
    late = [task for task in todo if task.late(lists.update.now)]
    words = text(
        "follow.none" if not todo else "follow.due" if late else "follow.back" if _came_back(todo) else "follow.open",
        title=person.title,
        n=len(late or todo),
        rest=text("follow.rest", n=len(todo) - len(late)) if late and len(todo) > len(late) else NOTHING,
        time=_hour(lists, late or todo),
        lines=_lines(lists, todo, person),
        done=_lines(lists, [task for task in mine if task.at is None and task.case.contacts], person),
        more=_more(todo),
    )
    return _message(lists, key or own_key(person, lists.day), person, words, rows(lists, todo))


def _came_back(tasks: Sequence[Task]) -> bool:
    return all(task.rested for task in tasks)


def _hour(lists: Lists, tasks: Sequence[Task]) -> str:
    """By which the last of them must be asked; nothing where nobody is left, so that the list stays as it is."""
    hours = [task.at for task in tasks if task.at is not None]
    return lists.update.local(max(hours)) if hours else NOTHING


def asked(lists: Lists, person: Person, key: str) -> Message:
    """/cases: a teacher's own, for the office the school's; what is due first stands first. `key` may name a class."""
    scope = key.split(":")[1]
    seen = lists.tasks if person.has(*SEES_ALL) else of_owner(lists.tasks, person)
    shown = [task for task in seen if scope in ("", task.klass.id)]
    words = text(
        "follow.cases" if shown else "follow.no_cases",
        n=len(shown),
        due=sum(task.at is not None for task in shown),
        lines=_lines(lists, shown, person, contacts=True),
        more=_more(shown),
    )
    return _message(lists, key, person, words, rows(lists, [task for task in shown if task.at is not None]))


def office(lists: Lists, person: Person, key: str = "") -> Message:
    """To the school's 报告人: what was not asked by its hour, with the teacher's phone; and 原因未明 for too long."""
    key = key or f"{OFFICE}:{lists.day:%Y%m%d}:{lists.update.local(lists.update.now)}:{person.id}"
    late = [task for task in lists.tasks if task.late(lists.update.now)]
    unknown = [task for task in lists.tasks if escalated(lists, task)]
    words = text(
        "follow.office" if late or unknown else "follow.office_none",
        time=":".join(key.split(":")[2:4]),  # its own hour, so that an edit is one only where something has changed
        late=text("follow.office_late", n=len(late), lines=_phones(lists, late)) if late else NOTHING,
        unknown=text("follow.office_unknown", n=len(unknown), hours=_hours(lists), lines=_phones(lists, unknown))
        if unknown
        else NOTHING,
    )
    return _message(lists, key, person, words, ())


def escalated(lists: Lists, task: Task) -> bool:
    """Told today, or to be told now."""
    case, rules = task.case, lists.ask(RulesOn(lists.day))
    told = case.escalated_at
    today = told is not None and lists.update.day_of(told) == lists.day
    return unexplained(case) and (today or (told is None and cause_overdue(case, lists.update.now, rules)))


def _hours(lists: Lists) -> int:
    return int(lists.ask(RulesOn(lists.day)).unknown_after.total_seconds()) // 3600


def _message(lists: Lists, key: str, person: Person, words: Text, choices: Choices) -> Message:
    return Message(key, ToPerson(person.id), words, choices, about=lists.about)


def again(lists: Lists, *, besides: str = "") -> tuple[Message, ...]:
    """Every list of today that stands in a chat, as it is now: an edit without a sound."""
    says = []
    for shown in lists.ask(ShownAbout(lists.about)):
        person = lists.ask(WhoIs(shown.person, lists.day))
        if person is not None and shown.key != besides:
            says.append(of_key(lists, person, shown.key).edit)
    return tuple(says)


def after_report(update: Update, ask: Ask, school: str, cases: Iterable[Case]) -> tuple[Message, ...]:
    """The same when a report has changed these cases: who is back is asked after no more."""
    if not ask(ShownAbout(about_of(school, update.today))):
        return ()
    return again(lists_of(update, ask, school, *cases))


def of_key(lists: Lists, person: Person, key: str) -> Message:
    """The list that the message of this key is."""
    kind = key.partition(":")[0]
    return (
        asked(lists, person, key)
        if kind == ASKED
        else office(lists, person, key)
        if kind == OFFICE
        else own(lists, person, key)
    )


def is_list(key: str | None) -> bool:
    return key is not None and key.partition(":")[0] in (OWN, ASKED, OFFICE)


# Lines


def _more(tasks: Sequence[Task]) -> Text | str:
    return text("follow.more", n=len(tasks) - MOST_LINES) if len(tasks) > MOST_LINES else NOTHING


def _lines(lists: Lists, tasks: Sequence[Task], reader: Person, *, contacts: bool = False) -> tuple[Text, ...]:
    return tuple(line(lists, task, reader, contacts=contacts) for task in tasks[:MOST_LINES])


def line(lists: Lists, task: Task, reader: Person, *, contacts: bool = False) -> Text:
    """三(1)班 17号 病假第2天，病因未明　10:00前联系; with every contact under it, where they are asked for."""
    rows = lists.contacts(task.case)
    made = tuple(contact_line(lists, row, reader) for row in (rows if contacts else rows[-1:]))
    return text(
        "follow.line",
        klass=task.klass.name,
        line=case_line(lists.scene(task), task.case),
        state=_state(lists, task),
        contacts=made,
    )


def _state(lists: Lists, task: Task) -> Text | str:
    if task.at is None:
        return NOTHING
    hour = lists.update.local(task.at)
    what = "temperature" if task.fever and not task.case.away else "contact"
    return text(f"follow.late_{what}" if task.late(lists.update.now) else f"follow.by_{what}", time=hour)


def contact_line(lists: Lists, row: ContactRow, reader: Person) -> Text:
    """9月8日 09:12 张老师 电话：好转，37.2℃."""
    parts = [
        *(text(f"learnt.{one}") for one in row.learnt),
        text("learnt.afebrile") if row.afebrile else None,
        text("learnt.temperature", degrees=degrees(row.temperature), method=text(f"method.{row.method}"))
        if row.temperature is not None
        else None,
        text("case.cause", name=row.cause) if row.cause else None,
    ]
    learnt = listed([part for part in parts if part is not None], "list.comma")
    return text(
        "follow.contact",
        day=day_short(lists.update.day_of(row.at)),
        time=lists.update.local(row.at),
        by=row.by.title,
        how=text(f"contact.{row.how}"),
        learnt=text("follow.learnt", learnt=learnt) if learnt != NOTHING else NOTHING,
        words=text("follow.words", words=Typed(row.words, row.by.id)) if row.words else NOTHING,
    )


def _phones(lists: Lists, tasks: Sequence[Task]) -> tuple[Text, ...]:
    return tuple(_phone(lists, task) for task in tasks[:MOST_LINES])


def _phone(lists: Lists, task: Task) -> Text:
    """Of the teacher, never of a parent."""
    owner = task.owner
    who: Value = text("follow.nobody")
    if owner is not None:
        who = text("late.teacher", title=owner.title, phone=owner.phone or text("phone.unknown"))
    return text("follow.phone", klass=task.klass.name, line=case_line(lists.scene(task), task.case), who=who)


# Buttons


def rows(lists: Lists, tasks: Sequence[Task]) -> Choices:
    """One row a case: what is most often learnt in one tap."""
    many = len({task.klass.id for task in tasks}) > 1
    return tuple(_row(task, many=many) for task in tasks[:MOST_ROWS])


def _row(task: Task, *, many: bool) -> tuple[Choice, ...]:
    case, reach = task.case, How.PHONE if task.case.away else How.HERE
    seat = text("pupil.seat", seat=case.seat)
    who = text("follow.who", klass=task.klass.name, seat=seat) if many else seat
    unreached = quick(case, text("button.no_answer", pupil=who), Said(How.UNREACHED))
    if task.fever:
        well = quick(case, text("button.no_fever", pupil=who), Said(reach, afebrile=True))
        warm = choice(text("button.temperature", pupil=who), "ask_after", case.id, case.contacts, code(Said(reach)))
        return (well, warm, unreached) if case.away else (well, warm)
    more = choice(text("button.more", pupil=who), "ask_after", case.id, case.contacts, code(Said(How.PHONE)))
    return (
        quick(case, text("button.phoned", pupil=who), Said(How.PHONE, Learnt.SAME)),
        quick(case, text("button.wechat", pupil=who), Said(How.WECHAT, Learnt.SAME)),
        unreached,
        more,
    )


def quick(case: Case, label: Text, said: Said) -> Choice:
    """Records at once. `contacts` tells an older button from the present one."""
    return choice(label, "contacted", case.id, case.contacts, code(said))
