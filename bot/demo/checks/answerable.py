"""Who answers for what: on a day that counts the ledger holds whoever was late or missing, and where two records
disagree; nobody answers for a rehearsal. And who had a class in another's place."""

from collections.abc import Iterator

from bot.demo import truth
from bot.demo.checks.played import CLOSE, OPENS, Played, differ_in_all


def ledger(played: Played) -> Iterator[str]:
    """Each by its class and who had it on that day."""
    yield from differ_in_all("the ledger", played.ledger, () if played.rehearsal else _faults(played))


def _faults(played: Played) -> Iterator[str]:
    close = played.hour(CLOSE)
    for key, row in played.record.classes.items():
        who = f"{truth.named(key)} {row.of.teachers[0].name}"
        first = row.at(close) and row.first
        if first is None and played.record.due(key, close):
            yield f"missing {who}"
        elif first is not None and not played.record.on_time(first):
            yield f"late {who}"
        if any(one.key == key for one in played.record.sightings) and first is not None:
            yield f"contradiction {who}"


def handed_over(played: Played) -> Iterator[str]:
    """Whoever is away gets no card and no reminder of the class; a group is told of none of it."""
    week = played.crowd.week
    if week is None or not week.stand_in.on(played.day):
        return
    name, absent = week.stand_in.klass.key.name, week.stand_in.absent
    asked = [
        face
        for face in played.witness.first_faces(absent.id)
        if face.at >= played.hour(OPENS) and (face.text.startswith(f"{name} · ") or f"{name}今天的晨检" in face.text)
    ]
    if asked:
        yield f"{absent.name}, who is away, was asked for {name} {len(asked)} times"
    if any("代班" in face.text for face in played.witness.faces(played.witness.group)):
        yield "the group was told who stands in for whom"
