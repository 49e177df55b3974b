"""智能机器人 behind the port: the way in for a school that nobody can call from outside (PLATFORM §C3).

Its limits are WeCom's: who has not written to it cannot be written to, and what is said to it while it is not connected
is lost. Both are told upwards (`Unreachable.unheard`, `keeps_input`) and shown to people there."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from bot.channels import (
    Capabilities,
    ChannelError,
    Command,
    Conflict,
    Gone,
    Heard,
    Pace,
    Raw,
    Refused,
    Rendered,
    Shown,
    Unauthorized,
    Unreachable,
    Window,
    nothing,
)
from bot.channels.wecom.cards import LIMITS, OTHERS, card, under_a_new_name
from bot.channels.wecom.connection import Connection, Json
from bot.channels.wecom.contents import attached, numbered, uploaded, words
from bot.channels.wecom.reading import PLAIN
from bot.channels.wecom.robot_files import download, upload
from bot.channels.wecom.robot_reading import GROUP, native_id, read
from bot.clock import Clock
from bot.texts import octets

MARKDOWN: Final = 20_480  # bytes
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds
STEADY: Final = 60.0  # seconds that a line has to stand before the next pause is a short one again
# 30 a minute and 1,000 an hour to one conversation, replies and pushes together; a little below it
A_CONVERSATION: Final = (Window(28, 60.0), Window(980, 3600.0))

log = logging.getLogger(__name__)
Take = Callable[[Sequence[Raw]], Awaitable[None]]


class Robot:
    """A person's chat is their userid, a group's `aibot:` and its chatid. Only while it listens it is connected: so
    whoever opens it to read or to check throws out no running bot."""

    name = "wecom"
    can = Capabilities(
        carries_names="alone",  # it has no 保密消息: any text can be passed on, and stands on a locked screen
        measure=octets,
        text_units=MARKDOWN,
        caption_units=0,
        buttons=1000,  # as numbers under a text
        buttons_a_row=1,
        pace=Pace(a_second=20.0, private=A_CONVERSATION, group=A_CONVERSATION),
        edits_text=False,
        edit_life=timedelta(seconds=5),
        toasts=False,
        removes=False,
        cards=LIMITS,
        numbers=True,
        keeps_input=False,
        own_menus=False,
    )

    def __init__(
        self, bot_id: str, secret: str, url: str, clock: Clock, *, connection: Connection | None = None
    ) -> None:
        self.username = bot_id
        self._clock = clock
        self._connection = connection or Connection(bot_id, secret, url, clock)
        self._out_since: datetime | None = None
        self._entered: dict[str, str] = {}
        self._wrote: dict[str, str] = {}

    @property
    def ahead(self) -> timedelta | None:
        """Not known: the connection tells no time."""
        return None

    @property
    def out_since(self) -> datetime | None:
        return self._out_since

    async def open(self) -> None:
        await self._connection.open()

    async def close(self) -> None:
        await self._connection.close()

    # Listening

    async def listen(
        self, take: Take, out_since: datetime | None = None, went_round: Callable[[], None] = nothing
    ) -> None:
        """For ever. Raises Unauthorized; Conflict when another connection has taken over this robot, for to come back
        would throw that one out; and whatever `take` raises."""
        self._out_since, pause = out_since, FIRST_PAUSE
        while True:
            went_round()
            since = self._clock.monotonic()
            try:
                await self._connection.connect()
                await self._stay(take)
            except (Unauthorized, Conflict):
                raise
            except ChannelError as error:
                if pause == FIRST_PAUSE:
                    log.warning("WeCom: the robot is not connected, what is said to it now is lost: %s", error)
            self._out_since = self._out_since or self._connection.heard_at
            pause = FIRST_PAUSE if self._clock.monotonic() - since > STEADY else pause
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=pause))
            pause = min(LONGEST_PAUSE, 2 * pause)

    async def _stay(self, take: Take) -> None:
        """As long as the line stands. Each answer to a ping is taken, too: WeCom is there, and nobody has spoken."""
        with self._clock.busy():
            await take([])
        self._out_since = None
        log.info("WeCom: the robot is connected")
        while True:
            frames = await self._connection.heard()
            with self._clock.busy():
                await take([Raw(native_id(frame), json.dumps(frame, ensure_ascii=False)) for frame in frames])
                for frame in frames:
                    self._note(frame)

    def _note(self, frame: Json) -> None:
        """Who has just opened the chat may be welcomed, even without ever having written; who has written may be
        answered for a day."""
        with suppress(ValueError):
            heard = read(json.dumps(frame))
            if heard is not None and heard.tap is None:
                noted = self._entered if heard.verb == "entered" else self._wrote
                noted[heard.chat] = str(frame["headers"]["req_id"])

    def read(self, body: str) -> Heard | None:
        return read(body)

    # Showing

    async def show(self, native: str, message: Rendered, ref: str | None = None, edit_code: str | None = None) -> Shown:
        """A card is edited within five seconds of a press on it; all else is sent anew."""
        if ref is not None:
            return await self._edited(message, ref, edit_code)
        shown = await under_a_new_name(message, lambda named: self._sent(native, named))
        if edit_code is not None:
            with suppress(ChannelError):  # what was sent stands, whatever becomes of the old card
                await self._close(message, edit_code)
        return shown

    async def _sent(self, native: str, message: Rendered) -> Shown:
        if (file := attached(message)) is not None:
            media = await upload(self._connection, *file)
            await self._push(native, uploaded(file[0], media))
            return Shown(message.own)
        if octets(message.text) > MARKDOWN:
            raise Refused(f"{octets(message.text)} bytes of text, at most {MARKDOWN} can be shown")
        entry = self._entry(native)
        if entry is not None:
            await self._connection.ask("aibot_respond_welcome_msg", _content(message, "text"), entry)
        else:
            await self._push(native, _content(message, "markdown"))
        return Shown(message.own, numbered=numbered(message))

    def _entry(self, native: str) -> str | None:
        """By which somebody who has just opened the chat may be welcomed."""
        entry = self._entered.pop(native, None)
        if entry is not None:
            with suppress(Gone):
                self._connection.use(entry)
                return entry
        return None

    async def _edited(self, message: Rendered, ref: str, edit_code: str | None) -> Shown:
        if edit_code is None:
            raise Gone("it can no longer be edited")
        if message.face is None:
            await self._close(message, edit_code)
            raise Gone("what it is to be is no card")
        await self._update(edit_code, card(message))
        return Shown(ref, numbered=numbered(message))

    async def _close(self, message: Rendered, edit_code: str) -> None:
        closed = {"text": message.closed, "style": OTHERS, "key": PLAIN}
        face = {"card_type": "button_interaction", "main_title": {"title": message.closed}, "button_list": [closed]}
        await self._update(edit_code, face)

    async def _update(self, edit_code: str, face: Json) -> None:
        """The card keeps its task_id. Raises Gone for one that WeCom does not take: then it is sent anew."""
        pressed = self._connection.use(edit_code)["body"]["event"]["template_card_event"]
        # what stops all pressing on an app's card is not known to a robot's
        alive = {name: value for name, value in face.items() if name != "replace_text"}
        shown = {**alive, "task_id": pressed["task_id"]}
        body = {"response_type": "update_template_card", "template_card": shown}
        try:
            await self._connection.ask("aibot_respond_update_msg", body, edit_code)
        except Refused as error:
            raise Gone(str(error)) from error

    async def _push(self, native: str, content: Json) -> None:
        group = native.startswith(GROUP)
        where = {"chatid": native.removeprefix(GROUP), "chat_type": 2 if group else 1}
        try:
            await self._connection.ask("aibot_send_msg", {**where, **content})
        except Unreachable as error:
            await self._reply(native, content, error)

    async def _reply(self, native: str, content: Json, refused: Unreachable) -> None:
        """To what was last written there, which WeCom allows for a day where it does not let the robot begin."""
        said = self._wrote.get(native)
        if said is None:
            raise refused
        try:
            await self._connection.ask("aibot_respond_msg", content, said)
        except Gone:
            del self._wrote[native]
            raise refused from None

    async def remove(self, ref: str) -> None:
        raise Refused("a robot takes nothing out of a chat")

    async def fetch(self, file: str, most: int) -> bytes:
        return await download(file, most)

    async def answer(self, tap: str, words: str | None, *, loud: bool) -> None:
        """There is no pop-up: what must be read is a message of its own."""

    async def menus(self, native: str | None, private: bool, commands: Mapping[str, Sequence[Command]]) -> None:
        """A robot has none: commands are typed."""


def _content(message: Rendered, kind: str) -> Json:
    """A card, or the text as that kind of message which may be said here."""
    if message.face is not None:
        return {"msgtype": "template_card", "template_card": card(message)}
    return words(message, kind)
