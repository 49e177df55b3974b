"""DECIDES. `decide` is one table, verb → (handler, right): the bot's table of contents."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from handlers import (
    alerts,
    answering,
    checkin,
    closing,
    consent,
    discretion,
    enrol,
    erasing,
    export,
    late_list,
    leaders,
    leave,
    ledger,
    morning,
    office,
    ondemand,
    outages,
    paper,
    pressed,
    pruning,
    recheck,
    roster,
    schools,
    sending,
    settings,
    steps,
    substitutes,
    typed,
    unsent,
    views,
)
from handlers.following import commands, contacting, intervals, page
from handlers.model import (
    CLASS_DUTIES,
    DISTRICT_OFFICE,
    SCHOOL_OFFICE,
    Duty,
    Message,
    Person,
    Text,
    ToHere,
    Update,
    text,
)
from handlers.observing import declaring, releasing
from handlers.outcome import Outcome, pop_up
from handlers.questions import AlertBy, Ask, CaseBy, GroupHere, ObservationBy, Sender
from handlers.returning import asking, certificates, deciders, deciding, gate, naming, table
from handlers.spoken import as_command
from handlers.staff_health import answering as answering_own
from handlers.staff_health import overview
from handlers.values import replace

Handler = Callable[[Update, Ask, Person], Outcome]
Open = Callable[[Update, Ask, Person | None], Outcome]
Right = Callable[[Update, Ask, Person], bool]


def staff(update: Update, ask: Ask, person: Person) -> bool:
    """Everybody whose chat is bound."""
    return True


def in_private(update: Update, ask: Ask, person: Person) -> bool:
    return update.private


def class_reporter(update: Update, ask: Ask, person: Person) -> bool:
    """The class's teachers, and the school's 疫情报告人 and deputy; never in a group."""
    return update.private and answering.may_report(update, ask, person)


def follower(update: Update, ask: Ask, person: Person) -> bool:
    """Of the case that a button names: the class's teachers, 疫情报告人, 副报告人, 校医 of the school, in private."""
    case = ask(CaseBy(update.args[0], update.today)) if update.args else None
    return update.private and (case is None or contacting.may_ask_after(person, case))


def school_staff(update: Update, ask: Ask, person: Person) -> bool:
    """Who teaches a class, and the office of a school, in private: what is shown names children."""
    return update.private and person.has(*CLASS_DUTIES, *SCHOOL_OFFICE)


def releaser(update: Update, ask: Ask, person: Person) -> bool:
    """Of the observation that a button names: who may end it; in private."""
    one = ask(ObservationBy(update.args[0], update.today)) if len(update.args) == 2 else None
    return update.private and (one is None or releasing.may_release(person, one, update.args[1], update.today))


def leave_keeper(update: Update, ask: Ask, person: Person) -> bool:
    """疫情报告人 and deputy for their school, 管理员 for all; never in a group, for it names children."""
    return update.private and leave.may_keep(update, ask, person)


def ledger_reader(update: Update, ask: Ask, person: Person) -> bool:
    """Who is or was answerable for a class, 疫情报告人 and 校长 of a school, 联络员; never in a group."""
    return update.private and ledger.may_read_some(ask, person)


def school_settler(update: Update, ask: Ask, person: Person) -> bool:
    """疫情报告人 and 校长; of which entry is looked at with the entry."""
    return update.private and person.has(*ledger.SETTLES)


def finder(update: Update, ask: Ask, person: Person) -> bool:
    """校长 and 联络员."""
    return update.private and person.has(*ledger.FINDS)


def at_school(update: Update, ask: Ask, person: Person) -> bool:
    """Anybody of a school's staff, in private: any of them may stand at the gate."""
    return update.private and person.school is not None


def class_or_keeper(update: Update, ask: Ask, person: Person) -> bool:
    """Who teaches a class, 疫情报告人 and deputy."""
    return update.private and (bool(person.classes) or person.has(*answering.KEEPERS))


def clinic_staff(update: Update, ask: Ask, person: Person) -> bool:
    """校医, 疫情报告人 and deputy of a school."""
    return update.private and ledger.may_write_for_clinic(person)


def hander(update: Update, ask: Ask, person: Person) -> bool:
    """Of the class that a button names: its own teachers, the school's 疫情报告人 and deputy, 管理员; in private."""
    return update.private and substitutes.may_hand_over(update, ask, person)


def consent_keeper(update: Update, ask: Ask, person: Person) -> bool:
    """The teachers of the class that a button names, 疫情报告人 and deputy of its school; never in a group."""
    return update.private and consent.may_keep(update, ask, person)


