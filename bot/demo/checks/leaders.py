"""What the leaders' group was shown: the post of 09:00 and its edits, fevers, corrections."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.demo import reading, truth
from bot.demo.checks.played import SUMMARY, Played, differ, differ_in_all
from sandbox.crowd import GROUP, Flag, Record

AT_ONCE = timedelta(seconds=10)  # within which a fever is heard of
OFFICE_TOLD = ("疫情报告人", "校医", "校长")


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


def _decided(record: Record, due: datetime, shown: datetime) -> datetime:
    """When what stood there at some moment was said: at 09:00, or at the last report, correction or 已知悉 since."""
    changes = [version.at for row in record.classes.values() for version in row.versions]
    changes += [flag.acknowledged for flag in record.flags if flag.acknowledged is not None]
    return max((at for at in changes if due < at <= shown), default=due)


# Fevers


def alerts(played: Played) -> Iterator[str]:
    flags = played.record.flags
    shown = _shown(played)
    said = [named for posts in shown.values() for named in posts]
    yield from differ_in_all("fevers in the group", said, map(truth.group_alert, flags))
    corrections = [one for face in played.witness.faces(GROUP) if (one := reading.correction(face.text)) is not None]
    withdrawn = [truth.correction(flag) for flag in flags if flag.withdrawn is not None]
    yield from differ_in_all("corrections in the group", corrections, withdrawn)
    for flag in flags:
        yield from _one_alert(flag, shown)
    for school in played.crowd.people.schools:
        true = [flag for flag in flags if flag.key.school == school]
        for member in {one.id: one for duty in OFFICE_TOLD for one in played.crowd.people.of(duty, school)}.values():
            told = [one for face in played.witness.first_faces(member.id) if (one := reading.private_alert(face.text))]
            others = [truth.private_alert(flag) for flag in true if flag.listed_by != member.id]
            yield from differ_in_all(f"fevers to {member.name}", told, others)


def _shown(played: Played) -> dict[int, dict[str, datetime]]:
    """By message of the group: each fever that it ever named, and since when."""
    shown: dict[int, dict[str, datetime]] = {}
    for face in played.witness.faces(GROUP):
        for named in reading.post(face.text):
            shown.setdefault(face.message.id, {}).setdefault(named, face.at)
    return shown


def _one_alert(flag: Flag, shown: Mapping[int, Mapping[str, datetime]]) -> Iterator[str]:
    """Heard within seconds, in one post."""
    named = truth.group_alert(flag)
    times = [posts[named] for posts in shown.values() if named in posts]
    if times and not flag.at <= times[0] <= flag.at + AT_ONCE:
        yield f"fever {named}: it came {(times[0] - flag.at).total_seconds():.1f} s after its report"


def ends(played: Played) -> Iterator[str]:
    """Every post shows in the end who saw to what it names."""
    last: dict[str, str] = {}
    for face in played.witness.faces(GROUP):
        if face.last:
            last |= reading.post(face.text)
    for flag in played.record.flags:
        named = truth.group_alert(flag)
        shown, true = last.get(named, ""), truth.end_of_alert(flag)
        if shown != true:
            yield f"fever {named}: the bot shows {shown or 'waiting'}, the crowd did {true or 'nothing'}"
