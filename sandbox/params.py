"""A call's parameters, however they came: JSON, form, multipart or in the address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from sandbox.errors import ApiError, bad_request

JSON_COMPLAINTS = {
    "reply_markup": "Can't parse reply keyboard markup JSON object",
    "entities": "Can't parse entities JSON object",
    "caption_entities": "Can't parse entities JSON object",
    "link_preview_options": "Can't parse link preview options JSON object",
    "reply_parameters": "Can't parse reply parameters JSON object",
    "commands": "Can't parse commands JSON object",
    "scope": "Can't parse BotCommandScope JSON object",
    "media": "Can't parse input media JSON object",
}


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    mime: str
    data: bytes

    def __str__(self) -> str:
        return f"<{self.name}, {len(self.data)} bytes>"


class Params:
    """Typed access with Telegram's habits: empty is absent, numbers may be strings, out of range is clamped."""

    def __init__(self, values: Mapping[str, object], uploads: Mapping[str, Upload]) -> None:
        self.values = {name: value for name, value in values.items() if value is not None and value != ""}
        self.uploads = dict(uploads)

    def string(self, name: str) -> str:
        value = self.values.get(name, "")
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0, low: int = -(2**53), high: int = 2**53) -> int:
        if name not in self.values:
            return default
        try:
            return min(max(int(self.string(name)), low), high)
        except ValueError:
            return min(max(0, low), high)

    def flag(self, name: str) -> bool:
        return self.string(name).strip().lower() in ("true", "yes", "1")

    def structure(self, name: str) -> object:
        """A JSON value; None if absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(JSON_COMPLAINTS.get(name, f"Can't parse {name} JSON object")) from error

    def upload(self, name: str, reference: str | None = None) -> Upload | None:
        """The file sent as `name`, or the part that `attach://…` points at."""
        reference = self.string(name) if reference is None else reference
        if reference.startswith("attach://"):
            return self.uploads.get(reference.removeprefix("attach://"))
        return self.uploads.get(name) if not reference else None

    def refuse_unknown(self, known: frozenset[str]) -> None:
        """Telegram ignores what it does not know; here a misspelt parameter is found."""
        attached = json.dumps(list(self.values.values()), ensure_ascii=False, default=str) if self.uploads else ""
        names = [name for name in self.values if name not in known]
        names += [name for name in self.uploads if name not in known and f"attach://{name}" not in attached]
        if names:
            raise bad_request(f"sandbox: unknown parameter {names[0]}")

    def for_journal(self) -> dict[str, object]:
        return {**self.values, **{name: str(upload) for name, upload in self.uploads.items()}}


async def read_params(request: web.BaseRequest) -> Params:
    values: dict[str, object] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        values.update(await _json_body(request))
    elif request.can_read_body:
        for name, field in (await request.post()).items():
            if isinstance(field, web.FileField):
                uploads[name] = Upload(field.filename, field.content_type, field.file.read())
            else:
                values[name] = field if isinstance(field, str) else bytes(field).decode()
    return Params(values, uploads)


async def _json_body(request: web.BaseRequest) -> dict[str, object]:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError as error:
        raise ApiError(400, "Bad Request: can't parse JSON body") from error
    if not isinstance(body, dict):
        raise ApiError(400, "Bad Request: can't parse JSON body")
    return body