def asks_who_looked(update: Update, ask: Ask, person: Person) -> bool:
    """校长 for their school, 联络员 and 管理员 for all; never in a group."""
    return update.private and views.may_ask(person)


def alerts_office(update: Update, ask: Ask, person: Person) -> bool:
    """Of the alert that a button names: the school's office, and the district's."""
    alert = ask(AlertBy(update.args[0])) if update.args else None
    return alert is None or alerts.may_acknowledge(person, alert)  # without one refused as an unknown button


def measurer(update: Update, ask: Ask, person: Person) -> bool:
    """Of the alert that a button names: 疫情报告人, 副报告人 and 校医 of the school, in private."""
    alert = ask(AlertBy(update.args[0])) if update.args else None
    return update.private and (alert is None or alerts.may_measure(person, alert))


def return_decider(update: Update, ask: Ask, person: Person) -> bool:
    """Of the case that a button names: 校医 or whom the school has named, others of its office in their place."""
    case = ask(CaseBy(update.args[0], update.today)) if update.args else None
    return update.private and (case is None or deciders.may_decide(update, ask, person, case))


def certificate_reader(update: Update, ask: Ask, person: Person) -> bool:
    """Of the case that a button names: 校医, 疫情报告人 and deputy, and whoever decides in their stead."""
    case = ask(CaseBy(update.args[0], update.today)) if update.args else None
    return update.private and (case is None or deciders.may_see(update, ask, person, case))


def certificates_office(update: Update, ask: Ask, person: Person) -> bool:
    """校医, 疫情报告人 and deputy."""
    return update.private and person.has(Duty.NURSE, Duty.REPORTER, Duty.DEPUTY)


def gate_watch(update: Update, ask: Ask, person: Person) -> bool:
    """The offices of school and district; 门卫 in private."""
    return office_staff(update, ask, person) or (update.private and person.has(Duty.GATE))


def names_reviewer(update: Update, ask: Ask, person: Person) -> bool:
    """疫情报告人, 副报告人 and 校长."""
    return person.has(Duty.REPORTER, Duty.DEPUTY, Duty.PRINCIPAL)


def office_staff(update: Update, ask: Ask, person: Person) -> bool:
    """疫情报告人, 校医, 校长 of a school; 联络员, 领导, 管理员 of the district."""
    return person.has(*SCHOOL_OFFICE, *DISTRICT_OFFICE)


def measuring_staff(update: Update, ask: Ask, person: Person) -> bool:
    """疫情报告人, 副报告人 and 校医: who measures a second time."""
    return person.has(*alerts.MEASURES)


def office_in_private(update: Update, ask: Ask, person: Person) -> bool:
    """A file is forwarded more easily than it was asked for."""
    return update.private and office_staff(update, ask, person)


def inviter(update: Update, ask: Ask, person: Person) -> bool:
    """管理员 for everybody, 疫情报告人 for their own school."""
    return person.has(Duty.ADMIN, Duty.REPORTER)


def admin(update: Update, ask: Ask, person: Person) -> bool:
    return person.has(Duty.ADMIN)


class Verb(Struct, frozen=True):
    handler: Handler
    right: Right


