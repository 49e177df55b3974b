"""Alerts of fever: whom they were told, who acknowledged them, whether they still hold."""

from datetime import date

from handlers import questions as q
from handlers.model import Duty, Entry
from handlers.plain import day_or_none, instant_or_none, read, unstamp
from storage.answers.classes import CLASS, klass_from
from storage.answers.people import anybody
from storage.answers.reports import entry_of
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
    by = anybody(tx, row["person"], day)
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
        entry=read(Entry, row["body"]),
        by=by,
        at=unstamp(row["at"]),
        post=row["post"],
        step=row["step"],
        told=_told(tx, row["id"], day),
        continues=day_or_none(row["continues"]),
        passed_at=instant_or_none(row["passed_at"]),
        acked_by=anybody(tx, row["acked_by"], day) if row["acked_by"] else None,
        acked_at=instant_or_none(row["acked_at"]),
        withdrawn_at=instant_or_none(row["withdrawn_at"]),
        revised_at=instant_or_none(row["revised_at"]),
        now=read(Entry, row["revised_body"]) if row["revised_body"] else None,
    )


def _told(tx: Tx, alert: str, day: date) -> tuple[q.Told, ...]:
    rows = tx.all("SELECT person, duty, reached FROM alert_told WHERE alert = :alert ORDER BY place", alert=alert)
    return tuple(q.Told(anybody(tx, row["person"], day), Duty(row["duty"]), bool(row["reached"])) for row in rows)


def missed_by(tx: Tx, question: q.MissedBy) -> tuple[tuple[str, str], ...]:
    rows = tx.all(
        """SELECT a.id, a.school FROM alert_told t JOIN alert a ON a.id = t.alert
           WHERE t.person = :person AND t.reached = 0 AND a.day = :day ORDER BY a.at, a.id""",
        person=question.person,
        day=question.day.isoformat(),
    )
    return tuple((row["id"], row["school"]) for row in rows)


def flagged_on(tx: Tx, question: q.FlaggedOn) -> tuple[Entry, ...]:
    rows = tx.all(
        """SELECT e.* FROM entry e JOIN report r
             ON r.day = e.day AND r.round = e.round AND r.class = e.class AND r.rev = e.rev AND r.latest = 1
           WHERE e.class = :class AND e.day = :day AND e.flagged = 1
             AND NOT EXISTS (SELECT 1 FROM alert a WHERE a.day = e.day AND a.pupil = e.pupil
               AND a.post IS NOT NULL AND a.acked_at IS NULL AND a.withdrawn_at IS NULL)
           ORDER BY r.first_at, e.place""",
        day=question.day.isoformat(),
        **{"class": question.class_id},
    )
    return tuple(entry_of(row) for row in rows)
