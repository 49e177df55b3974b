"""What people were answered who asked: /today, 今日, /late, /status."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.demo import reading, truth
from bot.demo.checks.played import ANSWERED, Played, differ, first
from bot.demo.reading import Said
from sandbox.crowd import ClassRecord, Member


def answers(played: Played) -> Iterator[str]:
    for command, who, at in played.record.asked:
        texts = [face.text for face in played.witness.first_faces(who.id) if at <= face.at < at + ANSWERED]
        where = f"{command} for {who.name} at {truth.hour(at)}"
        match command:
            case "/today":
                yield from differ(
                    where,
                    reading.overview(reading.in_one(texts)),
                    truth.caption(played.record, played.paper, at, at),
                )
            case "今日":
                true = truth.school_today(played.record, who.school, at)
                yield from differ(where, first(map(reading.school_today, texts)), true)
            case "/late":
                yield from differ(where, *_late_answer(played, who, at, texts))
            case _:
                yield from _status(played, where, who, texts, at)


def _late_answer(played: Played, who: Member, at: datetime, texts: Sequence[str]) -> tuple[Said | None, Said]:
    """Of one's own school, or of the district by right."""
    if who.school in played.crowd.people.schools:
        return first(map(reading.late_list, texts)), truth.late(played.record, who.school, at)
    return reading.late_district(reading.in_one(texts)), truth.late_district(played.record, at)


def _status(played: Played, where: str, who: Member, texts: Sequence[str], at: datetime) -> Iterator[str]:
    said = {one["班级"]: one for text in texts for one in reading.status(text)}
    for key in who.classes:
        row: ClassRecord = played.record.classes[key]
        version = row.at(at)
        if version is None:
            if key.name in said:
                yield f"{where}: {key.name} had not reported"
            continue
        whole = truth.receipt(row, version, played.record, at)
        true = {name: whole[name] for name in ("班级", "时间", "及时", "应到", "实到")}
        yield from differ(where, said.get(key.name), true)
