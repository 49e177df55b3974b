"""The port's Telegram: sends, edits, answers, and hands on what it hears."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberOwner,
    ChatMemberRestricted,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    MessageEntity,
)

from bot.channels import (
    PICTURE_NAME,
    Button,
    Capabilities,
    Command,
    Gone,
    Heard,
    Pace,
    Raw,
    Refused,
    Rendered,
    Shown,
    TooLarge,
    Unauthorized,
    Unreachable,
    WayIn,
    Window,
    nothing,
)
from bot.channels.line import Http, Line
from bot.channels.telegram.errors import NOT_MODIFIED, NOTHING_TO_DELETE, harmless, port_errors
from bot.channels.telegram.listening import Listener
from bot.channels.telegram.reading import read
from bot.channels.telegram.refs import TEXT, Ref, wanted
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.webhook import Hook, Webhook
from bot.clock import Clock
from bot.tasks import together
from bot.texts.length import split, units

ANSWER_UNITS = 200
ENTITIES = 100
POSTS = ("can_send_messages", "can_send_photos")  # rights without which the leaders get nothing, or half of it
NO_PREVIEW: Final = {"link_preview_options": {"is_disabled": True}}


class Telegram:
    """`base_url` ends where the token begins, as in https://api.telegram.org/bot. Without a webhook it polls. Raises
    Unauthorized for no token."""

    name = "telegram"
    can = Capabilities(
        carries_names="alone",
        measure=units,
        text_units=4096,
        caption_units=1024,
        buttons=100,
        buttons_a_row=8,
        # about 30 a second over all, 1 a second in one chat with short bursts, 20 a minute in one group:
        # core.telegram.org/bots/faq. A little below the first: an even pace never meets it
        pace=Pace(a_second=29.2, private=(Window(2, 2.0), Window(5, 5.0)), group=(Window(20, 60.0),)),
    )

    def __init__(
        self,
        token: str,
        base_url: str,
        clock: Clock,
        http: Http | None = None,
        webhook: Webhook | None = None,
        line: Line | None = None,
    ) -> None:
        self._request = AiohttpRequest(clock, http or Http(), line)
        with port_errors():
            self._bot = Bot(
                token,
                base_url,
                base_file_url=f"{base_url.removesuffix('/bot')}/file/bot",
                request=self._request,
                get_updates_request=self._request,
            )
        self._listener = Listener(self._bot, self._request, clock)
        self.hook = None if webhook is None else Hook(self._bot, clock, webhook)
        self.way_in = WayIn.ALONE if self.hook is None else WayIn.ANY
        self.username = ""

    @property
    def platform_time(self) -> datetime | None:
        """The Date of Telegram's last answer."""
        return self._request.line.platform_time

    @property
    def ahead(self) -> timedelta | None:
        """What our clock was ahead of Telegram's when its last answer came."""
        return self._request.line.ahead

    @property
    def out_since(self) -> datetime | None:
        """Inside `take`: since when we may not have heard anything, if we had lost touch just before. None in touch."""
        return self._listener.out_since if self.hook is None else self.hook.out_since

    async def open(self) -> None:
        """May be called again after it failed."""
        await self._request.initialize()
        with port_errors():
            me = await self._bot.get_me()
        self.username = me.username or ""

    async def close(self) -> None:
        await self._request.shutdown()

    async def lacks_in(self, group: str) -> tuple[str, ...]:
        """What the bot may not do there and must, as Telegram calls it. Raises Unreachable where it is not in it."""
        with port_errors():
            own = await self._bot.get_chat_member(group, self._bot.id)
            chat = await self._bot.get_chat(group)
        if isinstance(own, ChatMemberLeft | ChatMemberBanned):
            raise Unreachable("the bot is not in the group")
        said = own if isinstance(own, ChatMemberRestricted) else chat.permissions
        if isinstance(own, ChatMemberAdministrator | ChatMemberOwner) or said is None:
            return ()
        return tuple(name for name in POSTS if not getattr(said, name))

    async def listen(
        self,
        take: Callable[[Sequence[Raw]], Awaitable[None]],
        out_since: datetime | None = None,
        went_round: Callable[[], None] = nothing,
    ) -> None:
        if self.hook is None:
            await self._listener.listen(take, out_since, went_round)
            return
        self.hook.out_since = out_since
        await together(self.hook.stand_open(take), self.hook.look_after(take, went_round))

    def read(self, body: str) -> Heard | None:
        return read(body, self.username)

    async def show(self, native: str, message: Rendered, ref: str | None = None, edit_code: str | None = None) -> Shown:
        """Needs no `edit_code`: whatever is there can be edited."""
        known = None if ref is None else Ref.parse(ref)
        kind = wanted(message)
        self._check(message, kind)
        if known is not None and (known.chat, known.kind) != (native, kind):
            raise Gone("it was shown in another chat, or as another kind of message")
        with port_errors():
            if known is None:
                sent = await self._send(native, message)
                return Shown(str(Ref(native, sent.message_id, kind)))
            with harmless(NOT_MODIFIED):
                await self._edit(known, message)
            return Shown(str(known))

    async def remove(self, ref: str) -> None:
        """One that is no longer there is removed. Raises Refused after 48 hours."""
        known = Ref.parse(ref)
        with port_errors(), harmless(NOTHING_TO_DELETE):
            await self._bot.delete_message(known.chat, known.message)

    async def fetch(self, file: str, most: int) -> bytes:
        """In two calls: where it lies, which Telegram tells for files up to 20 MB, and the file itself."""
        try:
            with port_errors():
                found = await self._bot.get_file(file)
        except Refused as error:
            if "too big" in str(error):
                raise TooLarge(str(error)) from error
            raise Gone(str(error)) from error
        if (found.file_size or 0) > most:
            raise TooLarge(f"{found.file_size} bytes")
        if found.file_path is None:
            raise Gone("Telegram names no place of it")
        try:
            with port_errors():
                data = await self._request.retrieve(found.file_path)
        except Unauthorized as error:
            raise Gone("it is no longer where Telegram said") from error  # the library takes any 404 for the token's
        if len(data) > most:
            raise TooLarge(f"{len(data)} bytes")
        return data

    async def answer(self, tap: str, words: str | None, *, loud: bool) -> None:
        """Raises Gone when the tap is too old to be answered."""
        if words is not None and units(words) > ANSWER_UNITS:
            words = split(words, ANSWER_UNITS - 1)[0] + "…"
        with port_errors():
            await self._bot.answer_callback_query(tap, text=words, show_alert=loud or None)

    async def menus(self, native: str | None, private: bool, commands: Mapping[str, Sequence[Command]]) -> None:
        """Without a chat: the menu of all private chats, or of all groups. Chinese is what other languages get too."""
        scope = _scope(native, private)
        for language, lines in commands.items():
            menu = [BotCommand(line.name, line.description) for line in lines]
            with port_errors():
                await self._bot.set_my_commands(menu, scope, language_code="" if language == "zh" else language)

    def _check(self, message: Rendered, kind: str) -> None:
        limit = self.can.text_units if kind == TEXT else self.can.caption_units
        if units(message.text) > limit:
            raise Refused(f"{units(message.text)} units of text, at most {limit} can be shown")

    async def _send(self, native: str, message: Rendered) -> Message:
        silent, protected = message.silent or None, message.protected or None
        if message.photo is not None:
            return await self._bot.send_photo(
                native,
                message.photo,
                message.text,
                caption_entities=_spoilers(message),
                filename=PICTURE_NAME,
                disable_notification=silent,
                protect_content=protected,
                api_kwargs=_keyboard(message),
            )
        if message.file is not None:
            name, data = message.file
            return await self._bot.send_document(
                native,
                data,
                message.text,
                caption_entities=_spoilers(message),
                filename=name,
                disable_notification=silent,
                protect_content=protected,
                api_kwargs=_keyboard(message),
            )
        return await self._bot.send_message(
            native,
            message.text,
            entities=_spoilers(message),
            disable_notification=silent,
            protect_content=protected,
            api_kwargs=NO_PREVIEW | _keyboard(message),
        )

    async def _edit(self, known: Ref, message: Rendered) -> None:
        """A picture or a file goes up again with its words, in one call."""
        media = _media(message)
        if media is not None:
            await self._bot.edit_message_media(media, known.chat, known.message, api_kwargs=_keyboard(message))
            return
        await self._bot.edit_message_text(
            message.text,
            known.chat,
            known.message,
            entities=_spoilers(message),
            api_kwargs=NO_PREVIEW | _keyboard(message),
        )


