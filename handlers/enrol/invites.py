"""邀请: one-time codes, for one person as a link, for a school or the district as a workbook to forward from."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from handlers import ids
from handlers.enrol.called import classes_of
from handlers.facts import AdminInvited, Invited
from handlers.menus import no_menu
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
    Workbook,
    choice,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, DeepLinks, OpenInvites, RulesOn, Schools, Staff
from handlers.roster.diff import machine_made
from handlers.words import NOTHING, listed

MOST_OFFERED = 20
ALL = "all"
SURE = (ALL, "全部")  # typed, where others tap
HEADERS = tuple(f"invite.sheet.{one}" for one in ("name", "title", "duty", "link", "expires", "sentence"))
FILE = "invites"
REVISION = 12  # characters


class Invitee(Struct, frozen=True):
    """Somebody of the staff, and the school or office as it is called."""

    place: str
    person: Person


def invite(update: Update, ask: Ask, person: Person) -> Outcome:
    """`/invite` for everybody who is not bound, `/invite 姓名` for one. An admin's is of the district, else of the own
    school. New codes make older open ones void, so where there are such it is asked first."""
    if not update.private:
        return _say(update, text("enrol.in_private"))
    school = None if person.has(Duty.ADMIN) else person.school
    if school is None and not person.has(Duty.ADMIN):
        return _say(update, text("invite.no_school"))
    if update.tap is not None:
        return _tapped(update, ask, school)
    if not update.args or (len(update.args) == 1 and update.args[0] in SURE):
        return _everybody(update, ask, school, sure=bool(update.args))
    return _by_name(update, ask, person, school)


def invite_admin(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """At the machine: `invite_admin`, or `invite_admin instead` to end every admin made there before. The code is
    `ids.code(seed, person)` for the person `ids.new_id(seed, "admin")`. One that nobody has used is void."""
    admin = ids.new_id(update.seed, "admin")
    hashed = ids.code_hash(ids.code(update.seed, admin))
    made = [one for one in ask(Staff(None, update.today)) if machine_made(one)]
    ended = tuple(one.id for one in made if not one.bound or update.args == ("instead",))
    fact = AdminInvited(admin, hashed, _expires(update, ask), ended, update.today)
    return Outcome(facts=(fact,), says=tuple(no_menu(one.id) for one in made if one.bound and one.id in ended))


def invites(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """At the machine: `invites SCHOOL`, or the whole district. The file is made there, by `unbound` and `workbook`."""
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


def waiting(ask: Ask, people: Sequence[Invitee], at: datetime) -> dict[str, str]:
    """Of these, who has a code that still opens, and its hash."""
    schools = dict.fromkeys(one.person.school for one in people)
    held = {person: code for school in schools for person, code in ask(OpenInvites(school, at)).items()}
    return {one.person.id: held[one.person.id] for one in people if one.person.id in held}


def _expires(update: Update, ask: Ask) -> datetime:
    return update.at + timedelta(days=ask(RulesOn(update.today)).invite_days)


def _invited(update: Update, ask: Ask, people: Sequence[Invitee]) -> tuple[Invited, ...]:
    hashes = tuple((one.person.id, ids.code_hash(ids.code(update.seed, one.person.id))) for one in people)
    return (Invited(hashes, _expires(update, ask)),) if hashes else ()


# Everybody


def _everybody(update: Update, ask: Ask, school: str | None, *, sure: bool) -> Outcome:
    people = unbound(ask, school, update.today)
    if not people:
        return _say(update, text("invite.none"))
    held = waiting(ask, people, update.at)
    if held and not sure:
        words = text("invite.renew", n=len(people), held=len(held))
        return _say(update, words, ((choice(text("button.renew", n=len(people)), "invite", ALL, _revision(held)),),))
    return _handed_out(update, ask, people)


def _revision(held: dict[str, str]) -> str:
    """Of the codes that a button would make void: after the next ones it means nothing."""
    return ids.code_hash("".join(sorted(held.values())))[:REVISION]


def _handed_out(update: Update, ask: Ask, people: Sequence[Invitee]) -> Outcome:
    expires = _day(update, _expires(update, ask))
    book = workbook(people, update.seed, _prefix(update, ask), expires, f"{FILE}-{update.today:%Y%m%d}")
    words = text("invite.all", n=len(people), expires=expires)
    said = Message(f"invites:{update.id}", ToHere(), words, workbook=book)
    return Outcome(facts=_invited(update, ask, people), says=(said,))


def workbook(people: Sequence[Invitee], seed: bytes, prefix: str, expires: str, name: str) -> Workbook:
    """A sheet a school, so that each is handed its own people's links and no others; a row a person. `prefix` is the
    address to which a code is appended."""
    places: dict[str, list[Invitee]] = {}
    for one in people:
        places.setdefault(one.place, []).append(one)
    return Workbook(
        name,
        tuple(
            Sheet(place, HEADERS, tuple(_row(one, prefix, ids.code(seed, one.person.id), expires) for one in there))
            for place, there in places.items()
        ),
    )


def _row(one: Invitee, prefix: str, code: str, expires: str) -> tuple[str | Text, ...]:
    duties = [text(f"duty.{duty}") for duty in dict.fromkeys(held.duty for held in one.person.duties)]
    address = link(prefix, code)
    sentence = text(
        "invite.forward" if prefix else "invite.forward_code",
        title=one.person.title,
        place=one.place,
        link=address,
        expires=expires,
    )
    return one.person.name, one.person.title, text("literal", words=listed(duties)), address, expires, sentence


def link(prefix: str, code: str) -> str:
    """What to open; where the channel's own address is not known yet, what to send."""
    return f"{prefix}{code}" if prefix else f"/start {code}"


def _prefix(update: Update, ask: Ask) -> str:
    return ask(DeepLinks()).get(update.channel, NOTHING)


def _day(update: Update, instant: datetime) -> str:
    return f"{instant.astimezone(update.zone):%Y-%m-%d %H:%M}"


# One


def _tapped(update: Update, ask: Ask, school: str | None) -> Outcome:
    """New codes for all, as asked; or one of several of a name."""
    if update.args[:1] == (ALL,):
        return _renewed(update, ask, school)
    for one in _staff(ask, school, update.today):
        if update.args[:1] == (one.person.id,):
            return _one(update, ask, one) + Outcome(answer=Answer())
    return pop_up(text("invite.gone"))


def _renewed(update: Update, ask: Ask, school: str | None) -> Outcome:
    """Once: a second tap would make void what the first has just handed out."""
    people = unbound(ask, school, update.today)
    if not people or update.args[1:] != (_revision(waiting(ask, people, update.at)),):
        return pop_up(text("invite.renewed_before"))
    asked = Message(update.on or f"invite:{update.id}", ToHere(), text("invite.renewed"), in_place=True)
    return Outcome(says=(asked,), answer=Answer()) + _handed_out(update, ask, people)


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
    prefix = _prefix(update, ask)
    words = text(
        "invite.one" if prefix else "invite.one_code",
        place=one.place,
        name=one.person.name,
        expires=_day(update, _expires(update, ask)),
        link=link(prefix, ids.code(update.seed, one.person.id)),
        voids=text("invite.voids") if waiting(ask, (one,), update.at) else NOTHING,
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
    classes = classes_of(ask, one.person, update.today)
    return text("invite.candidate", place=one.place, name=one.person.name, classes=classes)


def _say(update: Update, words: Text, choices: Choices = ()) -> Outcome:
    return Outcome(says=(Message(f"invite:{update.id}", ToHere(), words, choices),))
