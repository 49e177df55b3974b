"""The audit trail as it is sealed: which facts are in no seal yet, and the seals."""

from datetime import date
from typing import get_args

from handlers import questions as q
from handlers.facts import Fact
from handlers.plain import stamp, unstamp
from handlers.seals import Link
from storage import retention
from storage.transaction import Row, Tx

LINK = "SELECT n, kind, digest, actor, at, channel, cause FROM fact WHERE lane = :lane AND n > :after AND n <= :last"


def link_from(row: Row) -> Link:
    return Link(row["n"], row["kind"], row["digest"], row["actor"], row["at"], row["channel"], row["cause"])


def last_seal(tx: Tx, question: q.LastSeal) -> q.SealView | None:
    before = stamp(question.before) if question.before else None
    row = tx.one(
        """SELECT n, day, hash FROM seal WHERE CAST(:before AS TEXT) IS NULL OR at < :before
           ORDER BY n DESC LIMIT 1""",
        before=before,
    )
    return q.SealView(row["n"], date.fromisoformat(row["day"]), row["hash"]) if row else None


def unsealed(tx: Tx, question: q.Unsealed) -> tuple[q.UnsealedLane, ...]:
    rows = tx.all("SELECT name, sealed, n FROM lane WHERE n > sealed ORDER BY name")
    return tuple(q.UnsealedLane(row["name"], row["sealed"], row["n"]) for row in rows)


def links_of(tx: Tx, question: q.LinksOf) -> tuple[Link, ...]:
    rows = tx.all(LINK + " ORDER BY n", lane=question.lane, after=question.after, last=question.last)
    return tuple(link_from(row) for row in rows)


def lanes(tx: Tx, question: q.Lanes) -> tuple[str, ...]:
    return tuple(row["name"] for row in tx.all("SELECT name FROM lane WHERE n > 0 ORDER BY name"))


def prunable(tx: Tx, question: q.Prunable) -> int:
    return retention.count(tx, question.kind, question.before)


def facts_before(tx: Tx, question: q.FactsBefore) -> tuple[str, ...]:
    """A kind at a time, so that the index finds them among years of others."""
    found: list[Row] = []
    for kind in _kinds(question):
        found += tx.all(
            """SELECT id, n FROM fact WHERE lane = :lane AND kind = :kind AND at < :before AND body <> ''
               ORDER BY at, n LIMIT :most""",
            lane=question.lane,
            kind=kind,
            before=stamp(question.before),
            most=question.most,
        )
    return tuple(row["id"] for row in sorted(found, key=lambda row: int(row["n"]))[: question.most])


def _kinds(question: q.FactsBefore) -> tuple[str, ...]:
    if question.health:
        return retention.OF_HEALTH
    names = {one.__name__ for one in get_args(Fact)}
    return tuple(sorted(names - {*retention.OF_HEALTH, *retention.ROLL, *retention.CHAIN}))


def views_of(tx: Tx, question: q.ViewsOf) -> tuple[q.View, ...]:
    rows = tx.all(
        "SELECT person, at, what FROM viewed WHERE pupil = :pupil ORDER BY at DESC, person, what LIMIT :most",
        pupil=question.pupil,
        most=question.most,
    )
    return tuple(q.View(row["person"], unstamp(row["at"]), row["what"]) for row in rows)
