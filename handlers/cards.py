"""How a class's day looks to whoever answers for it: the prompt before the report, the receipt after it."""

from collections.abc import Iterable

from handlers import travelling
from handlers.answering import keeps
from handlers.earlier import going_on, stamp_of
from handlers.following.course import as_listed, waiting
from handlers.following.due import Day, due
from handlers.following.showing import case_line, case_rows, earliest_words, held_line, observation_line, observed_lines
from handlers.model import (
    ABSENT,
    DISTRICT_OFFICE,
    Answer,
    Case,
    Choices,
    Duty,
    Entry,
    Message,
    Person,
    PupilRef,
    Report,
    Text,
    ToPerson,
    Update,
    Value,
    Where,
    choice,
    text,
)
from handlers.outages import timeliness
from handlers.outcome import Outcome
from handlers.questions import AlertView, Ask, DraftsFor, ShownAbout, Staff
from handlers.rulebook import Kind
from handlers.rules.fever import is_flagged
from handlers.rules.sums import sums_of
from handlers.scene import Scene
from handlers.staff_health.under_receipt import with_own
from handlers.values import replace
from handlers.words import NOTHING, away, day_full, day_short, duty_and_title, entry_lines, findings, hour_of, listed

KNOWN = ("after", "parent", "known", "unsure")  # when a pupil who was added fell ill, or was known to have

ILL = {Kind.HOME: "button.ill_home"}
PROMPTS = {Kind.CLASS: "card.prompt", Kind.BOARDERS: "card.prompt_boarders", Kind.HOME: "card.prompt_home"}


def card(scene: Scene, *, office: bool = False) -> tuple[Text, Choices]:
    """What a card of this class-day shows now. `office`: to the school's 报告人, who does not teach the class."""
    if scene.report is not None:
        return receipt(scene), receipt_choices(scene, office=office)
    if scene.view.off is not None:
        return off(scene), ()
    if office:
        behalf = choice(text("button.behalf", klass=scene.view.klass.name), "behalf", *scene.args(scene.rev))
        return _said("card.missing_office" if scene.past else "card.office", scene), ((behalf,),)
    if scene.past:
        return _said("card.missing", scene), ()
    if scene.closed:
        return _said("card.closed", scene), prompt_choices(scene)[-1:]
    return prompt(scene), prompt_choices(scene)


def _said(key: str, scene: Scene) -> Text:
    return text(
        key,
        klass=scene.view.klass.name,
        day=day_full(scene.day),
        round=scene.round.name,
        n=scene.expected,
        deadline=f"{scene.round.deadline:%H:%M}",
        close=f"{scene.round.close:%H:%M}",
        away=travelling.declared(scene),
    )


def prompt(scene: Scene) -> Text:
    """Begins with the open cases, where there are any; ends with who is to be observed at home."""
    observed = observed_lines(scene)
    if observed:
        words = _said("card.observed", scene)
        return replace(words, values={**words.values, "prompt": _prompt(scene), "lines": observed})
    return _prompt(scene)


def _prompt(scene: Scene) -> Text:
    """Begins with the open cases, where there are any; a later round of the day with whom the earlier one listed."""
    if scene.left_open:
        lines = tuple(case_line(scene, case) for case in scene.left_open)
        return text("card.cases", prompt=_said("card.prompt_cases", scene), n=len(lines), lines=lines)
    listed = going_on(scene)
    if not listed:
        return _said(PROMPTS[scene.round.kind], scene)
    words = _said("card.again", scene)
    return replace(words, values={**words.values, **_earlier(scene), "lines": entry_lines(listed, scene.seat, {})})


def _earlier(scene: Scene) -> dict[str, Value]:
    """晨检, and its hour."""
    report = scene.view.earlier
    round = scene.rules.round(report.round) if report else None
    if report is None or round is None:
        raise ValueError("nothing was reported earlier")
    return {"earlier": round.name, "time": scene.update.local(report.at)}


