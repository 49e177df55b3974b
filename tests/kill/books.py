"""The program's database, looked at from outside while it may be writing: read only, by its own SQL."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

from handlers.plain import unstamp
from storage import Tx, connected
from tests.kill.evidence import Stored
from tests.kill.town import DAY


@contextmanager
def _open(url: str) -> Iterator[Tx]:
    with closing(connected(url, writes=False)) as books:
        books.begin()
        yield books


def reported(url: str) -> frozenset[str]:
    """Classes with a report of the played day."""
    with _open(url) as books:
        rows = books.all(
            "SELECT n.name FROM report r JOIN class_name n ON n.class = r.class WHERE r.day = :day AND r.rev = 1",
            day=DAY.isoformat(),
        )
        return frozenset(row["name"] for row in rows)


def stored(url: str) -> dict[str, Stored]:
    """By class: what the day's reports came to."""
    with _open(url) as books:
        names = {row["class"]: row["name"] for row in books.all("SELECT class, name FROM class_name")}
        facts = [json.loads(row["body"]) for row in books.all("SELECT body FROM fact WHERE kind = 'Reported'")]
        listed = books.all(
            """SELECT e.class, n.seat, e.temperature FROM entry e
               JOIN report r ON r.day = e.day AND r.round = e.round AND r.class = e.class AND r.rev = e.rev
               JOIN enrolment n ON n.pupil = e.pupil WHERE r.latest = 1 AND r.day = :day""",
            day=DAY.isoformat(),
        )
    firsts = [fact["class_id"] for fact in facts if fact["rev"] == 1 and fact["day"] == DAY.isoformat()]
    return {
        names[id]: Stored(
            firsts.count(id), frozenset((row["seat"], row["temperature"]) for row in listed if row["class"] == id)
        )
        for id in firsts
    }


def shown(url: str) -> frozenset[str]:
    """What the bot knows it has shown, as the platform calls it."""
    with _open(url) as books:
        return frozenset(row["ref"] for row in books.all("SELECT ref FROM message WHERE ref IS NOT NULL"))


def heard(url: str) -> frozenset[str]:
    """The native ids of what a platform has handed over."""
    with _open(url) as books:
        rows = books.all("SELECT native FROM seen WHERE channel IN ('telegram', 'wecom')")
        return frozenset(row["native"] for row in rows)


def begun(url: str) -> list[tuple[str, datetime]]:
    """When the last hour's messages were put on the wire, and to which chat, as the platform calls it."""
    with _open(url) as books:
        rows = books.all("SELECT a.native, s.at FROM sent s JOIN address a ON a.id = s.address")
    return [(row["native"], unstamp(row["at"])) for row in rows]


def holder(url: str, lease: str) -> int:
    """The process that has it, or had it last; 0 where none ever had."""
    with _open(url) as books:
        row = books.one("SELECT holder FROM lease WHERE name = :name", name=lease)
    return int(row["holder"].split("/")[1]) if row else 0


def summed_up(url: str) -> bool:
    """The 09:00 post has been decided."""
    with _open(url) as books:
        return bool(books.all("SELECT 1 FROM summary WHERE day = :day", day=DAY.isoformat()))
