"""How the staff of a school said they were."""

from collections.abc import Mapping
from datetime import date

from handlers import questions as q
from handlers.model import Action, Method, StaffHealth, Symptom
from handlers.plain import unstamp
from storage.transaction import Row, Tx


def staff_health_on(tx: Tx, question: q.StaffHealthOn) -> Mapping[str, StaffHealth]:
    rows = tx.all(
        "SELECT * FROM staff_health WHERE school = :school AND day = :day AND latest = 1 ORDER BY person",
        school=question.school,
        day=question.day.isoformat(),
    )
    return {row["person"]: _health(row) for row in rows}


def _health(row: Row) -> StaffHealth:
    return StaffHealth(
        day=date.fromisoformat(row["day"]),
        person=row["person"],
        rev=row["rev"],
        well=bool(row["well"]),
        at=unstamp(row["at"]),
        temperature=row["temperature"],
        method=Method(row["method"]) if row["method"] else None,
        afebrile=bool(row["afebrile"]),
        symptoms=tuple(Symptom(code) for code in row["symptoms"].split()),
        action=Action(row["action"]) if row["action"] else None,
    )
