"""What the leaders were shown: the post of 09:00 with its edits, and each 校长 their own school's lines."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from bot.demo import reading, truth
from bot.demo.checks.played import SUMMARY, Played, differ
from bot.demo.witness import Face
from sandbox.crowd import GROUP, Record

AT_ONCE = timedelta(seconds=10)  # within which a change is shown
SELDOM = timedelta(seconds=50)  # between two edits of the post: a minute from decision to decision


def summaries(played: Played) -> Iterator[str]:
    posts = [message for message in played.witness.from_bot(GROUP) if message.photo is not None]
    if len(posts) != 1:
        yield f"the leaders' post: {len(posts)} came instead of one"
    due, faces = played.hour(SUMMARY), [one for one in played.witness.faces(GROUP) if one.message.photo is not None]
    for face in faces:
        yield from _stands(played, due, face)
    for one, next_one in pairwise(faces):
        if next_one.at - one.at < SELDOM:
            yield f"the leaders' post: edited at {one.at:%H:%M:%S} and again at {next_one.at:%H:%M:%S}"
    for face in faces[-1:]:
        end = truth.caption(played.record, played.paper, due, due + timedelta(hours=12))
        yield from differ("the leaders' post at the end of the day", _numbers(face), end)


def _stands(played: Played, due: datetime, face: Face) -> Iterator[str]:
    """The numbers of some moment just before it was shown, and the hour of that."""
    updated = reading.caption(face.text).get("更新于")
    if updated not in ({truth.hour(face.at), truth.hour(face.at - AT_ONCE)} if face.at > due + AT_ONCE else {None}):
        yield f"the leaders' post of {truth.hour(face.at)}: 更新于 {updated}"
    found = []
    for at in _decided(played.record, due, face.at):
        true = truth.caption(played.record, played.paper, due, at)
        found.append(list(differ(f"the leaders' post as of {truth.hour(at)}", _numbers(face), true)))
    yield from min(found, key=len)


def _numbers(face: Face) -> reading.Said:
    return {name: value for name, value in reading.caption(face.text).items() if name != "更新于"}


def _decided(record: Record, due: datetime, shown: datetime) -> list[datetime]:
    """When what is shown may have been said: of 09:00 and the reports, corrections and 已知悉 since, the last before
    the seconds that showing takes, and those within them."""
    changes = [version.at for row in record.classes.values() for version in row.versions]
    changes += [flag.acknowledged for flag in record.flags if flag.acknowledged is not None]
    before = max((at for at in changes if due < at <= shown - AT_ONCE), default=due)
    return [before, *sorted(at for at in changes if before < at <= shown)]


def _last_change(record: Record, due: datetime, shown: datetime, school: str) -> datetime:
    """Of the school's own reports."""
    rows = [row for row in record.classes.values() if row.of.key.school == school]
    return max((version.at for row in rows for version in row.versions if due < version.at <= shown), default=due)


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
                decided = _last_change(played.record, due, face.at, school)
                true = truth.school_today(played.record, school, decided)
                yield from differ(f"{where} as of {truth.hour(decided)}", reading.school_today(face.text), true)
