"""存证: nights pass, seals are made, and whoever changes what was recorded is found out, link by link."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from handlers.seals import fact_digest, in_fours
from storage import Row, Storage, Tx, audit, copy_storage, open_storage
from storage.audit import Broken
from tests.stack import TUESDAY, Stack, hour

WEDNESDAY = TUESDAY + timedelta(days=1)


async def lived(url: str) -> Stack:
    """Two nights have passed; the second seal holds a day with a fever."""
    made = Stack(url)
    await made.open()
    await made.live_a_day()
    await made.go(hour("09:01", WEDNESDAY))
    await made.go(hour("02:01", WEDNESDAY + timedelta(days=1)))
    return made


@pytest.fixture
async def stack(storage_url: str) -> AsyncIterator[Stack]:
    made = await lived(storage_url)
    yield made
    await made.close()


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database that is left of them."""
    url = f"sqlite:///{tmp_path_factory.mktemp('nights') / 'zero.db'}"

    async def live() -> None:
        await (await lived(url)).close()

    asyncio.run(live())
    return url


@pytest.fixture
async def sealed(two_nights: str, storage_url: str) -> AsyncIterator[Storage]:
    """A copy of it, on either database."""
    copy_storage(two_nights, storage_url)
    storage = await open_storage(storage_url)
    yield storage
    await storage.close()


async def rows(storage: Storage, sql: str, **values: str | int) -> list[Row]:
    return await storage.read(lambda tx: tx.all(sql, **values))


async def found(storage: Storage) -> audit.Found:
    return await storage.read(audit.verify)


async def broken(storage: Storage) -> Broken:
    link = (await found(storage)).broken
    assert link is not None
    return link


async def tamper(storage: Storage, sql: str, **values: str | int | bytes) -> None:
    def change(tx: Tx) -> None:
        assert tx.run(sql, **values) > 0

    await storage.run(change)


async def reported(storage: Storage) -> tuple[str, int]:
    """Lane and number of the fact that says of the fever."""
    [row] = await rows(storage, "SELECT lane, n FROM fact WHERE kind = 'Reported' AND body LIKE '%386%'")
    return row["lane"], row["n"]


async def test_what_nobody_touched_is_whole(stack: Stack) -> None:
    whole = await found(stack.storage)
    assert whole.broken is None
    assert (whole.seals, whole.erased) == (2, 0)
    assert whole.facts == (await stack.rows("SELECT count(*) AS n FROM fact"))[0]["n"]
    assert whole.after == 1  # the last seal's own fact


async def test_the_seal_stands_in_the_next_mornings_post_and_can_be_looked_up_by_it(stack: Stack) -> None:
    caption = next(one.text for one in reversed(stack.sandbox.chat(-5001)) if "学区晨检" in one.text)
    [seal] = await stack.rows("SELECT n, hash FROM seal WHERE n = 1")
    line = caption.splitlines()[-1]
    assert line == f"存证 {in_fours(seal['hash'])}"
    assert await stack.storage.read(lambda tx: audit.seal_with(tx, seal["hash"][:16])) == (1, "2026-09-02")
    assert await stack.storage.read(lambda tx: audit.seal_with(tx, "0123456789abcdef")) is None


async def test_a_changed_body_is_named(sealed: Storage) -> None:
    lane, n = await reported(sealed)
    sql = "UPDATE fact SET body = replace(body, '386', '368') WHERE lane = :lane AND n = :n"
    await tamper(sealed, sql, lane=lane, n=n)
    assert await broken(sealed) == Broken(1, "body", lane, n)


async def test_a_changed_digest_is_named(sealed: Storage) -> None:
    lane, n = await reported(sealed)
    await tamper(sealed, "UPDATE fact SET digest = :d WHERE lane = :lane AND n = :n", d="0" * 64, lane=lane, n=n)
    assert await broken(sealed) == Broken(1, "body", lane, n)


async def test_a_changed_author_is_found_though_no_digest_covers_it(sealed: Storage) -> None:
    lane, n = await reported(sealed)
    await tamper(sealed, "UPDATE fact SET actor = 'somebody' WHERE lane = :lane AND n = :n", lane=lane, n=n)
    link = await broken(sealed)
    assert (link.seal, link.what, link.lane) == (1, "lane", lane)
    assert link.last >= n


async def test_a_body_changed_together_with_its_digest_is_found(sealed: Storage) -> None:
    lane, n = await reported(sealed)
    [row] = await rows(
        sealed, "SELECT body, salt FROM fact WHERE lane = :lane AND kind = 'Reported' AND body LIKE '%386%'", lane=lane
    )
    body = row["body"].replace("386", "368")
    digest = fact_digest(bytes(row["salt"]), body)
    sql = "UPDATE fact SET body = :body, digest = :digest WHERE lane = :lane AND n = :n"
    await tamper(sealed, sql, body=body, digest=digest, lane=lane, n=n)
    link = await broken(sealed)
    assert (link.seal, link.what, link.lane) == (1, "lane", lane)


