"""The nouns of the pretended WeCom: the directory's, what was sent, and what was lost without a word."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.model import Keyboard

ACTIVE, DISABLED, NOT_ACTIVATED, LEFT = 1, 2, 4, 5
ROOT = 1


@dataclass(frozen=True, slots=True)
class Department:
    id: int
    name: str
    parent: int


@dataclass(frozen=True, slots=True)
class Member:
    """`person` is a `sandbox.model.Person`; `status` is 1 active, 2 disabled, 4 not activated, 5 left."""

    person: int
    userid: str
    departments: tuple[int, ...]
    status: int = ACTIVE

    @property
    def key(self) -> str:
        """WeCom does not tell userids apart by case, and gives the invalid ones back in lower case."""
        return self.userid.lower()


@dataclass(frozen=True, slots=True)
class Content:
    """What a message shows on a phone, however it was sent. `image`, `file` and `voice` are media ids."""

    text: str = ""
    keyboard: Keyboard = ()
    card: Mapping[str, object] = field(default_factory=dict)
    image: str | None = None
    file: str | None = None
    voice: str | None = None
    markdown: bool = False
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """One message/send and where it came to lie: person → message id. `task_ids`: the card's, and those that updates
    gave it."""

    msgid: str
    at: datetime
    copies: Mapping[int, int]
    task_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Code:
    """A response_code: good for one update of one sent card, until 72 h after."""

    msgid: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """Said to have been sent, and never shown to this person. `chat` is the person's own or a group's."""

    at: datetime
    person: int
    chat: int
    why: str


@dataclass(frozen=True, slots=True)
class Cut:
    """Longer than WeCom or a phone shows: the rest is gone without a word."""

    at: datetime
    field: str
    limit: int
    length: int


@dataclass(frozen=True, slots=True)
class Lost:
    """A callback that the bot never took; `body` is its XML, decrypted."""

    at: datetime
    person: int
    body: str
    why: str


@dataclass(frozen=True, slots=True)
class Media:
    """A file that was uploaded, by media id; `owner` is `app` or the key of the robot it belongs to."""

    id: str
    kind: str
    owner: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GroupChat:
    """`id` is negative, as phones and tests know it. The app's own groups have a `chatid`; those that people made and
    gave a robot have its `key`."""

    id: int
    title: str
    members: tuple[int, ...]
    owner: int
    chatid: str = ""
    key: str = ""