def _keyboard(message: Rendered) -> dict[str, Any]:
    """As Telegram's JSON: forty-five pupils made objects of the library, and those JSON, cost as much as their call."""
    rows = [[_button(button) for button in row] for row in message.buttons if row]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _button(button: Button) -> dict[str, str]:
    return {"text": f"✓ {button.label}" if button.ticked else button.label, "callback_data": button.does}


def _spoilers(message: Rendered) -> list[MessageEntity] | None:
    """A spoiler shows neither on a locked screen nor in the list of chats. Telegram keeps the first hundred entities
    of a text: where there are more, the last of them covers all that is left."""
    spans = list(message.hidden)
    if len(spans) > ENTITIES:
        begin, (last, length) = spans[ENTITIES - 1][0], spans[-1]
        spans[ENTITIES - 1 :] = [(begin, last + length - begin)]
    return [MessageEntity(MessageEntity.SPOILER, *span) for span in spans] or None


def _media(message: Rendered) -> InputMediaPhoto | InputMediaDocument | None:
    if message.photo is not None:
        return InputMediaPhoto(message.photo, message.text, caption_entities=_spoilers(message), filename=PICTURE_NAME)
    if message.file is not None:
        name, data = message.file
        return InputMediaDocument(data, message.text, caption_entities=_spoilers(message), filename=name)
    return None


def _scope(native: str | None, private: bool) -> BotCommandScope:
    if native is not None:
        return BotCommandScopeChat(native)
    return BotCommandScopeAllPrivateChats() if private else BotCommandScopeAllGroupChats()
