"""Nouns as JSON and back: canonical, so that the same fact always gives the same text."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any, Final

from msgspec import Struct

from handlers.facts import Evidence
from handlers.model import Attendance, Draft, Entry, Method, Sure, Symptom, Trip, Unsure, Where

SCALARS: Final = (str, int, float, NoneType)


def stamp(instant: datetime) -> str:
    """UTC text of one width, so that text order is time order."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def unstamp(text: str) -> datetime:
    """Of what `stamp` wrote. Raises ValueError."""
    return datetime.fromisoformat(text)


def instant_or_none(text: str | None) -> datetime | None:
    """None for what has not happened."""
    return unstamp(text) if text else None


def day_or_none(text: str | None) -> date | None:
    """None where no day is known."""
    return date.fromisoformat(text) if text else None


def plain(value: Any) -> Any:
    """Structs as objects, tuples as lists, days and instants as text."""
    if isinstance(value, SCALARS):
        return value
    if isinstance(value, Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return value


def canonical(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entry_from(said: Mapping[str, Any]) -> Entry:
    return Entry(
        pupil=said["pupil"],
        attendance=Attendance(said["attendance"]),
        temperature=said["temperature"],
        method=Method(said["method"]) if said["method"] else None,
        afebrile=bool(said["afebrile"]),
        symptoms=tuple(Symptom(code) for code in said["symptoms"]),
        where=Where(said["where"]) if said["where"] else None,
        added=instant_or_none(said["added"]),
        cause=said["cause"],
        until=day_or_none(said["until"]),
        onset=day_or_none(said["onset"]),
    )


def trip_from(said: Mapping[str, Any]) -> Trip:
    until = day_or_none(said["until"])
    return Trip(**{**said, "until": until, "contact": Sure(said["contact"]), "risk": Sure(said["risk"])})


def draft_from(text: str) -> Draft:
    said = json.loads(text)
    return Draft(
        **{
            **said,
            "day": date.fromisoformat(said["day"]),
            "entries": tuple(entry_from(entry) for entry in said["entries"]),
            "was": tuple(entry_from(entry) for entry in said["was"]),
            "current": entry_from(said["current"]) if said["current"] else None,
            "method": Method(said["method"]),
            "heard_at": instant_or_none(said["heard_at"]),
            "choices": tuple(said["choices"]),
            "pending": tuple(_unsure_from(unsure) for unsure in said["pending"]),
            "unread": tuple(said["unread"]),
            "on_leave": tuple(said["on_leave"]),
            "trips": tuple(trip_from(trip) for trip in said["trips"]),
            "trip": trip_from(said["trip"]) if said["trip"] else None,
            "cases": tuple(said["cases"]),
            "back": tuple(said["back"]),
        }
    )


def _unsure_from(said: Mapping[str, Any]) -> Unsure:
    return Unsure(
        entry=entry_from(said["entry"]),
        pupils=tuple(said["pupils"]),
        words=said["words"],
        day=day_or_none(said["day"]),
        remeasure=said["remeasure"],
        why=said["why"],
        placed=said["placed"],
    )


def evidence_from(text: str) -> Evidence:
    said = json.loads(text)
    instants = {key: unstamp(said[key]) for key in ("due", "reported_at", "added_at") if said[key]}
    return Evidence(**{**said, **instants})
