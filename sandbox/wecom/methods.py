"""The API's table of contents: each path under /cgi-bin/, how it is called, what does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.model import JsonObject, StoredFile
from sandbox.wecom import agent, contacts, group_robot, groups, media, menu, sending, updating
from sandbox.wecom.call import Call
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError

Who = Literal["app", "contacts", "anybody"]


@dataclass(frozen=True, slots=True)
class Method:
    """`who`: whose token it takes. A file is answered as it is."""

    verb: Literal["GET", "POST"]
    run: Callable[[Corp, Call], JsonObject | StoredFile]
    who: Who = "app"


def get_token(corp: Corp, call: Call) -> JsonObject:
    if call.query.get("corpid") != corp.corp_id:
        raise WecomError(40013, "invalid corpid")
    secret = call.query.get("corpsecret", "")
    if secret not in (corp.secret, corp.contacts_secret):
        raise WecomError(40001, "invalid credential")
    token = corp.tokens.give(secret, corp.now())
    return {"access_token": token.text, "expires_in": int((token.until - corp.now()).total_seconds())}


def get_callback_ips(_corp: Corp, _call: Call) -> JsonObject:
    return {"ip_list": ["127.0.0.1"]}


METHODS: dict[str, Method] = {
    "gettoken": Method("GET", get_token, "anybody"),
    "getcallbackip": Method("GET", get_callback_ips),
    "agent/get": Method("GET", agent.get_agent),
    "message/send": Method("POST", sending.send),
    "message/recall": Method("POST", sending.recall),
    "message/update_template_card": Method("POST", updating.update_card),
    "media/upload": Method("POST", media.upload),
    "media/get": Method("GET", media.get),
    "appchat/create": Method("POST", groups.create),
    "appchat/update": Method("POST", groups.update),
    "appchat/send": Method("POST", groups.send),
    "appchat/get": Method("GET", groups.get),
    "webhook/send": Method("POST", group_robot.send, "anybody"),
    "webhook/upload_media": Method("POST", group_robot.upload, "anybody"),
    "menu/create": Method("POST", menu.create),
    "menu/get": Method("GET", menu.get),
    "menu/delete": Method("GET", menu.delete),
    "department/list": Method("GET", contacts.departments),
    "user/simplelist": Method("GET", contacts.simple_list),
    "user/list": Method("GET", contacts.full_list),
    "user/get": Method("GET", contacts.one),
    "user/list_id": Method("POST", contacts.id_list, "contacts"),
}
