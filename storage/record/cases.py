"""Cases, from the report that opens one to the day on which it ends."""

from datetime import date, datetime

from handlers import facts as f
from handlers.model import ABSENT, Entry, How, Learnt, Symptom, Where
from handlers.plain import canonical, read, stamp
from handlers.values import replace
from storage.transaction import Tx

RASHES = frozenset({Symptom.RASH, Symptom.BLISTER})


def opened(tx: Tx, fact: f.CaseOpened) -> None:
    tx.run(
        """INSERT INTO case_ (id, pupil, school, class, opened, onset, reported_at, seen, round, body, contacts)
           VALUES (:id, :pupil, :school, :class, :day, :onset, :at, :day, :round, :body, 0)""",
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
    was = read(Entry, row["body"]) if row else fact.entry
    tx.run(
        """UPDATE case_ SET seen = :day, round = :round, body = :body, ended = NULL, ended_on = NULL,
             onset = COALESCE(CAST(:onset AS TEXT), onset),
             review = CASE WHEN :void = 1 THEN NULL ELSE review END WHERE id = :id""",
        id=fact.case,
        day=fact.day.isoformat(),
        round=fact.round,
        body=canonical(fact.entry),
        onset=fact.entry.onset.isoformat() if fact.entry.onset else None,
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
             measured_at = COALESCE(CAST(:measured AS TEXT), measured_at),
             symptoms_on = COALESCE(CAST(:symptoms AS TEXT), symptoms_on),
             rash_on = COALESCE(rash_on, CAST(:rash AS TEXT)),
             isolated_at = COALESCE(isolated_at, CAST(:isolated AS TEXT)),
             visited_at = COALESCE(visited_at, CAST(:visited AS TEXT))
           WHERE id = :id""",
        id=case,
        fever=now if fever else None,
        measured=now if fever or entry.afebrile or entry.temperature is not None else None,
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


def contacted(tx: Tx, fact: f.Contacted) -> None:
    tx.run(
        """INSERT INTO contact
             (id, case_, day, at, person, how, learnt, temperature, method, afebrile, cause, visited_at, words)
           VALUES (:id, :case, :day, :at, :by, :how, :learnt, :temperature, :method, :afebrile, :cause,
             CAST(:visited AS TEXT), CAST(:words AS TEXT))""",
        id=fact.id,
        case=fact.case,
        day=fact.day.isoformat(),
        at=stamp(fact.at),
        by=fact.by,
        how=fact.how,
        learnt=" ".join(fact.learnt),
        temperature=fact.temperature,
        method=fact.method,
        afebrile=int(fact.afebrile),
        cause=fact.cause,
        visited=stamp(fact.visited_at) if fact.visited_at else None,
        words=fact.words,
    )
    _learnt(tx, fact)


def _learnt(tx: Tx, fact: f.Contacted) -> None:
    """What the pupil's case is known by since; when it was last reported stays."""
    now, measured = stamp(fact.at), fact.fever or fact.afebrile or fact.temperature is not None
    tx.run(
        """UPDATE case_ SET body = :body, onset = COALESCE(CAST(:onset AS TEXT), onset),
             contacts = contacts + 1, tried_at = :now,
             contacted_at = COALESCE(CAST(:reached AS TEXT), contacted_at),
             fever_at = COALESCE(CAST(:fever AS TEXT), fever_at),
             measured_at = COALESCE(CAST(:measured AS TEXT), measured_at),
             symptoms_on = COALESCE(CAST(:unwell AS TEXT), symptoms_on),
             visited_at = COALESCE(visited_at, CAST(:visited AS TEXT))
           WHERE id = :id""",
        id=fact.case,
        body=canonical(fact.entry),
        onset=fact.entry.onset.isoformat() if fact.entry.onset else None,
        now=now,
        reached=now if fact.how is not How.UNREACHED else None,
        fever=now if fact.fever else None,
        measured=now if measured else None,
        unwell=fact.day.isoformat() if Learnt.UNWELL in fact.learnt else None,
        visited=stamp(fact.visited_at) if fact.visited_at else None,
    )


def cause_asked(tx: Tx, fact: f.CauseAsked) -> None:
    for case in fact.cases:
        tx.run("UPDATE case_ SET escalated_at = :at WHERE id = :id", at=stamp(fact.at), id=case)
