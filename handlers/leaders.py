"""学区晨检: the one picture and one caption that the leaders see at 09:00, kept true by edits."""

import json
from collections.abc import Mapping
from datetime import date, timedelta

from handlers.facts import Summarised
from handlers.model import LEADERS, Duty, Message, Person, Text, To, ToGroup, ToPerson, Update, Urgency, Value, text
from handlers.numbers import Count, clustered, count, together
from handlers.outcome import Outcome
from handlers.pictures import Cell, DayPoint, Gap, GradeRow, Mark, Morning, SchoolBlock
from handlers.plain import canonical
from handlers.questions import (
    AlertsOn,
    Ask,
    ClassRow,
    Group,
    History,
    HistoryRow,
    LastSummary,
    RulesOn,
    SchoolDays,
    SchoolDaysView,
    SchoolMorning,
    SchoolMorningView,
    Schools,
    Staff,
)
from handlers.rulebook import Round, Rules
from handlers.rules.fever import is_fever, is_unwell
from handlers.words import NOTHING, day_full, listed, literal

MOST_NAMED = 8  # classes in the caption; more are counted there and listed in a second message
MOST_LISTED = 120
AT_MOST_EACH = timedelta(seconds=60)


class District:
    """The morning of the whole district, asked a school at a time."""

    def __init__(self, ask: Ask, day: date, round: Round) -> None:
        self.ask, self.day, self.round = ask, day, round
        self.rules: Rules = ask(RulesOn(day))
        self.views = tuple(ask(SchoolMorning(school.id, day, round.id)) for school in ask(Schools(day)))
        self.counts = tuple(count(view.rows, self.rules.fever) for view in self.views)
        self.whole = together(self.counts)


def summary(update: Update, ask: Ask, day: date, round: Round) -> Outcome:
    """The 09:00 post. Nothing on a day without school."""
    district = District(ask, day, round)
    if district.whole.standing.due == 0:
        return Outcome()
    return _post(update, district, 1, update.local(update.now), None)


