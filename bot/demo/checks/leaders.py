"""What the leaders were shown: the post of 09:00 with its edits, and each 校长 their own school's lines."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from bot.demo import reading, truth
from bot.demo.checks.played import AT_ONCE, SUMMARY, Played, Standing
from bot.demo.reading import Said
from bot.demo.witness import Face

SELDOM = timedelta(seconds=50)  # between two edits of the post: a minute from decision to decision
KEPT_APART = timedelta(seconds=75)  # within which an edit must have come


def summaries(played: Played) -> Iterator[str]:
    """One post, at its hour; every edit true of its moment, and none missing for longer than edits are kept apart. Its
    picture changes with it."""
    posts = [message for message in played.witness.from_bot(played.witness.group) if message.photo is not None]
    if len(posts) != 1:
        yield f"the leaders' post: {len(posts)} came instead of one"
    due, faces = (
        played.hour(SUMMARY),
        [one for one in played.witness.faces(played.witness.group) if one.message.photo is not None],
    )
    if faces and not due <= faces[0].at <= due + AT_ONCE:
        yield f"the leaders' post: it came at {faces[0].at:%H:%M:%S}"
    if len(played.witness.photos) != len(faces):
        yield f"the leaders' post: {len(played.witness.photos)} pictures for {len(faces)} captions"
    standing = Standing(played)
    for face in faces:
        yield from _updated(due, face)

        def true(at: datetime) -> Said:
            return truth.caption(played.record, played.paper, due, max(at, due))

        yield from standing.untrue(
            f"the leaders' post of {truth.hour(face.at)}", face, _numbers(played, face), true, KEPT_APART
        )
    for one, next_one in pairwise(faces):
        if next_one.at - one.at < SELDOM:
            yield f"the leaders' post: edited at {one.at:%H:%M:%S} and again at {next_one.at:%H:%M:%S}"


def _updated(due: datetime, face: Face) -> Iterator[str]:
    """The hour of an edit."""
    updated = reading.caption(face.text).get("更新于")
    if updated not in ({truth.hour(face.at), truth.hour(face.at - AT_ONCE)} if face.at > due + AT_ONCE else {None}):
        yield f"the leaders' post of {truth.hour(face.at)}: 更新于 {updated}"


def _numbers(played: Played, face: Face) -> Said:
    """In the caption, and in the messages behind it as they were until it was edited."""
    faces = (one for one in played.witness.faces(played.witness.group) if one.at < face.until)
    behind = {one.message.id: reading.behind(one.text) for one in faces}
    said = {name: value for lists in behind.values() for name, value in lists.items()}
    return {**said, **{name: value for name, value in reading.caption(face.text).items() if name != "更新于"}}


def own_lines(played: Played) -> Iterator[str]:
    """To each 校长 at 09:00, kept true until the evening."""
    due, standing = played.hour(SUMMARY), Standing(played)
    for school in played.crowd.people.schools:
        for member in played.crowd.people.of("校长", school):
            faces = [face for face in played.witness.faces(member.id) if reading.school_today(face.text)]
            where = f"own lines to {member.name}"
            if len({face.message.id for face in faces}) != 1:
                yield f"{where}: {len({face.message.id for face in faces})} came instead of one"
                continue
            if not due <= faces[0].at <= due + AT_ONCE:
                yield f"{where}: they came at {faces[0].at:%H:%M:%S}"

            def true(at: datetime, school: str = school) -> Said:
                return truth.school_today(played.record, school, max(at, due))

            for face in faces:
                said = reading.school_today(face.text)
                yield from standing.untrue(f"{where} of {truth.hour(face.at)}", face, said, true, KEPT_APART)
