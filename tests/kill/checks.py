"""The invariants of a day with kills: each check gives back what is wrong, in words; nothing when all is well."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from tests.kill.evidence import REPLY, Evidence, Sent

LEAST_KILLS = 20
Check = Callable[[Evidence], Iterator[str]]


def really_killed(seen: Evidence) -> Iterator[str]:
    """Enough kills, and no end that nobody brought about."""
    if len(seen.kills) < LEAST_KILLS:
        yield f"only {len(seen.kills)} kills"
    yield from seen.ended


def confirmed_is_stored(seen: Evidence) -> Iterator[str]:
    """Confirmed to the teacher ⇒ stored: at every kill, and in the end."""
    for kill in seen.kills:
        for klass in sorted(kill.confirmed - kill.stored):
            yield f"{klass} was confirmed, and not in the database when the bot was killed at {kill.at} ({kill.why})"
    for klass in sorted(seen.confirmed.keys() - seen.stored.keys()):
        yield f"{klass} was confirmed and is not in the database"


def acknowledged_is_stored(seen: Evidence) -> Iterator[str]:
    """What a platform was told is ours, it forgets: at every kill it was in the database."""
    known: frozenset[str] = frozenset()
    for kill in seen.kills:
        if lost := kill.acknowledged - kill.heard - known:
            yield f"{len(lost)} acknowledged, and not in the database when the bot was killed at {kill.at} ({kill.why})"
        known |= lost


def stored_once(seen: Evidence) -> Iterator[str]:
    """Exactly one first revision a class-day, and of whom nobody reported none."""
    for klass, row in seen.stored.items():
        if row.first_facts != 1:
            yield f"{klass} has {row.first_facts} first reports"
        if klass not in seen.planned:
            yield f"{klass} has a report that nobody made"


def stored_as_meant(seen: Evidence) -> Iterator[str]:
    """Everybody who meant to report got it through, and says what the teacher entered."""
    for klass, meant in seen.planned.items():
        if klass not in seen.stored:
            yield f"{klass} never got its report through"
        elif seen.stored[klass].listed != meant:
            yield f"{klass} lists {sorted(seen.stored[klass].listed, key=str)}, meant was {sorted(meant, key=str)}"


def nobody_reminded_after(seen: Evidence) -> Iterator[str]:
    """Who had reported was not reminded; a message that was on the wire then is excepted."""
    for one in seen.sent:
        kind, _, klass = one.kind.partition(" ")
        if kind in ("remind1", "remind2") and klass in seen.confirmed and one.begun > seen.confirmed[klass]:
            yield f"{one.chat} was reminded of {klass} at {one.at}, confirmed at {seen.confirmed[klass]}"


def no_reminder_missing(seen: Evidence) -> Iterator[str]:
    """Every reachable teacher of a class that kept silent past a step got that step's reminder."""
    for step in seen.steps:
        reminded = {one.chat for one in seen.sent if one.kind.startswith(f"{step.kind} ")}
        for chat, klass in seen.class_of.items():
            silent = klass not in seen.confirmed or seen.confirmed[klass] > step.until
            if silent and chat not in seen.unreachable and chat not in reminded:
                yield f"{chat} of {klass} never got the reminder of {step.due:%H:%M}"
        for one in seen.sent:
            if one.kind.startswith(f"{step.kind} ") and one.at < step.due:
                yield f"{one.chat} had its {step.kind} at {one.at}, due {step.due}"


def every_fever_told(seen: Evidence) -> Iterator[str]:
    """报告人, 校长 and the leaders' group were shown every fever."""
    for kind, chats in seen.fevers.items():
        for chat in sorted(chat for chat in chats if kind not in seen.told.get(chat, frozenset())):
            yield f"{chat} was never shown {kind}"


def summary_is_true(seen: Evidence) -> Iterator[str]:
    """The 09:00 post ends up with the numbers that people know to be true."""
    for name, value in seen.truth.items():
        if seen.summary.get(name) != value:
            yield f"the summary's {name} is {seen.summary.get(name)}, true is {value}"


def repeats_were_on_the_wire(seen: Evidence) -> Iterator[str]:
    """A message comes twice only where its first copy was on the wire when the bot was killed: sent, not recorded."""
    copies: dict[tuple[int, str], list[Sent]] = defaultdict(list)
    for one in seen.sent:
        copies[one.chat, one.words].append(one)
    for (chat, words), same in copies.items():
        if words == REPLY:
            spare = len(same) - seen.asked.get(chat, 0) - sum(_was_on_the_wire(seen, one) for one in same)
            if spare > 0:
                yield f"{chat} got {spare} answers more than it asked for"
            continue
        for first, again in pairwise(same):
            if not _was_on_the_wire(seen, first):
                yield f"{chat} got {words!r} at {first.at}, not on the wire at a kill, and again at {again.at}"


def nothing_swallowed(seen: Evidence) -> Iterator[str]:
    """No message was too much or too long for the platform, which says nothing of it."""
    yield from seen.swallowed


def _was_on_the_wire(seen: Evidence, one: Sent) -> bool:
    return any(one.place in kill.wire for kill in seen.kills)


CHECKS: tuple[Check, ...] = (
    really_killed,
    confirmed_is_stored,
    acknowledged_is_stored,
    stored_once,
    stored_as_meant,
    nobody_reminded_after,
    no_reminder_missing,
    every_fever_told,
    summary_is_true,
    repeats_were_on_the_wire,
    nothing_swallowed,
)


def complaints(seen: Evidence) -> list[str]:
    return [words for check in CHECKS for words in check(seen)]
