"""Played days: 07:00 to 17:15 in compressed time; then every number that was said is held against the crowd's."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import typer

from bot import logs
from bot.demo.checks import OPENS, REMINDS, Played, differences, of_many
from bot.demo.load import kept_cases, kept_ledger
from bot.demo.stage import BEGINS, DAY, ZONE, Stage, staged
from bot.demo.witness import LISTENING, Witness
from handlers.plain import stamp
from sandbox import Fault
from sandbox.crowd import DEAF
from sandbox.district import Size
from storage import Tx, audit

OUT, BACK = time(10, 10), time(10, 14)
TRIES = timedelta(seconds=15)  # within which the bot tries again
RESTART = time(8, 11, 40)  # while somebody is filling in
END = time(17, 15)
SATURDAY = 6
Digest = Mapping[str, object]


async def play(seed: int, folder: Path, out: Path, days: int = 1, channel: str = "telegram", size: Size = "S") -> int:
    """Writes digest.json, summary.png, transcript.jsonl and bot.log; 1 when the bot said a number that differs."""
    await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    with logs.kept(out / "bot.log"):
        return await _play(seed, folder, out, days, channel, size)


async def _play(seed: int, folder: Path, out: Path, days: int, channel: str, size: Size) -> int:
    async with staged(seed, folder, 0, list(school_days(days)), channel, size=size) as stage:
        played, digests = [], []
        for day in school_days(days):
            played.append(await _a_day(stage, day))
            turns = await stage.storage.read(lambda tx, day=day: _turns(tx, stage.platform.name, day))  # type: ignore[misc]
            digests.append(digest(played[-1], stage, seed, turns))
        wrong = differences(*played) if size == "S" else of_many(*played)
        wrong += await whole(stage)
        wrong += [f"one was set aside: {line}" for line in await stage.storage.read(_set_aside)]
        found = summed_up(digests) | {"differences": len(wrong)}
        await asyncio.to_thread(_write, out, found, stage, [one.witness for one in played])
        for one in played:
            for line in seen_by_leaders(one.witness):
                typer.echo(line)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    for line in wrong:
        typer.echo(f"✗ {line}", err=True)
    return 1 if wrong else 0


def school_days(many: int) -> Iterator[date]:
    """From the first on; no holiday falls among the first twenty."""
    day = DAY
    for _ in range(many):
        yield day
        day += timedelta(days=1)
        while day.isoweekday() >= SATURDAY:
            day += timedelta(days=1)


def at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZONE).astimezone(UTC)


async def _a_day(stage: Stage, day: date) -> Played:
    """The first has begun when the stage is set."""
    crowd = stage.crowd
    paper = stage.paper if day == DAY else dict(stage.paper)
    if day > DAY:
        await stage.advance(at(day, BEGINS))
        crowd.begin(day)
    witness = Witness(stage.platform, day)
    await stage.advance(at(day, RESTART))
    await stage.restart()
    await _deaf(stage, day)
    await _out_of_touch(stage, day)
    await stage.advance(at(day, END))
    await crowd.stop()
    witness.leave()
    said = {key: row.versions[-1].listed for key, row in crowd.record.classes.items() if row.versions}
    stage.paper = {**stage.paper, day: said}
    record = crowd.record
    crowd.remember_today()
    kept = await stage.storage.read(lambda tx: kept_cases(tx, stage.people, day))
    plans = crowd.day.plans if crowd.day else ()
    ledger = await stage.storage.read(lambda tx: kept_ledger(tx, stage.people, day))
    rehearsal = stage.config.district.rehearsal
    return Played(day, crowd, record, plans, paper, witness, crowd.register.on(day), kept, ledger, rehearsal)


async def whole(stage: Stage) -> list[str]:
    """Whether everything that was recorded is as it was: `audit verify`."""
    found = await stage.storage.read(audit.verify)
    return [f"the audit trail is broken: {found.broken}"] if found.broken else []


async def _deaf(stage: Stage, day: date) -> None:
    """Half a minute around the end of the last minute on time, too short for an outage."""
    since, until = (datetime.combine(day, hour, ZONE) for hour in DEAF)
    await stage.advance(since - timedelta(milliseconds=1))
    if stage.platform.posts:
        stage.platform.faults.append(Fault("silent"))
        await stage.advance(until)
        stage.platform.faults.clear()
        return
    stage.platform.faults.append(Fault("drop", method=LISTENING))
    # a tap has no date there: what is heard first after it may have been done at its beginning
    stage.crowd.record.deaf_since = since
    await stage.advance(until - TRIES)
    stage.platform.faults.clear()
    while not _heard(stage, until - TRIES):
        await stage.advance(stage.clock.now() + timedelta(seconds=1))
    stage.crowd.record.deaf_since = None


def _heard(stage: Stage, since: datetime) -> bool:
    return any(one.method == LISTENING and one.ok and one.at >= since for one in stage.platform.journal)


async def _out_of_touch(stage: Stage, day: date) -> None:
    """Four minutes in which the platform does not let itself be listened to; where it posts by itself, in which the
    program is not there. Nobody acts in them."""
    out, back = at(day, OUT), at(day, BACK)
    await stage.advance(out)
    if stage.platform.posts:
        await stage.stop()
        await stage.clock.advance_to(back)
        await stage.start()
    else:
        stage.platform.faults.append(Fault("drop", method=LISTENING))
        await stage.advance(back)
        stage.platform.faults.clear()
    stage.crowd.record.out.append((out, back))


def digest(played: Played, stage: Stage, seed: int, turns: int) -> dict[str, object]:
    """From the crowd's record and the sandbox's side: nothing but `turns` was asked of the bot. The same seed gives the
    same on every platform, but for what is under `platform`: what the platform and the program did for it."""
    record, witness = played.record, played.witness
    tally = record.tally(at(played.day, END))
    staff = [member.id for member in stage.people.members]
    posts = [one for one in witness.from_bot(witness.group) if one.photo is not None]
    return {
        "seed": seed,
        "day": played.day.isoformat(),
        "schools": len(stage.people.schools),
        "classes": len(stage.people.classes),
        "due": tally.due,
        "pupils": sum(one.expected for one in stage.people.classes),
        "staff": len(staff),
        "reported": tally.reported,
        "on_time": tally.on_time,
        "late": tally.late,
        "missing": len(tally.missing),
        "zero_reports": tally.zero,
        "pupils_abnormal": tally.unwell,
        "fever_flags": len(record.flags),
        "fevers_taken_back": sum(flag.withdrawn is not None for flag in record.flags),
        "acknowledged": sum(flag.acknowledged is not None for flag in record.flags),
        "cases_before": sum(len(plan.words) for plan in played.plans),
        "pings": len(witness.pings(staff)),
        "summaries": len(posts),
        "platform": {
            "name": stage.platform.name,
            "api_calls": len(witness.calls),
            "api_calls_per_zero_report": witness.calls_a_zero_report(
                played.plans, record, played.hour(OPENS), played.hour(REMINDS[0])
            ),
            "summary_edits": sum(len(post.revisions) for post in posts),
            "turns": turns,
        },
    }


def summed_up(digests: Sequence[dict[str, object]]) -> dict[str, object]:
    """Of one day its own; of several a list."""
    return digests[0] if len(digests) == 1 else {"days": list(digests)}


def seen_by_leaders(witness: Witness) -> Iterator[str]:
    """The group's chat as it stood at the end, with the hour of each message and of its last edit."""
    for message in witness.from_bot(witness.group):
        edited = f"，{message.edit_date.astimezone(ZONE):%H:%M}改" if message.edit_date else ""
        picture = "［图］" if message.photo else ""
        yield f"── {message.date.astimezone(ZONE):%H:%M}{edited} {picture}\n{message.text}\n"


def _set_aside(tx: Tx) -> list[str]:
    rows = tx.all("SELECT id, outcome FROM inbox WHERE state = 'aside' AND received >= :since", since=stamp(_start()))
    return [f"{row['id']} {row['outcome']}" for row in rows]


def _turns(tx: Tx, channel: str, day: date) -> int:
    """Updates of people that the program has decided, each once, however often it came and how many were taken at a
    time."""
    row = tx.one(
        """SELECT count(*) AS n FROM inbox
           WHERE channel = :channel AND state = 'done' AND received >= :since AND received < :until""",
        channel=channel,
        since=stamp(at(day, time(0))),
        until=stamp(at(day, END)),
    )
    return int(row["n"]) if row else 0


def _start() -> datetime:
    return at(DAY, time(0))


def _write(out: Path, found: Digest, stage: Stage, witnesses: Sequence[Witness]) -> None:
    (out / "digest.json").write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    lines = [json.dumps(line, ensure_ascii=False) for line in witnesses[0].transcript()]
    (out / "transcript.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    photos = [photo for witness in witnesses for _, photo in witness.photos]
    if photos:
        (out / "summary.png").write_bytes(stage.platform.stored(photos[0]))
