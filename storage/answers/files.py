"""Files that people sent, of which the rows are here and the bytes are not."""

from handlers import questions as q
from handlers.model import Paper
from handlers.plain import stamp, unstamp
from storage.transaction import Row, Tx

FILE = "SELECT id, case_, kind, person, at FROM file WHERE gone IS NULL AND "


def file_by(tx: Tx, question: q.FileBy) -> q.FileView | None:
    row = tx.one(f"{FILE} id = :id", id=question.id)
    return _file(row) if row else None


def file_asked_of(tx: Tx, question: q.FileAskedOf) -> q.FileView | None:
    rows = tx.all(
        f"{FILE} case_ IS NULL AND person = :person AND at >= :since ORDER BY at DESC, id LIMIT 1",
        person=question.person,
        since=stamp(question.since),
    )
    return _file(rows[0]) if rows else None


def certificates_of(tx: Tx, question: q.CertificatesOf) -> tuple[q.FileView, ...]:
    rows = tx.all(f"{FILE} case_ = :case ORDER BY at DESC, id", **{"case": question.case})
    return tuple(map(_file, rows))


def old_files(tx: Tx, question: q.OldFiles) -> tuple[tuple[str, str], ...]:
    rows = tx.all(
        """SELECT f.id, CASE WHEN f.case_ IS NULL THEN 'unused' ELSE 'closed' END AS why FROM file f
           LEFT JOIN case_ c ON c.id = f.case_
           WHERE f.gone IS NULL AND f.school = :school
             AND ((f.case_ IS NULL AND f.at < :unused) OR c.ended_on < :closed) ORDER BY f.id""",
        school=question.school,
        unused=stamp(question.unused),
        closed=question.closed.isoformat(),
    )
    return tuple((row["id"], row["why"]) for row in rows)


def _file(row: Row) -> q.FileView:
    return q.FileView(row["id"], row["case_"], Paper(row["kind"]), row["person"], unstamp(row["at"]))
