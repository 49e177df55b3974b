"""What became of each flagged child: the group's posts, who was told when, how every card of it stood, what was
corrected."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.demo import reading, truth
from bot.demo.checks.played import AT_ONCE, Played, Standing, differ, differ_in_all
from bot.demo.reading import Said
from bot.demo.truth import THIRD
from bot.demo.witness import Face
from handlers.values import replace
from sandbox.crowd import Flag, Key, Member

SHARE = timedelta(minutes=10)  # so long a school's fevers share a post
SECOND = timedelta(seconds=1)  # a platform may tell when somebody acted in whole ones

Shown = Mapping[int, Mapping[str, datetime]]  # message → each child that it ever named, and since when


def alerts(played: Played) -> Iterator[str]:
    """The group hears of every flagged child once, within seconds, and of no continued one; what is taken back is said
    aloud. Where nothing is edited, who joins a post is told of with what follows it."""
    flags = _flags(played)
    shown = _shown(played)
    said = [named for post in shown.values() for named in post]
    yield from differ_in_all("fevers in the group", said, map(truth.group_alert, flags))
    for flag in flags:
        named = truth.group_alert(flag)
        for since in (post[named] for post in shown.values() if named in post):
            if not flag.at - SECOND <= since <= flag.at + AT_ONCE + (timedelta() if played.edits else SHARE):
                yield f"fever {named}: it came {(since - flag.at).total_seconds():.1f} s after its report"
    continued = [
        one for face in played.witness.first_faces(played.witness.group) if (one := reading.continued(face.text))
    ]
    yield from differ_in_all("continued ones in the group", continued, ())
    withdrawn = [truth.correction(flag, played.record) for flag in flags if flag.withdrawn is not None]
    yield from differ_in_all(
        "corrections in the group", _corrections(played, played.witness.group), filter(None, withdrawn)
    )


def _flags(played: Played) -> list[Flag]:
    """Those that are not continued."""
    return [flag for flag in played.record.flags if not flag.continued]


def _corrections(played: Played, chat: int) -> list[str]:
    return [one for face in played.witness.first_faces(chat) if (one := reading.correction(face.text)) is not None]


def _shown(played: Played) -> Shown:
    """Words that follow a post are of it: they name one of its children again."""
    shown: dict[int, dict[str, datetime]] = {}
    posts: dict[str, int] = {}
    for face in played.witness.faces(played.witness.group):
        there = reading.post(face.text)
        before = (posts[named] for named in there if named in posts)
        post = face.message.id if played.edits else next(before, face.message.id)
        for named in there:
            posts.setdefault(named, post)
            shown.setdefault(post, {}).setdefault(named, face.at)
    return shown


def follow_ups(played: Played) -> Iterator[str]:
    """Where nothing is edited: at most one in ten minutes of each post."""
    shown = _shown(played)
    came: dict[int, datetime] = {}
    for face in () if played.edits else played.witness.faces(played.witness.group):
        there = reading.post(face.text)
        for post in {post for post, named in shown.items() if not named.keys().isdisjoint(there)}:
            if post in came and face.at - came[post] < SHARE:
                yield f"post of {truth.hour(face.at)}: it follows one of {came[post]:%H:%M:%S}"
            came[post] = face.at


def posts(played: Played) -> Iterator[str]:
    """The fevers of one school share a post for ten minutes; the third child of one class begins a new one."""
    in_order = list if played.edits else sorted  # who joins a post at the same moment stands there in any order
    said = ["、".join(in_order(post)) for post in _shown(played).values()]
    true = ["、".join(in_order(map(truth.group_alert, post))) for post in together(played)]
    yield from differ_in_all("posts in the group", said, true)


def together(played: Played) -> list[list[Flag]]:
    """The posts that there should have been."""
    made: dict[str, list[list[Flag]]] = {}
    flags = sorted(_flags(played), key=lambda flag: flag.at)
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


def cards_of_alerts(played: Played) -> Iterator[str]:
    """Every post and every private alert, with every edit: what each child has and who has seen to it, who was told,
    who is next and when, as far as a card has room for it. None goes without the sentence about the statutory
    report."""
    standing, flags = Standing(played), {truth.group_alert(flag): flag for flag in _flags(played)}
    for face in played.witness.faces(played.witness.group):
        there = [flags[named] for named in reading.post(face.text) if named in flags]
        if there:
            yield from _post(played, standing, face, there)
    for member in played.people.members:
        mine = {truth.private_alert(flag): flag for flag in flags.values() if _answers(played, flag, member)}
        for face in _until_sent_anew(played.witness.faces(member.id)):
            named = reading.private_alert(face.text)
            if named in mine:
                yield from _officers(played, standing, face, mine[named], member)


def _until_sent_anew(faces: Iterable[Face]) -> list[Face]:
    """What rang a second time is a new message; the older one is left as it was."""
    every = list(faces)
    again = [(reading.private_alert(face.text), face.message.id, face.at) for face in every]

    def until(face: Face) -> datetime:
        named = reading.private_alert(face.text)
        newer = [at for other, id, at in again if other == named and id > face.message.id and at > face.at]
        return min((face.until, *newer))

    return [replace(face, until=until(face)) for face in every]


def _answers(played: Played, flag: Flag, member: Member) -> bool:
    return any(one.member == member for one in truth.tellings(flag, played.people))


def _post(played: Played, standing: Standing, face: Face, there: Sequence[Flag]) -> Iterator[str]:
    """Everybody of this district's offices can be reached, so nobody need be phoned."""
    where = f"post of {truth.hour(face.at)} on {truth.group_alert(there[0])}"

    def true(at: datetime) -> Said:
        stands = {truth.group_alert(one): truth.how_it_stands(one, played.record, played.people, at) for one in there}
        told = truth.duties_told(there, played.people, at)
        button = truth.button_of_post(there, at) if played.witness.platform.group_acts else ""
        return {"已通知": told, "请打电话": "", "按钮": button} | _flat(stands)

    said: Said = {"已通知": reading.told(face.text), "请打电话": reading.calls_for_help(face.text)}
    said = {**said, "按钮": face.buttons, **_flat(reading.post(face.text))}
    yield from standing.untrue(where, face, said, true)

    def three(at: datetime) -> Said:
        return truth.third_children(there, played.record, at)

    said = reading.third_children(face.text)
    if played.edits:
        yield from differ(f"{where}, 今天已", said, three(face.at))
    else:
        yield from standing.untrue(f"{where}, 今天已", face, said, three, SHARE)
    yield from _statutory(where, face)


