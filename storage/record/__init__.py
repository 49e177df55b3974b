"""One case a fact: the fact itself first, then the tables that questions read. Nothing else writes them."""

from typing import assert_never

from handlers import facts as f
from handlers.facts import Fact
from handlers.plain import stamp
from storage import retention
from storage.record import (
    alerts,
    audit,
    cases,
    chats,
    codes,
    consent,
    leave,
    ledger,
    observations,
    persons,
    reports,
    returning,
    roll,
    settings,
    staff,
    substitutes,
    travel,
)
from storage.record.chats import address_of
from storage.record.lane import Cause, append
from storage.settled import DECIDED
from storage.transaction import Tx

__all__ = ["Cause", "address_of", "progress", "record"]


def record(tx: Tx, fact: Fact, cause: Cause) -> None:
    """Appends the fact to its lane and keeps the tables. A fact that settles something withdraws the unsent messages
    that name it."""
    append(tx, fact, cause)
    _keep(tx, fact, cause)
    if isinstance(fact, f.Reported | f.StaffReported):
        tx.run("UPDATE message SET state = 'withdrawn' WHERE until = :until AND state = 'due'", until=fact.settles)


def _keep(tx: Tx, fact: Fact, cause: Cause) -> None:
    match fact:
        case f.RulesSet():
            settings.rules(tx, fact, cause)
            progress(tx, DECIDED, cause.id)
        case f.CalendarSet():
            settings.calendar(tx, fact)
            progress(tx, DECIDED, cause.id)
        case f.Outage():
            settings.outage(tx, fact)
        case f.RollChanged():
            roll.roll(tx, fact, cause)
        case f.StaffMoved():
            roll.end_person(tx, fact.person, fact.since, cause)
            chats.moved_along(tx, fact)
        case f.LeaveSet():
            leave.leave_set(tx, fact)
        case f.LeaveEnded():
            leave.leave_ended(tx, fact)
        case f.SubstituteNamed():
            substitutes.named(tx, fact)
        case f.SubstituteAccepted():
            substitutes.accepted(tx, fact)
        case f.SubstituteDeclined():
            substitutes.declined(tx, fact)
        case f.SubstituteEnded():
            substitutes.ended(tx, fact)
        case f.Invited():
            codes.invited(tx, fact, cause)
        case f.AdminInvited():
            codes.admin_invited(tx, fact, cause)
        case f.Guessed():
            codes.guessed(tx, fact, cause)
        case f.Bound():
            chats.bound(tx, fact, cause)
        case f.Unbound():
            chats.unbound(tx, fact)
        case f.GroupBound():
            chats.group_bound(tx, fact, cause)
        case f.GroupUnbound():
            chats.group_unbound(tx, fact)
        case f.GroupMoved():
            chats.group_moved(tx, fact)
        case f.AddressLost():
            chats.address_state(tx, fact.channel, fact.native, fact.why, cause)
        case f.AddressBack():
            chats.address_state(tx, fact.channel, fact.native, "bound", cause)
        case f.LanguageChosen():
            tx.run("UPDATE person SET language = :language WHERE id = :id", language=fact.language, id=fact.person)
        case f.LinkKnown():
            progress(tx, f"link:{fact.channel}", fact.prefix)
        case f.Reported():
            reports.reported(tx, fact)
            ledger.added(tx, fact)
        case f.TravelDeclared():
            travel.declared(tx, fact)
        case f.StaffReported():
            staff.staff_reported(tx, fact)
        case f.CaseOpened():
            cases.opened(tx, fact)
        case f.CaseSeen():
            cases.seen(tx, fact)
        case f.CaseEnded():
            cases.ended(tx, fact)
        case f.Contacted():
            cases.contacted(tx, fact)
        case f.CauseAsked():
            cases.cause_asked(tx, fact)
        case f.ObservationOpened():
            observations.opened(tx, fact)
        case f.ObservationReleased():
            observations.released(tx, fact)
        case f.FileKept():
            returning.file_kept(tx, fact, cause)
        case f.FileGone():
            returning.file_gone(tx, fact)
        case f.CertificateGiven():
            returning.certificate_given(tx, fact)
        case f.ReviewAsked():
            returning.review_asked(tx, fact)
        case f.ReturnReviewed():
            returning.reviewed(tx, fact)
        case f.ListPassed():
            reports.list_turn(tx, fact, fact.to, taken=False)
        case f.ListTaken():
            reports.list_turn(tx, fact, fact.by, taken=True)
        case f.Settled():
            reports.settled(tx, fact)
        case f.KnownWhen():
            ledger.known_when(tx, fact)
        case f.Sighted():
            ledger.sighted(tx, fact)
        case f.SightingWithdrawn():
            tx.run("UPDATE sighting SET withdrawn_at = :at WHERE id = :id", at=stamp(fact.at), id=fact.sighting)
        case f.LedgerOpened():
            ledger.opened(tx, fact)
        case f.Explained():
            ledger.explained(tx, fact)
        case f.LedgerSettled():
            ledger.settled(tx, fact)
        case f.Summarised():
            reports.summarised(tx, fact)
        case f.ConsentGiven():
            consent.given(tx, fact, cause)
        case f.ConsentWithdrawn():
            consent.withdrawn(tx, fact)
        case f.PersonErased():
            persons.erased(tx, fact)
        case f.Viewed():
            audit.viewed(tx, fact)
        case f.Sealed():
            audit.sealed(tx, fact)
        case f.Erased():
            audit.erased(tx, fact)
        case f.Pruned():
            retention.prune(tx, fact.kind, fact.before)
        case f.Alerted():
            alerts.alerted(tx, fact)
        case f.Acknowledged():
            alerts.acknowledged(tx, fact)
        case f.AlertRevised():
            alerts.revised(tx, fact)
        case f.PassedOn():
            alerts.passed_on(tx, fact)
        case f.Unheard():
            alerts.unheard(tx, fact)
        case f.Heard():
            alerts.heard(tx, fact)
        case _:
            assert_never(fact)


def progress(tx: Tx, name: str, value: str) -> None:
    tx.run(
        """INSERT INTO progress (name, value) VALUES (:name, :value)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
        name=name,
        value=value,
    )