def summary_again(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """A late report or a correction: the same picture and caption, at most once a minute; the first version is kept."""
    day, round_id = date.fromisoformat(update.args[0]), update.args[1]
    round = ask(RulesOn(day)).round(round_id)
    last = ask(LastSummary(day, round_id))
    if round is None or last is None:
        return Outcome()
    first_at = str(json.loads(last.body)["as_of"])
    return _post(update, District(ask, day, round), last.version + 1, first_at, update.local(update.now))


def _post(update: Update, district: District, version: int, as_of: str, updated: str | None) -> Outcome:
    picture = morning_picture(update, district, as_of, updated)
    caption = caption_of(update, district, as_of, updated)
    key = f"summary:{district.day:%Y%m%d}:{district.round.id}"
    last = district.ask(LastSummary(district.day, district.round.id))
    wait = last.at + AT_MOST_EACH if last is not None else None
    says = [
        Message(key, to, caption, picture=picture, urgency=Urgency.REPLY, not_before=wait)
        for to in _readers(district.ask, district.day)
    ]
    if len(district.whole.missing) > MOST_NAMED or updated is not None:
        says += [
            Message(f"missing:{key}", to, missing_list(district), not_before=wait, only_if_shown=updated is not None)
            for to in _readers(district.ask, district.day)
        ]
    body = canonical(
        {"as_of": as_of, "updated": updated, "numbers": district.whole.standing, "sums": district.whole.sums}
    )
    fact = Summarised(district.day, district.round.id, version, update.now, body)
    return Outcome(facts=(fact,), says=tuple(says))


def _readers(ask: Ask, day: date) -> list[To]:
    """The leaders' group; without one that can be written to, the admins."""
    group = ask(Group(LEADERS))
    if group is not None and group.state == "bound":
        return [ToGroup(LEADERS)]
    return [ToPerson(one.id) for one in ask(Staff(None, day)) if one.has(Duty.ADMIN)]


# Words


def caption_of(update: Update, district: District, as_of: str, updated: str | None) -> Text:
    """Can be pasted into a report as it stands: classes and schools, no names."""
    whole, standing = district.whole, district.whole.standing
    head = text(
        "summary.head",
        district=district.rules.district,
        day=day_full(district.day),
        time=as_of,
        updated=text("summary.updated", time=updated) if updated else NOTHING,
    )
    if standing.reported == 0:
        return text("summary.nobody", head=head, due=standing.due)
    return text(
        "summary.caption",
        head=head,
        due=standing.due,
        reported=standing.reported,
        on_time=standing.on_time,
        late=standing.late,
        zero=standing.zero,
        missing=_missing(district),
        expected=whole.sums.expected,
        present=whole.sums.present,
        absent=whole.sums.absent,
        sick=whole.sums.sick,
        personal=whole.sums.personal,
        unknown=whole.sums.unknown,
        rate=percent(whole.sums.sick, whole.sums.expected),
        usual=_usual(update, district),
        line=f"{min(district.rules.fever.values()) / 10:.1f}",
        fever=whole.sums.fever,
        fever_detail=_fever_detail(district),
        unwell=whole.sums.unwell - whole.sums.fever,
        unwell_detail=_unwell_detail(whole),
        clusters=_clusters(district),
        alerts=_alerts(district),
    )


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "0.00"


def _missing(district: District) -> Value:
    missing = district.whole.missing
    if not missing:
        return NOTHING
    if len(missing) > MOST_NAMED:
        return text("summary.missing_many", n=len(missing), pupils=sum(row.expected for row in missing))
    return text("summary.missing", n=len(missing), classes=listed([_class_of(district, row) for row in missing]))


def _class_of(district: District, row: ClassRow) -> Text:
    school = next(view.school for view in district.views if view.school.id == row.klass.school)
    return text("summary.missing_class", school=school.short, klass=row.klass.name, n=row.expected)


def missing_list(district: District) -> Text:
    rows = district.whole.missing[:MOST_LISTED]
    return text(
        "summary.missing_list",
        n=len(district.whole.missing),
        classes=listed([_class_of(district, row) for row in rows]) or text("late.none"),
    )


def _usual(update: Update, district: District) -> Value:
    """The mean over the five school days before, each school day with what was reported."""
    days = district.ask(SchoolDays(district.day - timedelta(days=1), 5)).days
    rows = district.ask(History(days, district.round.id)) if days else ()
    expected = sum(row.expected for row in rows)
    if not expected:
        return NOTHING
    return text("summary.usual", rate=percent(sum(row.sick for row in rows), expected))


def _fever_detail(district: District) -> Value:
    if not district.whole.sums.fever:
        return NOTHING
    schools = [
        text("summary.at_school", school=view.school.short, n=one.sums.fever)
        for view, one in zip(district.views, district.counts, strict=True)
        if one.sums.fever
    ]
    places = [
        text("summary.at_place", place=text(f"where.{place}"), n=n) for place, n in district.whole.where().items()
    ]
    return text("summary.fever_detail", schools=listed(schools), places=listed(places) or text("where.unsaid"))


def _unwell_detail(whole: Count) -> Value:
    groups = [text("summary.group", group=text(f"group.{group}"), n=n) for group, n in _ordered(whole.groups())]
    return text("summary.unwell_detail", groups=listed(groups)) if groups else NOTHING


def _ordered(groups: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(groups.items(), key=lambda item: (-item[1], item[0]))


def _clusters(district: District) -> Value:
    found = [
        text("summary.cluster", school=view.school.short, klass=klass.name, group=text(f"group.{group}"), n=n)
        for view, one in zip(district.views, district.counts, strict=True)
        for klass, group, n in clustered(view, one.unwell)
    ]
    return text("summary.clusters", classes=listed(found)) if found else NOTHING


def _alerts(district: District) -> Value:
    alerts = [
        alert
        for view in district.views
        for alert in district.ask(AlertsOn(district.day, view.school.id))
        if alert.withdrawn_at is None and alert.post is not None
    ]
    if not alerts:
        return NOTHING
    waiting = [alert for alert in alerts if alert.acked_by is None]
    classes = list(dict.fromkeys(f"{alert.school.short}{alert.klass.name}" for alert in waiting))
    where = listed([literal(name) for name in classes[:MOST_NAMED]])
    fevers = all(is_fever(alert.entry, district.rules.fever) for alert in alerts)
    return text(
        "summary.alerts",
        kind=text("alert.kind.fever" if fevers else "alert.kind.both"),
        n=len(alerts),
        acked=len(alerts) - len(waiting),
        waiting=len(waiting),
        classes=text("summary.in_classes", classes=where) if waiting else NOTHING,
    )


# The picture


def morning_picture(update: Update, district: District, as_of: str, updated: str | None) -> Morning:
    sums = district.whole.sums
    span = district.ask(SchoolDays(district.day, district.rules.history_days))
    history = district.ask(History(span.days, district.round.id)) if span.days else ()
    return Morning(
        day=district.day,
        as_of=as_of,
        district=district.rules.district,
        schools=tuple(
            _block(view, one, history, district.rules)
            for view, one in zip(district.views, district.counts, strict=True)
        ),
        zero=district.whole.standing.zero,
        fever=sums.fever,
        groups=dict(_ordered(district.whole.groups())),
        expected=sums.expected,
        present=sums.present,
        sick=sums.sick,
        personal=sums.personal,
        unknown=sums.unknown,
        days=span.days,
        fevers=_fevers(span, history),
        gaps=tuple(Gap(after, name) for after, name in span.gaps),
        updated=updated,
    )


def _fevers(span: SchoolDaysView, history: tuple[HistoryRow, ...]) -> tuple[int | None, ...]:
    days: dict[date, int] = {}
    for row in history:
        if row.reported:
            days[row.day] = days.get(row.day, 0) + row.fever
    return tuple(days.get(day) for day in span.days)


def _block(view: SchoolMorningView, one: Count, history: tuple[HistoryRow, ...], rules: Rules) -> SchoolBlock:
    grades: dict[str, list[Cell]] = {}
    for row in view.rows:
        grades.setdefault(row.klass.grade, []).append(_cell(row, rules))
    return SchoolBlock(
        id=view.school.id,
        name=view.school.name,
        short=view.school.short,
        rows=tuple(GradeRow(grade, tuple(cells)) for grade, cells in grades.items()),
        fever=one.sums.fever,
        history=tuple(
            DayPoint(row.day, row.due, row.reported, row.expected, row.sick)
            for row in sorted(history, key=lambda row: row.day)
            if row.school == view.school.id
        ),
    )


def _cell(row: ClassRow, rules: Rules) -> Cell:
    label = str(row.klass.number) if row.klass.number else ""
    if row.off is not None:
        return Cell(label, Mark.EXCUSED)
    if row.report is None:
        bound = any(teacher.bound for teacher in row.teachers)
        return Cell(label, Mark.MISSING if bound else Mark.UNBOUND)
    entries = row.report.entries
    return Cell(
        label,
        Mark.ON_TIME if row.report.timely else Mark.LATE,
        proxy=row.report.behalf is not None,
        unwell=sum(is_unwell(entry, rules.fever) for entry in entries),
        fever=any(is_fever(entry, rules.fever) for entry in entries),
    )
