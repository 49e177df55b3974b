"""How the staff's own health is asked and said: cards, the three questions to who is unwell, buttons that carry the
answers given so far, so that nothing half said is kept anywhere."""

from datetime import date
from typing import Final

from msgspec import Struct

from handlers.model import (
    Action,
    Choice,
    Choices,
    Method,
    StaffHealth,
    Symptom,
    Text,
    Update,
    Value,
    choice,
    in_rows,
    text,
)
from handlers.rulebook import Round
from handlers.values import replace
from handlers.words import day_full, degrees, hour_of, listed, literal

DEGREES: Final = (373, 375, 378, 380, 383, 385, 388, 390, 393, 395, 400)
UNASKED: Final = (Symptom.FEVER, Symptom.COUGH_2W, Symptom.HEMOPTYSIS)
ASKED: Final = tuple(code for code in Symptom if code not in UNASKED)
AFEBRILE, UNTAKEN = "n", "x"  # stand in a button for a temperature
DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


class Said(Struct, frozen=True):
    """What a button carries: of which day, over which revision, and what was answered so far."""

    day: date
    rev: int
    step: str  # well | ill | temperature | symptom | symptoms | do | back
    temperature: str = UNTAKEN
    symptoms: tuple[Symptom, ...] = ()
    last: str = ""  # what this button adds

    def button(self, label: Text, step: str, last: str = "") -> Choice:
        mask = sum(1 << ASKED.index(code) for code in self.symptoms)
        return choice(label, "me", f"{self.day:%Y%m%d}", self.rev, step, self.temperature, _base36(mask), last)


def read(args: tuple[str, ...]) -> Said | None:
    """None for a button of another form."""
    if len(args) != 6 or not (args[1].isdigit() and len(args[0]) == 8 and args[4].isalnum()):
        return None
    temperatures = (AFEBRILE, UNTAKEN, *map(str, DEGREES))
    try:
        day, mask = date.fromisoformat(args[0]), int(args[4], 36)
    except ValueError:
        return None
    if args[3] not in temperatures or mask >= 1 << len(ASKED):
        return None
    symptoms = tuple(code for place, code in enumerate(ASKED) if mask >> place & 1)
    return Said(day, int(args[1]), args[2], args[3], symptoms, args[5])


def _base36(number: int) -> str:
    tens, ones = divmod(number, 36)
    return (_base36(tens) if tens else "") + DIGITS[ones]


# Screens


def row(day: date, rev: int) -> tuple[Choice, ...]:
    """本人正常, 本人不适: under a class's receipt, or a card of its own."""
    begun = Said(day, rev, "")
    return (begun.button(text("button.me_well"), "well"), begun.button(text("button.me_unwell"), "ill"))


def card(day: date, round: Round, title: str) -> tuple[Text, Choices]:
    words = text("health.card", title=title, day=day_full(day), round=round.name, deadline=f"{round.deadline:%H:%M}")
    return words, (row(day, 0),)


def receipt(update: Update, day: date, round: Round, known: StaffHealth, told: Value) -> tuple[Text, Choices]:
    words = text("health.receipt", day=day_full(day), round=round.name, line=line(update, known), told=told)
    return words, ((Said(day, known.rev, "").button(text("button.me_again"), "again"),),)


def line(update: Update, known: StaffHealth) -> Text:
    """正常, or 38.5℃（额温），咳嗽，居家观察; with its hour."""
    time = hour_of(update, known.at, known.day)
    return text("health.line", how=how(known), time=time)


def how(known: StaffHealth) -> Value:
    if known.well:
        return text("health.well")
    parts: list[Text] = [_temperature(known)]
    parts += [text(f"symptom.{code}") for code in known.symptoms]
    parts += [text(f"health.action.{known.action}")] if known.action else []
    return listed(parts, "list.comma")


def _temperature(known: StaffHealth) -> Text:
    if known.temperature is None:
        return text("temperature.afebrile" if known.afebrile else "temperature.untaken")
    return text("temperature.value", degrees=degrees(known.temperature), method=text(f"method.{known.method}"))


def ask_temperature(said: Said, method: Method) -> tuple[Text, Choices]:
    values = [said.button(literal(degrees(value)), "temperature", str(value)) for value in DEGREES]
    rows = [*in_rows(values, 4)]
    none = (
        said.button(text("button.afebrile"), "temperature", AFEBRILE),
        said.button(text("button.untaken"), "temperature", UNTAKEN),
    )
    return text("health.temperature", method=text(f"method.{method}")), (*rows, none, _back(said))


def ask_symptoms(said: Said) -> tuple[Text, Choices]:
    offered = [(code, said.button(text(f"symptom.{code}"), "symptom", code)) for code in ASKED]
    buttons = [replace(one, ticked=code in said.symptoms) for code, one in offered]
    rows = [*in_rows(buttons, 3)]
    done = text("button.symptoms_done" if said.symptoms else "button.no_symptoms")
    return text("health.symptoms"), (*rows, (said.button(done, "symptoms"),), _back(said))


def ask_action(said: Said) -> tuple[Text, Choices]:
    buttons = tuple((said.button(text(f"health.action.{one}"), "do", one),) for one in Action)
    return text("health.what_now"), (*buttons, _back(said))


def _back(said: Said) -> tuple[Choice, ...]:
    return (replace(said, symptoms=(), temperature=UNTAKEN).button(text("button.cancel"), "again"),)
