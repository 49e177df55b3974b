"""One call of the bot, as the methods see it: its query, its JSON, its upload, and whose token it carries."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.params import Upload
from sandbox.wecom.errors import WecomError
from sandbox.wecom.fields import Fields

HIDDEN = "access_token"


@dataclass
class Call:
    """`secret` is whose token came with it; "" for a call that needs none. `escaped`: there is \\uXXXX in its JSON."""

    method: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] = field(default_factory=dict)
    upload: Upload | None = None
    secret: str = ""
    escaped: bool = False

    @property
    def fields(self) -> Fields:
        return Fields(self.body)

    @property
    def params(self) -> dict[str, object]:
        """For the journal: all but the token."""
        sent: dict[str, object] = {**self.query, **self.body}
        if self.upload is not None:
            sent["media"] = str(self.upload)
        return {name: value for name, value in sent.items() if name != HIDDEN}

    def number(self, name: str) -> int | None:
        """A number in the address; None if it is absent. Raises 40058 for what is none."""
        value = self.query.get(name, "")
        if value and not value.isdigit():
            raise WecomError(40058, f"invalid Request Parameter: {name}")
        return int(value) if value else None


async def read_call(method: str, request: web.BaseRequest) -> Call:
    """Raises 47001 for a body that is no JSON object, 41005 for an upload without its file."""
    call = Call(method, dict(request.query))
    if request.method == "POST" and request.content_type == "multipart/form-data":
        call.upload = await _upload(request)
    elif request.method == "POST":
        data = await request.read()
        call.body, call.escaped = _json(data), b"\\u" in data
    return call


async def _upload(request: web.BaseRequest) -> Upload:
    found = (await request.post()).get("media")
    if not isinstance(found, web.FileField):
        raise WecomError(41005, "media data missing")
    return Upload(found.filename, found.content_type, found.file.read())


def _json(data: bytes) -> Mapping[str, object]:
    try:
        body = json.loads(data)
    except ValueError as error:
        raise WecomError(47001, "data format error") from error
    if not isinstance(body, dict):
        raise WecomError(47001, "data format error")
    return body
