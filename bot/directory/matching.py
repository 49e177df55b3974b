"""Who of a directory is who of the roster: by name and school, and never where either leaves a doubt."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from bot.channels import Member
from bot.directory.roll import Known, Place, Staffer
from bot.roster import cells
from handlers.model import Text, Value, text
from handlers.roster.diff import machine_made
from handlers.values import replace
from handlers.words import NOTHING, listed

Named = Mapping[str, Sequence[Staffer]]  # by the plain name

IN_BRACKETS = re.compile(r"[（(][^）)]*[）)]")


class Kind(StrEnum):
    """What it is with an account, in the order in which a clerk looks at them."""

    PENDING = "pending"  # the clerk is asked
    FOUND = "found"
    STOPPED = "stopped"
    UNKNOWN = "unknown"  # not on the roster
    WAITING = "waiting"  # not yet active
    BOUND = "bound"


class Row(Struct, frozen=True):
    """One account. `whose`: who is bound, or stopped, where the clerk changes nothing; `why` says it in words."""

    kind: Kind
    native: str
    name: str
    where: str = NOTHING
    places: tuple[Place, ...] = ()
    candidates: tuple[Staffer, ...] = ()
    whose: Staffer | None = None
    why: Value = NOTHING


def held_against(members: Sequence[Member], known: Known) -> list[Row]:
    """A row for each member, and one for each whose chat is bound and who is no longer there."""
    named = _by_name(known)
    rows = _no_two_alike([_row(one, known, named) for one in members])
    moved = {row.whose.person.id: row.native for row in rows if row.kind is Kind.FOUND and row.whose}
    order = list(Kind)
    return sorted((*rows, *_gone(members, known, moved)), key=lambda row: (order.index(row.kind), row.name, row.native))


def places_of(member: Member, places: Sequence[Place]) -> tuple[Place, ...]:
    """The schools that the departments name, of each path the innermost that names one."""
    found = (next(filter(None, (_named(name, places) for name in reversed(path))), None) for path in member.places)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _named(department: str, places: Sequence[Place]) -> Place | None:
    """第二中心小学教务处 is of 第二中心小学, not of 中心小学."""
    said = cells.narrow(department)
    there = [one for one in places if cells.narrow(one.name) in said or cells.narrow(one.short) == said]
    return max(there, key=lambda one: len(one.name), default=None)


def _row(member: Member, known: Known, named: Named) -> Row:
    places = places_of(member, known.places)
    where = "；".join("/".join(path) for path in member.places)
    whose, chat = known.holder(member.native), known.chats.get(member.native.lower())
    plain = Row(Kind.UNKNOWN, member.native, member.name, where, places, whose=whose)
    if whose is not None and member.state == "hidden":
        return replace(_pending(replace(plain, candidates=(whose,)), "hidden"), name=whose.person.name)
    if member.state == "stopped":
        return replace(plain, kind=Kind.STOPPED, why=text("directory.why.disabled"))
    if whose is not None and chat is not None:
        as_it_is = chat.state == "bound" and chat.native == member.native
        return replace(plain, kind=Kind.BOUND) if as_it_is else _again(plain)
    asked = replace(plain, candidates=tuple(named.get(_plain(member.name), ())))
    if member.state == "waiting":
        return replace(asked, kind=Kind.WAITING, why=text("directory.why.waiting"))
    if chat is not None and chat.state == "unbound":
        return _pending(asked, "was_unbound")
    return _matched(asked, known)


def _again(row: Row) -> Row:
    """Theirs, but nothing arrived there for a while, or it was spelled otherwise."""
    return replace(row, kind=Kind.FOUND, why=text("directory.why.again"))


def _by_name(known: Known) -> Named:
    """An admin made at the machine has no name of their own."""
    found: dict[str, list[Staffer]] = {}
    for one in known.staff:
        if not machine_made(one.person):
            found.setdefault(_plain(one.person.name), []).append(one)
    return found


def _plain(name: str) -> str:
    """张敏（语文） is called 张敏."""
    bare = IN_BRACKETS.sub("", name)
    return cells.person(bare) or bare


def _matched(row: Row, known: Known) -> Row:
    here = [one for one in row.candidates if one.place in row.places]
    if not here and not _schools(row.places) and len(_schools(known.places)) <= 1:
        here = list(row.candidates)  # of a single school, whose departments need not name it
    match here:
        case [one]:
            return replace(row, kind=Kind.FOUND, whose=one, candidates=(), why=text("directory.why.found"))
        case [_, *_]:
            return _pending(replace(row, candidates=tuple(here)), "several")
    if row.candidates:
        return _pending(row, "elsewhere" if row.places else "no_school")
    return replace(row, why=text("directory.why.unknown"))


def _schools(places: Sequence[Place]) -> list[Place]:
    return [one for one in places if one.id is not None]


def _pending(row: Row, why: str) -> Row:
    who = listed([described(one) for one in row.candidates], "list.comma") or text("directory.nobody")
    return replace(row, kind=Kind.PENDING, whose=None, why=text(f"directory.why.{why}", who=who))


def described(one: Staffer) -> Text:
    values = {"number": one.number, "place": one.place.name, "name": one.person.name, "holds": one.holds}
    return text("directory.candidate", **values)


def _no_two_alike(rows: Sequence[Row]) -> list[Row]:
    """Two accounts that would be the same person are settled by the clerk, unless one of them is bound already."""
    many = Counter(row.whose.person.id for row in rows if row.whose and row.kind in (Kind.FOUND, Kind.BOUND))
    bound = {row.whose.person.id for row in rows if row.whose and row.kind is Kind.BOUND}
    return [
        _pending(replace(row, candidates=(row.whose,)), "taken" if row.whose.person.id in bound else "twice")
        if row.kind is Kind.FOUND and row.whose and many[row.whose.person.id] > 1
        else row
        for row in rows
    ]


def _gone(members: Sequence[Member], known: Known, moved: Mapping[str, str]) -> Iterator[Row]:
    here = {one.native.lower() for one in members}
    for native, chat in known.chats.items():
        whose = known.holder(native)
        if whose is None or native in here:
            continue
        now = moved.get(whose.person.id)
        row = Row(Kind.STOPPED, chat.native, whose.person.name, places=(whose.place,), whose=whose)
        if now is None:
            yield replace(row, why=text("directory.why.gone"))
        else:
            yield replace(row, whose=None, why=text("directory.why.moved", account=now))
