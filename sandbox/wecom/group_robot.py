"""The robot of a group that people made: whoever knows its key may write there, 20 times a minute; it reads nothing."""

import base64
import hashlib

from sandbox.model import JsonObject
from sandbox.wecom import limits, media
from sandbox.wecom.call import Call
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError, invalid, not_built
from sandbox.wecom.fields import Fields
from sandbox.wecom.model import Content, GroupChat

_TYPES = ("text", "markdown", "image", "file")


def send(corp: Corp, call: Call) -> JsonObject:
    """93000 for a key that opens nothing, 45009 for the twenty-first in a minute. What is too long is refused, not
    cut as an app's is (40058, from memory)."""
    group = _group(corp, call)
    corp.rates.robot(group.key, corp.now())
    fields = call.fields
    fields.refuse_unknown("msgtype", *_TYPES)
    corp.show(group.id, _content(corp, group.key, fields))
    return {}


def upload(corp: Corp, call: Call) -> JsonObject:
    """A media_id for this robot alone."""
    return media.keep(corp, call, _group(corp, call).key, ("file", "voice"))


def _group(corp: Corp, call: Call) -> GroupChat:
    key = call.query.get("key", "")
    for group in corp.groups.values():
        if key and group.key == key:
            return group
    raise WecomError(93000, "invalid webhook url")


def _content(corp: Corp, key: str, fields: Fields) -> Content:
    kind = fields.string("msgtype", required=True)
    if kind not in _TYPES:
        raise not_built(f"of a group robot's messages only {', '.join(_TYPES)} are built")
    inner = fields.inner(kind)
    match kind:
        case "text":
            inner.refuse_unknown("content", "mentioned_list", "mentioned_mobile_list")
            inner.strings("mentioned_list", limits.RECEIVERS)
            inner.strings("mentioned_mobile_list", limits.RECEIVERS)
            return Content(text=inner.string("content", required=True, size=limits.TEXT))
        case "markdown":
            inner.refuse_unknown("content")
            text = inner.string("content", required=True, size=limits.ROBOT_MARKDOWN)
            return Content(text=text, markdown=True)
        case "image":
            return Content(image=_image(corp, key, inner))
        case _:
            inner.refuse_unknown("media_id")
            return Content(file=corp.media_file(inner.string("media_id", required=True), "file", key).id)


def _image(corp: Corp, key: str, inner: Fields) -> str:
    inner.refuse_unknown("base64", "md5")
    try:
        data = base64.b64decode(inner.string("base64", required=True), validate=True)
    except ValueError as error:
        raise invalid("image.base64") from error
    if hashlib.md5(data).hexdigest() != inner.string("md5", required=True):  # noqa: S324 - WeCom's choice
        raise invalid("image.md5")
    if len(data) > limits.ROBOT_IMAGE:
        raise WecomError(40009, "invalid image size")
    return corp.keep_media("image", key, "image", "application/octet-stream", data).id
