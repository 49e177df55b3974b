"""A class's day with everything a card needs to know of it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property

from msgspec import Struct, field

from handlers.facts import report_subject
from handlers.model import Attendance, Case, Entry, Method, Observation, Person, Put, Report, StaffHealth, Trip, Update
from handlers.outages import beside_deadline, could_report
from handlers.questions import (
    AddedTo,
    AddedView,
    AlertsOn,
    AlertView,
    Ask,
    Cases,
    ClassDay,
    ClassDayView,
    Expected,
    Observed,
    OnLeave,
    Register,
    RegisterView,
    RulesOn,
    SchoolMorning,
    SchoolMorningView,
    SchoolOf,
    StaffHealthOn,
    TripsOf,
)
from handlers.rulebook import Kind, Round, Rules
from handlers.rules.names import Pupil
from handlers.rules.sums import Sums, add_up
from handlers.values import replace

FIRST_DAY = date(2000, 1, 1)  # no rule holds before it, so no button can mean an earlier day


class Scene(Struct, frozen=True, dict=True):
    """What is known now; after a report, what will be known when its facts are recorded."""

    update: Update
    ask: Ask
    view: ClassDayView
    day: date
    round: Round
    rules: Rules
    alerts: tuple[AlertView, ...]
    told: Mapping[str, Entry] = field(default_factory=dict)  # whom an alert of another round of this day was for
    staff: Mapping[str, StaffHealth] | None = None  # what the staff said of themselves; None where they are not asked
    cases: tuple[Case, ...] = ()  # open, and ended on this day, by seat
    trips: tuple[Trip, ...] = ()  # who is out of town; asked in the holidays only
    by_system: bool = False  # 系统原因: an outage stands beside the deadline; being late is not this class's doing
    observed: tuple[Observation, ...] = ()  # who may not be at school on this day, after having been elsewhere
    added: tuple[AddedView, ...] = ()  # whom a later revision lists: when was it known?

    @property
    def report(self) -> Report | None:
        return self.view.report

    @property
    def rev(self) -> int:
        return self.report.rev if self.report else 0

    @property
    def expected(self) -> int:
        """应到. Counted when the number is said or summed, and not for a reminder."""
        return self.ask(Expected(self.view.klass.id, self.day, self.round.id))

    @property
    def register(self) -> RegisterView:
        """Who that is. Looked up when somebody is named, and not for a class that is well."""
        return self.ask(Register(self.view.klass.id, self.day, self.round.kind is Kind.BOARDERS))

    @cached_property
    def present(self) -> frozenset[str]:
        """The pupils in 应到: whom a report may be about."""
        return frozenset(pupil.id for pupil in self.register.pupils)

    @property
    def on_leave(self) -> dict[str, OnLeave]:
        return {one.pupil.id: one for one in self.register.on_leave}

    @property
    def everybody(self) -> tuple[Pupil, ...]:
        """Whom a typed name may mean."""
        return self.register.everybody

    @cached_property
    def seats(self) -> dict[str, int]:
        return self.register.seats | {alert.pupil: alert.seat for alert in self.alerts}

    def seat(self, pupil: str) -> int:
        """0 for one who is nobody of the class."""
        return self.seats.get(pupil, 0)

    @property
    def method(self) -> Method:
        """How this school takes a temperature."""
        return self.rules.method_of(self.view.school.id)

    @cached_property
    def subject(self) -> str:
        return report_subject(self.view.klass.id, self.day, self.round.id)

    @cached_property
    def closed(self) -> bool:
        return self.round.closed(self.update.at, self.day, self.update.zone)

    @cached_property
    def early(self) -> bool:
        """Before the morning begins (rule `quiet`): nobody has looked at the class yet."""
        local = self.update.at.astimezone(self.update.zone)
        return local.date() == self.day and local.time() < self.rules.quiet[1]

    @cached_property
    def past(self) -> bool:
        """A day gone by."""
        return self.day < self.update.today

    @property
    def gone(self) -> bool:
        """The day is over by the clock; what is said of it now may be dated to before that (`past`)."""
        return self.update.day_of(self.update.now) > self.day

    @property
    def kept_true(self) -> bool:
        """What was posted of this day still follows what is reported of it."""
        today = self.update.day_of(self.update.now)
        return today <= self.day + timedelta(days=self.rules.summary_days)

    @property
    def open_cases(self) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if case.ended is None)

    @property
    def left_open(self) -> tuple[Case, ...]:
        """昨日未结案: of whom a first report of this day must say something. Who was listed earlier today is known, and
        in the holidays nobody can be back."""
        if self.round.kind is Kind.HOME:
            return ()
        here = self.present if self.round.kind is Kind.BOARDERS else None
        return tuple(case for case in self.open_cases if case.seen < self.day and (here is None or case.pupil in here))

    def case_of(self, pupil: str) -> Case | None:
        """The open one."""
        return next((case for case in self.open_cases if case.pupil == pupil), None)

    def observation_of(self, pupil: str) -> Observation | None:
        return next((one for one in self.observed if one.pupil == pupil), None)

    def placed(self, entry: Entry) -> Entry:
        """In the holidays nobody is absent; but some cannot be reached."""
        if self.round.kind is not Kind.HOME or entry.attendance is Attendance.UNKNOWN:
            return entry
        return replace(entry, attendance=Attendance.PRESENT)

    @cached_property
    def own_args(self) -> tuple[str, str, str]:
        """How a button names this class-day."""
        return (self.view.klass.id, f"{self.day:%Y%m%d}", self.round.id)

    def args(self, *more: str | int) -> tuple[str | int, ...]:
        """The same, and what else it says."""
        return (*self.own_args, *more)

    def sums(self, entries: tuple[Entry, ...]) -> Sums:
        """What a report of these would add up to. Who is listed is in 应到, also when the roll has changed since."""
        besides = {entry.pupil for entry in entries} - self.present if entries else ()
        return add_up(self.expected + len(besides), entries, self.rules.fever)

    def key(self, kind: str, person: Person) -> str:
        """Of a message about this class-day: card, remind1 …, behalf."""
        return ":".join((kind, *self.own_args, person.id))

    def with_alerts(self, *alerts: AlertView) -> "Scene":
        """These as they are now; those of other classes and rounds have no place here."""
        now = {alert.id: alert for alert in alerts}
        return replace(self, alerts=tuple(now.get(alert.id, alert) for alert in self.alerts))

    def with_added(self, added: Iterable[AddedView]) -> "Scene":
        return replace(self, added=tuple(added))

    def with_report(self, report: Report, alerts: tuple[AlertView, ...]) -> "Scene":
        return replace(self, view=replace(self.view, report=report), alerts=alerts)


def look(update: Update, ask: Ask, class_id: str, day: date, round_id: str) -> Scene | None:
    """None for a class or round that is not known on that day."""
    rules = ask(RulesOn(day))
    round = rules.round(round_id)
    view = ask(ClassDay(class_id, day, round_id))
    if round is None or view is None:
        return None
    reported = view.report is not None or view.earlier is not None
    alerts = ask(AlertsOn(day, view.school.id, class_id)) if reported else ()
    of_round = tuple(alert for alert in alerts if alert.round == round_id)
    told = {one.pupil: one.latest or one.entry for one in alerts if one.round != round_id and one.withdrawn_at is None}
    by_system = could_report(view.asked) and beside_deadline(update, ask, round, day)
    asked = day == update.today and rules.staff_round(view.school.id) is not None
    staff = ask(StaffHealthOn(view.school.id, day)) if asked else None
    trips = ask(TripsOf(view.school.id, day, class_id)) if round.kind is Kind.HOME else ()
    added = ask(AddedTo(class_id, day, round_id)) if view.report and view.report.rev > 1 else ()
    cases = ask(Cases(class_id, day))
    return Scene(
        update,
        ask,
        view,
        day,
        round,
        rules,
        of_round,
        told=told,
        staff=staff,
        cases=cases,
        trips=trips,
        by_system=by_system,
        added=added,
        observed=ask(Observed(class_id, day)),
    )


def current_round(rounds: tuple[Round, ...], update: Update) -> Round:
    """The last round that has opened by now; before the first, the first."""
    return opened_by(rounds, update)[0]


def opened_by(rounds: tuple[Round, ...], update: Update) -> tuple[Round, ...]:
    """Those that have opened by now, the latest first; before the first, that one."""
    local = update.at.astimezone(update.zone).time()
    opened = [one for one in rounds if one.opens <= local]
    return tuple(reversed(opened)) or rounds[:1]


def class_rounds(update: Update, ask: Ask, school: str | None) -> tuple[Round, ...]:
    """Today's rounds of a school's classes; of every school, for the district's own office."""
    rules = ask(RulesOn(update.today))
    return tuple(one for one in rules.rounds_of(school) if one.of_classes) if school else rules.rounds


