"""邀请: one-time codes, for one person as a link, for a school or the district as a workbook to forward from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers import ids
from handlers.facts import AdminInvited, Invited
from handlers.model import (
    Answer,
    Choice,
    Choices,
    Duty,
    Message,
    Person,
    Sheet,
    Text,
    ToHere,
    Typed,
    Update,
    choice,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, ClassDay, DeepLinks, RulesOn, Schools, Staff
from handlers.roster.diff import machine_made
from handlers.words import NOTHING, listed, literal

MOST_OFFERED = 20
HEADERS = tuple(f"invite.sheet.{one}" for one in ("place", "name", "title", "duty", "link", "expires", "sentence"))

# The workbook's cells are in Chinese for whoever fetches it: they are handed on to the staff of the schools.
DUTIES = {
    Duty.HOMEROOM: "班主任",
    Duty.TEACHER: "任课教师",
    Duty.REPORTER: "疫情报告人",
    Duty.DEPUTY: "副报告人",
    Duty.NURSE: "校医",
    Duty.PRINCIPAL: "校长",
    Duty.LIAISON: "学区联络员",
    Duty.LEADER: "学区领导",
    Duty.ADMIN: "管理员",
}
FORWARD = (
    "{title}您好！请点开下面的链接并按“开始”，绑定{place}晨检零报告：{link}"
    "（{expires}前有效，仅限本人使用一次，请勿转发）"
)


@dataclass(frozen=True)
class Invitee:
    """Somebody of the staff, and the school or office as it is called."""

    place: str
    person: Person


def invite(update: Update, ask: Ask, person: Person) -> Outcome:
    """`/invite` for everybody who is not bound, `/invite 姓名` for one. An admin's is of the district, else of the own
    school. New codes make older open ones void."""
    if not update.private:
        return _say(update, text("enrol.in_private"))
    school = None if person.has(Duty.ADMIN) else person.school
    if school is None and not person.has(Duty.ADMIN):
        return _say(update, text("invite.no_school"))
    if not update.args:
        return _everybody(update, ask, school)
    if update.tap is not None:
        return _tapped(update, ask, school)
    return _by_name(update, ask, person, school)


def invite_admin(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """At the machine. The code is `ids.code(seed, person)` for the person `ids.new_id(seed, "admin")`."""
    admin = ids.new_id(update.seed, "admin")
    hashed = ids.code_hash(ids.code(update.seed, admin))
    return Outcome(facts=(AdminInvited(admin, hashed, _expires(update, ask)),))


def invites(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """At the machine: `invites SCHOOL`, or the whole district. The workbook is made there, by `unbound` and `sheet`."""
    school = update.args[0] if update.args and update.args[0] else None
    return Outcome(facts=_invited(update, ask, unbound(ask, school, update.today)))


# Who


def unbound(ask: Ask, school: str | None, day: date) -> tuple[Invitee, ...]:
    """Whom nobody can write to yet, of one school or of all and the district's office. An admin made at the machine
    has a code of their own, which a new one would void."""
    staff = _staff(ask, school, day)
    return tuple(one for one in staff if not one.person.bound and not machine_made(one.person))


def _staff(ask: Ask, school: str | None, day: date) -> tuple[Invitee, ...]:
    places = [(one.id, one.name) for one in ask(Schools(day)) if school in (None, one.id)]
    office = [(None, ask(RulesOn(day)).district)] if school is None else []
    return tuple(Invitee(name, person) for id, name in (*office, *places) for person in ask(Staff(id, day)))


def _expires(update: Update, ask: Ask) -> datetime:
    return update.at + timedelta(days=ask(RulesOn(update.today)).invite_days)


def _invited(update: Update, ask: Ask, people: Sequence[Invitee]) -> tuple[Invited, ...]:
    hashes = tuple((one.person.id, ids.code_hash(ids.code(update.seed, one.person.id))) for one in people)
    return (Invited(hashes, _expires(update, ask)),) if hashes else ()


# Everybody


def _everybody(update: Update, ask: Ask, school: str | None) -> Outcome:
    people = unbound(ask, school, update.today)
    if not people:
        return _say(update, text("invite.none"))
    expires = _day(update, _expires(update, ask))
    workbook = sheet(people, update.seed, _prefix(update, ask), expires, f"invites-{update.today:%Y%m%d}")
    words = text("invite.all", n=len(people), expires=expires)
    said = Message(f"invites:{update.id}", ToHere(), words, sheet=workbook)
    return Outcome(facts=_invited(update, ask, people), says=(said,))


def sheet(people: Sequence[Invitee], seed: bytes, prefix: str, expires: str, name: str) -> Sheet:
    """A row a person; `prefix` is the address to which a code is appended."""
    return Sheet(
        name, HEADERS, tuple(_row(one, link(prefix, ids.code(seed, one.person.id)), expires) for one in people)
    )


def _row(one: Invitee, address: str, expires: str) -> tuple[str, ...]:
    duties = dict.fromkeys(DUTIES[held.duty] for held in one.person.duties)
    sentence = FORWARD.format(title=one.person.title, place=one.place, link=address, expires=expires)
    return one.place, one.person.name, one.person.title, "、".join(duties), address, expires, sentence


def link(prefix: str, code: str) -> str:
    """What to open; where the channel's own address is not known yet, what to send."""
    return f"{prefix}{code}" if prefix else f"/start {code}"


