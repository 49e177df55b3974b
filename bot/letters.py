"""A message row → what is shown to one person: in their language, with a child's name only where law 5 allows it."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct

from bot.cards import by_itself, numbered, on_card
from bot.channels import Button, Capabilities, Command, Face, Rendered
from bot.texts import LANGUAGES, Name, Span, Words, hide, split, uncovered, units
from bot.vault import Vault
from handlers.bodies import Body, decode
from handlers.model import Choices, Paper, PupilRef, Text, Value, Workbook
from handlers.pictures import Picture
from handlers.values import replace
from storage import Tx
from storage.mail import Due, names_for

NEVER, ALONE, FULL = "never", "alone", "full"  # rule `names`: what of a child's name a channel may carry
OWN = 24  # hexadecimal digits: 96 bits
OUR_REF = re.compile(rf"[0-9a-f]{{{OWN}}}-\d+(_\d)?")
Menu = Mapping[str, tuple[Command, ...]]


class Letter(Struct, frozen=True):
    """One call of a channel, and what is still to follow it. A picture or a workbook is made, and a file that is kept
    is read, only when it goes."""

    due: Due
    ref: str | None  # what it edits; None: it is sent
    page: Rendered
    rest: tuple[Rendered, ...] = ()
    picture: Picture | None = None
    workbook: Workbook | None = None
    paper: tuple[str, Paper] | None = None
    menu: Menu | None = None
    others: tuple[Due, ...] = ()  # in whose chats the same call shows the same

    def next(self) -> "Letter":
        """The next page of a long text, which nobody has tried yet: what became of this one does not mark it."""
        due = replace(self.due, paged=self.due.paged + 1, tries=0, unknown=0)
        return Letter(due, None, self.rest[0], self.rest[1:])

    @property
    def plain(self) -> bool:
        """One new page of words, and nothing to tap."""
        extras = (self.picture, self.workbook, self.paper, self.menu, self.page.named or None)
        return self.ref is None and not self.rest and not self.page.buttons and all(extra is None for extra in extras)

    def each(self) -> "list[Letter]":
        """One for each chat that it goes to."""
        return [replace(self, due=due, others=()) for due in (self.due, *self.others)]


class Manner(Struct, frozen=True):
    """How a channel is written to: what it can, what of names it may carry, whether this is a rehearsal."""

    can: Capabilities
    privacy: str
    rehearsal: bool = False


def compose(tx: Tx, due: Due, manner: Manner, today: date) -> Letter:
    """Raises WordsError, ValueError, KeyError or TypeError for a row that cannot be said."""
    body, can = decode(due.body), manner.can
    if body.menu:
        return Letter(due, None, Rendered(""), menu=menu_lines(body.menu))
    if body.picture and due.shown and not due.fresh and not can.edits_text:
        body = replace(body, picture=None)  # what is added to a post is words
    words = Words(due.language)
    names = _names(tx, due, body, manner.privacy, today)
    text = _text(words, body, names, due, manner)
    choices = _by_themselves(words, body.choices) if can.buttons_a_row == 1 else body.choices
    buttons = _buttons(words, choices, _namer(names, manner.privacy), due, can)
    in_text = bool(uncovered([text])[0][1])
    face, buttons = _card(words, body, buttons, due, manner, named=in_text)
    if face is None and can.numbers and buttons:
        text += "\n\n" + numbered(words, buttons)
    again, repeated = words.say("postman.again") + "\n", _may_stand_twice(due, can)
    whole = [] if face and not body.in_full else _pages(text, body, can, _mark(words, manner), again, headed=repeated)
    pages = _covered([*whole, text] if face else whole, body, can)
    rendered = _rendered(pages, due, body, named=bool(names) or bool(body.paper) or in_text)
    closed, submit = words.say("face.closed"), words.say("face.submit")
    rendered[-1] = replace(rendered[-1], buttons=buttons, face=face, closed=closed, submit=submit)
    picture = body.picture and replace(body.picture, rehearsal=body.picture.rehearsal or manner.rehearsal)
    ref = None if due.fresh or len(pages) > 1 else due.ref
    begin = min(due.paged, len(rendered) - 1)
    rendered[begin] = replace(rendered[begin], tried=due.unknown > 0)
    page, *rest = _headed(rendered[begin:], again) if repeated else rendered[begin:]
    if begin > 0:  # what is attached is shown already
        return Letter(due, ref, page, tuple(rest))
    return Letter(due, ref, page, tuple(rest), picture, body.workbook, body.paper)


def _by_themselves(words: Words, choices: Choices) -> Choices:
    return tuple(tuple(replace(one, label=by_itself(words, one.label)) for one in row) for row in choices)


def _text(words: Words, body: Body, names: Mapping[str, str], due: Due, manner: Manner) -> str:
    """What was written there with a name stays there where nothing can be removed: the answer does not say it again.
    (To pick from, names are needed.)"""
    name = _namer(names, NEVER if due.typed and not manner.can.removes else manner.privacy)
    return _mark(words, manner) + words.render(body.text, name=name, author=due.person, hidden=hide)


def _buttons(words: Words, choices: Choices, name: Name, due: Due, can: Capabilities) -> list[list[Button]]:
    if not due.private and not can.hears_groups:
        return []
    return [
        [Button(words.render(one.label, name=name, author=due.person), one.does, one.ticked, one.number) for one in row]
        for row in choices
    ]


def _card(
    words: Words, body: Body, buttons: list[list[Button]], due: Due, manner: Manner, *, named: bool
) -> tuple[Face | None, list[list[Button]]]:
    """Its face and what can be tapped there; no face for what is said in words."""
    if not manner.can.cards:
        return None, buttons
    face, tapped = on_card(words, body, buttons, due, manner.can.cards, _mark(words, manner), named=named)
    return (face, [[one] for one in tapped]) if face else (None, buttons)


def _mark(words: Words, manner: Manner) -> str:
    return words.say("postman.rehearsal") if manner.rehearsal else ""


def own_id(due: Due) -> str:
    """Of this version of this message in this chat, the same at every try."""
    return hashlib.sha256(f"{due.address}|{due.key}|{due.want}".encode()).hexdigest()[:OWN]


def is_ours(ref: str) -> bool:
    """Whether a page of ours may be known by it: its `own`, or the name under which it was tried again."""
    return OUR_REF.fullmatch(ref) is not None


def made(letter: Letter, now: datetime, vault: Vault) -> Rendered:
    """The page with its workbook or file. Slow: not for the event loop."""
    words = Words(letter.due.language)
    if letter.workbook is not None:
        return replace(letter.page, file=(f"{letter.workbook.name}.xlsx", written(letter.workbook, words, now)))
    if letter.paper is not None:
        return _with_paper(letter.page, words, vault, *letter.paper)
    return letter.page


def _with_paper(page: Rendered, words: Words, vault: Vault, id: str, kind: Paper) -> Rendered:
    """Whoever asks for a file that has been lost from the folder is told so."""
    try:
        data = vault.read(id)
    except FileNotFoundError:
        return replace(page, text=words.say("return.paper_lost"), hidden=())
    return replace(page, file=("certificate.pdf", data)) if kind is Paper.PDF else replace(page, photo=data)


def written(book: Workbook, words: Words, now: datetime) -> bytes:
    """The file of a workbook, for whoever reads this language."""
    from bot.workbook import said, workbook

    return workbook(said(book, words), made_at=now)


def menu_lines(names: Sequence[str], section: str = "command") -> Menu:
    """Each command with its description, in every language."""
    return {
        language: tuple(Command(name, Words(language).say(f"{section}.{name}")) for name in names)
        for language in LANGUAGES
    }


def _may_stand_twice(due: Due, can: Capabilities) -> bool:
    """Whether it is sent a second time, for it may have arrived, and nobody looks for what is equal."""
    edits = due.ref is not None and not due.fresh and (due.private or can.edits_text)
    return can.may_show_twice(private=due.private) and due.unknown > 0 and not edits


def _headed(pages: Sequence[Rendered], again: str) -> list[Rendered]:
    """A send that may have arrived before says so, with the first words of what goes now."""
    place = next((place for place, page in enumerate(pages) if page.text), len(pages) - 1)
    page, shift = pages[place], units(again)
    hidden = [(at + shift, size) for at, size in page.hidden]
    return [*pages[:place], replace(page, text=again + page.text, hidden=hidden), *pages[place + 1 :]]


def _pages(text: str, body: Body, can: Capabilities, mark: str, again: str, *, headed: bool) -> list[str]:
    """The first is the caption where there is a picture or a file, and so the shortest. `mark` begins the others. Each
    of several has room for `again`, whether it is `headed` by that or not: so all begin and end where they did at the
    try before, and one may go on behind those that are shown."""
    spare = can.measure(again)
    captioned = can.caption_units > 0 and body.attaches
    most, room = can.caption_units if captioned else can.text_units, can.text_units - can.measure(mark) - spare
    if can.measure(text) <= most - spare * headed:
        return [text.strip("\n")]
    first, *others = split(text, most - spare, can.measure) or [""]
    others = split("\n".join(others), room, can.measure)
    return [first, *(mark + page for page in others)]


def _covered(pages: list[str], body: Body, can: Capabilities) -> list[tuple[str, tuple[Span, ...]]]:
    """Each with what is hidden in it. Where nothing can stand under a picture or a file, that is a page of its own."""
    covered = uncovered(pages)
    alone = can.caption_units == 0 and body.attaches
    return [("", ()), *(covered if any(pages) else ())] if alone else covered


def _rendered(pages: Sequence[tuple[str, tuple[Span, ...]]], due: Due, body: Body, *, named: bool) -> list[Rendered]:
    protected = named or _may_come_to_name(due, body)
    return [
        Rendered(page, hidden=spans, protected=protected, named=named, own=f"{own_id(due)}-{n}")
        for n, (page, spans) in enumerate(pages)
    ]


# Names


def _names(tx: Tx, due: Due, body: Body, privacy: str, today: date) -> Mapping[str, str]:
    """Of the pupils that may be named on this channel, those that this person answers for today."""
    if not due.private or due.person is None:
        return {}
    wanted = {pupil.id for pupil in _pupils(body) if _carried(pupil, privacy)}
    return names_for(tx, wanted, due.person, today.isoformat())


def _namer(names: Mapping[str, str], privacy: str) -> Name:
    return lambda pupil: names.get(pupil.id) if _carried(pupil, privacy) else None


def _carried(pupil: PupilRef, privacy: str) -> bool:
    return privacy == FULL or (privacy == ALONE and pupil.alone)


def _may_come_to_name(due: Due, body: Body) -> bool:
    """A card may become one with names or typed words, and what was sent unprotected cannot be protected by an edit."""
    return due.private and due.person is not None and bool(body.choices) and not body.workbook


def _pupils(body: Body) -> Iterator[PupilRef]:
    yield from _inside(body.text)
    for row in body.choices:
        for one in row:
            yield from _inside(one.label)


def _inside(value: Value) -> Iterator[PupilRef]:
    match value:
        case PupilRef():
            yield value
        case Text():
            for inner in value.values.values():
                yield from _inside(inner)
        case tuple():
            for line in value:
                yield from _inside(line)
        case _:
            return
