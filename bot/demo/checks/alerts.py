"""What became of each flagged child: the group's posts, who was told when, who saw to it, what was corrected."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.demo import reading, truth
from bot.demo.checks.played import Played, differ_in_all
from sandbox.crowd import GROUP, Flag, short

AT_ONCE = timedelta(seconds=10)  # within which a fever is heard of
SHARE = timedelta(minutes=10)  # so long a school's fevers share a post
THIRD = 3  # of a class: it begins a new one

Shown = Mapping[int, Mapping[str, datetime]]  # message → each child that it ever named, and since when


def alerts(played: Played) -> Iterator[str]:
    """The group hears of every flagged child once, within seconds; what is taken back is said aloud."""
    flags = [flag for flag in played.record.flags if not flag.continued]
    shown = _shown(played)
    said = [named for post in shown.values() for named in post]
    yield from differ_in_all("fevers in the group", said, map(truth.group_alert, flags))
    for flag in flags:
        named = truth.group_alert(flag)
        for since in (post[named] for post in shown.values() if named in post):
            if not flag.at <= since <= flag.at + AT_ONCE:
                yield f"fever {named}: it came {(since - flag.at).total_seconds():.1f} s after its report"
    corrections = [one for face in played.witness.faces(GROUP) if (one := reading.correction(face.text)) is not None]
    withdrawn = [truth.correction(flag) for flag in flags if flag.withdrawn is not None]
    yield from differ_in_all("corrections in the group", corrections, withdrawn)


def _shown(played: Played) -> Shown:
    shown: dict[int, dict[str, datetime]] = {}
    for face in played.witness.faces(GROUP):
        for named in reading.post(face.text):
            shown.setdefault(face.message.id, {}).setdefault(named, face.at)
    return shown


def posts(played: Played) -> Iterator[str]:
    """The fevers of one school share a post for ten minutes; the third child of one class begins a new one."""
    said = ["、".join(post) for post in _shown(played).values()]
    true = ["、".join(map(truth.group_alert, post)) for post in together(played)]
    yield from differ_in_all("posts in the group", said, true)


def together(played: Played) -> list[list[Flag]]:
    """The posts that there should have been."""
    made: dict[str, list[list[Flag]]] = {}
    flags = sorted((flag for flag in played.record.flags if not flag.continued), key=lambda flag: flag.at)
    reports = dict.fromkeys((flag.key, flag.at) for flag in flags)
    for key, at in reports:
        news = [flag for flag in flags if (flag.key, flag.at) == (key, at)]
        before = [flag for flag in flags if flag.key == key and flag.at < at and not _gone(flag, at)]
        of_school = made.setdefault(key.school, [])
        young = bool(of_school) and at - of_school[-1][0].at < SHARE
        if young and not len(before) < THIRD <= len(before) + len(news):
            of_school[-1] += news
        else:
            of_school.append(news)
    return [post for of_school in made.values() for post in of_school]


def _gone(flag: Flag, at: datetime) -> bool:
    return flag.withdrawn is not None and flag.withdrawn <= at


def ends(played: Played) -> Iterator[str]:
    """Every post shows in the end who saw to what it names."""
    last: dict[str, str] = {}
    for face in played.witness.faces(GROUP):
        if face.last:
            last |= reading.post(face.text)
    for flag in (flag for flag in played.record.flags if not flag.continued):
        named = truth.group_alert(flag)
        shown, true = last.get(named, ""), truth.end_of_alert(flag)
        if shown != true:
            yield f"fever {named}: the bot shows {shown or 'waiting'}, the crowd did {true or 'nothing'}"


def officers(played: Played) -> Iterator[str]:
    """Each of the office hears of a child in private: at once by duty, later when it has gone on to them, and again
    when it comes to one who knew; of a continued one the 疫情报告人 alone."""
    people = played.crowd.people
    for member in people.members:
        faces = list(played.witness.first_faces(member.id))
        said = [(one, face.at) for face in faces if (one := reading.private_alert(face.text))]
        flags = played.record.flags
        told = [(truth.private_alert(flag), at) for flag in flags for at in truth.told(flag, member, people)]
        yield from differ_in_all(f"fevers to {member.name}", (one for one, _ in said), (one for one, _ in told))
        for one, due in told:
            if not any(other == one and due <= at <= due + AT_ONCE for other, at in said):
                yield f"fever {one} to {member.name}: it did not come at {truth.hour(due)}"
        continued = [one for face in faces if (one := reading.continued(face.text))]
        true = [
            truth.private_alert(flag)
            for flag in flags
            if flag.continued and member in people.of("疫情报告人", flag.key.school)
        ]
        yield from differ_in_all(f"continued ones to {member.name}", continued, true)


def receipts_of_fevers(played: Played) -> Iterator[str]:
    """The class's receipt says in the end who was told of each child and who has acknowledged, and what to do now."""
    for flag in played.record.flags:
        if flag.withdrawn is not None:
            continue
        row = played.record.classes[flag.key]
        texts = [face.text for one in row.of.teachers for face in played.witness.faces(one.id) if face.last]
        mine = [text for text in texts if text.startswith(f"✅ 已报 · {flag.key.name} ")]
        begins, says = truth.receipt_line(flag)
        where = f"receipt of {short(flag.key.school)}{flag.key.name} in the end"
        for text in mine:
            if not any(line.startswith(begins) and says in line for line in text.split("\n")):
                yield f"{where}: it does not say {begins} … {says}"
        if mine and not flag.continued and not all("请您现在：①" in text for text in mine):
            yield f"{where}: it does not say what to do now"
