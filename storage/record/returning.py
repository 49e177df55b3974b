"""Return: files that were sent, certificates, and what 校医 said."""

from handlers import facts as f
from handlers.plain import stamp
from storage.record.lane import Cause
from storage.transaction import Tx


def file_kept(tx: Tx, fact: f.FileKept, cause: Cause) -> None:
    """A turn has looked at it: it is no longer one that is wanted."""
    tx.run(
        """INSERT INTO file (id, kind, size, person, school, at)
           VALUES (:id, :kind, :size, :person, :school, :at)""",
        id=fact.id,
        kind=fact.kind,
        size=fact.size,
        person=fact.by,
        school=cause.lane,
        at=stamp(fact.at),
    )
    tx.run("DELETE FROM wanted WHERE id = :id", id=fact.id)


def file_gone(tx: Tx, fact: f.FileGone) -> None:
    tx.run("UPDATE file SET gone = :why WHERE id = :id", why=fact.why, id=fact.id)


def certificate_given(tx: Tx, fact: f.CertificateGiven) -> None:
    tx.run("UPDATE file SET case_ = :case WHERE id = :id", id=fact.file, **{"case": fact.case})
    tx.run(
        """UPDATE case_ SET certified_at = :at, review = CASE WHEN review = 'yes' THEN review END, turn = turn + 1
           WHERE id = :id""",
        at=stamp(fact.at),
        id=fact.case,
    )


def review_asked(tx: Tx, fact: f.ReviewAsked) -> None:
    tx.run("UPDATE case_ SET asked_at = :at WHERE id = :id", at=stamp(fact.at), id=fact.case)


def reviewed(tx: Tx, fact: f.ReturnReviewed) -> None:
    """A certificate that nobody can read is none."""
    verdict = fact.verdict if fact.verdict in ("yes", "no") else None
    tx.run(
        """UPDATE case_ SET review = :verdict, reviewed_at = :at, reviewed_by = :by, turn = turn + 1,
             certified_at = CASE WHEN :unclear = 1 THEN NULL ELSE certified_at END WHERE id = :id""",
        verdict=verdict,
        at=stamp(fact.at),
        by=fact.by,
        unclear=int(verdict is None),
        id=fact.case,
    )
