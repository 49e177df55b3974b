"""The port's WeCom, as a self-built app (自建应用): calls out, and one path to which the platform posts."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from bot.channels import (
    Capabilities,
    ChannelError,
    Command,
    Gone,
    Heard,
    Pace,
    Raw,
    Refused,
    Rendered,
    Shown,
    Spent,
    Unreachable,
    WayIn,
    Window,
    nothing,
)
from bot.channels.wecom.api import Api
from bot.channels.wecom.callbacks import Receiver
from bot.channels.wecom.cards import LIMITS, card, under_a_new_name
from bot.channels.wecom.contents import attached, numbered, uploaded, words
from bot.channels.wecom.groups import Groups
from bot.channels.wecom.menu import menu
from bot.channels.wecom.reading import read
from bot.clock import Clock
from bot.tasks import together
from bot.texts import octets

log = logging.getLogger(__name__)

# Seconds in which an equal request is shown once, one hour to WeCom's four: how many is a message's own, so that the
# same words of two messages are two requests.
REPEATS: Final = range(3600, 4 * 3600)
UPLOADED: Final = timedelta(days=2)  # so long is an upload used again, of WeCom's three days
UPLOADS: Final = 200  # that are remembered
BEAT: Final = timedelta(seconds=50)  # between notes that we could be heard
TEXT: Final = "msg:"  # begins the ref of what is no card
CAN: Final = Capabilities(
    carries_names="full",
    measure=octets,
    text_units=2048,
    caption_units=0,
    buttons=1000,  # as numbers under a text
    buttons_a_row=1,
    # 10,000 calls a minute and API; 30 a minute and 1,000 an hour a member, of which what is over is dropped in
    # silence; in a group 20 a minute, the robot's limit: a little below each
    pace=Pace(a_second=100, private=(Window(28, 60.0), Window(950, 3600.0)), group=(Window(18, 60.0),)),
    edits_text=False,
    edit_life=timedelta(hours=71),  # WeCom's 72, less what a call may take
    toasts=False,
    removes=False,
    cards=LIMITS,
    numbers=True,
    keeps_input=False,
    hears_documents=False,
    knows_forwards=False,
    hears_groups=False,
    own_menus=False,
    invites=False,
    repeats=False,
    jitter=timedelta(seconds=50),
)


class WeCom:
    """`receiver` listens for the app's callbacks; `groups` knows how the leaders are written to."""

    name = "wecom"
    can = CAN
    way_in = WayIn.ANY
    receivers = 1000

    def __init__(self, api: Api, agent_id: int, receiver: Receiver, groups: Groups, clock: Clock) -> None:
        self._api = api
        self._agent_id = agent_id
        self._receiver = receiver
        self._groups = groups
        self._clock = clock
        self.username = ""
        self.out_since: datetime | None = None
        self._uploads: dict[str, tuple[str, datetime]] = {}

    @property
    def ahead(self) -> timedelta | None:
        return self._api.ahead

    async def open(self) -> None:
        await self._api.open()

    async def close(self) -> None:
        await self._api.close()

    async def listen(
        self,
        take: Callable[[Sequence[Raw]], Awaitable[None]],
        out_since: datetime | None = None,
        went_round: Callable[[], None] = nothing,
    ) -> None:
        """WeCom keeps nothing: what it could not hand over while we were out of touch is lost, and that is told with
        what is heard first."""
        self.out_since = out_since

        async def heard(raws: Sequence[Raw]) -> None:
            await take(raws)
            self.out_since = None

        await together(self._receiver.listen(heard), self._beat(heard, went_round))

    async def _beat(self, heard: Callable[[Sequence[Raw]], Awaitable[None]], went_round: Callable[[], None]) -> None:
        """Nobody writes for hours: so it is we who ask whether the platform is there, and what time it has."""
        touched = self._clock.now()
        while True:
            went_round()
            asked = self._clock.now()
            try:
                await self._api.call("getcallbackip")
                await heard(())
                touched = asked
            except ChannelError as error:
                self.out_since = self.out_since or touched
                log.warning("WeCom is out of touch: %s", error)
            await self._clock.sleep_until(asked + BEAT)

    def read(self, body: str) -> Heard | None:
        return read(body)

    async def show(self, native: str, message: Rendered, ref: str | None = None, edit_code: str | None = None) -> Shown:
        """A card is edited with its code, once; all else is sent anew. In a group everything is."""
        if self._groups.is_one(native):
            await self._groups.show(native, message)
            return Shown(message.own)
        if ref is not None:
            return await self._edited(native, message, edit_code)
        shown = await under_a_new_name(message, lambda named: self._sent(native, named))
        if edit_code is not None:
            with suppress(ChannelError):  # what was sent stands, whatever becomes of the old card
                await self._close(native, message, edit_code)
        return shown

    async def show_all(self, natives: Sequence[str], message: Rendered) -> tuple[Shown, Sequence[str]]:
        answer = await self._send("|".join(natives), message)
        missed = _named(answer, "invaliduser") | _named(answer, "unlicenseduser")
        return _in_words(answer, message), [native for native in natives if native.lower() in missed]

    async def remove(self, ref: str) -> None:
        """撤回, of our own texts within a day; what people wrote stays."""
        if not ref.startswith(TEXT):
            raise Refused("WeCom takes back only what we said in words")
        await self._api.call("message/recall", {"msgid": ref.removeprefix(TEXT)})

    async def fetch(self, file: str, most: int) -> bytes:
        return await self._api.download(file, most)

    async def answer(self, tap: str, words: str | None, *, loud: bool) -> None:
        """Nothing: a tap is answered by what the card becomes, or by words of their own."""

    async def menus(self, native: str | None, private: bool, commands: Mapping[str, Sequence[Command]]) -> None:
        """One for all members, in Chinese; who may use what is asked when it is used."""
        if native is None and private:
            await self._api.call("menu/create", menu(commands["zh"]), agentid=str(self._agent_id))

    async def _sent(self, native: str, message: Rendered) -> Shown:
        answer = await self._send(native, message)
        if message.face is not None:
            return Shown(message.own, answer.get("response_code"), numbered(message))
        return _in_words(answer, message)

    async def _send(self, to: str, message: Rendered) -> dict[str, Any]:
        """Raises Unreachable where nobody of those is reached: WeCom says so itself (81013)."""
        answer = await self._api.call(
            "message/send",
            {
                "touser": to,
                "agentid": self._agent_id,
                **await self._content(message),
                "enable_duplicate_check": 1,
                "duplicate_check_interval": REPEATS[int(message.own.partition("-")[0], 16) % len(REPEATS)],
            },
        )
        if to.lower() in _named(answer, "unlicenseduser"):
            raise Unreachable("this member has no licence (接口调用许可)")
        return answer

    async def _content(self, message: Rendered) -> dict[str, Any]:
        if message.face is not None:
            return {"msgtype": "template_card", "template_card": card(message)}
        file = attached(message)
        if file is None:
            return {**words(message), "safe": int(message.named)}
        return {**uploaded(file[0], await self._uploaded(message.own, *file)), "safe": int(message.protected)}

    async def _uploaded(self, own: str, kind: str, name: str, data: bytes) -> str:
        """Once for a message, so that its repeat is the same request."""
        now = self._clock.now()
        if own not in self._uploads or self._uploads[own][1] < now:
            self._uploads[own] = await self._api.upload(kind, name, data), now + UPLOADED
            while len(self._uploads) > UPLOADS:
                del self._uploads[next(iter(self._uploads))]
        return self._uploads[own][0]

    async def _edited(self, native: str, message: Rendered, edit_code: str | None) -> Shown:
        if edit_code is None:
            raise Gone("it can no longer be edited")
        if message.face is None:
            raise Gone("what it is to be is no card")  # which is closed when that has been sent
        try:
            await self._update(native, edit_code, {"template_card": card(message)})
        except Spent:
            if not message.tried:  # else it is that try which has spent it
                raise
        return Shown(message.own, numbered=numbered(message))

    async def _close(self, native: str, message: Rendered, edit_code: str) -> None:
        await self._update(native, edit_code, {"button": {"replace_name": message.closed}})

    async def _update(self, native: str, edit_code: str, what: Mapping[str, Any]) -> None:
        """Raises Gone where the code is used up or over: WeCom says no more than that a parameter is wrong."""
        try:
            await self._api.call(
                "message/update_template_card",
                {"userids": [native], "agentid": self._agent_id, "response_code": edit_code, **what},
            )
        except Refused as error:
            raise Gone(str(error)) from error


def _named(answer: Mapping[str, Any], field: str) -> set[str]:
    """Userids, in lower case: as WeCom gives them back, however they were written."""
    return set(str(answer.get(field, "")).lower().split("|"))


def _in_words(answer: Mapping[str, Any], message: Rendered) -> Shown:
    return Shown(f"{TEXT}{answer.get('msgid', message.own)}", numbered=numbered(message))
