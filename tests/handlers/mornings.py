"""Made-up mornings of a district, as the database would answer for them: any size, any trouble."""

import json
import tomllib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from msgspec import Struct

from handlers import questions as q
from handlers.model import Attendance, Duty, Entry, Held, Klass, Method, Person, Report, School, Symptom, Update, Where
from handlers.rulebook import Rules, read_rules
from handlers.values import replace

DAY = date(2026, 9, 30)  # a Wednesday: the longest of the days' names in English
AT = datetime(2026, 9, 30, 0, 10, tzinfo=UTC)
NINE = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
PUPILS = 45
GRADES = "一二三四五六"
RULES = Path(__file__).parents[2] / "bot" / "district.toml"
T = TypeVar("T")


@cache
def rules(district: str) -> Rules:
    """As they are shipped, but for the district's own name and phone."""
    rows = tomllib.loads(RULES.read_text(encoding="utf-8"))["rule"]
    shipped = {row["key"]: (json.dumps(row["value"]), row["source"]) for row in rows}
    own = {"district.name": district, "office.phone": "0579-0000000"}
    return read_rules(shipped | {key: (json.dumps(value), "本学区规定") for key, value in own.items()})


ROUND = rules("学区").rounds[0]


def ill(n: int, *symptoms: Symptom, heat: int | None = None, where: Where | None = None) -> Entry:
    return Entry(f"p{n}", Attendance.SICK, heat, Method.AXILLARY if heat else None, False, symptoms, where)


class Class(Struct, frozen=True):
    """Its listed pupils; None has not reported."""

    entries: tuple[Entry, ...] | None = ()
    timely: bool = True
    off: str | None = None


class Here(Struct, frozen=True):
    """One school: its classes six grades abreast, whether its 疫情报告人 is bound, fevers that wait for 已知悉."""

    short: str
    classes: tuple[Class, ...]
    ready: bool = True
    waiting: int = 0


class Town(Struct, frozen=True):
    """Answers the questions of the leaders' post, of one day without a history."""

    schools: tuple[Here, ...]
    name: str = "东湖学区"
    before: tuple[int, int] = (0, 0)  # sick and expected, of the days before
    group: bool = True  # the leaders' group is bound
    admins: tuple[Person, ...] = ()
    last: q.SummaryView | None = None
    outages: tuple[q.OutageView, ...] = ()
    sealed: q.SealView | None = None

    def ask(self, question: q.Question[T]) -> T:
        return cast(T, self._answer(question))

    def _answer(self, question: object) -> object:
        match question:
            case q.RulesOn():
                return rules(self.name)
            case q.Schools():
                return tuple(self._school(n) for n in range(len(self.schools)))
            case q.SchoolMorning(school=id):
                return self._morning(int(id))
            case q.Expected():
                return PUPILS
            case q.AlertsOn(school=id):
                return self._alerts(int(id))
            case q.Officers():
                return self.admins
            case q.Outages():
                return self.outages
            case q.Group():
                return q.GroupView("telegram", "-1", "bound") if self.group else None
            case q.LastSeal():
                return self.sealed
            case q.LastSummary():
                return self.last
            case q.SchoolDays():
                return q.SchoolDaysView((date(2026, 9, 29),), ())
            case q.History():
                return ()
            case q.SickOn():
                return self.before
            case _:
                raise AssertionError(f"nobody should have to ask {question}")

    def _school(self, n: int) -> School:
        return School(str(n), f"{self.schools[n].short}小学", self.schools[n].short, n)

    def _klass(self, school: int, n: int) -> Klass:
        grade, number = GRADES[n % 6], n // 6 + 1
        return Klass(f"{school}-{n}", str(school), f"{grade}({number})班", grade, number)

    def _morning(self, school: int) -> q.SchoolMorningView:
        here = self.schools[school]
        rows = tuple(self._row(self._klass(school, n), one) for n, one in enumerate(here.classes))
        return q.SchoolMorningView(self._school(school), rows, (officer(here),))

    def _row(self, klass: Klass, one: Class) -> q.ClassRow:
        report = None
        if one.entries is not None and one.off is None:
            report = Report(DAY, "am", klass.id, 1, PUPILS, one.entries, "t", AT, one.timely)
        return q.ClassRow(klass, one.off, report, (), 0, ())

    def _alerts(self, school: int) -> tuple[q.AlertView, ...]:
        here, by = self.schools[school], officer(self.schools[school])
        return tuple(
            q.AlertView(
                id=f"{school}-{n}",
                day=DAY,
                round="am",
                school=self._school(school),
                klass=self._klass(school, n),
                pupil="p",
                seat=n,
                entry=ill(n, heat=385),
                by=by,
                at=AT,
                post=f"{school}-0",
                step=0,
                told=(),
            )
            for n in range(here.waiting)
        )


def officer(here: Here) -> Person:
    return Person("o", "0", "李", "李老师", None, "zh", (Held(Duty.REPORTER),), bound=here.ready)


def update(now: datetime, *args: str, verb: str = "tick") -> Update:
    return Update("u", "district", "clock", "clock", "clock", True, now, now, bytes(16), ZONE, verb, args)


def admin(id: str, language: str = "zh") -> Person:
    return Person(id, None, "陈", "陈老师", None, language, (Held(Duty.ADMIN),), bound=True)


def small() -> Town:
    """Two schools of six classes, all well."""
    return Town(tuple(Here(short, (Class(),) * 6) for short in ("中心校", "二校")))


def but(town: Town, school: int, **changes: Any) -> Town:
    """The same town with one school otherwise."""
    schools = list(town.schools)
    schools[school] = replace(schools[school], **changes)
    return replace(town, schools=tuple(schools))
