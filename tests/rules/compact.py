"""A reading in few signs, so that a table of sentences can be read by people.

A line is: seat (or ? and the seats asked about), temperature, symptoms, attendance, where, disease, ~end of leave,
returned, was:symptom of earlier days, afebrile."""

from collections.abc import Mapping
from typing import Any

from handlers.rules.reading import Line, Reading

Compact = dict[str, Any]


def compact(reading: Reading, seats: Mapping[str, int]) -> Compact:
    """Only what was read: keys that are empty are left out."""
    said: Compact = {
        "class": reading.class_id or reading.class_said,
        "day": reading.day.isoformat() if reading.day else None,
        "expected": reading.expected,
        "present": reading.present,
        "zero": reading.zero,
        "lines": [_line(line, seats) for line in reading.lines],
        "staff": reading.staff_absent,
        "doubts": [doubt.kind for doubt in reading.doubts],
        "unread": list(reading.unread),
    }
    return {key: value for key, value in said.items() if value not in (None, False, [])}


def _line(line: Line, seats: Mapping[str, int]) -> str:
    asked = "?" + ",".join(str(seats[one]) for one in line.candidates)
    parts = (
        asked if line.pupil is None else str(seats[line.pupil]),
        "" if line.temperature is None else f"{line.temperature / 10}",
        *line.symptoms,
        line.attendance or "",
        line.where or "",
        line.disease or "",
        f"~{line.until:%m-%d}" if line.until else "",
        "recovered" if line.recovered else "",
        "returned" if line.returned else "",
        *(f"was:{symptom}" for symptom in line.earlier),
        line.method or "",
        "afebrile" if line.afebrile else "",
    )
    return " ".join(part for part in parts if part)
