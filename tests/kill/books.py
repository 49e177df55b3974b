"""The program's database, looked at from outside while nobody may be writing: read only, by its own SQL."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from handlers.plain import unstamp
from tests.kill.evidence import Stored
from tests.kill.town import DAY


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as books:
        yield books


def reported(path: Path) -> frozenset[str]:
    """Classes with a report of the played day."""
    with _open(path) as books:
        rows = books.execute(
            "SELECT n.name FROM report r JOIN class_name n ON n.class = r.class WHERE r.day = ? AND r.rev = 1",
            (DAY.isoformat(),),
        )
        return frozenset(str(name) for (name,) in rows)


def stored(path: Path) -> dict[str, Stored]:
    """By class: what the day's reports came to."""
    with _open(path) as books:
        names = {str(id): str(name) for id, name in books.execute("SELECT class, name FROM class_name")}
        facts = [json.loads(body) for (body,) in books.execute("SELECT body FROM fact WHERE kind = 'Reported'")]
        listed = books.execute(
            """SELECT e.class, n.seat, e.temperature FROM entry e
               JOIN report r ON r.day = e.day AND r.round = e.round AND r.class = e.class AND r.rev = e.rev
               JOIN enrolment n ON n.pupil = e.pupil WHERE r.latest = 1 AND r.day = ?""",
            (DAY.isoformat(),),
        ).fetchall()
    firsts = [fact["class_id"] for fact in facts if fact["rev"] == 1 and fact["day"] == DAY.isoformat()]
    return {
        names[id]: Stored(firsts.count(id), frozenset((seat, tenths) for klass, seat, tenths in listed if klass == id))
        for id in firsts
    }


def shown(path: Path) -> frozenset[str]:
    """What the bot knows it has shown, as the platform calls it."""
    with _open(path) as books:
        return frozenset(ref for (ref,) in books.execute("SELECT ref FROM message WHERE ref IS NOT NULL"))


def heard(path: Path) -> frozenset[str]:
    """The native ids of what a platform has handed over."""
    with _open(path) as books:
        rows = books.execute("SELECT native FROM seen WHERE channel IN ('telegram', 'wecom')")
        return frozenset(str(native) for (native,) in rows)


def begun(path: Path) -> list[tuple[str, datetime]]:
    """When the last hour's messages were put on the wire, and to which chat, as the platform calls it."""
    with _open(path) as books:
        rows = books.execute("SELECT a.native, s.at FROM sent s JOIN address a ON a.id = s.address").fetchall()
    return [(str(native), unstamp(at)) for native, at in rows]


def summed_up(path: Path) -> bool:
    """The 09:00 post has been decided."""
    with _open(path) as books:
        return books.execute("SELECT 1 FROM summary WHERE day = ?", (DAY.isoformat(),)).fetchone() is not None