PEOPLE: Final[dict[str, Verb]] = {
    # words
    "text": Verb(typed.said, in_private),
    "unreadable": Verb(typed.unreadable, in_private),
    "forwarded": Verb(typed.forwarded, in_private),
    "edited": Verb(typed.edited, in_private),
    "unasked": Verb(typed.unasked, in_private),
    "unchosen": Verb(typed.unchosen, staff),
    "forged": Verb(typed.forged, staff),
    # a class's day
    "report": Verb(ondemand.report, in_private),
    "zero": Verb(checkin.zero, class_reporter),
    "same": Verb(checkin.same, class_reporter),
    "ill": Verb(checkin.ill, class_reporter),
    **{verb: Verb(checkin.of_case, class_reporter) for verb in sorted(steps.OF_CARD)},
    "fix": Verb(checkin.correct, class_reporter),
    "more": Verb(checkin.supplement, class_reporter),
    "correct": Verb(pressed.correct, in_private),
    "supplement": Verb(pressed.supplement, in_private),
    "card": Verb(ondemand.class_card, class_reporter),
    "behalf": Verb(checkin.behalf, class_reporter),
    "take_list": Verb(late_list.take_list, in_private),
    **{verb: Verb(steps.step, class_reporter) for verb in (*steps.OWN, *sending.ENDS, "cancel")},
    # who is away or has a fever
    "cases": Verb(commands.cases, school_staff),
    "call": Verb(commands.call, school_staff),
    "follow_list": Verb(commands.follow_list, school_staff),
    "ask_after": Verb(page.ask_after, follower),
    "contacted": Verb(contacting.contacted, follower),
    "travel": Verb(declaring.travel, in_private),
    "travelled": Verb(declaring.travelled, in_private),
    "observed": Verb(releasing.observed, in_private),
    "release": Verb(releasing.release, releaser),
    "known": Verb(ledger.known, class_reporter),
    # who answers
    "ledger": Verb(ledger.ledger, ledger_reader),
    "entry": Verb(ledger.entry, ledger_reader),
    "explain": Verb(ledger.explain, ledger_reader),
    "why": Verb(ledger.reasons, ledger_reader),
    "explained": Verb(ledger.told_reason, ledger_reader),
    "settle": Verb(ledger.settle, school_settler),
    "finding": Verb(ledger.finding, finder),
    "gate": Verb(ledger.gate, at_school),
    "clinic": Verb(ledger.clinic, clinic_staff),
    "note": Verb(ledger.note, class_or_keeper),
    "unsight": Verb(ledger.take_back, at_school),
    # who is not in 应到
    "leave": Verb(leave.leave, leave_keeper),
    "on_leave": Verb(leave.set_leave, leave_keeper),
    "returned": Verb(leave.returned, leave_keeper),
    # 代班
    "substitute": Verb(substitutes.substitute, hander),
    "hand_over": Verb(substitutes.hand_over, hander),
    "days": Verb(substitutes.days, hander),
    "named": Verb(substitutes.named, hander),
    "accept": Verb(substitutes.accept, in_private),
    "decline": Verb(substitutes.decline, in_private),
    "take_back": Verb(substitutes.take_back, in_private),
    # who has agreed, who has looked
    "consent": Verb(consent.consent, in_private),
    "agreed": Verb(consent.agreed, consent_keeper),
    "disagreed": Verb(consent.disagreed, consent_keeper),
    "viewed": Verb(views.viewed, asks_who_looked),
    # alerts
    "ack": Verb(alerts.acknowledge, alerts_office),
    "seen": Verb(alerts.acknowledge_post, alerts_office),
    "recheck": Verb(recheck.recheck, measurer),
    "measured": Verb(recheck.measured, measurer),
    # how the staff are themselves
    "me": Verb(answering_own.answer, in_private),
    "health": Verb(answering_own.own, in_private),
    "staff": Verb(overview.overview, office_staff),
    # return
    "file": Verb(certificates.sent, in_private),
    "cert": Verb(certificates.give, in_private),
    "no_cert": Verb(certificates.throw_away, in_private),
    "paper": Verb(certificates.see, certificate_reader),
    "papers": Verb(certificates.papers, certificates_office),
    **{verb: Verb(deciding.decide_return, return_decider) for verb in deciding.VERDICTS},
    "gate_list": Verb(gate.gate_list, gate_watch),
    # everybody's commands
    "status": Verb(office.status, staff),
    "help": Verb(office.help_, staff),
    "privacy": Verb(enrol.privacy, in_private),
    "basis": Verb(settings.basis, staff),
    "language": Verb(enrol.language, staff),
    "not_me": Verb(enrol.not_me, staff),
    # the office's
    "today": Verb(office.today, office_staff),
    "late": Verb(office.late, office_staff),
    "intervals": Verb(intervals.intervals, office_in_private),
    "export": Verb(export.export, office_in_private),
    "invite": Verb(enrol.invite, inviter),
    "thermometer": Verb(settings.thermometer, measuring_staff),
    "reviewer": Verb(naming.reviewer, names_reviewer),
    # the admin's
    "remind": Verb(office.remind, admin),
    "summary": Verb(office.summary, admin),
    "bind": Verb(office.bind, admin),
    "unbind": Verb(office.unbind, admin),
    "holiday": Verb(settings.holiday, admin),
    "rounds": Verb(settings.rounds, admin),
    "stage": Verb(settings.stage, admin),
    "tomorrow": Verb(settings.tomorrow, admin),
    "returns": Verb(table.returns, admin),
    "who": Verb(office.who, admin),
}

ANYBODY: Final[dict[str, Open]] = {
    "start": enrol.start,
    "blocked": enrol.blocked,
    "unblocked": enrol.unblocked,
    "entered": enrol.entered,
    "joined": enrol.joined,
    "removed": enrol.removed,
    "migrated": enrol.migrated,
}


# of a chat, not from somebody in it
_NEWS: Final = frozenset({"blocked", "unblocked", "entered", "joined", "removed", "migrated"})


