"""What the leaders' group was shown: the post of 09:00 and its edits, fevers, corrections."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from bot.demo import reading, truth
from bot.demo.checks.played import SUMMARY, Played, differ, differ_in_all
from bot.demo.witness import Face
from sandbox.crowd import GROUP, Flag, Record

AT_ONCE = timedelta(seconds=10)  # within which a fever is heard of
SELDOM = timedelta(seconds=50)  # between two edits of the post: a minute from decision to decision
OFFICE_TOLD = ("疫情报告人", "校长")


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


# Fevers


def alerts(played: Played) -> Iterator[str]:
    flags = played.record.flags
    faces = [face for face in played.witness.first_faces(GROUP) if reading.group_alert(face.text)]
    said = [one for face in faces if (one := reading.group_alert(face.text)) is not None]
    yield from differ_in_all("fevers in the group", said, map(truth.group_alert, flags))
    corrections = [one for face in played.witness.faces(GROUP) if (one := reading.correction(face.text)) is not None]
    withdrawn = [truth.correction(flag) for flag in flags if flag.withdrawn is not None]
    yield from differ_in_all("corrections in the group", corrections, withdrawn)
    for flag in flags:
        yield from _one_alert(played, flag, faces)
    for school in played.crowd.people.schools:
        true = [truth.private_alert(flag) for flag in flags if flag.key.school == school]
        for member in (one for duty in OFFICE_TOLD for one in played.crowd.people.of(duty, school)):
            told = [one for face in played.witness.first_faces(member.id) if (one := reading.private_alert(face.text))]
            yield from differ_in_all(f"fevers to {member.name}", told, true)


def _one_alert(played: Played, flag: Flag, faces: Sequence[Face]) -> Iterator[str]:
    """Heard within seconds; and in the end it shows who saw to it."""
    named = truth.group_alert(flag)
    face = next((one for one in faces if reading.group_alert(one.text) == named), None)
    if face is None:
        return
    if not flag.at <= face.at <= flag.at + AT_ONCE:
        yield f"fever {named}: it came {(face.at - flag.at).total_seconds():.1f} s after its report"
    end = reading.end_of_alert(face.message.text)
    if end != truth.end_of_alert(flag):
        yield f"fever {named}: the bot shows {end or 'waiting'}, the crowd did {truth.end_of_alert(flag) or 'nothing'}"