def prompt_choices(scene: Scene) -> Choices:
    if scene.left_open:
        rows = case_rows(
            scene, scene.left_open, lambda label, verb, pupil: choice(label, verb, *scene.args(scene.rev, pupil))
        )
        return (
            (choice(text("button.as_before"), "as_before", *scene.args(scene.rev)),),
            *rows,
            (
                choice(text("button.all_back"), "zero", *scene.args(scene.rev)),
                choice(text("button.ill"), "ill", *scene.args(scene.rev)),
            ),
        )
    if going_on(scene):
        same = text("button.same", earlier=_earlier(scene)["earlier"])
        return (
            (choice(same, "same", *scene.args(scene.rev, stamp_of(scene))),),
            (choice(text("button.changed"), "ill", *scene.args(scene.rev)),),
        )
    return (
        (choice(text("button.zero"), "zero", *scene.args(scene.rev)),),
        (choice(text(ILL.get(scene.round.kind, "button.ill")), "ill", *scene.args(scene.rev)),),
    )


def off(scene: Scene) -> Text:
    return text(
        "card.off_past" if scene.past else "card.off",
        klass=scene.view.klass.name,
        day=day_full(scene.day),
        why=scene.view.off or text("card.no_school"),
    )


def receipt(scene: Scene) -> Text:
    """✅ 已报: what was reported, when, by whom, and what to do now."""
    report = scene.report
    if report is None:
        raise ValueError("there is no report to show")
    sums = sums_of(report, scene.rules.fever)
    kept = report.counts is None
    return text(
        _receipt_key(scene, zero=sums.zero) if kept else "receipt.pruned",
        klass=scene.view.klass.name,
        day=day_short(scene.day),
        round=scene.round.name,
        expected=sums.expected,
        present=sums.present,
        away=away(sums),
        found=findings(sums),
        lines=(
            *_lines(scene, report.entries),
            *(travelling.line(scene, one) for one in travelling.known(scene)),
            *_came_back(scene, report),
            *_released(scene),
        ),
        made=_made(scene),
        told=(*_told(scene), *_returns(scene)),
        added=_added(scene),
        foot=_foot(scene, zero=sums.zero),
    )


def _receipt_key(scene: Scene, *, zero: bool) -> str:
    key = "receipt.zero" if zero else "receipt.listed"
    return f"{key}_home" if scene.round.kind is Kind.HOME else key


def _added(scene: Scene) -> Text | str:
    """Of whom it is asked when they fell ill: one at a time."""
    if not scene.added:
        return NOTHING
    one = scene.added[0]
    time = hour_of(scene.update, one.first_at, scene.day)
    return text("receipt.added", pupil=PupilRef(one.pupil, scene.seat(one.pupil)), time=time)


def _added_choices(scene: Scene) -> Choices:
    if not scene.added:
        return ()
    pupil = scene.added[0].pupil
    buttons = tuple(choice(text(f"button.known_{when}"), "known", *scene.args(pupil, when)) for when in KNOWN)
    return (buttons[:2], buttons[2:])


def _foot(scene: Scene, *, zero: bool) -> Text:
    """What can still be done about it, until when."""
    key = "past" if scene.past else "closed" if scene.closed else "zero" if zero else "listed"
    return text(f"receipt.foot_{key}", close=f"{scene.round.close:%H:%M}")


def _came_back(scene: Scene, report: Report) -> tuple[Text, ...]:
    """5号 已返校: whose case has ended by it, so that who did not come is missed at once."""
    listed = {entry.pupil for entry in report.entries}
    back = (one for one in scene.cases if one.ended == "returned" and one.ended_on == scene.day)
    return tuple(text("case.back", pupil=PupilRef(one.pupil, one.seat)) for one in back if one.pupil not in listed)


def _released(scene: Scene) -> tuple[Text, ...]:
    """解除观察: whose fever has been gone for long enough, today."""
    over = [case for case in scene.cases if case.ended == "released" and case.ended_on == scene.day]
    hours = int(scene.rules.fever_watch.total_seconds()) // 3600
    return tuple(text("receipt.released", pupil=PupilRef(one.pupil, one.seat), hours=hours) for one in over)


def _lines(scene: Scene, entries: tuple[Entry, ...]) -> tuple[Text, ...]:
    added = {entry.pupil: scene.update.local(entry.added) for entry in entries if entry.added}
    return entry_lines(entries, scene.seat, added)


def _made(scene: Scene) -> Text:
    report = scene.report
    if report is None:
        raise ValueError("there is no report to show")
    first = _first_made(scene, report)
    if report.rev == 1:
        return first
    reason: Value = text(f"reason.{report.reason}") if report.reason else text("reason.supplement")
    return text(
        "receipt.revised",
        first=first,
        rev=report.rev,
        time=hour_of(scene.update, report.at, scene.day),
        reason=reason,
        by=report.by_title,
    )


