"""Everything that exists in the pretended WeCom: one corp, its one app, and what its phones show."""

import random
from collections.abc import Mapping
from datetime import datetime

from sandbox.chats import Chats
from sandbox.clock import Clock
from sandbox.model import Message, Person, StoredFile, Tap
from sandbox.wecom.crypto import Seal
from sandbox.wecom.directory import Directory
from sandbox.wecom.errors import WecomError
from sandbox.wecom.limits import CODE_LIFE, MEDIA_LIFE
from sandbox.wecom.model import Code, Content, Cut, Drop, GroupChat, Media, Sent
from sandbox.wecom.rates import Rates
from sandbox.wecom.tokens import Tokens

CORP_ID = "wwsandbox0opens0nothing"
AGENT_ID = 1_000_002
SECRET = "sandbox-app-secret-that-opens-nothing"  # noqa: S105 - it opens nothing
CONTACTS_SECRET = "sandbox-contacts-secret-that-opens-nothing"  # noqa: S105 - it opens nothing
TOKEN = "sandboxtokenopensnothing"  # noqa: S105 - it opens nothing
AES_KEY = "sandboxAESkeyThatOpensNothing00000000000000"
_FIRST_GROUP = -2_000_000_001  # far from Telegram groups, which may be on the same page


class Corp(Chats):
    """State, and the few rules that several calls share."""

    def __init__(self, clock: Clock, people: Mapping[int, Person], *, seed: int) -> None:
        super().__init__(clock, random.Random(f"wecom {seed}"))
        self.corp_id, self.agent_id = CORP_ID, AGENT_ID
        self.secret, self.contacts_secret = SECRET, CONTACTS_SECRET
        self.token, self.aes_key = TOKEN, AES_KEY
        self.trusted_ips: set[str] = set()
        self.home_url, self.closed = "", False  # 应用主页; whether the app is disabled
        self.directory = Directory(people, "示范学区")
        self.tokens = Tokens(self.dice)
        self.rates = Rates(lambda: len(self.directory.members))
        self.sent: dict[str, Sent] = {}
        self.origins: dict[int, str] = {}  # message id → msgid
        self.tasks: set[str] = set()
        self.codes: dict[str, Code] = {}
        self.media: dict[str, Media] = {}
        self.repeats: dict[bytes, datetime] = {}  # a request that may not be shown again, until when
        self.groups: dict[int, GroupChat] = {}
        self.menu: tuple[Mapping[str, object], ...] = ()
        self.plain: set[int] = set()
        self.taps: dict[int, Tap] = {}  # WeCom answers none
        self.dropped: list[Drop] = []
        self.cut: list[Cut] = []
        self.last_message = 0  # its number
        self._written = 7_000_000_000_000_000_000

    @property
    def seal(self) -> Seal:
        return Seal(self.token, self.aes_key, self.corp_id)

    def secret_number(self, bits: int = 128) -> str:
        """Nobody can guess it, and the same seed gives it again."""
        return f"{self.dice.getrandbits(bits):0{bits // 4}x}"

    def next_number(self) -> int:
        """Of what somebody wrote: what came later has a higher one."""
        self._written += self.dice.randrange(1, 1 << 20)
        return self._written

    def show(self, chat: int, content: Content, *, sender: int = 0) -> Message:
        self.last_message += 1
        message = Message(
            id=self.last_message,
            chat=chat,
            sender=sender,
            date=self.now(),
            text=content.text,
            keyboard=content.keyboard,
            card=content.card,
            photo=content.image,
            document=content.file,
            attachment=("voice", content.voice) if content.voice else None,
            markdown=content.markdown,
            protected=content.safe,
        )
        return self.put(message)

    def add_group(
        self, title: str, members: tuple[int, ...], owner: int, *, chatid: str = "", key: str = ""
    ) -> GroupChat:
        group = GroupChat(_FIRST_GROUP - len(self.groups), title, members, owner, chatid, key)
        self.groups[group.id] = group
        self.changed(group.id)
        return group

    def drop(self, person: int, chat: int, why: str) -> None:
        self.dropped.append(Drop(self.now(), person, chat, why))

    def cut_off(self, field: str, limit: int, length: int) -> None:
        self.cut.append(Cut(self.now(), field, limit, length))

    def fit(self, field: str, text: str, limit: int) -> str:
        """What a phone shows of a text: the first `limit` characters. What it cuts off is written down."""
        if len(text) > limit:
            self.cut_off(field, limit, len(text))
        return text[:limit]

    def new_code(self, msgid: str) -> str:
        code = self.secret_number(256)
        self.codes[code] = Code(msgid, self.now())
        return code

    def coded(self, code: str) -> Sent:
        """The sent card that it updates. 60140 for one that is unknown, used or older than 72 h (90313)."""
        found = self.codes.get(code)
        if found is None or self.now() - found.at > CODE_LIFE:
            raise WecomError(60140, "invalid response_code")
        return self.sent[found.msgid]

    def keep_media(self, kind: str, owner: str, name: str, mime: str, data: bytes) -> Media:
        media = Media(f"3{self.secret_number(248)}", kind, owner, self.now())
        self.media[media.id] = media
        self.store(media.id, name, mime, data)
        return media

    def media_file(self, media_id: str, kind: str, owner: str = "app") -> StoredFile:
        """Raises 40007 for one that is unknown, of another kind, another's, or older than three days."""
        media = self.media.get(media_id)
        if media is None or (media.kind, media.owner) != (kind, owner) or self.now() - media.at > MEDIA_LIFE:
            raise WecomError(40007, "invalid media_id")
        return self.files[media_id]
