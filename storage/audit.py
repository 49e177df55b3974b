"""`audit verify`: is every fact what it was when it was stated, and every seal what it was when it was made?"""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from handlers.facts import SealedLane
from handlers.seals import FIRST, LaneHash, fact_digest, seal_hash
from storage.answers.audit import link_from
from storage.transaction import Row, Tx

AT_ONCE: Final = 2000  # facts that are held in memory


class Broken(Struct, frozen=True):
    """The first link that does not hold. `what`: body, missing, erased, span, lane, previous, seal, no_seal or
    no_fact, as texts name them; `n` is a fact's number in its lane. `seal`: 0 for what stands in none yet."""

    seal: int
    what: str
    lane: str = ""
    n: int = 0
    last: int = 0


class BrokenLink(Exception):
    def __init__(self, broken: Broken) -> None:
        super().__init__(f"{broken}")
        self.broken = broken


class Found(Struct):
    """What was looked at; `after` facts stand in no seal yet."""

    facts: int = 0
    erased: int = 0
    seals: int = 0
    after: int = 0
    broken: Broken | None = None
    sealed_to: dict[str, int] = field(default_factory=dict)


class _Seal(Struct, frozen=True):
    n: int
    day: str
    previous: str
    hash: str
    lanes: tuple[SealedLane, ...]
    at: str


def verify(tx: Tx) -> Found:
    """Seal by seal, lane by lane, fact by fact; then what came after the last seal. Stops at the first broken link."""
    found = Found()
    try:
        _Verifying(tx, found).run()
    except BrokenLink as error:
        found.broken = error.broken
    return found


def seal_with(tx: Tx, digits: str) -> tuple[int, str] | None:
    """Number and day of the seal that a caption shows with these first digits of its hash."""
    rows = tx.all("SELECT n, day FROM seal WHERE hash LIKE :begins ORDER BY n LIMIT 1", begins=f"{digits}%")
    return (rows[0]["n"], rows[0]["day"]) if rows else None


class _Verifying:
    def __init__(self, tx: Tx, found: Found) -> None:
        self._tx, self._found = tx, found
        self._erased = _erasures(tx)

    def run(self) -> None:
        stated, kept = _stated(self._tx), _kept(self._tx)
        previous = FIRST
        for n in range(1, max((*stated, *kept), default=0) + 1):
            if n not in kept:
                raise BrokenLink(Broken(n, "no_seal"))
            self._seal(kept[n], previous)
            if n not in stated:
                raise BrokenLink(Broken(n, "no_fact"))
            if stated[n] != kept[n]:
                raise BrokenLink(Broken(n, "seal"))
            previous = kept[n].hash
            self._found.seals += 1
        self._rest()

    def _seal(self, seal: _Seal, previous: str) -> None:
        for one in seal.lanes:
            if one.first != self._found.sealed_to.get(one.lane, 0) + 1:
                raise BrokenLink(Broken(seal.n, "span", one.lane, one.first, one.last))
            if self._facts(seal.n, one.lane, one.first - 1, one.last) != one.hash:
                raise BrokenLink(Broken(seal.n, "lane", one.lane, one.first, one.last))
            self._found.sealed_to[one.lane] = one.last
        if seal.previous != previous:
            raise BrokenLink(Broken(seal.n, "previous"))
        if seal_hash(seal.previous, seal.lanes) != seal.hash:
            raise BrokenLink(Broken(seal.n, "seal"))

    def _rest(self) -> None:
        for row in self._tx.all("SELECT name, n FROM lane ORDER BY name"):
            sealed = self._found.sealed_to.get(row["name"], 0)
            last = max(int(row["n"]), _last(self._tx, row["name"]))
            before = self._found.facts
            self._facts(0, row["name"], sealed, last)
            self._found.after += self._found.facts - before

    def _facts(self, seal: int, lane: str, after: int, last: int) -> str:
        """The hash over them, each looked at by itself first."""
        whole, expected = LaneHash(), after + 1
        for row in self._rows(lane, after, last):
            if row["n"] != expected:
                raise BrokenLink(Broken(seal, "missing", lane, expected))
            self._fact(seal, lane, row)
            whole.take((link_from(row),))
            expected += 1
        if expected != last + 1:
            raise BrokenLink(Broken(seal, "missing", lane, expected))
        return whole.hex()

    def _rows(self, lane: str, after: int, last: int) -> Iterator[Row]:
        for begin in range(after, last, AT_ONCE):
            yield from self._tx.all(
                """SELECT id, n, kind, body, salt, digest, actor, at, channel, cause FROM fact
                   WHERE lane = :lane AND n > :after AND n <= :last ORDER BY n""",
                lane=lane,
                after=begin,
                last=min(begin + AT_ONCE, last),
            )

    def _fact(self, seal: int, lane: str, row: Row) -> None:
        self._found.facts += 1
        if row["body"] == "":
            if row["id"] not in self._erased:
                raise BrokenLink(Broken(seal, "erased", lane, row["n"]))
            self._found.erased += 1
        elif fact_digest(bytes(row["salt"]), row["body"]) != row["digest"]:
            raise BrokenLink(Broken(seal, "body", lane, row["n"]))


def _erasures(tx: Tx) -> frozenset[str]:
    """The ids that facts say were erased, each fact of its own lane only."""
    named: set[str] = set()
    for row in tx.all("SELECT lane, body FROM fact WHERE kind = 'Erased' AND body <> ''"):
        named |= {one for one in json.loads(row["body"])["facts"] if one.startswith(f"{row['lane']}:")}
    return frozenset(named)


def _stated(tx: Tx) -> Mapping[int, _Seal]:
    """The seals as their facts say they were made."""
    rows = tx.all("SELECT body FROM fact WHERE kind = 'Sealed' AND body <> ''")
    return {one.n: one for one in (_seal_from(json.loads(row["body"])) for row in rows)}


def _kept(tx: Tx) -> Mapping[int, _Seal]:
    rows = tx.all("SELECT n, day, previous, hash, lanes, at FROM seal")
    return {row["n"]: _seal_from({**row, "lanes": json.loads(row["lanes"])}) for row in rows}


def _seal_from(said: Mapping[str, object]) -> _Seal:
    lanes = said["lanes"]
    assert isinstance(lanes, list)  # noqa: S101 - written by storage/record
    return _Seal(
        n=int(str(said["n"])),
        day=str(said["day"]),
        previous=str(said["previous"]),
        hash=str(said["hash"]),
        lanes=tuple(SealedLane(one["lane"], one["first"], one["last"], one["hash"]) for one in lanes),
        at=str(said["at"]),
    )


def _last(tx: Tx, lane: str) -> int:
    """The highest number that there is, whatever the lane's row says."""
    row = tx.one("SELECT max(n) AS n FROM fact WHERE lane = :lane", lane=lane)
    return int(row["n"] or 0) if row else 0
