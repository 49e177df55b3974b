"""Rules and calendar are read once, and anew as soon as somebody has decided something, in whatever lane."""

from datetime import UTC, date, datetime

import pytest

from handlers.facts import RuleRow, RulesSet
from storage import Storage, Tx, inbox
from storage.record import Cause, record
from storage.settled import settled

DAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, tzinfo=UTC)


def decides(tx: Tx, id: str, lane: str, value: str) -> None:
    inbox.claim(tx, lane)
    rule = RuleRow("quiet", value, DAY, "本学区规定")
    record(tx, RulesSet((rule,)), Cause(id, lane, "machine", NOW, DAY, "machine", bytes(16)))


def known(tx: Tx) -> str:
    """What is settled of the rule, and the row where nothing is kept."""

    def read() -> str:
        row = tx.one("SELECT value FROM rule WHERE key = 'quiet'")
        return str(row["value"]) if row else ""

    return settled(tx, "quiet", read)


async def test_a_decision_of_any_lane_is_seen_at_once(storage: Storage) -> None:
    def work(tx: Tx) -> list[str]:
        found = []
        for n, lane in enumerate(("district", "a school", "district")):
            decides(tx, f"row {n}", lane, f"{n}")
            found += [known(tx), known(tx)]
        return found

    assert await storage.run(work) == ["0", "0", "1", "1", "2", "2"]
    assert await storage.read(known) == "2"


async def test_one_that_is_undone_was_never_known(storage: Storage) -> None:
    def undone(tx: Tx) -> None:
        decides(tx, "row 2", "district", "two")
        assert known(tx) == "two"
        raise ValueError("undone")

    await storage.run(lambda tx: decides(tx, "row 1", "district", "one"))
    with pytest.raises(ValueError, match="undone"):
        await storage.run(undone)
    assert await storage.run(known) == "one"
    await storage.run(lambda tx: decides(tx, "row 3", "district", "three"))
    assert await storage.run(known) == "three"
