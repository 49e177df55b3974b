"""What came in: put once, taken a lane at a time, done or set aside."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from handlers.plain import stamp, unstamp
from storage.transaction import Tx

DISTRICT = "district"
KEPT = timedelta(days=7)  # Telegram restarts its numbers after a quiet week
LAST_TRY = 3  # a row that was open at three unclean stops is set aside
NEXT_PLACE = "SELECT COALESCE(max(place), 0) + 1 AS place FROM inbox"
LANE = "SELECT name FROM lane WHERE name = :lane"
NEW_LANE = "INSERT INTO lane (name, n, sealed) VALUES (:lane, 0, 0) ON CONFLICT (name) DO NOTHING"


class Arrival(Struct, frozen=True):
    """An update as it came: `native` is its id on the channel, `body` what the platform (or we ourselves) said."""

    lane: str
    channel: str
    native: str
    body: str
    seed: bytes
    ours: bool = False
    since: datetime | None = None  # heard first after a gap in our listening: when that began


class Row(Struct, frozen=True):
    """An open inbox row."""

    id: str
    lane: str
    channel: str
    native: str
    body: str
    ours: bool
    received: datetime
    since: datetime | None
    seed: bytes
    meant: str | None  # what its number stood for, where that is known since an earlier turn
    on: str | None  # which message of ours was tapped, where that is known since an earlier turn


def own(lane: str, channel: str, native: str, verb: str, args: Sequence[str], text: str, seed: bytes) -> Arrival:
    """An update of our own: a tick, a command of the machine, the postman's word, a hand-over to another lane."""
    body = json.dumps({"verb": verb, "args": list(args), "text": text}, ensure_ascii=False)
    return Arrival(lane, channel, native, body, seed, ours=True)


