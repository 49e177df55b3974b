"""Frames of 智能机器人's long connection: {cmd, headers: {req_id}, body}, the journal's lines, and how WeCom says no.

PLATFORM §C3, developer.work.weixin.qq.com/document/path/101463. The codes of refusals stand in no list of WeCom's;
these are second-hand, from programs that met them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sandbox.model import JsonObject
from sandbox.wecom.errors import WecomError, invalid
from sandbox.wecom.fields import Fields

SUBSCRIBE, PING = "aibot_subscribe", "ping"
MESSAGE, EVENT = "aibot_msg_callback", "aibot_event_callback"
RESPOND, WELCOME, UPDATE = "aibot_respond_msg", "aibot_respond_welcome_msg", "aibot_respond_update_msg"
SEND = "aibot_send_msg"
INIT, CHUNK, FINISH = "aibot_upload_media_init", "aibot_upload_media_chunk", "aibot_upload_media_finish"


def bad_secret() -> WecomError:
    return WecomError(853000, "invalid bot_id or secret")


def not_subscribed() -> WecomError:
    return WecomError(846609, "aibot websocket not subscribed")


def bad_request_id() -> WecomError:
    """Of no callback, of one of another kind, used up, or too old."""
    return WecomError(846605, "invalid req_id")


def bad_type() -> WecomError:
    return WecomError(40008, "invalid message type")


def bad_chat() -> WecomError:
    """Also of a person who has never written to this robot."""
    return WecomError(93006, "invalid chatid")


def bad_media() -> WecomError:
    return WecomError(40007, "invalid media_id")


def too_often() -> WecomError:
    return WecomError(45009, "api freq out of limit")


@dataclass(frozen=True, slots=True)
class Passed:
    """A line of the journal: a frame, and in which direction it went."""

    at: datetime
    to_bot: bool
    frame: Mapping[str, object]

    @property
    def cmd(self) -> object:
        """None of an answer."""
        return self.frame.get("cmd")


@dataclass(frozen=True, slots=True)
class Request:
    """A frame of the bot's."""

    cmd: str
    req_id: str
    body: Fields


def request_of(frame: object) -> Request:
    """Raises WecomError for what is no frame."""
    if not isinstance(frame, dict):
        raise invalid("no object")
    fields = Fields(frame)
    fields.refuse_unknown("cmd", "headers", "body")
    req_id = fields.inner("headers").string("req_id", required=True)
    body = fields.inner("body") if "body" in fields else Fields({}, "body")
    return Request(fields.string("cmd", required=True), req_id, body)


def call(cmd: str, req_id: str, body: JsonObject) -> JsonObject:
    return {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}


def answer(req_id: str, body: JsonObject | None) -> JsonObject:
    said: JsonObject = {} if body is None else {"body": body}
    return {"headers": {"req_id": req_id}, **said, "errcode": 0, "errmsg": "ok"}


def refusal(req_id: str, why: WecomError) -> JsonObject:
    return {"headers": {"req_id": req_id}, "errcode": why.errcode, "errmsg": why.errmsg}
