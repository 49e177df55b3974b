"""What a message that is no template card holds: text, markdown, image, file, textcard."""

from sandbox.model import Button
from sandbox.wecom import limits
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError, invalid
from sandbox.wecom.fields import Fields
from sandbox.wecom.model import Content

_SAFE = frozenset({"text", "image", "file"})  # a 保密消息 can be these


def read_content(corp: Corp, fields: Fields, kind: str) -> Content:
    safe = read_safe(fields, kind)
    inner = fields.inner(kind)
    match kind:
        case "text":
            inner.refuse_unknown("content")
            return Content(text=cut_bytes(corp, inner.string("content", required=True)), safe=safe)
        case "markdown":
            inner.refuse_unknown("content")
            return Content(text=_markdown(inner.string("content", required=True)), markdown=True)
        case "image":
            inner.refuse_unknown("media_id")
            return Content(image=corp.media_file(inner.string("media_id", required=True), "image").id, safe=safe)
        case "file":
            inner.refuse_unknown("media_id")
            return Content(file=corp.media_file(inner.string("media_id", required=True), "file").id, safe=safe)
        case "textcard":
            return _textcard(corp, inner)
        case _:
            raise WecomError(40008, f"invalid message type: {kind}")


def read_safe(fields: Fields, kind: str) -> bool:
    """Whether it is a 保密消息, which only some kinds can be."""
    safe = fields.flag("safe")
    if safe and kind not in _SAFE:
        raise invalid(f"safe with {kind}")
    return safe


def cut_bytes(corp: Corp, text: str) -> str:
    """A text longer than 2,048 bytes loses its end without a word, a character that is cut in two with it."""
    data = text.encode()
    if len(data) > limits.TEXT:
        corp.cut_off("text.content", limits.TEXT, len(data))
    return data[: limits.TEXT].decode(errors="ignore")


def _markdown(text: str) -> str:
    if len(text.encode()) > limits.MARKDOWN:
        raise WecomError(45002, "content size out of limit")
    return text


def _textcard(corp: Corp, inner: Fields) -> Content:
    inner.refuse_unknown("title", "description", "url", "btntxt")
    title = corp.fit("textcard.title", inner.string("title", required=True), limits.TEXTCARD_TITLE)
    description = inner.string("description", required=True)
    description = corp.fit("textcard.description", description, limits.TEXTCARD_DESCRIPTION)
    button = Button(inner.string("btntxt") or "详情", "", inner.string("url", required=True))
    return Content(text=f"{title}\n{description}", keyboard=((button,),))
