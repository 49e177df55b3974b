"""Which commands a person may use: what their command menu shows."""

from handlers.answering import KEEPERS
from handlers.model import CLASS_DUTIES, SCHOOL_OFFICE, Duty, Message, Person, ToHere, ToPerson
from handlers.words import NOTHING, literal

STRANGER = ("help",)
# of a platform whose menu is one for all members; who may use what is asked when it is used
EVERYBODY = (
    *("report", "status", "cases", "health", "note"),
    *("today", "late", "intervals", "gate_list", "papers"),
    *("substitute", "leave", "who", "privacy", "help"),
)
GROUP = ("today", "late", "bind")
_EVERYBODY = ("status", "health", "help", "privacy", "basis", "language")
_OVERVIEW = ("today", "late")
_ADMIN = ("invite", "remind", "summary", "bind", "unbind", "holiday", "stage", "rounds", "returns", "who")


def commands(person: Person) -> tuple[str, ...]:
    """In the order of the menu, what is used every morning first."""
    overlooks = person.has(*SCHOOL_OFFICE, Duty.LIAISON, Duty.LEADER, Duty.ADMIN)
    return (
        *(("report",) if person.has(*CLASS_DUTIES, *KEEPERS) else ()),
        *(("cases",) if person.has(*CLASS_DUTIES, *SCHOOL_OFFICE) else ()),
        *(("intervals",) if overlooks else ()),
        *(("travel",) if person.school is not None else ()),
        *(("observed",) if person.has(Duty.REPORTER, Duty.DEPUTY, Duty.NURSE, Duty.PRINCIPAL) else ()),
        *(_OVERVIEW if overlooks else ()),
        *(("staff",) if overlooks else ()),
        *(("gate_list",) if overlooks or person.has(Duty.GATE) else ()),
        *(("papers",) if person.has(*KEEPERS, Duty.NURSE) else ()),
        *(("leave",) if person.has(*KEEPERS, Duty.ADMIN) else ()),
        *(("clinic",) if person.has(*KEEPERS, Duty.NURSE) else ()),
        *(("note",) if person.has(*CLASS_DUTIES) else ()),
        *(("ledger",) if person.has(*CLASS_DUTIES, Duty.REPORTER, Duty.PRINCIPAL, Duty.LIAISON) else ()),
        *(("substitute",) if person.has(Duty.HOMEROOM, Duty.TEACHER, *KEEPERS, Duty.ADMIN) else ()),
        *(("consent",) if person.has(*CLASS_DUTIES, *KEEPERS) else ()),
        *(("viewed",) if person.has(Duty.PRINCIPAL, Duty.LIAISON, Duty.ADMIN) else ()),
        *_EVERYBODY,
        *(("thermometer",) if person.has(Duty.REPORTER, Duty.DEPUTY, Duty.NURSE) else ()),
        *(("reviewer",) if person.has(*KEEPERS, Duty.PRINCIPAL) else ()),
        *(_ADMIN if person.has(Duty.ADMIN) else ("invite",) if person.has(Duty.REPORTER) else ()),
    )


def menu(person: Person) -> Message:
    """Sets the person's command menu; set anew each time, for nobody sees what a phone has kept."""
    return Message(
        f"menu:{person.id}", ToPerson(person.id), literal(NOTHING), menu=commands(person) or STRANGER, fresh=True
    )


def no_menu(person: str) -> Message:
    """Of somebody who has no rights any more, in the chats that were theirs."""
    return Message(f"menu:{person}", ToPerson(person, leaving=True), literal(NOTHING), menu=STRANGER, fresh=True)


def strangers_menu(chat: str) -> Message:
    """The menu of the chat that the update came from, once it is nobody's."""
    return Message(f"menu:{chat}", ToHere(), literal(NOTHING), menu=STRANGER, fresh=True)
