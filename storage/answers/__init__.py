"""One function a question: every SELECT that handlers cause. The table ties each to a module of its subject."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, cast

from handlers import questions as q
from storage.answers import (
    alerts,
    audit,
    cases,
    chats,
    classes,
    contacts,
    district,
    expected,
    files,
    ledger,
    mornings,
    observations,
    people,
    persons,
    reports,
    roll,
    schools,
    staff,
    substitutes,
    travel,
)
from storage.transaction import Tx

T = TypeVar("T")


class Answers:
    """`Ask` over one open transaction. Whoever asks writes nothing before the last question: the same one is answered
    once, above all what the rules are."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._given: dict[q.Question[Any], Any] = {}

    def __call__(self, question: q.Question[T]) -> T:
        if question not in self._given:
            self._given[question] = ANSWERS[type(question)](self._tx, question)
        return cast(T, self._given[question])


ANSWERS: Final[Mapping[type[q.Question[Any]], Callable[..., Any]]] = {
    q.AddedIn: q.AddedIn.answered_by(ledger.added_in),
    q.AddedTo: q.AddedTo.answered_by(ledger.added_to),
    q.AlertBy: q.AlertBy.answered_by(alerts.alert_by),
    q.AlertsOn: q.AlertsOn.answered_by(alerts.alerts_on),
    q.Announced: q.Announced.answered_by(district.announced),
    q.CaseBy: q.CaseBy.answered_by(cases.case_by),
    q.Cases: q.Cases.answered_by(cases.cases),
    q.CasesLeft: q.CasesLeft.answered_by(cases.cases_left),
    q.CasesBetween: q.CasesBetween.answered_by(cases.cases_between),
    q.CasesOf: q.CasesOf.answered_by(cases.cases_of),
    q.ContactsOf: q.ContactsOf.answered_by(contacts.contacts_of),
    q.CertificatesOf: q.CertificatesOf.answered_by(files.certificates_of),
    q.ChatsOf: q.ChatsOf.answered_by(chats.chats_of),
    q.ClassBy: q.ClassBy.answered_by(classes.class_by),
    q.ClassDay: q.ClassDay.answered_by(classes.class_day),
    q.Classes: q.Classes.answered_by(classes.classes),
    q.ConsentsOf: q.ConsentsOf.answered_by(persons.consents_of),
    q.DayOf: q.DayOf.answered_by(district.day_of),
    q.PartDays: q.PartDays.answered_by(district.part_days),
    q.DeafGroup: q.DeafGroup.answered_by(chats.deaf_group),
    q.DeepLinks: q.DeepLinks.answered_by(chats.deep_links),
    q.DraftsBefore: q.DraftsBefore.answered_by(reports.drafts_before),
    q.DraftLeft: q.DraftLeft.answered_by(reports.draft_left),
    q.DraftOf: q.DraftOf.answered_by(reports.draft_of),
    q.DraftsFor: q.DraftsFor.answered_by(reports.drafts_for),
    q.DraftsOf: q.DraftsOf.answered_by(reports.drafts_of),
    q.Expected: q.Expected.answered_by(expected.expected),
    q.FileBy: q.FileBy.answered_by(files.file_by),
    q.FileAskedOf: q.FileAskedOf.answered_by(files.file_asked_of),
    q.FactsNaming: q.FactsNaming.answered_by(persons.facts_naming),
    q.FirstSummary: q.FirstSummary.answered_by(district.first_summary),
    q.FollowedOn: q.FollowedOn.answered_by(contacts.followed_on),
    q.FlaggedOn: q.FlaggedOn.answered_by(alerts.flagged_on),
    q.FactsBefore: q.FactsBefore.answered_by(audit.facts_before),
    q.Group: q.Group.answered_by(chats.group),
    q.GroupHere: q.GroupHere.answered_by(chats.group_here),
    q.Guesses: q.Guesses.answered_by(chats.guesses),
    q.History: q.History.answered_by(district.history),
    q.Holders: q.Holders.answered_by(people.holders),
    q.InviteBy: q.InviteBy.answered_by(chats.invite_by),
    q.Lanes: q.Lanes.answered_by(audit.lanes),
    q.LastSeal: q.LastSeal.answered_by(audit.last_seal),
    q.LastSummary: q.LastSummary.answered_by(district.last_summary),
    q.LeavesOf: q.LeavesOf.answered_by(expected.leaves_of),
    q.LedgerEntry: q.LedgerEntry.answered_by(ledger.ledger_entry),
    q.LedgerOn: q.LedgerOn.answered_by(ledger.ledger_on),
    q.LedgerPage: q.LedgerPage.answered_by(ledger.ledger_page),
    q.LinksOf: q.LinksOf.answered_by(audit.links_of),
    q.ListedBefore: q.ListedBefore.answered_by(classes.listed_before),
    q.ListTurn: q.ListTurn.answered_by(mornings.list_turn),
    q.MissedBy: q.MissedBy.answered_by(alerts.missed_by),
    q.Movers: q.Movers.answered_by(roll.movers),
    q.ObservationBy: q.ObservationBy.answered_by(observations.observation_by),
    q.Observations: q.Observations.answered_by(observations.observations),
    q.Observed: q.Observed.answered_by(observations.observed),
    q.Names: q.Names.answered_by(expected.names),
    q.Officers: q.Officers.answered_by(people.officers),
    q.OldFiles: q.OldFiles.answered_by(files.old_files),
    q.OpenInvites: q.OpenInvites.answered_by(chats.open_invites),
    q.Outages: q.Outages.answered_by(district.outages),
    q.Prunable: q.Prunable.answered_by(audit.prunable),
    q.RaisedSince: q.RaisedSince.answered_by(roll.raised_since),
    q.Register: q.Register.answered_by(expected.register),
    q.Responsible: q.Responsible.answered_by(substitutes.responsible),
    q.RollOf: q.RollOf.answered_by(roll.roll_of),
    q.RulesOn: q.RulesOn.answered_by(district.rules_on),
    q.SchoolDayAfter: q.SchoolDayAfter.answered_by(ledger.school_day_after),
    q.SchoolDays: q.SchoolDays.answered_by(district.school_days),
    q.SickOn: q.SickOn.answered_by(district.sick_on),
    q.SchoolMorning: q.SchoolMorning.answered_by(mornings.school_morning),
    q.SchoolOf: q.SchoolOf.answered_by(schools.school_of),
    q.Schools: q.Schools.answered_by(schools.schools),
    q.Sender: q.Sender.answered_by(people.sender),
    q.ShownAbout: q.ShownAbout.answered_by(chats.shown_about),
    q.SightingBy: q.SightingBy.answered_by(ledger.sighting_by),
    q.SightingsOf: q.SightingsOf.answered_by(ledger.sightings_of),
    q.SomebodyBy: q.SomebodyBy.answered_by(persons.somebody_by),
    q.Staff: q.Staff.answered_by(people.staff),
    q.StaffElsewhere: q.StaffElsewhere.answered_by(roll.staff_elsewhere),
    q.StaffHealthOn: q.StaffHealthOn.answered_by(staff.staff_health_on),
    q.StandInBy: q.StandInBy.answered_by(substitutes.stand_in_by),
    q.StandInsOf: q.StandInsOf.answered_by(substitutes.stand_ins_of),
    q.TripsOf: q.TripsOf.answered_by(travel.trips_of),
    q.Unsealed: q.Unsealed.answered_by(audit.unsealed),
    q.ViewsOf: q.ViewsOf.answered_by(audit.views_of),
    q.WhoIs: q.WhoIs.answered_by(people.who_is),
}
