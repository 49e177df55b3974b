"""What a person decides: 疫情报告人 and 校长 excuse, clear, count or take back an entry by one tap; 校长 and 联络员
find."""

from datetime import date, datetime

from handlers.class_said import class_said
from handlers.facts import Evidence, LedgerSettled
from handlers.ledger.masking import masked
from handlers.ledger.opening import ClassOf, opened
from handlers.ledger.reading import shown
from handlers.ledger.rights import may_find, may_settle
from handlers.ledger.showing import state_of, told_again
from handlers.model import Answer, Message, Person, Put, School, Text, ToHere, ToPerson, Update, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, ClassDay, Classes, LedgerEntry, RollOf, RulesOn, Schools, Settlement, WhoIs
from handlers.rules.dates import read_day
from handlers.values import replace

CONCEALED = "concealed"
# the buttons of the office → what the entry comes to
WHYS = {
    "ill": "excused",  # 本人生病
    "unassigned": "excused",  # 没有安排代班
    "platform": "excused",  # 平台或网络故障
    "checked": "no_fault",  # 核对过，没有问题
    "judged": "counts",  # 核对过，计入
    "mistaken": "withdrawn",  # 记录有误
}


def settle(update: Update, ask: Ask, person: Person) -> Outcome:
    """`settle ENTRY WHY`. Who is concerned hears it; nobody settles a matter of their own."""
    entry = ask(LedgerEntry(update.args[0])) if update.args else None
    why = update.args[1] if len(update.args) == 2 else ""
    if entry is None or why not in WHYS:
        return pop_up(text("answer.unknown_button"))
    if not may_settle(person, entry):
        return pop_up(text("ledger.own_matter" if entry.person.id == person.id else "answer.no_right"))
    rules = ask(RulesOn(update.today))
    if WHYS[why] == "counts" and state_of(update, rules, entry) == "waiting":
        return pop_up(text("ledger.not_heard_yet"))
    fact = LedgerSettled(entry.id, WHYS[why], why, person.id, update.at)
    now = replace(entry, settled=Settlement(WHYS[why], why, person, update.at))
    says = (shown(update, rules, person, now), told_again(update, rules, now, ring=True))
    return Outcome((fact,), says, Answer(text("ledger.settled")))


# A finding


def finding(update: Update, ask: Ask, person: Person) -> Outcome:
    """`/finding [学校] 班级 日期 理由`: 瞒报 is what a person found, with their name and reason. Stated in the lane of
    the school."""
    schools = [one for one in ask(Schools(update.today)) if may_find(person, one.id)]
    named = class_said(update.text, schools)
    school, klass, rest = named.school, named.klass, named.rest
    said = read_day(rest, 0, update.today)
    day = said[0].back if said else None
    reason = rest[said[1] :].strip(" ,，。:：") if said else ""
    class_id = _class_id(ask, school, klass, day)
    if school is None or class_id is None or day is None or not reason:
        return _say(update, text("ledger.finding_how"))
    roll = ask(RollOf(school.name, day, False))
    reason = masked(reason, roll.pupils, {one.id: one.name for one in roll.classes}, class_id)
    args = (class_id, day.isoformat(), person.id)
    return Outcome(puts=(Put(school.id, f"found:{update.id}", "found", args, reason),))


def _class_id(ask: Ask, school: School | None, klass: str | None, day: date | None) -> str | None:
    if school is None or day is None:
        return None
    return next((one.id for one in ask(Classes(school.id, day)) if one.name == klass), None)


def _say(update: Update, words: Text) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))


def found(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`found CLASS DAY PERSON` with the reason."""
    class_id, day, by = update.args[0], date.fromisoformat(update.args[1]), ask(WhoIs(update.args[2], update.today))
    rules = ask(RulesOn(day))
    first = next(iter(rules.rounds), None)
    view = ask(ClassDay(class_id, day, first.id)) if first else None
    if first is None or view is None or by is None:
        return Outcome()
    due = datetime.combine(day, first.deadline, update.zone)
    made = view.report.first_at if view.report else None
    rev = view.report.rev if view.report else 0
    of = ClassOf(view.school, view.klass, day, first.id)
    entry, outcome = opened(update, ask, of, CONCEALED, Evidence(due, made, rev, words=update.text), found_by=by)
    if entry is None:
        return outcome
    words = text("ledger.found", klass=view.klass.name, who=entry.person.title)
    return outcome.and_say(Message(f"found:{update.id}", ToPerson(by.id), words))
