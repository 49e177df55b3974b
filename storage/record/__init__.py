"""One case a fact: the fact itself first, then the tables that questions read. Nothing else writes them."""

from typing import assert_never

from handlers import facts as f
from handlers.facts import Fact
from storage.record import alerts, cases, chats, codes, leave, observations, reports, roll, settings
from storage.record.chats import address_of
from storage.record.lane import Cause, append
from storage.transaction import Tx

__all__ = ["Cause", "address_of", "progress", "record"]


def record(tx: Tx, fact: Fact, cause: Cause) -> None:
    """Appends the fact to its lane and keeps the tables. A fact that settles something withdraws the unsent messages
    that name it."""
    append(tx, fact, cause)
    _keep(tx, fact, cause)
    if isinstance(fact, f.Reported):
        tx.run("UPDATE message SET state = 'withdrawn' WHERE until = :until AND state = 'due'", until=fact.settles)


def _keep(tx: Tx, fact: Fact, cause: Cause) -> None:
    match fact:
        case f.RulesSet():
            settings.rules(tx, fact, cause)
        case f.CalendarSet():
            settings.calendar(tx, fact)
        case f.Outage():
            settings.outage(tx, fact)
        case f.RollChanged():
            roll.roll(tx, fact, cause)
        case f.LeaveSet():
            leave.leave_set(tx, fact)
        case f.LeaveEnded():
            leave.leave_ended(tx, fact)
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
            tx.run("UPDATE address SET name = NULL, state = 'unbound' WHERE name = :name", name=fact.name)
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
        case f.TravelDeclared():
            observations.travelled(tx, fact)
        case f.ObservationOpened():
            observations.opened(tx, fact)
        case f.ObservationReleased():
            observations.released(tx, fact)
        case f.Settled():
            reports.settled(tx, fact)
        case f.Summarised():
            reports.summarised(tx, fact)
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
