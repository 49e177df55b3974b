"""Reads what teachers type: 应到45实到43，3号发烧38度5已去医院，17号拉肚子在家.

Precise before it is complete: a wrong pupil or a lost fever is worse than a question. What is read is a proposal, with
its doubts and with what could not be used, quoted; nothing is ever sent of itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from handlers.rules.names import Pupil, index_of
from handlers.rules.reading.amounts import settle_amounts
from handlers.rules.reading.checks import class_of, day_doubts, is_well, sums, totals
from handlers.rules.reading.line import Told, tell
from handlers.rules.reading.notes import Notes, Span
from handlers.rules.reading.result import Doubt, Line, Reading
from handlers.rules.reading.scan import Scanner
from handlers.rules.reading.seat_or_day import Seats
from handlers.rules.reading.strangers import Strangers
from handlers.rules.reading.tokens import Count, Token
from handlers.rules.reading.walk import walk_through
from handlers.rules.spelling import plain, visible

# 腋下 ≥37.3℃, the daily school line of DOMAIN §2.2; callers give the rule of the day.
FEVER_FROM = 373
LONGEST = 5_000

__all__ = ["Doubt", "Line", "Reading", "read"]


def read(
    sentence: str,
    roster: Sequence[Pupil],
    *,
    today: date,
    classes: Mapping[str, str] | None = None,
    fever_from: int = FEVER_FROM,
    earliest: date | None = None,
) -> Reading:
    """One message of a teacher. `classes`: the sender's, name → id. `fever_from`: tenths of °C, decides only whether a
    zero report is contradicted. `earliest`: the oldest day taken, else three weekdays back."""
    typed = visible(sentence)
    text, rest = plain(typed[:LONGEST]), typed[LONGEST:]
    notes = walk_through(text, typed, _tokens(text, roster, today), today, fever_from)
    return _reading(typed, rest, notes, today, classes, fever_from, earliest)


def _tokens(text: str, roster: Sequence[Pupil], today: date) -> Sequence[Token]:
    index = index_of(tuple(roster))
    scanned = Scanner(index, today).scan(text)
    settled = Seats(text, index, today).settle(scanned)
    return Strangers(text, index).settle(settle_amounts(settled, text, index))


def _reading(
    typed: str,
    rest: str,
    notes: Notes,
    today: date,
    classes: Mapping[str, str] | None,
    fever_from: int,
    earliest: date | None,
) -> Reading:
    told = [
        tell(entry, words, today, fever_from) for entry, words in zip(notes.entries, _words(notes, typed), strict=True)
    ]
    lines, doubts = _lines(told, notes)
    expected, present = totals(notes.counts, all_here=notes.all_here)
    class_id, class_said, class_doubts = class_of(notes.classes, classes)
    day = (notes.day.back or notes.day.ahead) if notes.day else None
    adding = sums(expected, present, lines, notes.tallies, all_here=notes.all_here)
    doubts += [*class_doubts, *day_doubts(day, today, earliest), *adding]
    full = notes.all_here or (expected is not None and expected == present)
    healthy = (notes.well or full) and all(is_well(line, fever_from) for line in lines)
    zero = healthy and not any(doubt.kind not in ("class", "old_date", "future_date") for doubt in doubts)
    if zero and not notes.well:
        doubts.append(Doubt("health", typed[:LONGEST].strip()))
    unread = [*_unread(told, notes, typed), *([rest] if rest.strip() else [])]
    return Reading(
        class_id=class_id,
        class_said=class_said,
        day=day,
        expected=expected,
        present=present,
        zero=zero,
        lines=lines,
        staff_absent=_staff(notes),
        doubts=tuple(dict.fromkeys(doubts)),
        unread=tuple(unread),
    )


def _lines(told: Sequence[Told], notes: Notes) -> tuple[tuple[Line, ...], list[Doubt]]:
    """The lines that say something, and each doubt with the place of its line."""
    places: dict[int, int] = {}
    for number, one in enumerate(told):
        if not one.empty:
            places[number] = len(places)
    doubts = [
        Doubt(doubt.kind, doubt.said, doubt.choices, places[number])
        for number, one in enumerate(told)
        if number in places
        for doubt in one.doubts
    ]
    for doubt, of in notes.doubts:
        doubts.append(Doubt(doubt.kind, doubt.said, doubt.choices, None if of is None else places.get(of)))
    return tuple(one.line for one in told if not one.empty), doubts


def _words(notes: Notes, typed: str) -> list[str]:
    """For each entry the words it rests on; … stands where others are spoken of in between."""
    owned: dict[Span, set[int]] = {}
    for span, owners in notes.owners:
        owned.setdefault(span, set()).update(owners)
    spans: list[list[Span]] = [[] for _ in notes.entries]
    before: set[int] = set()
    for (start, end), mine in sorted(owned.items()):
        for one in mine:
            if one in before:
                spans[one][-1] = (spans[one][-1][0], max(end, spans[one][-1][1]))
            else:
                spans[one].append((start, end))
        before = mine
    return ["…".join(typed[start:end].strip() for start, end in mine) for mine in spans]


def _unread(told: Sequence[Told], notes: Notes, typed: str) -> Iterable[str]:
    """Quoted as typed: what no rule knew, and pupils of whom nothing was understood."""
    nothing_of = {number for number, one in enumerate(told) if one.empty}
    spans = [span for span, owners in notes.owners if set(owners) <= nothing_of]
    joined: list[Span] = []
    for start, end in sorted({*notes.unread, *spans}):
        if joined and start <= joined[-1][1] + 2:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    quoted = (typed[start:end].strip() for start, end in joined)
    return [one for one in quoted if any(sign.isalnum() for sign in one)]


def _staff(notes: Notes) -> int | None:
    expected, present = totals((one for one in notes.staff_counts if isinstance(one, Count)), all_here=False)
    if expected is not None and present is not None:
        return max(expected - present, 0)
    return notes.staff_absent
