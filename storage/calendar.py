"""Which days are school days, for whom: the calendar table over the plain week, narrowed by the terms."""

import json
from datetime import date

from handlers.model import Klass, Value, text
from handlers.questions import DayView
from handlers.rulebook import Kind, Round, Rules
from handlers.words import day_short
from storage.dated_rules import rules_of
from storage.settled import settled
from storage.transaction import Tx

SATURDAY = 5
WHOLE = ("country", "district")


def calendar_of(tx: Tx, first: date, last: date) -> "Calendar":
    """As the district has decided by now."""
    return settled(tx, ("calendar", first, last), lambda: Calendar(tx, first, last))


class Calendar:
    """The days from `first` to `last`, read at once."""

    def __init__(self, tx: Tx, first: date, last: date) -> None:
        rows = tx.all(
            "SELECT day, scope, school_day, name FROM calendar WHERE day >= :first AND day <= :last",
            first=first.isoformat(),
            last=last.isoformat(),
        )
        self._days = {(row["day"], row["scope"]): DayView(bool(row["school_day"]), row["name"]) for row in rows}
        self._in_part = {day for day, scope in self._days if scope not in WHOLE}
        self._views: dict[date, DayView] = {}
        self._rounds: dict[tuple[str, str], tuple[Round | None, bool]] = {}
        rules = tx.all(
            "SELECT key, value, source, valid_from FROM rule WHERE valid_from <= :day ORDER BY valid_from",
            day=last.isoformat(),
        )
        self.rules: Rules = rules_of(rules)
        self._rehearsals = [(row["valid_from"], json.loads(row["value"])) for row in rules if row["key"] == "rehearsal"]

    def rehearsal(self, day: date) -> bool:
        """演练, by the rule of that day."""
        return next((said for since, said in reversed(self._rehearsals) if since <= day.isoformat()), False)

    def begun(self, day: date) -> bool:
        """False before the first day on which teachers are asked."""
        return self.rules.begun(day)

    def district(self, day: date) -> DayView:
        """Nothing before the first day of all. Then what an admin set; else no school outside the terms; else the
        country's holidays and 调休; else the week."""
        if day not in self._views:
            self._views[day] = self._district(day)
        return self._views[day]

    def _district(self, day: date) -> DayView:
        if self.rules.starts_on is not None and not self.begun(day):
            return DayView(False, text("card.not_begun", day=day_short(self.rules.starts_on)))
        by_hand = self._days.get((day.isoformat(), "district"))
        if by_hand is not None:
            return by_hand
        if not self.rules.in_term(day):
            return DayView(False, "")
        return self._days.get((day.isoformat(), "country"), DayView(day.weekday() < SATURDAY, ""))

    def off(self, day: date, klass: Klass, round_id: str) -> Value | None:
        """Why nothing is due from this class in a round, None where it is: the round runs at its school, and it is a
        school day; but the holidays' own round is due on every day. No round: whether it has school."""
        return self._off(day, klass.school, round_id, (klass.id, f"grade:{klass.school}:{klass.grade}", klass.school))

    def school_off(self, day: date, school: str, round_id: str) -> Value | None:
        """The same of all classes of a school, on a day on which none has a day of its own (`in_part`)."""
        return self._off(day, school, round_id, ())

    def in_part(self, day: date) -> bool:
        """Whether the calendar names a class, a grade or a school on that day."""
        return day.isoformat() in self._in_part

    def _off(self, day: date, school: str, round_id: str, scopes: tuple[str, ...]) -> Value | None:
        round, runs = self._round(round_id, school)
        if round is not None and not runs:
            return text("card.round_off", round=round.name)
        if round is not None and round.kind is Kind.HOME and self.begun(day):
            return None
        return self._day_off(day, scopes)

    def _round(self, id: str, school: str) -> tuple[Round | None, bool]:
        """And whether it runs there: asked for each class of a school."""
        if (id, school) not in self._rounds:
            self._rounds[id, school] = self.rules.round(id), self.rules.runs(id, school)
        return self._rounds[id, school]

    def _day_off(self, day: date, scopes: tuple[str, ...]) -> Value | None:
        """The narrowest scope decides."""
        on = day.isoformat()
        for scope in scopes if on in self._in_part and self.begun(day) else ():
            found = self._days.get((on, scope))
            if found is not None:
                return None if found.school_day else found.name
        view = self.district(day)
        return None if view.school_day else view.name
