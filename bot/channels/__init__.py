"""The port: what a channel does for the postman and the listener, and the ways in which it can fail."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final, Literal, Protocol, runtime_checkable

from msgspec import Struct

PICTURE_NAME: Final = "chart.png"  # of what has no name of its own


def nothing() -> None:
    """For who does not ask."""


class ChannelError(Exception):
    """A platform said no, or said nothing."""


class TryLater(ChannelError):
    """Not now: nothing was shown. `seconds` until it may be tried; `whole` when the whole channel must wait; `limit`
    when it was too much, for this chat or for all of them: which, only a second chat's tells."""

    def __init__(self, reason: str, *, seconds: float, whole: bool = False, limit: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.whole = whole
        self.limit = limit


class TooMany(TryLater):
    """The platform says that too much was sent."""


class Barred(TryLater):
    """Not before a person has changed something in the platform's console. Its words begin with the platform's code
    and say, in Chinese, what and where."""


class Refused(ChannelError):
    """This message can never be shown as it is."""


class Unreachable(ChannelError):
    """Nothing can be shown in this chat: blocked, deactivated, removed, never started.
    `moved_to` is the new native id of a group that became a supergroup. `unheard`: nobody has written there yet, and
    the platform wants that first."""

    def __init__(self, reason: str, *, moved_to: str | None = None, unheard: bool = False) -> None:
        super().__init__(reason)
        self.moved_to = moved_to
        self.unheard = unheard


class Gone(ChannelError):
    """What was to be edited is no longer there or can no longer be edited: send it anew."""


class Spent(Gone):
    """What allowed one edit has been used, or its time is over."""


class TooLarge(ChannelError):
    """A file that is larger than we take."""


class Unknown(ChannelError):
    """It may have been shown or not: a time-out after the request had left."""


class Unauthorized(ChannelError):
    """The platform does not know our token: nothing works until a person mends it."""


class Conflict(ChannelError):
    """Another process listens with the same token."""


class Window(Struct, frozen=True):
    """At most `count` in any `seconds`."""

    count: int
    seconds: float


class Pace(Struct, frozen=True):
    """How much may be sent or edited: over all, to one private chat, to one group."""

    a_second: float
    private: tuple[Window, ...]
    group: tuple[Window, ...]


class Cards(Struct, frozen=True):
    """What a card holds: characters of its title, of what stands under it, and under that of one with options instead
    of buttons; characters of a button; buttons; options, of which one or several are chosen."""

    title: int
    sub: int
    options_sub: int
    label: int
    buttons: int
    options: int


class Capabilities(Struct, frozen=True):
    """What a channel can do; a renderer falls back by these and handlers never see them."""

    carries_names: str  # the default of rule `names`: never | alone | full
    measure: Callable[[str], int]  # how long a text is there
    text_units: int
    caption_units: int  # 0: words beside a picture or a file are a message of their own, after it
    buttons: int
    buttons_a_row: int
    pace: Pace
    edits_text: bool = True  # whatever was shown, as often as wanted; else a card alone, once for each `edit_code`
    edit_life: timedelta = timedelta(0)  # of an `edit_code`
    toasts: bool = True  # a tap is answered by itself; else in words
    removes: bool = True  # what people wrote can be taken out of the chat
    cards: Cards | None = None  # choices stand on a card, where there is one; else under a text
    numbers: bool = False  # choices that are listed in a text are answered by a typed number
    keeps_input: bool = True  # what is written while nobody listens comes later; else it is lost
    hears_documents: bool = True
    knows_forwards: bool = True  # from what was written, and what was changed afterwards
    hears_groups: bool = True  # what is written and tapped in a group; else it is written to and no more
    own_menus: bool = True  # each person's own commands; else one menu for everybody
    invites: bool = True  # who a stranger is, a code of ours tells; else the platform does
    repeats: bool = True  # in private, an equal request is shown again; else once, so that it may be repeated at will
    jitter: timedelta = timedelta(0)  # over which what is not urgent leaves, on the full and the half hour

    def may_show_twice(self, *, private: bool) -> bool:
        """Whether a send that is repeated may stand there twice: no platform looks at that in a group."""
        return self.repeats or not private


class Raw(Struct, frozen=True):
    """One update as the platform gave it: `native` is its id there, `body` its JSON as received."""

    native: str
    body: str


class Heard(Struct, frozen=True):
    """A raw update, read without any knowledge of people: what verb, by whom, where, on what."""

    sender: str
    chat: str
    private: bool
    verb: str
    args: tuple[str, ...] = ()
    text: str = ""
    at: float | None = None  # the platform's own time (Unix seconds), where it gives one
    ref: str | None = None
    tap: str | None = None
    edit_code: str | None = None  # with which what was tapped may be edited once
    mentioned: bool = True
    own: str | None = None  # the ref of the message itself, where somebody wrote one


class Button(Struct, frozen=True):
    """`ticked`: one of several that may hold together, and whether it does. `number`: what means it where one answers
    in words, such as a seat; 0: its label does."""

    label: str
    does: str
    ticked: bool | None = None
    number: int | None = None


class Face(Struct, frozen=True):
    """A text as a card shows it, and a locked screen: without any name. `options`: its choices are options that are
    submitted, not buttons. `typed`: others are answered by their numbers alone."""

    title: str
    sub: str
    options: bool
    typed: bool = False


class Rendered(Struct, frozen=True):
    """A message in one person's language, ready to be shown: plain text, rows of buttons. `hidden`: what of the text no
    locked screen may show, as (offset, length) in UTF-16 units. `protected`: it cannot be forwarded. `named`: a child's
    name or typed words are in it. `face`: it is to be a card, and this stands on it. `closed`: what stands where
    buttons were. `submit`: what stands under options. `own`: this version of this message alone has it. `tried`: the
    platform did not say whether it showed this version."""

    text: str
    buttons: Sequence[Sequence[Button]] = ()
    photo: bytes | None = None
    file: tuple[str, bytes] | None = None
    hidden: Sequence[tuple[int, int]] = ()
    silent: bool = False
    protected: bool = False
    named: bool = False
    face: Face | None = None
    closed: str = ""
    submit: str = ""
    own: str = ""
    tried: bool = False


class Shown(Struct, frozen=True):
    """What is on the phone now: its name there, what allows one edit of it, whether its choices bear numbers."""

    ref: str
    edit_code: str | None = None
    numbered: bool = False


class Member(Struct, frozen=True):
    """Somebody in a platform's own directory. `native` is their private chat, as the platform spells it; `places` the
    departments that they are in, each from the outermost to the innermost by name."""

    native: str
    name: str
    places: tuple[tuple[str, ...], ...]
    # waiting: has never opened the platform; hidden: there, but not for us; stopped: disabled
    state: Literal["active", "waiting", "hidden", "stopped"]


class Command(Struct, frozen=True):
    """One line of a menu."""

    name: str
    description: str


class WayIn(Enum):
    """How many processes may listen. ALONE: one asks the platform. ANY: the platform calls, whichever it reaches. LINE:
    one, and nobody but that one can speak."""

    ALONE = auto()
    ANY = auto()
    LINE = auto()


class Channel(Protocol):
    """A platform. Every method may raise a ChannelError and nothing else of the platform's own."""

    name: str
    can: Capabilities
    way_in: WayIn
    username: str  # ours on the platform, once open

    @property
    def ahead(self) -> timedelta | None:
        """How far our clock was ahead of the platform's at its last answer; None where that is not known."""
        ...

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    @property
    def out_since(self) -> datetime | None:
        """Since when we may not have heard anything; None while in touch. Inside `take`: before what is taken now."""
        ...

    async def listen(
        self,
        take: Callable[[Sequence[Raw]], Awaitable[None]],
        out_since: datetime | None = None,
        went_round: Callable[[], None] = nothing,
    ) -> None:
        """Fetches for ever; an update is acknowledged to the platform only after `take` has returned. An answer without
        updates is taken too: the platform was there. `out_since`: since when nobody has listened. `went_round` is
        called at least every two minutes, whether the platform answers or not: a line that hangs is known by it."""
        ...

    def read(self, body: str) -> Heard | None:
        """Pure; None for a kind of update that nobody asked for. Raises ValueError when it cannot be read."""
        ...

    async def show(self, native: str, message: Rendered, ref: str | None = None, edit_code: str | None = None) -> Shown:
        """Sends (no ref) or edits. Raises Gone where it is to be sent anew. An `edit_code` without a ref is of what
        this takes the place of."""
        ...

    async def remove(self, ref: str) -> None:
        """Takes a message out of its chat, ours or the other's. Raises Refused where that is not allowed (any more)."""
        ...

    async def fetch(self, file: str, most: int) -> bytes:
        """What somebody sent. Raises TooLarge over `most` bytes, Gone where the platform has it no longer."""
        ...

    async def answer(self, tap: str, words: str | None, *, loud: bool) -> None: ...

    async def menus(self, native: str | None, private: bool, commands: Mapping[str, Sequence[Command]]) -> None:
        """Sets the command menu of one chat (or the default of a scope) for each language."""
        ...


@runtime_checkable
class Broadcaster(Protocol):
    """A channel that shows one message in many chats with one call."""

    receivers: int  # at most

    async def show_all(self, natives: Sequence[str], message: Rendered) -> tuple[Shown, Sequence[str]]:
        """One without buttons. Also returns those of `natives` whom it did not reach. Raises as `show` does."""
        ...