def undelivered(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """An alert of a fever, or a question about a return, has not arrived."""
    if update.args[0].startswith("review:"):
        return asking.undelivered(update, ask, person)
    return alerts.undelivered(update, ask, person)


OURS: Final[dict[str, Open]] = {
    "tick": morning.tick,
    "late_list_again": late_list.late_list_again,
    "pass_list": late_list.pass_list,
    "summary_again": leaders.summary_again,
    "own_lines_again": schools.own_lines_again,
    "clock_wrong": morning.clock_wrong,
    "gap": outages.gap,
    "disturbed": closing.disturbed,
    "barred": morning.barred,
    "ask_again": morning.ask_again,
    "set_aside": morning.set_aside,
    "undelivered": undelivered,
    "pass_on": alerts.pass_on,
    "came_back": alerts.came_back,
    "explanation": ledger.explanation,
    "found": ledger.found,
    "review_waits": asking.waits,
    "fetched": certificates.fetched,
    "put_away": certificates.put_away,
    "unsent": unsent.look_at_walk,
    "substitute_over": substitutes.substitute_over,
    "lost": enrol.lost,
    "back": enrol.back,
    "cards_due": enrol.cards_due,
    "moved": enrol.moved,
    "link": enrol.link,
    "deaf_group": office.deaf_group,
    "member": enrol.member,
    "invite_admin": enrol.invite_admin,
    "invites": enrol.invites,
    "erase_person": erasing.erase_person,
    "erase_naming": erasing.erase_naming,
    "exported": erasing.exported,
    "erase_old": pruning.erase_old,
    "roster": roster.roster,
    "roll_told": roster.roll_told,
    "moved_away": roster.moved_away,
    "stopped": roster.stopped,
    "promote": roster.promote,
    "pupils_left": roster.pupils_left,
    "duties_changed": enrol.duties_changed,
    "rules": settings.rules,
    "calendar": settings.calendar,
    "cards_again": settings.cards_again,
    "tomorrow_again": settings.tomorrow_again,
    "paper": paper.paper,
}

OUR_CHANNELS: Final = frozenset({"clock", "machine", "postman", "lane"})


def decide(update: Update, ask: Ask) -> Outcome:
    """What an update comes to. Rights are refused here, once: a sentence, not silence and not data."""
    if update.channel in OUR_CHANNELS:
        return replace(OURS[update.verb](update, ask, None), actor=update.channel)
    view = ask(Sender(update.channel, update.sender, update.today))
    person = view.person
    actor = person.id if person else update.as_stranger
    outcome = _of_a_person(as_command(update), ask, person)
    if update.verb not in _NEWS:
        outcome += enrol.acted(update, ask, view)
    if person is not None:
        outcome = discretion.taken_out(update, ask, person, outcome)
    outcome += Outcome(puts=unsent.looks(update, ask, outcome.drafts))
    return replace(outcome, actor=actor, language=person.language if person else "zh")


def _of_a_person(update: Update, ask: Ask, person: Person | None) -> Outcome:
    if update.verb in ANYBODY:
        return ANYBODY[update.verb](update, ask, person)
    if not update.private and not _meant(update, ask, person):
        return Outcome()
    if person is None:
        return enrol.stranger(update, ask)
    verb = PEOPLE.get(update.verb)
    if verb is None:
        return _refuse(update, text("answer.unknown_button" if update.tap else "answer.unknown_command"))
    if not verb.right(update, ask, person):
        return _refuse(update, _why_not(update, verb.right))
    return verb.handler(update, ask, person)


def _meant(update: Update, ask: Ask, person: Person | None) -> bool:
    """In a group: taps, and commands to the bot where the group is bound or an admin binds it."""
    if update.tap is not None:
        return True
    if not update.mentioned or update.verb in ("text", "file", "edited", "unreadable", "forwarded"):
        return False
    if ask(GroupHere(update.channel, update.chat)) is not None:
        return True
    return update.verb == "bind" and person is not None and person.has(Duty.ADMIN)


_LEDGER = (ledger_reader, school_settler, finder, at_school, class_or_keeper, clinic_staff)
_OF_RETURN = (return_decider, certificate_reader, certificates_office)


def _why_not(update: Update, right: Right) -> Text:
    personal = (
        class_reporter,
        follower,
        releaser,
        school_staff,
        leave_keeper,
        hander,
        consent_keeper,
        asks_who_looked,
        measurer,
        office_in_private,
        *_LEDGER,
        *_OF_RETURN,
    )
    if right is in_private or (right in personal and not update.private):
        return text("answer.in_private")
    return text("answer.not_yours" if update.tap else "answer.no_right")


def _refuse(update: Update, words: Text) -> Outcome:
    """A tap gets a private pop-up and counts for nothing; a command gets a sentence."""
    if update.tap is not None:
        return pop_up(words)
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))
