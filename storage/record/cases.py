"""Cases, from the report that opens one to the day on which it ends."""

import json
from dataclasses import replace
from datetime import date, datetime

from handlers import facts as f
from handlers.model import ABSENT, Entry, Symptom, Where
from handlers.plain import canonical, entry_from, stamp
from storage.transaction import Tx

RASHES = frozenset({Symptom.RASH, Symptom.BLISTER})


def opened(tx: Tx, fact: f.CaseOpened) -> None:
    tx.run(
        """INSERT INTO case_ (id, pupil, school, class, opened, onset, reported_at, seen, round, body)
           VALUES (:id, :pupil, :school, :class, :day, :onset, :at, :day, :round, :body)""",
        id=fact.id,
        pupil=fact.pupil,
        school=fact.school,
        day=fact.day.isoformat(),
        onset=fact.onset.isoformat(),
        at=stamp(fact.at),
        round=fact.round,
        body=canonical(fact.entry),
        **{"class": fact.class_id},
    )
    _known(tx, fact.id, fact.day, fact.entry, fever=fact.fever, at=fact.at)


def seen(tx: Tx, fact: f.CaseSeen) -> None:
    row = tx.one("SELECT body FROM case_ WHERE id = :id", id=fact.case)
    was = entry_from(json.loads(row["body"])) if row else fact.entry
    tx.run(
        """UPDATE case_ SET seen = :day, round = :round, body = :body, ended = NULL, ended_on = NULL,
             review = CASE WHEN :void = 1 THEN NULL ELSE review END WHERE id = :id""",
        id=fact.case,
        day=fact.day.isoformat(),
        round=fact.round,
        body=canonical(fact.entry),
        # what 校医 said holds for what was known then: not for a new fever, nor for another illness
        void=int(fact.fever or was.cause != fact.entry.cause),
    )
    # 都同昨日 carries symptoms on that nobody has asked about again: they are news only where they are others
    news = fact.entry if set(fact.entry.symptoms) - set(was.symptoms) else replace(fact.entry, symptoms=())
    _known(tx, fact.case, fact.day, news, fever=fact.fever, at=fact.at)


def _known(tx: Tx, case: str, day: date, entry: Entry, *, fever: bool, at: datetime) -> None:
    """The four times, and what a return is reckoned from. The first of a kind stays."""
    now = stamp(at)
    isolated = entry.where is not None or entry.attendance in ABSENT
    tx.run(
        """UPDATE case_ SET fever_at = COALESCE(CAST(:fever AS TEXT), fever_at),
             symptoms_on = COALESCE(CAST(:symptoms AS TEXT), symptoms_on),
             rash_on = COALESCE(rash_on, CAST(:rash AS TEXT)),
             isolated_at = COALESCE(isolated_at, CAST(:isolated AS TEXT)),
             visited_at = COALESCE(visited_at, CAST(:visited AS TEXT))
           WHERE id = :id""",
        id=case,
        fever=now if fever else None,
        symptoms=day.isoformat() if entry.symptoms else None,
        rash=day.isoformat() if RASHES.intersection(entry.symptoms) else None,
        isolated=now if isolated else None,
        visited=now if entry.where is Where.HOSPITAL else None,
    )


def ended(tx: Tx, fact: f.CaseEnded) -> None:
    tx.run(
        "UPDATE case_ SET ended = :how, ended_on = :day WHERE id = :id",
        id=fact.case,
        how=fact.how,
        day=fact.day.isoformat(),
    )
