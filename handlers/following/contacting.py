"""联系记录: somebody has asked after a pupil, or tried to. What changes a count or a cause goes into the report."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from handlers.answering import keeps
from handlers.cards import refresh
from handlers.facts import Contacted
from handlers.following.course import known_after
from handlers.following.lists import Lists, again, is_list, lists_of, of_key, own
from handlers.following.said import Said, read_code
from handlers.following.tasks import with_contact
from handlers.ids import new_id
from handlers.model import (
    ABSENT,
    Answer,
    Attendance,
    Case,
    Duty,
    Entry,
    How,
    Learnt,
    Message,
    Method,
    Person,
    Update,
    Where,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, CaseBy, ContactRow, RulesOn
from handlers.report import Making, merged, recorded
from handlers.rulebook import Rules
from handlers.rules.fever import is_fever
from handlers.rules.returning import stricter
from handlers.scene import Scene, look
from handlers.values import replace

NOON = time(12)  # of a day of which nobody said the hour


def may_ask_after(person: Person, case: Case) -> bool:
    """The class's teachers; the school's 报告人, deputy and 校医."""
    nurse = person.school == case.school and person.has(Duty.NURSE)
    return person.teaches(case.class_id) or keeps(person, case.school) or nurse


class News(Struct, frozen=True):
    """What was learnt, in whatever way it was said."""

    how: How
    learnt: tuple[Learnt, ...] = ()
    tenths: int | None = None
    method: Method | None = None
    afebrile: bool = False
    cause: str | None = None  # as the rules name it, else as it was said
    visited_at: datetime | None = None
    onset: date | None = None  # 发病日期, where it was said
    words: str | None = None


# Taps


def contacted(update: Update, ask: Ask, person: Person) -> Outcome:
    """`contacted CASE N SAID`: one tap. N is how often they had been asked after when the button was shown."""
    case = ask(CaseBy(update.args[0], update.today)) if len(update.args) == 3 else None
    said = read_code(update.args[2]) if case else None
    if case is None or said is None:
        return pop_up(text("answer.unknown_button"))
    if case.ended is not None or update.args[1] != str(case.contacts):
        return older(lists_of(update, ask, case.school), person, case)
    news = of_button(update, ask, case, said)
    return noted(update, ask, person, ((case, news),))


def older(lists: Lists, person: Person, case: Case) -> Outcome:
    """Somebody was quicker, or they are back: nothing is recorded, and the list shows what is known now."""
    words = text("answer.case_over" if case.ended is not None else "answer.contacted_before")
    return Outcome(says=(here(lists, person),), answer=Answer(words, loud=True))


def here(lists: Lists, person: Person) -> Message:
    """The list that was tapped; from anywhere else, one's own."""
    key = lists.update.on
    if key is not None and is_list(key):
        return replace(of_key(lists, person, key), in_place=True)
    return replace(own(lists, person), fresh=True)


def of_button(update: Update, ask: Ask, case: Case, said: Said) -> News:
    rules = ask(RulesOn(update.today))
    rule = rules.returns.get(said.cause) if said.cause else None
    learnt = (said.learnt,) if said.learnt else ()
    return News(
        how=said.how,
        learnt=(*learnt, Learnt.VISITED) if said.visited is not None else learnt,
        tenths=said.tenths,
        method=_method(rules, case) if said.tenths is not None else None,
        afebrile=said.afebrile,
        cause=rule.term if rule else None,
        visited_at=_visit(update, said.visited) if said.visited is not None else None,
    )


def _method(rules: Rules, case: Case) -> Method:
    """At home under the arm; at school as the school does it."""
    return Method.AXILLARY if case.away else rules.method_of(case.school)


def _visit(update: Update, days: int) -> datetime:
    """Today: now, at the latest. Of an earlier day nobody said the hour: noon of it."""
    if days == 0:
        return update.at
    return datetime.combine(update.today - timedelta(days=days), NOON, update.zone)


# What comes of it


