"""What the leaders were shown: the post of 09:00 with its edits, and each 校长 their own school's lines."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from bot.demo import reading, truth
from bot.demo.checks.played import AT_ONCE, SUMMARY, Played, Standing
from bot.demo.reading import Said
from bot.demo.witness import FOR_GOOD, Face

SELDOM = timedelta(seconds=50)  # between two edits of the post: a minute from decision to decision
SELDOM_WORDS = timedelta(minutes=10)  # between two messages that follow it
KEPT_APART = timedelta(seconds=75)  # within which an edit must have come


def summaries(played: Played) -> Iterator[str]:
    """One post, at its hour; every edit true of its moment, and none missing for longer than edits are kept apart. Its
    picture changes with it. Where nothing is edited, words follow it."""
    posts = [message for message in played.witness.from_bot(played.witness.group) if message.photo is not None]
    if len(posts) != 1:
        yield f"the leaders' post: {len(posts)} came instead of one"
    due, faces = played.hour(SUMMARY), _captions(played)
    if faces and not due <= faces[0].at <= due + played.punctual:
        yield f"the leaders' post: it came at {faces[0].at:%H:%M:%S}"
    pictured = [face for face in faces if face.message.photo is not None]
    if len(played.witness.photos) != len(pictured):
        yield f"the leaders' post: {len(played.witness.photos)} pictures for {len(pictured)} captions"
    standing = Standing(played)
    for face, following in zip(faces, [*faces[1:], None], strict=True):
        yield from _updated(played, due, face)

        def true(at: datetime) -> Said:
            return truth.caption(played.record, played.paper, due, max(at, due))

        yield from standing.untrue(
            f"the leaders' post of {truth.hour(face.at)}", face, _numbers(played, face, following), true, KEPT_APART
        )
    for one, next_one in pairwise(faces):
        if next_one.at - one.at < (SELDOM if played.edits else SELDOM_WORDS):
            yield f"the leaders' post: edited at {one.at:%H:%M:%S} and again at {next_one.at:%H:%M:%S}"


def _captions(played: Played) -> list[Face]:
    """Of the post with the picture; where nothing is edited, and of the words that followed it."""
    faces = played.witness.faces(played.witness.group)
    if played.edits:
        return [face for face in faces if face.message.photo is not None]
    return [face for face in faces if "应报" in reading.caption(face.text)]


def _updated(played: Played, due: datetime, face: Face) -> Iterator[str]:
    """The hour of an edit; words may have waited."""
    updated = reading.caption(face.text).get("更新于")
    if not played.edits and updated is not None:
        return
    late = face.at > due + played.punctual
    if updated not in ({truth.hour(face.at), truth.hour(face.at - AT_ONCE)} if late else {None}):
        yield f"the leaders' post of {truth.hour(face.at)}: 更新于 {updated}"


def _numbers(played: Played, face: Face, following: Face | None) -> Said:
    """In the caption, and in the messages behind it as they were until it was edited, or followed."""
    until = face.until if played.edits else following.at if following else FOR_GOOD
    faces = [one for one in played.witness.faces(played.witness.group) if one.at < until and reading.behind(one.text)]
    behind = {one.message.id: reading.behind(one.text) for one in (faces if played.edits else faces[-1:])}
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
            if not due <= faces[0].at <= due + played.punctual:
                yield f"{where}: they came at {faces[0].at:%H:%M:%S}"

            def true(at: datetime, school: str = school) -> Said:
                return truth.school_today(played.record, school, max(at, due))

            for face in faces:
                said = reading.school_today(face.text)
                yield from standing.untrue(f"{where} of {truth.hour(face.at)}", face, said, true, KEPT_APART)
