"""The URL of 接收消息, tried as WeCom's console tries it (document/path/90238): from here, and from outside."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.channels import Raw
from bot.channels.wecom.callbacks import Receiver
from bot.channels.wecom.crypto import Crypto
from bot.clock import Clock
from bot.commands.check.found import Found, bad, good, warned
from bot.config import WecomApp, WecomSection, host_of, port_of
from bot.texts import Words

PATIENCE: Final = timedelta(seconds=1)  # WeCom's own
BREATH: Final = timedelta(seconds=0.02)
OK: Final = 200


class Nobody(Exception):
    """There was no answer at all: its words say why."""


class Wrong(Exception):
    """Another answer than ours: its words say which."""


async def callback(app: WecomApp, section: WecomSection, clock: Clock, words: Words) -> list[Found]:
    """A bot that runs answers; where none does, we listen for the moment."""
    crypto = Crypto(app.token, app.aes_key, app.corp_id)
    receiver = Receiver(crypto, clock, host_of(section.listen), port_of(section.listen), section.path)
    async with _listening(receiver) as ours, ClientSession() as session:
        verifier = Verifier(session, crypto, clock, words)
        return [await _here(section, verifier, ours, words), await _outside(section, verifier, words)]


@asynccontextmanager
async def _listening(receiver: Receiver) -> AsyncIterator["asyncio.Task[None]"]:
    """The task ends at once where somebody else listens already."""
    task = asyncio.create_task(receiver.listen(_leave), name="listening")
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _leave(raws: Sequence[Raw]) -> None:
    """What WeCom posts meanwhile is not acknowledged: it tries again, and then perhaps the bot runs."""
    await asyncio.Event().wait()


class Verifier:
    """Asks as WeCom does when 保存 is pressed."""

    def __init__(self, session: ClientSession, crypto: Crypto, clock: Clock, words: Words) -> None:
        self._session = session
        self._crypto = crypto
        self._clock = clock
        self._words = words

    async def verify(self, url: str) -> None:
        """Raises Nobody, Wrong."""
        echo = secrets.token_hex(8)
        now = str(int(self._clock.now().timestamp()))
        sealed = self._crypto.sealed(echo.encode(), now, secrets.token_hex(5))
        query = dict(msg_signature=sealed.signature, timestamp=now, nonce=sealed.nonce, echostr=sealed.encrypted)
        limit = ClientTimeout(total=PATIENCE.total_seconds())
        try:
            async with self._session.get(url, params=query, timeout=limit, allow_redirects=False) as answer:
                if answer.status != OK:
                    raise Wrong(f"HTTP {answer.status}")
                if await answer.read() != echo.encode():
                    raise Wrong(self._words.say("check.wecom.other"))
        except TimeoutError as error:
            raise Nobody(self._words.say("check.wecom.slow")) from error
        except (ClientError, OSError) as error:
            raise Nobody(type(error).__name__) from error

    async def verify_soon(self, url: str) -> None:
        """For a listener that has just been started."""
        until = self._clock.now() + PATIENCE
        while True:
            try:
                return await self.verify(url)
            except Nobody:
                if self._clock.now() > until:
                    raise
            await self._clock.sleep_until(self._clock.now() + BREATH)


async def _here(section: WecomSection, verifier: Verifier, ours: "asyncio.Task[None]", words: Words) -> Found:
    address = f"http://{section.listen}{section.path}"
    try:
        await verifier.verify_soon(address)
    except (Nobody, Wrong) as error:
        return bad("listen", words.say("check.wecom.listen_bad", {"address": address, "problem": str(error)}))
    who = "running" if ours.done() else "listen"
    return good("listen", words.say(f"check.wecom.{who}", {"address": address}))


async def _outside(section: WecomSection, verifier: Verifier, words: Words) -> Found:
    """That nobody answers may be for the school's own router, so it proves nothing."""
    if not section.public_url:
        return warned("url", words.say("check.wecom.url_none"))
    said = {"address": section.public_url, "path": section.path, "listen": section.listen}
    try:
        await verifier.verify(section.public_url)
    except Nobody as error:
        return warned("url", words.say("check.wecom.url_away", {**said, "problem": str(error)}))
    except Wrong as error:
        return bad("url", words.say("check.wecom.url_wrong", {**said, "problem": str(error)}))
    return good("url", words.say("check.wecom.url", said))