def class_now(update: Update, ask: Ask, class_id: str) -> Scene | None:
    """Today's class in the round that it is in. None for an unknown class, and where no round runs."""
    return next(iter(rounds_now(update, ask, class_id)), None)


def rounds_now(update: Update, ask: Ask, class_id: str) -> tuple[Scene, ...]:
    """Today's class in each round that has opened and is due from it, or reported by it, the latest first; those that
    the words of the update name alone, where they name any. Where none is due, the last of the whole class."""
    school = ask(SchoolOf(class_id))
    opened = opened_by(class_rounds(update, ask, school.id), update) if school else ()
    said = [one for one in opened if any(name in update.text for name in one.name.words.values())]
    looked = (look(update, ask, class_id, update.today, one.id) for one in said or opened)
    scenes = tuple(scene for scene in looked if scene is not None)
    due = tuple(scene for scene in scenes if scene.report is not None or scene.view.off is None)
    return due or tuple(scene for scene in scenes if scene.round.kind is not Kind.BOARDERS)[:1]


def named(update: Update) -> tuple[str, date, str] | None:
    """The class, day and round that a button names; None for a button of another form."""
    if len(update.args) < 3 or len(update.args[1]) != 8 or not update.args[1].isdigit():
        return None
    try:
        day = date(int(update.args[1][:4]), int(update.args[1][4:6]), int(update.args[1][6:]))
    except ValueError:
        return None
    return (update.args[0], day, update.args[2]) if day >= FIRST_DAY else None


def school_round(update: Update, ask: Ask) -> tuple[date, Round, SchoolMorningView] | None:
    """`… DAY ROUND` in a school's lane: that round of the school's day; None for a round that is not known then."""
    day = date.fromisoformat(update.args[0])
    round = ask(RulesOn(day)).round(update.args[1])
    return (day, round, ask(SchoolMorning(update.lane, day, round.id))) if round else None


def posted_again(scene: Scene) -> tuple[Put, ...]:
    """After 08:45 the late list, after 09:00 the 校长's lines and the leaders' post: what changed is asked to be shown
    in them; on the days after in the latter two, as long as they are kept true."""
    if not scene.kept_true:
        return ()
    update, round, school = scene.update, scene.round, scene.view.school.id
    post, found = scene.rules.post_of(round), []
    if not scene.gone and update.now >= datetime.combine(scene.day, round.late_list, update.zone):
        found.append((school, "late_list_again", round.id))
    if post is not None and round.summed(update.now, scene.day, update.zone):
        found += [(school, "own_lines_again", post.id), ("district", "summary_again", post.id)]
    return tuple(Put(lane, f"{verb}:{update.id}", verb, (scene.day.isoformat(), id)) for lane, verb, id in found)
