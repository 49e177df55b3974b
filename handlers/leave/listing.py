"""Who of a school is on leave, each with the button 已返校."""

from handlers.model import Choice, Message, PupilRef, School, Text, ToHere, Update, choice, text
from handlers.questions import Ask, LeavesOf, OnLeave
from handlers.words import NOTHING, leave_until

MOST_LISTED = 60


def listing(update: Update, ask: Ask, school: School) -> Message:
    leaves = ask(LeavesOf(school.id, update.today))
    words = text(
        "leave.list",
        school=school.name,
        n=len(leaves),
        lines=tuple(line(one) for one in leaves[:MOST_LISTED]) or (text("leave.nobody"),),
        more=text("leave.more", n=len(leaves) - MOST_LISTED) if len(leaves) > MOST_LISTED else NOTHING,
    )
    rows = tuple((back_button(one),) for one in leaves[:MOST_LISTED] if not one.by_file)
    return Message(f"leave:{school.id}:{update.id}", ToHere(), words, rows)


def line(one: OnLeave) -> Text:
    return text(
        "leave.line",
        klass=one.klass.name,
        seat=one.pupil.seat,
        kind=text(f"leave.{one.kind}"),
        until=leave_until(one.until),
        by_file=text("leave.by_file") if one.by_file else NOTHING,
    )


def back_button(one: OnLeave) -> Choice:
    """The button 已返校."""
    label = text("button.returned", klass=one.klass.name, pupil=PupilRef(one.pupil.id, one.pupil.seat, alone=True))
    return choice(label, "returned", one.klass.id, one.pupil.id)
