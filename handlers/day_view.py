"""The day in one view: what its later rounds add to the round of the leaders' post. A pupil counts once a day."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from handlers.model import Text, Trip, Value, text
from handlers.numbers import Count
from handlers.questions import Ask, SchoolMorningView, TripsOf
from handlers.rulebook import Round
from handlers.words import NOTHING, findings


class Later(Struct, frozen=True):
    """A later round of the day and what it counts."""

    round: Round
    count: Count


def trips_in(ask: Ask, view: SchoolMorningView, day: date) -> tuple[Trip, ...]:
    """Who of a school is out of town, of the classes that have reported: of the others nobody knows."""
    reported = [row.klass.id for row in view.rows if row.report is not None]
    return tuple(trip for one in reported for trip in ask(TripsOf(view.school.id, day, one)))


def lines(first: Count, later: Sequence[Later]) -> tuple[Text, ...]:
    """A line a later round: who is due, who is missing, what was found, and how many fevers the day has by then."""
    found: list[Text] = []
    seen = _fevers((first,))
    for one in later:
        new = _fevers((one.count,)) - seen
        seen |= new
        if one.count.standing.due:
            found.append(_line(one, len(new), len(seen)))
    return tuple(found)


def _fevers(counts: Iterable[Count]) -> set[str]:
    return {one.entry.pupil for count in counts for one in count.fevers}


def _line(later: Later, new: int, of_day: int) -> Text:
    standing, sums = later.count.standing, later.count.sums
    missing: Value = text("summary.round_missing", n=standing.missing) if standing.missing else NOTHING
    known: dict[str, Value] = {"round": later.round.name, "due": standing.due, "missing": missing}
    if not standing.reported:
        return text("summary.round_nobody", **known)
    return text(
        "summary.round",
        **known,
        reported=standing.reported,
        expected=sums.expected,
        present=sums.present,
        found=findings(sums),
        day=text("summary.round_fevers", new=new, n=of_day) if new else NOTHING,
    )