def noted(update: Update, ask: Ask, person: Person, told: Sequence[tuple[Case, News]]) -> Outcome:
    """Rows of the record, and every list and card that now shows them. All of one school."""
    facts = tuple(_fact(update, ask, person, case, news) for case, news in told)
    cases = {case.id: with_contact(case, fact) for (case, _), fact in zip(told, facts, strict=True)}
    reports = Outcome()
    for class_id in dict.fromkeys(case.class_id for case in cases.values()):
        here_now = tuple(case for case in cases.values() if case.class_id == class_id)
        reports += _in_report(update, ask, person, here_now, facts)
    rows = {fact.case: _row(fact, person) for fact in facts}
    lists = lists_of(update, ask, told[0][0].school, *_ended_too(cases, reports), noted=rows)
    shown = here(lists, person) if update.tap is not None else None
    says = (*((shown,) if shown else ()), *again(lists, besides=shown.key if shown else ""))
    return Outcome(facts=facts) + reports + Outcome(says=says, answer=Answer(text("answer.contacted")))


def _ended_too(cases: Mapping[str, Case], reports: Outcome) -> tuple[Case, ...]:
    """As the revised report leaves them, too."""
    return tuple(known_after(tuple(cases.values()), reports.facts))


def _fact(update: Update, ask: Ask, person: Person, case: Case, news: News) -> Contacted:
    rules = ask(RulesOn(update.today))
    known = stricter(case, _known(update, case.entry, news), update.today, rules.returns, update.zone)
    warm = Entry(case.pupil, temperature=news.tenths, method=news.method)
    return Contacted(
        id=new_id(update.seed, "contact", case.id),
        case=case.id,
        day=update.today,
        at=update.at,
        by=person.id,
        how=news.how,
        learnt=news.learnt,
        entry=known,
        temperature=news.tenths,
        method=news.method,
        afebrile=news.afebrile,
        fever=news.tenths is not None and is_fever(warm, rules.fever),
        cause=news.cause,
        visited_at=news.visited_at,
        words=news.words,
    )


def _row(fact: Contacted, by: Person) -> ContactRow:
    return ContactRow(
        at=fact.at,
        by=by,
        how=fact.how,
        learnt=fact.learnt,
        temperature=fact.temperature,
        method=fact.method,
        afebrile=fact.afebrile,
        cause=fact.cause,
        visited_at=fact.visited_at,
        words=fact.words,
    )


def _known(update: Update, entry: Entry, news: News) -> Entry:
    """A cause that was found stays known; who is ill is not 原因不明 any more."""
    ill = news.cause or news.visited_at or news.tenths or set(news.learnt) - {Learnt.SAME}
    sick = entry.attendance is Attendance.UNKNOWN and news.how is not How.UNREACHED and bool(ill)
    attendance = Attendance.SICK if sick else entry.attendance
    there = news.visited_at is not None and update.day_of(news.visited_at) == update.today
    where = Where.HOSPITAL if there and entry.where is None and attendance in ABSENT else entry.where
    return replace(
        entry, attendance=attendance, where=where, cause=news.cause or entry.cause, onset=news.onset or entry.onset
    )


def _in_report(update: Update, ask: Ask, person: Person, cases: Sequence[Case], facts: Sequence[Contacted]) -> Outcome:
    """What changes a count or a cause is a 补报 of today's report, which so stays true; else its cards alone are
    shown again."""
    case = cases[0]
    scene = look(update, ask, case.class_id, update.today, case.round)
    if scene is None:
        return Outcome()
    scene = replace(scene, cases=tuple({one.id: one for one in (*scene.cases, *cases)}.values()))
    if scene.report is None:
        return Outcome(says=refresh(scene, ask))
    by_case = {fact.case: fact for fact in facts}
    listed = {entry.pupil: entry for entry in scene.report.entries}
    found = [_news(scene, listed[one.pupil], by_case[one.id]) for one in cases if one.pupil in listed]
    news = tuple(entry for entry in found if entry is not None)
    if not news:
        return Outcome(says=refresh(scene, ask))
    making = Making("supplement", key="", reason=None)
    return recorded(scene, ask, person, merged(scene.report.entries, news, update.at), making)[0]


def _news(scene: Scene, listed: Entry, fact: Contacted) -> Entry | None:
    """None where the report says so already."""
    lines = scene.rules.fever
    where = listed.where or fact.entry.where
    known = replace(listed, attendance=fact.entry.attendance, where=where, cause=fact.entry.cause or listed.cause)
    if fact.fever and not is_fever(listed, lines):
        known = replace(known, temperature=fact.temperature, method=fact.method, afebrile=False)
    return known if known != listed else None
