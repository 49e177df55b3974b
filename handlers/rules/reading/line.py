"""The line that comes of what was said of one pupil, and what is doubtful in it."""

from datetime import date

from msgspec import Struct

from handlers.model import Symptom
from handlers.rules.cues import Cue
from handlers.rules.reading.absence import attendance_of, is_returned, until_of, where_of
from handlers.rules.reading.entry import Entry
from handlers.rules.reading.illness import LASTING, is_afebrile, is_recovered, symptoms_of, temperature_of, told_twice
from handlers.rules.reading.result import Doubt, Line


class Told(Struct, frozen=True):
    """The doubts do not yet say which line they are about."""

    line: Line
    doubts: tuple[Doubt, ...]

    @property
    def empty(self) -> bool:
        """True when somebody was named, and nothing of it understood."""
        line = self.line
        said = (line.temperature, line.attendance, line.where, line.disease, line.until)
        flags = line.symptoms or line.earlier or line.afebrile or any(one.kind == "temperature" for one in self.doubts)
        return not flags and all(one is None for one in said)


def tell(entry: Entry, words: str, today: date, fever_from: int) -> Told:
    """The line of one pupil. `fever_from` in tenths of °C."""
    who = entry.who
    doubts = [Doubt(who.doubt, entry.said, who.choices)] if who.doubt else []
    if told_twice(entry):
        doubts.append(Doubt("twice", words))
    symptoms, earlier = symptoms_of(entry, doubts, fever_from)
    temperature = temperature_of(entry, doubts, fever_from)
    fever = temperature is not None and temperature >= fever_from
    if temperature is not None and not fever and Symptom.FEVER in symptoms:
        doubts.append(Doubt("temperature", words, (str(temperature),)))
    named = next(((fact, meant.disease) for fact, meant in entry.meant() if meant.disease and not fact.planned), None)
    disease = named[1].name if named else None
    ill = bool(symptoms or earlier or disease or fever) or entry.cued(Cue.ILL, *LASTING)
    attendance = attendance_of(entry, doubts, ill=ill)
    line = Line(
        pupil=who.pupils[0].id if who.exact else None,
        candidates=() if who.exact else tuple(pupil.id for pupil in who.pupils),
        temperature=temperature,
        symptoms=symptoms,
        attendance=attendance,
        where=where_of(entry, attendance),
        disease=disease,
        until=until_of(entry, doubts, today),
        words=words,
        method=next((meant.method for _, meant in entry.meant() if meant.method), None),
        afebrile=is_afebrile(entry) and Symptom.FEVER not in symptoms and not fever,
        earlier=earlier,
        recovered=named is not None and is_recovered(named[0], entry),
        returned=is_returned(entry, attendance),
    )
    return Told(line, tuple(dict.fromkeys(doubts)))
