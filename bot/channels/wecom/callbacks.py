"""接收消息服务器: what WeCom posts to us, taken before it is answered.

WeCom waits five seconds, tries three times in all and keeps nothing (document/path/90238): so the 200 comes only after
the commit, and a repeat is told by its native id. Whatever is not from WeCom gets the same bare 403, whatever was
wrong with it and wherever it knocked: why is in our log."""

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from aiohttp import web
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.channels import Raw
from bot.channels.door import ANONYMOUS, PATIENCE, Door, Take, Unread, body
from bot.channels.wecom.crypto import Crypto, Rejected, Sealed
from bot.clock import Clock

log = logging.getLogger(__name__)

LARGEST: Final = 64 * 1024  # bytes of a body; the largest that WeCom sends, a text of 2,048 bytes, is far below
DEEPEST: Final = 8  # elements in elements; WeCom's cards come to four
# Either way. WeCom's three tries are seconds apart, but a machine whose clock is hours off (local time taken for UTC)
# must hear all the same, and what is repeated is known for longer than this by its native id.
LONGEST_AGO: Final = 24 * 60 * 60
EVENT_KEYS: Final = (
    "FromUserName",
    "CreateTime",
    "Event",
    "EventKey",
    "TaskId",
    "ResponseCode",
    "ChangeType",
    "UserID",
)
NO_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Receiver:
    """One path of a web server: a GET is the console's check of the URL, a POST a message or an event. `door`: another
    way in than over the network."""

    def __init__(
        self, crypto: Crypto, clock: Clock, host: str, port: int, path: str, *, door: Door | None = None
    ) -> None:
        self._crypto = crypto
        self._clock = clock
        self._door = door or Door(host, port, "wecom.listen")
        self._path = path

    @property
    def port(self) -> int:
        return self._door.port

    async def listen(self, take: Take) -> None:
        """Until cancelled. What `take` raises or is too long about is not acknowledged to WeCom, which tries again.
        Raises Conflict when the address is another program's."""

        async def answer(request: web.BaseRequest) -> web.Response:
            return await self._answer(request, take)

        await self._door.stand_open(answer)

    async def _answer(self, request: web.BaseRequest, take: Take) -> web.Response:
        try:
            return await self._told(request, take)
        except (Rejected, Unread) as error:
            log.warning("WeCom: a callback was refused: %s", error)
            return web.Response(status=403, headers=ANONYMOUS)
        except TimeoutError:
            log.error("WeCom: what it posted is not taken after %s s and is not acknowledged", PATIENCE)
            return web.Response(status=503, headers=ANONYMOUS)

    async def _told(self, request: web.BaseRequest, take: Take) -> web.Response:
        if request.path != self._path:
            raise Rejected("it is for another path than wecom.path")
        match request.method:
            case "GET":
                echo = self._opened(request, request.query.get("echostr", ""))
                return web.Response(body=echo, content_type="text/plain", headers=ANONYMOUS)
            case "POST":
                outside = parsed(await body(request, LARGEST))
                opened = self._opened(request, str(outside.get("Encrypt", "")))
                await self._door.take(raw(opened), take)
                return web.Response(headers=ANONYMOUS)
        raise Rejected("it is neither GET nor POST")

    def _opened(self, request: web.BaseRequest, encrypted: str) -> bytes:
        signature, timestamp, nonce = (request.query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
        opened = self._crypto.opened(Sealed(signature, timestamp, nonce, encrypted))
        if abs(self._clock.now().timestamp() - _seconds(timestamp)) > LONGEST_AGO:
            raise Rejected("it is a day from our time: an old one again, or this machine's clock is wrong")
        return opened


def _seconds(timestamp: str) -> int:
    if not re.fullmatch("[0-9]{1,12}", timestamp):
        raise Rejected("its timestamp is no number of seconds")
    return int(timestamp)


def raw(opened: bytes) -> Raw:
    """The decrypted XML as JSON: names that come several times become a list. Raises Rejected. What people paste may
    hold signs that no XML may (a line's end from Word): their words are not lost for them."""
    said = parsed(NO_XML.sub(b" ", opened))
    return Raw(native_id(said), json.dumps(said, ensure_ascii=False))


def parsed(body: bytes) -> dict[str, Any]:
    """WeCom's XML as nested values. Raises Rejected."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Rejected(f"no XML of WeCom's: {type(error).__name__}") from error
    found = _value(root, DEEPEST)
    if not isinstance(found, dict):
        raise Rejected("an XML without fields")
    return found


def _value(node: Element, depth: int) -> Any:
    if len(node) == 0:
        return node.text or ""
    if depth == 0:
        raise Rejected("an XML too deep to be WeCom's")
    found: dict[str, Any] = {}
    for child in node:
        value = _value(child, depth - 1)
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    return found


def native_id(said: Mapping[str, Any]) -> str:
    """What tells a repeat. Events have no MsgId: then who, when (to the second), what, and of a card which and on what
    (90240); as a digest, for a button's key may be of 1,024 bytes."""
    if said.get("MsgId"):
        return str(said["MsgId"])
    words = json.dumps([said.get(key) for key in EVENT_KEYS])
    return "event:" + hashlib.sha256(words.encode()).hexdigest()
