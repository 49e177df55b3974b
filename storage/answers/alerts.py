"""Alerts of fever: whom they were told, who acknowledged them, whether they still hold."""

import json
from datetime import date

from handlers import questions as q
from handlers.plain import entry_from, unstamp
from storage.answers.classes import CLASS, klass_from
from storage.answers.people import anybody
from storage.answers.schools import school_of
from storage.transaction import Row, Tx

ALERT = "SELECT * FROM alert WHERE "


def alert_by(tx: Tx, question: q.AlertBy) -> q.AlertView | None:
    row = tx.one(ALERT + "id = :id", id=question.id)
    return _alert(tx, row) if row else None


def alerts_on(tx: Tx, question: q.AlertsOn) -> tuple[q.AlertView, ...]:
    rows = tx.all(
        ALERT + "day = :day AND school = :school ORDER BY at, id", day=question.day.isoformat(), school=question.school
    )
    return tuple(_alert(tx, row) for row in rows if question.class_id in (None, row["class"]))


def _alert(tx: Tx, row: Row) -> q.AlertView:
    day = date.fromisoformat(row["day"])
    school = school_of(tx, q.SchoolOf(row["school"]))
    klass = tx.one(CLASS + "c.id = :class", day=row["day"], **{"class": row["class"]})
    by = anybody(tx, row["person"])
    assert school is not None  # noqa: S101 - recorded with the alert
    assert klass is not None  # noqa: S101
    return q.AlertView(
        id=row["id"],
        day=day,
        round=row["round"],
        school=school,
        klass=klass_from(klass),
        pupil=row["pupil"],
        seat=row["seat"],
        entry=entry_from(json.loads(row["body"])),
        by=by,
        at=unstamp(row["at"]),
        told=tuple(row["told"].split()),
        acked_by=anybody(tx, row["acked_by"]) if row["acked_by"] else None,
        acked_at=unstamp(row["acked_at"]) if row["acked_at"] else None,
        withdrawn_at=unstamp(row["withdrawn_at"]) if row["withdrawn_at"] else None,
        now=entry_from(json.loads(row["withdrawn_body"])) if row["withdrawn_body"] else None,
    )
