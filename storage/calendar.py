"""Which days are school days, for whom: the calendar table over the plain week, narrowed by the terms."""

from datetime import date

from handlers.model import Klass
from handlers.questions import DayView
from handlers.rulebook import read_rules
from storage.transaction import Tx

SATURDAY = 5


class Calendar:
    """The days from `first` to `last`, read at once."""

    def __init__(self, tx: Tx, first: date, last: date) -> None:
        rows = tx.all(
            "SELECT day, scope, school_day, name FROM calendar WHERE day >= :first AND day <= :last",
            first=first.isoformat(),
            last=last.isoformat(),
        )
        self._days = {(row["day"], row["scope"]): DayView(bool(row["school_day"]), row["name"]) for row in rows}
        rules = tx.all(
            "SELECT key, value, source FROM rule WHERE valid_from <= :day ORDER BY valid_from", day=last.isoformat()
        )
        self._rules = read_rules({row["key"]: (row["value"], row["source"]) for row in rules})

    def district(self, day: date) -> DayView:
        """What an admin set; else no school outside the terms; else the country's holidays and 调休; else the week."""
        by_hand = self._days.get((day.isoformat(), "district"))
        if by_hand is not None:
            return by_hand
        if not self._rules.in_term(day):
            return DayView(False, "")
        return self._days.get((day.isoformat(), "country"), DayView(day.weekday() < SATURDAY, ""))

    def off(self, day: date, klass: Klass) -> str | None:
        """Why nothing is due from this class, None on a school day. The narrowest scope decides."""
        for scope in (klass.id, f"grade:{klass.school}:{klass.grade}", klass.school):
            found = self._days.get((day.isoformat(), scope))
            if found is not None:
                return None if found.school_day else found.name
        view = self.district(day)
        return None if view.school_day else view.name