def _prefix(update: Update, ask: Ask) -> str:
    return ask(DeepLinks()).get(update.channel, NOTHING)


def _day(update: Update, instant: datetime) -> str:
    return f"{instant.astimezone(update.zone):%Y-%m-%d %H:%M}"


# One


def _tapped(update: Update, ask: Ask, school: str | None) -> Outcome:
    """One of several of a name, chosen by button."""
    for one in _staff(ask, school, update.today):
        if one.person.id == update.args[0]:
            return _one(update, ask, one) + Outcome(answer=Answer())
    return pop_up(text("invite.gone"))


def _by_name(update: Update, ask: Ask, person: Person, school: str | None) -> Outcome:
    *place, name = update.args
    named = [
        one for one in _staff(ask, school, update.today) if one.person.name == name and _at(ask, update, one, place)
    ]
    match named:
        case []:
            return _say(update, text("invite.nobody", words=Typed(update.text, person.id)))
        case [one]:
            return _one(update, ask, one)
        case _:
            return _say(update, *_offer(update, ask, named[:MOST_OFFERED]))


def _at(ask: Ask, update: Update, one: Invitee, place: Sequence[str]) -> bool:
    """The school as it is called in full or in short; any where none was said."""
    if not place:
        return True
    shorts = {school.id: school.short for school in ask(Schools(update.today))}
    return "".join(place) in (one.place, shorts.get(one.person.school or NOTHING))


def _one(update: Update, ask: Ask, one: Invitee) -> Outcome:
    words = text(
        "invite.one",
        place=one.place,
        name=one.person.name,
        expires=_day(update, _expires(update, ask)),
        link=link(_prefix(update, ask), ids.code(update.seed, one.person.id)),
        rebinds=text("invite.rebinds") if one.person.bound else NOTHING,
    )
    return Outcome(facts=_invited(update, ask, (one,))) + _say(update, words)


def _offer(update: Update, ask: Ask, people: Sequence[Invitee]) -> tuple[Text, Choices]:
    lines = tuple(_candidate(update, ask, one) for one in people)
    buttons: tuple[tuple[Choice, ...], ...] = tuple(
        (choice(line, "invite", one.person.id),) for line, one in zip(lines, people, strict=True)
    )
    return text("invite.several", n=len(people), lines=lines), buttons


def _candidate(update: Update, ask: Ask, one: Invitee) -> Text:
    views = [ask(ClassDay(class_id, update.today, NOTHING)) for class_id in dict.fromkeys(one.person.classes)]
    classes = listed([literal(view.klass.name) for view in views if view is not None])
    return text("invite.candidate", place=one.place, name=one.person.name, classes=classes)


def _say(update: Update, words: Text, choices: Choices = ()) -> Outcome:
    return Outcome(says=(Message(f"invite:{update.id}", ToHere(), words, choices),))
