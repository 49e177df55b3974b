"""What classes reported, how each stood when the time was up, and the summaries made of it."""

from handlers import facts as f
from handlers.plain import canonical, stamp
from storage.transaction import Tx


def reported(tx: Tx, fact: f.Reported) -> None:
    key = {"day": fact.day.isoformat(), "round": fact.round, "class": fact.class_id}
    _add_up(tx, fact)
    if fact.rev > 1:
        tx.run(
            "UPDATE report SET latest = 0 WHERE day = :day AND round = :round AND class = :class AND latest = 1", **key
        )
    tx.run(
        """INSERT INTO report (day, round, class, rev, latest, school, expected, present, sick, personal, unknown,
             unwell, fever, zero, listed, groups, person, at, first_at, timely, kind, behalf, heard_at, reason)
           VALUES (:day, :round, :class, :rev, 1, :school, :expected, :present, :sick, :personal, :unknown,
             :unwell, :fever, :zero, :listed, :groups,
             :person, :at, :first_at, :timely, :kind, :behalf, :heard_at, :reason)""",
        rev=fact.rev,
        school=fact.school,
        expected=fact.sums.expected,
        present=fact.sums.present,
        sick=fact.sums.sick,
        personal=fact.sums.personal,
        unknown=fact.sums.unknown,
        unwell=fact.sums.unwell,
        fever=fact.sums.fever,
        zero=int(fact.sums.zero),
        listed=len(fact.entries),
        groups=canonical(dict(fact.groups)),
        person=fact.by,
        at=stamp(fact.at),
        first_at=stamp(fact.first_at),
        timely=int(fact.timely),
        kind=fact.kind,
        behalf=fact.behalf,
        heard_at=stamp(fact.heard_at) if fact.heard_at else None,
        reason=fact.reason,
        **key,
    )
    tx.many(
        """INSERT INTO entry (day, round, class, rev, place, pupil, attendance, temperature, method, afebrile, symptoms,
             whereabouts, added, cause, until, onset, fever, flagged)
           VALUES (:day, :round, :class, :rev, :place, :pupil, :attendance, :temperature, :method, :afebrile, :symptoms,
             :whereabouts, :added, :cause, :until, :onset, :fever, :flagged)""",
        [
            {
                **key,
                "rev": fact.rev,
                "place": place,
                "pupil": entry.pupil,
                "attendance": entry.attendance,
                "temperature": entry.temperature,
                "method": entry.method,
                "afebrile": int(entry.afebrile),
                "symptoms": " ".join(entry.symptoms),
                "whereabouts": entry.where,
                "added": stamp(entry.added) if entry.added else None,
                "cause": entry.cause,
                "until": entry.until.isoformat() if entry.until else None,
                "onset": entry.onset.isoformat() if entry.onset else None,
                "fever": int(entry.pupil in fact.fevers),
                "flagged": int(entry.pupil in fact.flagged),
            }
            for place, entry in enumerate(fact.entries)
        ],
    )


def _add_up(tx: Tx, fact: f.Reported) -> None:
    """What the school's classes have reported together. A later revision takes the place of the one before it."""
    before = None
    if fact.rev > 1:
        before = tx.one(
            """SELECT expected, sick, fever FROM report
               WHERE day = :day AND round = :round AND class = :class AND latest = 1""",
            day=fact.day.isoformat(),
            round=fact.round,
            **{"class": fact.class_id},
        )
    tx.run(
        """INSERT INTO school_sums (day, round, school, classes, expected, sick, fever)
           VALUES (:day, :round, :school, :classes, :expected, :sick, :fever)
           ON CONFLICT (day, round, school) DO UPDATE
           SET classes = school_sums.classes + excluded.classes, expected = school_sums.expected + excluded.expected,
             sick = school_sums.sick + excluded.sick, fever = school_sums.fever + excluded.fever""",
        day=fact.day.isoformat(),
        round=fact.round,
        school=fact.school,
        classes=0 if before else 1,
        expected=fact.sums.expected - (before["expected"] if before else 0),
        sick=fact.sums.sick - (before["sick"] if before else 0),
        fever=fact.sums.fever - (before["fever"] if before else 0),
    )


def settled(tx: Tx, fact: f.Settled) -> None:
    tx.many(
        """INSERT INTO standing (day, round, class, school, standing, cause)
           VALUES (:day, :round, :class, :school, :standing, :cause)
           ON CONFLICT (day, round, class) DO UPDATE SET cause = excluded.cause""",
        [
            {
                "day": fact.day.isoformat(),
                "round": fact.round,
                "class": class_id,
                "school": fact.school,
                "standing": standing,
                "cause": cause or None,
            }
            for class_id, standing, cause in fact.standings
        ],
    )


def list_turn(tx: Tx, fact: f.ListPassed | f.ListTaken, person: str, *, taken: bool) -> None:
    """Who takes a list keeps it, whoever's turn it would be later."""
    tx.run(
        """INSERT INTO list_turn (day, round, school, kind, person, since, taken_at)
           VALUES (:day, :round, :school, :kind, :person, :at, :taken)
           ON CONFLICT (day, round, school, kind) DO UPDATE
           SET person = excluded.person, since = excluded.since, taken_at = excluded.taken_at
           WHERE list_turn.taken_at IS NULL""",
        day=fact.day.isoformat(),
        round=fact.round,
        school=fact.school,
        kind=fact.kind,
        person=person,
        at=stamp(fact.at),
        taken=stamp(fact.at) if taken else None,
    )


def summarised(tx: Tx, fact: f.Summarised) -> None:
    tx.run(
        """INSERT INTO summary (day, round, version, at, body, shown)
           VALUES (:day, :round, :version, :at, :body, :shown)""",
        day=fact.day.isoformat(),
        round=fact.round,
        version=fact.version,
        at=stamp(fact.at),
        body=fact.body,
        shown="\n".join(fact.shown),
    )