def _flat(stands: Mapping[str, Said]) -> dict[str, int | str]:
    return {f"{named} {name}": value for named, said in stands.items() for name, value in said.items()}


def _officers(played: Played, standing: Standing, face: Face, flag: Flag, member: Member) -> Iterator[str]:
    where = f"alert to {member.name} of {truth.hour(face.at)}, {truth.group_alert(flag)}"

    def true(at: datetime) -> Said:
        card = truth.officers_card(flag, played.record, played.people, at)
        return {**card, "按钮": truth.buttons_of_card(flag, member, at)}

    yield from standing.untrue(where, face, {**reading.officers_card(face.text), "按钮": face.buttons}, true)
    yield from _statutory(where, face)


def _statutory(where: str, face: Face) -> Iterator[str]:
    if reading.STATUTORY not in face.text:
        yield f"{where}: it does not say {reading.STATUTORY}"


def officers(played: Played) -> Iterator[str]:
    """Each of the office hears of a child in private: at once by duty, later when it has gone on to them, and again
    when it comes to one who knew; of a continued one the 疫情报告人 alone; of another value whoever had been told."""
    people, flags = played.people, played.record.flags
    for member in people.members:
        faces = list(played.witness.first_faces(member.id))
        said = [(one, face.at) for face in faces if (one := reading.private_alert(face.text))]
        told = [(truth.private_alert(flag), at) for flag in flags for at in truth.told(flag, member, people)]
        yield from differ_in_all(f"fevers to {member.name}", (one for one, _ in said), (one for one, _ in told))
        for one, due in told:
            if not any(other == one and due <= at <= due + AT_ONCE for other, at in said):
                yield f"fever {one} to {member.name}: it did not come at {truth.hour(due)}"
        continued = [one for face in faces if (one := reading.continued(face.text))]
        true = [
            truth.private_alert(flag)
            for flag in flags
            if flag.continued and member.id != flag.listed_by and member in people.of("疫情报告人", flag.key.school)
        ]
        yield from differ_in_all(f"continued ones to {member.name}", continued, true)
        heard = [truth.correction(flag, played.record) for flag in flags if _hears_of_it(played, flag, member)]
        yield from differ_in_all(f"corrections to {member.name}", _corrections(played, member.id), filter(None, heard))
        yield from _measured_again(played, member)


def _hears_of_it(played: Played, flag: Flag, member: Member) -> bool:
    """Whoever had been told, but for whoever measured."""
    version = truth.revision(flag, played.record, datetime.max.replace(tzinfo=flag.at.tzinfo))
    if version is None or version.by == member:
        return False
    return member in truth.names_told(flag, played.people, version.at)


def _measured_again(played: Played, member: Member) -> Iterator[str]:
    """Who sent a 复测 sees both values."""
    flags = played.record.flags
    said = [one for face in played.witness.faces(member.id) if (one := reading.measured_again(face.text))]
    versions = [
        (flag, version)
        for flag in flags
        for version in played.record.classes[flag.key].versions
        if version.kind == "recheck"
        and version.by == member
        and version == truth.revision(flag, played.record, version.at)
    ]
    true = [truth.measured_again(flag, played.record, version) for flag, version in versions]
    yield from differ_in_all(f"复测 confirmed to {member.name}", said, true)


def receipts_of_fevers(played: Played) -> Iterator[str]:
    """Every receipt says who was told of each child and who has acknowledged, and three things to do now."""
    standing = Standing(played)
    for member in played.people.members:
        for face in played.witness.faces(member.id):
            receipt = reading.receipt(face.text)
            if receipt is not None:
                key = Key(member.school, str(receipt["班级"]))

                def true(at: datetime, key: Key = key) -> Said:
                    return truth.receipt_alerts(key, played.record, played.people, at)

                where = f"receipt of {truth.named(key)} to {member.name}"
                yield from standing.untrue(where, face, reading.receipt_alerts(face.text), true)