def put(tx: Tx, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Commit 1. How many were new: a repeat of what we have is dropped."""
    new = 0
    for arrival in arrivals:
        key = {"channel": arrival.channel, "native": arrival.native}
        fresh = tx.run(
            """INSERT INTO seen (channel, native, received) VALUES (:channel, :native, :received)
               ON CONFLICT (channel, native) DO NOTHING""",
            received=stamp(now),
            **key,
        )
        if not fresh:
            continue
        new += 1
        tx.run(
            """INSERT INTO inbox (id, lane, channel, native, body, ours, received, since, seed, state, tries, outcome)
               VALUES (:id, :lane, :channel, :native, :body, :ours, :received, :since, :seed, 'open', 0, '')""",
            id=f"{stamp(now)}:{arrival.channel}:{arrival.native}",
            lane=arrival.lane,
            body=arrival.body,
            ours=int(arrival.ours),
            received=stamp(now),
            since=stamp(arrival.since) if arrival.since else None,
            seed=arrival.seed,
            **key,
        )
    return new


def put_later(tx: Tx, arrival: Arrival, at: datetime, now: datetime) -> bool:
    """Kept until `at`. A repeat of what is kept is dropped: False."""
    new = tx.run(
        """INSERT INTO later (channel, native, lane, body, seed, put_at, due_at)
           VALUES (:channel, :native, :lane, :body, :seed, :put, :due)
           ON CONFLICT (channel, native) DO NOTHING""",
        channel=arrival.channel,
        native=arrival.native,
        lane=arrival.lane,
        body=arrival.body,
        seed=arrival.seed,
        put=stamp(now),
        due=stamp(at),
    )
    return new > 0


def put_ripe(tx: Tx, now: datetime) -> int:
    """What was kept until now goes in. How many were new."""
    _set_back(tx, now)
    rows = tx.all("SELECT * FROM later WHERE due_at <= :now ORDER BY due_at, channel, native", now=stamp(now))
    ripe = [
        Arrival(row["lane"], row["channel"], row["native"], row["body"], bytes(row["seed"]), ours=True) for row in rows
    ]
    tx.run("DELETE FROM later WHERE due_at <= :now", now=stamp(now))
    return put(tx, ripe, now)


def _set_back(tx: Tx, now: datetime) -> None:
    """What a clock that has been put back since has put waits no longer than was meant."""
    for row in tx.all("SELECT channel, native, put_at, due_at FROM later WHERE put_at > :now", now=stamp(now)):
        due = now + (unstamp(row["due_at"]) - unstamp(row["put_at"]))
        tx.run(
            "UPDATE later SET put_at = :now, due_at = :due WHERE channel = :channel AND native = :native",
            now=stamp(now),
            due=stamp(due),
            channel=row["channel"],
            native=row["native"],
        )


def next_ripe(tx: Tx) -> datetime | None:
    """When the next of what is kept is due."""
    row = tx.one("SELECT min(due_at) AS at FROM later")
    return unstamp(row["at"]) if row and row["at"] else None


def lane_of(tx: Tx, channel: str, sender: str, subject: str | None) -> str:
    """The school that the button names (by class, alert, case or entry of the ledger), else the sender's school, else
    the district."""
    if subject is not None:
        row = tx.one(
            """SELECT school FROM class WHERE id = :id UNION SELECT school FROM alert WHERE id = :id
               UNION SELECT school FROM case_ WHERE id = :id UNION SELECT school FROM ledger WHERE id = :id
               UNION SELECT id FROM school WHERE id = :id""",
            id=subject,
        )
        if row is not None:
            return str(row["school"])
    row = tx.one(
        """SELECT p.school FROM address a JOIN person p ON p.id = a.person
           WHERE a.channel = :channel AND a.native = :native""",
        channel=channel,
        native=sender,
    )
    return str(row["school"]) if row and row["school"] else DISTRICT


def lanes(tx: Tx) -> dict[str, bool]:
    """The lanes with open rows, schools before the district, whose summaries wait for them; and whether a person waits
    in one."""
    rows = tx.all("SELECT lane, min(ours) AS ours FROM inbox WHERE state = 'open' GROUP BY lane")
    found = {str(row["lane"]): not row["ours"] for row in rows}
    return dict(sorted(found.items(), key=lambda one: (one[0] == DISTRICT, one[0])))


def claim(tx: Tx, lane: str) -> bool:
    """Whether the lane is ours until this transaction ends; False while another process has it. Rows that are read
    from now on are those that it has left."""
    if tx.locked(LANE, lane=lane, skip=True):
        return True
    if tx.one(LANE, lane=lane):  # asked first, for to insert would wait until whoever has it has written
        return False
    return tx.run(NEW_LANE, lane=lane) == 1


def hold(tx: Tx, lane: str) -> None:
    """The same, but who has it is waited for."""
    tx.run(NEW_LANE, lane=lane)
    tx.locked(LANE, lane=lane)


def height(tx: Tx, lane: str) -> int:
    """How many facts it has: the same for as long as nothing was stated in it."""
    row = tx.one("SELECT n FROM lane WHERE name = :lane", lane=lane)
    return int(row["n"]) if row else 0


def take(tx: Tx, lane: str, limit: int) -> list[Row]:
    """A lane's open rows: people before our own, then as they came."""
    return [
        Row(
            id=row["id"],
            lane=row["lane"],
            channel=row["channel"],
            native=row["native"],
            body=row["body"],
            ours=bool(row["ours"]),
            received=unstamp(row["received"]),
            since=unstamp(row["since"]) if row["since"] else None,
            seed=bytes(row["seed"]),
            meant=row["meant"],
            on=row["on_key"],
        )
        for row in tx.all(
            """SELECT id, lane, channel, native, body, ours, received, since, seed, meant, on_key FROM inbox
               WHERE state = 'open' AND lane = :lane ORDER BY ours, received, length(native), native LIMIT :limit""",
            lane=lane,
            limit=limit,
        )
    ]


def schools_behind(tx: Tx, step: str) -> list[str]:
    """Schools whose own tick of this step (`<name>:<due>:<round>`) is still open."""
    rows = tx.all(
        """SELECT DISTINCT lane FROM inbox WHERE state = 'open' AND lane <> :district AND ours = 1
           AND native >= :from AND native < :to""",
        district=DISTRICT,
        to=f"tick:{step};",
        **{"from": f"tick:{step}:"},
    )
    return [str(row["lane"]) for row in rows]


def next_place(tx: Tx) -> int:
    """Among all rows, of the one that is decided now."""
    row = tx.one(NEXT_PLACE)
    return int(row["place"]) if row else 1


def done(
    tx: Tx,
    id: str,
    outcome: str,
    now: datetime,
    on: str | None,
    meant: str | None,
    *,
    keep: bool,
    place: int | None = None,
) -> None:
    """The row stays, for its facts name it. Unless we are to `keep` what was said in it, that is emptied. `place`:
    where it was decided earlier than now."""
    tx.run(
        f"""UPDATE inbox SET state = 'done', outcome = :outcome, body = CASE WHEN :keep = 1 THEN body ELSE '' END,
             place = COALESCE(CAST(:place AS BIGINT), ({NEXT_PLACE})), decided_at = :now, on_key = :on,
             meant = CASE WHEN :keep = 1 THEN CAST(:meant AS TEXT) END
           WHERE id = :id""",  # noqa: S608
        id=id,
        outcome=outcome,
        place=place,
        now=stamp(now),
        on=on,
        meant=meant,
        keep=int(keep),
    )


def set_aside(tx: Tx, id: str, error: str) -> None:
    tx.run("UPDATE inbox SET state = 'aside', outcome = :error WHERE id = :id", id=id, error=error)


def reopen(tx: Tx, id: str) -> bool:
    """For a replay after the fix; False when no such row was set aside."""
    return tx.run("UPDATE inbox SET state = 'open', tries = 0 WHERE id = :id AND state = 'aside'", id=id) == 1


def is_open(tx: Tx, id: str) -> bool:
    return tx.one("SELECT id FROM inbox WHERE id = :id AND state = 'open'", id=id) is not None


def begin(tx: Tx, id: str) -> int:
    """Counts that a row is being taken singly; which try this is."""
    tx.run("UPDATE inbox SET tries = tries + 1 WHERE id = :id", id=id)
    row = tx.one("SELECT tries FROM inbox WHERE id = :id", id=id)
    return int(row["tries"]) if row else 0


def outcome_of(tx: Tx, channel: str, native: str) -> tuple[str, str] | None:
    """State and outcome of the newest row of this id: what a command line waits for."""
    row = tx.one(
        """SELECT state, outcome FROM inbox WHERE channel = :channel AND native = :native
           ORDER BY received DESC LIMIT 1""",
        channel=channel,
        native=native,
    )
    return (row["state"], row["outcome"]) if row else None


def forget_seen(tx: Tx, now: datetime) -> None:
    tx.run("DELETE FROM seen WHERE received < :before", before=stamp(now - KEPT))
