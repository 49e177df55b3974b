"""What the leaders were shown: the post of 09:00 with its edits, and each 校长 their own school's lines."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.demo import reading, truth
from bot.demo.checks.played import SUMMARY, Played, differ
from sandbox.crowd import GROUP, Record


def summaries(played: Played) -> Iterator[str]:
    posts = [message for message in played.witness.from_bot(GROUP) if message.photo is not None]
    if len(posts) != 1:
        yield f"the leaders' post: {len(posts)} came instead of one"
    due = played.hour(SUMMARY)
    for face in played.witness.faces(GROUP):
        if face.message.photo is None:
            continue
        decided = _decided(played.record, due, face.at)
        true = truth.caption(played.record, played.paper, due, decided, updated=decided > due)
        yield from differ(f"the leaders' post as of {truth.hour(decided)}", reading.caption(face.text), true)
    if posts:
        last = _decided(played.record, due, due + timedelta(hours=12))
        shown = reading.caption(posts[-1].text).get("更新于", truth.hour(due))
        if shown != truth.hour(last):
            yield f"the leaders' post: it stands as of {shown}, the last change was at {truth.hour(last)}"


def _decided(record: Record, due: datetime, shown: datetime, school: str | None = None) -> datetime:
    """When what stood there at some moment was said: at 09:00, or at the last report, correction or 已知悉 since; of
    one school, at its own."""
    rows = [row for row in record.classes.values() if school in (None, row.of.key.school)]
    changes = [version.at for row in rows for version in row.versions]
    if school is not None:
        return max((at for at in changes if due < at <= shown), default=due)
    changes += [flag.acknowledged for flag in record.flags if flag.acknowledged is not None]
    return max((at for at in changes if due < at <= shown), default=due)


def own_lines(played: Played) -> Iterator[str]:
    """To each 校长 at 09:00, and as the day was in the end."""
    due = played.hour(SUMMARY)
    for school in played.crowd.people.schools:
        for member in played.crowd.people.of("校长", school):
            faces = [face for face in played.witness.faces(member.id) if reading.school_today(face.text)]
            where = f"own lines to {member.name}"
            if len({face.message.id for face in faces}) != 1:
                yield f"{where}: {len({face.message.id for face in faces})} came instead of one"
                continue
            for face in (faces[0], faces[-1]):
                decided = _decided(played.record, due, face.at, school)
                true = truth.school_today(played.record, school, decided)
                yield from differ(f"{where} as of {truth.hour(decided)}", reading.school_today(face.text), true)