async def test_a_deleted_fact_is_named(sealed: Storage) -> None:
    lane, n = await reported(sealed)
    await tamper(sealed, "DELETE FROM fact WHERE lane = :lane AND n = :n", lane=lane, n=n)
    assert await broken(sealed) == Broken(1, "missing", lane, n)


async def test_a_deleted_last_fact_is_named(sealed: Storage) -> None:
    [row] = await rows(sealed, "SELECT max(n) AS n FROM fact WHERE lane = 'district'")
    await tamper(sealed, "DELETE FROM fact WHERE lane = 'district' AND n = :n", n=row["n"])
    assert (await broken(sealed)).what == "no_fact"  # it was the second seal's own
    await tamper(sealed, "DELETE FROM seal WHERE n = 2")
    assert await broken(sealed) == Broken(0, "missing", "district", row["n"])


@pytest.mark.parametrize("n", [1, 2])
async def test_a_deleted_seal_is_named(sealed: Storage, n: int) -> None:
    await tamper(sealed, "DELETE FROM seal WHERE n = :n", n=n)
    assert await broken(sealed) == Broken(n, "no_seal")


async def test_a_changed_seal_is_named(sealed: Storage) -> None:
    await tamper(sealed, "UPDATE seal SET previous = '' WHERE n = 2")
    assert await broken(sealed) == Broken(2, "previous")


async def test_a_seal_made_anew_over_changed_facts_disagrees_with_the_group(sealed: Storage) -> None:
    """Whoever may write the database can make a whole chain of their own; the leaders' caption they cannot change."""
    [seal] = await rows(sealed, "SELECT hash FROM seal WHERE n = 1")
    await tamper(sealed, "UPDATE seal SET hash = :other WHERE n = 1", other="f" * 64)
    assert (await broken(sealed)).seal == 1
    assert await sealed.read(lambda tx: audit.seal_with(tx, seal["hash"][:16])) is None


async def test_an_erased_fact_holds_where_a_fact_says_so_and_breaks_the_chain_where_none_does(sealed: Storage) -> None:
    lane, n = await reported(sealed)
    await tamper(sealed, "UPDATE fact SET body = '', salt = :no WHERE lane = :lane AND n = :n", no=b"", lane=lane, n=n)
    assert await broken(sealed) == Broken(1, "erased", lane, n)


async def test_what_belongs_to_an_open_case_stays(stack: Stack) -> None:
    await stack.stop_bot()
    await stack.go(hour("07:00", TUESDAY + timedelta(days=92)))
    await stack.start_bot()
    await stack.settle(timedelta(seconds=60))
    assert len(await stack.rows("SELECT * FROM entry")) == 1
    assert len(await stack.rows("SELECT * FROM case_")) == 1
    assert (await found(stack.storage)).broken is None


async def test_after_its_days_health_goes_with_a_record_that_it_did_and_the_chain_stays_whole(stack: Stack) -> None:
    lane, n = await reported(stack.storage)
    await stack.stop_bot()
    await tamper(stack.storage, "UPDATE case_ SET ended = 'returned', ended_on = '2026-09-02'")
    await stack.go(hour("07:00", TUESDAY + timedelta(days=92)))
    await stack.start_bot()
    await stack.settle(timedelta(seconds=60))
    [row] = await stack.rows("SELECT body, digest FROM fact WHERE id = :id", id=f"{lane}:{n}")
    assert row["body"] == ""
    assert await stack.rows("SELECT * FROM entry") == []
    assert await stack.rows("SELECT * FROM alert") == []
    [sums] = await stack.rows("SELECT fever, unwell FROM report WHERE fever > 0")
    assert (sums["fever"], sums["unwell"]) == (1, 1)
    stack.write("郑华", "报告 三(1)班 9月1日")
    await stack.settle()
    card = stack.chat("郑华")[-1]
    assert "应到" in card.text
    assert "发热1" in card.text
    assert "名单和病情已清除，只留人数" in card.text
    assert not card.keyboard
    kinds = {json.loads(one["body"])["kind"] for one in await stack.rows("SELECT body FROM fact WHERE kind = 'Pruned'")}
    assert {"health", "inbox"} <= kinds
    whole = await found(stack.storage)
    assert whole.broken is None
    assert whole.erased > 0
    await tamper(stack.storage, "DELETE FROM fact WHERE kind = 'Erased'")
    assert (await broken(stack.storage)).what in ("erased", "missing")