def _first_made(scene: Scene, report: Report) -> Text:
    """Revision 1: when and by whom; where it is 代报, how and when that was heard too."""
    time, by = hour_of(scene.update, report.first_at or report.at, scene.day), report.first_by_title
    timely = timeliness(report, by_system=scene.by_system)
    if report.behalf is None or report.heard_at is None:
        return text("receipt.made", time=time, by=by, timely=timely)
    how, heard = text(f"how.{report.behalf}"), hour_of(scene.update, report.heard_at, scene.day)
    return text("receipt.made_behalf", time=time, by=by, how=how, heard=heard, timely=timely)


def _told(scene: Scene) -> tuple[Text, ...]:
    """One line a fever that was told: to whom, and who has acknowledged."""
    told = [alert for alert in scene.alerts if alert.withdrawn_at is None]
    lines = tuple(_alert_line(scene, alert) for alert in told)
    news = [alert for alert in told if alert.post is not None]
    if not news:
        return lines
    here = any(at_school(alert.entry) for alert in news)
    todo = text("receipt.todo", steps=scene.rules.todo["school" if here else "away"])
    return (*lines, *_to_phone(news), todo)


def _returns(scene: Scene) -> tuple[Text, ...]:
    """Of who may not come in: where they go now; of who is away: when they may come back. One line each."""
    entries = scene.report.entries if scene.report else ()
    lines = (_return_line(scene, as_listed(scene, entry), entry) for entry in entries if entry.attendance in ABSENT)
    return tuple(line for line in lines if line is not None)


def _return_line(scene: Scene, case: Case, entry: Entry) -> Text | None:
    kept = scene.observation_of(entry.pupil)
    if kept is not None and entry.where is Where.SCHOOL:
        what = observation_line(kept, scene.day)
        return text("receipt.held_observed", pupil=PupilRef(kept.pupil or NOTHING, kept.seat), what=what)
    if waiting(entry) and not is_flagged(entry, scene.rules.fever, scene.rules.alarming):
        return held_line(scene, case)
    soonest = earliest_words(scene, case)
    return text("receipt.back", pupil=PupilRef(case.pupil, case.seat), what=soonest) if soonest else None


def at_school(entry: Entry) -> bool:
    """Or nobody has said where a child is who came: then a mask and the observation room come first."""
    return entry.where is Where.SCHOOL or (entry.where is None and entry.attendance not in ABSENT)


def _alert_line(scene: Scene, alert: AlertView) -> Text:
    reached = [duty_and_title(told.person, told.duty) for told in alert.told if told.reached]
    who = listed(reached) or text("receipt.nobody_told")
    if alert.post is None:
        return text("receipt.continued", seat=alert.seat, day=day_short(alert.continues or alert.day), who=who)
    return text("receipt.alert", seat=alert.seat, who=who, state=acknowledged(scene.update, alert))


def _to_phone(alerts: Iterable[AlertView]) -> tuple[Text, ...]:
    """The 疫情报告人 whom the bot cannot reach hears it from the teacher."""
    lost = {
        told.person.id: told.person
        for alert in alerts
        if alert.waiting
        for told in alert.told
        if told.duty is Duty.REPORTER and not told.reached
    }
    return tuple(
        text(
            "receipt.phone_them",
            who=duty_and_title(person, Duty.REPORTER),
            phone=person.phone or text("phone.unknown"),
        )
        for person in lost.values()
    )


def acknowledged(update: Update, alert: AlertView, *, in_group: bool = False) -> Text:
    """A group names who answers for an office, but never a class teacher: of one who is both, the office alone."""
    if alert.acked_by is None or alert.acked_at is None:
        return text("alert.waiting")
    by = office_of(alert.acked_by, alert.school.id, nameless=in_group and bool(alert.acked_by.classes))
    return text("alert.acknowledged", time=update.local(alert.acked_at), by=by)


def office_of(person: Person, school: str, *, nameless: bool = False) -> Text:
    """疫情报告人李老师: the office by which a person answers for this school, then the 称呼."""
    held = [one.duty for one in person.duties if person.school == school or one.duty in DISTRICT_OFFICE]
    duty = min(held, key=OFFICES.index, default=None)
    if duty is None:
        return text("literal", words=person.title)
    return text(f"duty.{duty}") if nameless else duty_and_title(person, duty)


