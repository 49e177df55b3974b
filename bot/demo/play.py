"""The played day: 07:00 to 17:15 in compressed time; then every number that was said is held against the crowd's."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import typer

from bot.demo.checks import OPENS, REMINDS, Played, differences
from bot.demo.stage import DAY, ZONE, Stage, staged
from bot.demo.witness import LISTENING, Witness
from handlers.plain import stamp
from sandbox import Fault
from sandbox.crowd import DEAF, GROUP
from storage import Tx

OUT = datetime.combine(DAY, time(10, 10), ZONE).astimezone(UTC)
BACK = datetime.combine(DAY, time(10, 14), ZONE).astimezone(UTC)
TRIES = timedelta(seconds=15)  # within which the bot tries again
RESTART = datetime.combine(DAY, time(8, 11, 40), ZONE).astimezone(UTC)  # while somebody is filling in
END = datetime.combine(DAY, time(17, 15), ZONE).astimezone(UTC)
Digest = Mapping[str, object]


async def play(seed: int, folder: Path, out: Path) -> int:
    """Writes digest.json, summary.png and transcript.jsonl; 1 when the bot said a number that differs."""
    await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    async with staged(seed, folder, 0) as stage:
        witness, turns = Witness(stage.sandbox), stage.turns
        await stage.advance(RESTART)
        await stage.restart()
        await _deaf(stage)
        await _out_of_touch(stage)
        await stage.advance(END)
        await stage.crowd.stop()
        plans = stage.crowd.day.plans if stage.crowd.day else ()
        played = Played(DAY, stage.crowd, plans, stage.paper, witness)
        wrong = differences(played)
        wrong += [f"one was set aside: {line}" for line in await stage.storage.read(_set_aside)]
        found = digest(played, stage, seed) | {"turns": stage.turns - turns, "differences": len(wrong)}
        await asyncio.to_thread(_write, out, found, stage, witness)
        for line in seen_by_leaders(witness):
            typer.echo(line)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    for line in wrong:
        typer.echo(f"✗ {line}", err=True)
    return 1 if wrong else 0


async def _deaf(stage: Stage) -> None:
    """Half a minute around the end of the last minute on time, too short for an outage. What is heard first after it
    may have been done at its beginning."""
    since, until = (datetime.combine(DAY, hour, ZONE) for hour in DEAF)
    await stage.advance(since - timedelta(milliseconds=1))
    stage.sandbox.faults.append(Fault("drop", method="getUpdates"))
    stage.crowd.record.deaf_since = since
    await stage.advance(until - TRIES)
    stage.sandbox.faults.clear()
    while not _heard(stage, until - TRIES):
        await stage.advance(stage.clock.now() + timedelta(seconds=1))
    stage.crowd.record.deaf_since = None


def _heard(stage: Stage, since: datetime) -> bool:
    return any(one.method == LISTENING and one.ok and one.at >= since for one in stage.sandbox.journal)


async def _out_of_touch(stage: Stage) -> None:
    """Four minutes in which Telegram does not let itself be listened to. Nobody acts in them."""
    await stage.advance(OUT)
    stage.sandbox.faults.append(Fault("drop", method="getUpdates"))
    await stage.advance(BACK)
    stage.sandbox.faults.clear()
    stage.crowd.record.out.append((OUT, BACK))


def digest(played: Played, stage: Stage, seed: int) -> dict[str, object]:
    """From the crowd's record and the sandbox's side: nothing here was asked of the bot."""
    record, witness = played.record, played.witness
    tally = record.tally(END)
    staff = [member.id for member in stage.people.members]
    posts = [one for one in witness.from_bot(GROUP) if one.photo is not None]
    return {
        "seed": seed,
        "day": DAY.isoformat(),
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
        "pings": len(witness.pings(staff)),
        "summaries": len(posts),
        "summary_edits": sum(len(post.revisions) for post in posts),
        "api_calls": len(witness.calls),
        "api_calls_per_zero_report": witness.calls_a_zero_report(
            played.plans, record, played.hour(OPENS), played.hour(REMINDS[0])
        ),
    }


def seen_by_leaders(witness: Witness) -> Iterator[str]:
    """The group's chat as it stood at the end, with the hour of each message and of its last edit."""
    for message in witness.from_bot(GROUP):
        edited = f"，{message.edit_date.astimezone(ZONE):%H:%M}改" if message.edit_date else ""
        picture = "［图］" if message.photo else ""
        yield f"── {message.date.astimezone(ZONE):%H:%M}{edited} {picture}\n{message.text}\n"


def _set_aside(tx: Tx) -> list[str]:
    rows = tx.all("SELECT id, outcome FROM inbox WHERE state = 'aside' AND received >= :since", since=stamp(_start()))
    return [f"{row['id']} {row['outcome']}" for row in rows]


def _start() -> datetime:
    return END - timedelta(days=1)


def _write(out: Path, found: Digest, stage: Stage, witness: Witness) -> None:
    (out / "digest.json").write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    lines = [json.dumps(line, ensure_ascii=False) for line in witness.transcript()]
    (out / "transcript.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if witness.photos:
        (out / "summary.png").write_bytes(stage.sandbox.file(witness.photos[0][1]))