OFFICES = [
    "reporter",
    "deputy",
    "principal",
    "nurse",
    "liaison",
    "leader",
    "admin",
    "homeroom",
    "teacher",
    "substitute",
    "gate",
]


def receipt_choices(scene: Scene, *, office: bool) -> Choices:
    """When was it known of who was added? 订正 until the close, after it the 报告人's alone; 补报 all day long."""
    if scene.report is not None and scene.report.counts is not None:
        return ()  # what is no longer known cannot be corrected
    buttons = []
    if office or not (scene.closed or scene.past):
        buttons.append(choice(text("button.correct"), "fix", *scene.args(scene.rev)))
    if not scene.past:
        buttons.append(choice(text("button.supplement"), "more", *scene.args(scene.rev)))
    return (*_added_choices(scene), *((*_to_contact(scene), tuple(buttons)) if buttons else ()))


def _to_contact(scene: Scene) -> Choices:
    """联系情况: of who is away and has not been asked after today."""
    on = Day(scene.day, scene.rules, scene.update.zone)
    if scene.past or not any(due(one, on) for one in scene.open_cases if one.away and one.seen == scene.day):
        return ()
    return ((choice(text("button.contacts"), "follow_list", scene.view.klass.id),),)


def card_of(scene: Scene, person: Person) -> tuple[Text, Choices]:
    """The card as this person is to see it. A 报告人 who also teaches the class reports as its teacher, and corrects,
    or reports after the close, as the 报告人."""
    as_teacher = person.teaches(scene.view.klass.id) and scene.report is None and not scene.closed
    shown = card(scene, office=keeps(person, scene.view.school.id) and not as_teacher)
    return with_own(scene, person, *shown) if person.teaches(scene.view.klass.id) else shown


def show(scene: Scene, person: Person, key: str, *, fresh: bool = False) -> Message:
    """The card as the message `key`: where a tap came from it, in its place."""
    words, choices = card_of(scene, person)
    return Message(key, ToPerson(person.id), words, choices, about=scene.subject, in_place=not fresh, fresh=fresh)


def brought_up(scene: Scene, person: Person, key: str) -> Message:
    """The card in a message that is there already: an edit at low urgency, never news."""
    return show(scene, person, key).edit


def refresh(scene: Scene, ask: Ask, *, besides: str = "", by: Person | None = None) -> tuple[Message, ...]:
    """Every other open card of this class-day, at low urgency: a co-teacher's, an older one, a reminder, a typed line
    not sent. One in which somebody is filling in pupils is left alone, unless it is `by` whose walk has just ended;
    and so is that of somebody who no longer answers for the class."""
    shown = [one for one in ask(ShownAbout(scene.subject)) if one.key != besides]
    if not shown:
        return ()
    drafts = ask(DraftsFor(scene.view.klass.id, scene.day, scene.round.id))
    walks = {draft.key for draft in drafts if draft.outlives_report and (by is None or draft.person != by.id)}
    people = _answering(scene, ask, {one.person for one in shown})
    return tuple(
        brought_up(scene, people[one.person], one.key) for one in shown if one.key not in walks and one.person in people
    )


def _answering(scene: Scene, ask: Ask, wanted: set[str]) -> dict[str, Person]:
    """Of these people the class's teachers, and the school's 疫情报告人 and deputy."""
    teachers = {person.id: person for person in scene.view.teachers}
    if wanted <= teachers.keys():
        return teachers
    staff = ask(Staff(scene.view.school.id, scene.day))
    return teachers | {one.id: one for one in staff if keeps(one, scene.view.school.id)}


def home(scene: Scene, person: Person) -> str:
    """The message that a tap came from; an unknown one becomes the person's card."""
    return scene.update.on or scene.key("card", person)


def expired(scene: Scene, person: Person) -> Outcome:
    """A button of a day gone by: nothing is done, and its card shows how that day ended."""
    answer = Answer(text("answer.stale", day=day_short(scene.day)), loud=True)
    return Outcome(says=(show(scene, person, home(scene, person)),), answer=answer)


def already(scene: Scene) -> Answer:
    """What a tap hears when the class has a report: nothing was changed."""
    report = scene.report
    if report is None:
        raise ValueError("there is no report to show")
    time = scene.update.local(report.first_at or report.at)
    return Answer(text("answer.already", by=report.first_by_title, time=time))
