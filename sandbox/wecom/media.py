"""media/upload and media/get: files that live three days. webhook/upload_media is a group robot's own."""

from sandbox.model import JsonObject, StoredFile
from sandbox.params import Upload
from sandbox.pictures import mime_of
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError, invalid

# from memory: the errcode for a file of each kind that is too large
_TOO_LARGE = {"image": 40009, "voice": 40010, "video": 40011, "file": 40006}


def upload(corp: Corp, call: Call) -> JsonObject:
    return keep(corp, call, "app", tuple(limits.MEDIA))


def keep(corp: Corp, call: Call, owner: str, kinds: tuple[str, ...]) -> JsonObject:
    kind = call.query.get("type", "")
    if kind not in kinds:
        raise WecomError(40004, "invalid media type")
    if call.upload is None:
        raise WecomError(41005, "media data missing")
    _check(kind, call.upload)
    media = corp.keep_media(kind, owner, call.upload.name, call.upload.mime, call.upload.data)
    return {"type": kind, "media_id": media.id, "created_at": str(int(media.at.timestamp()))}


def _check(kind: str, upload: Upload) -> None:
    """40006 for 5 bytes or less; 40005 (from memory) for a picture that is neither PNG nor JPEG, and its like."""
    if len(upload.data) <= limits.SMALLEST_FILE:
        raise WecomError(40006, "invalid media size")
    if len(upload.data) > limits.MEDIA[kind]:
        raise WecomError(_TOO_LARGE[kind], f"invalid {kind} size")
    fits = {
        "image": mime_of(upload.data) is not None,
        "voice": upload.data.startswith(b"#!AMR"),
        "video": upload.name.lower().endswith(".mp4"),
        "file": True,
    }
    if not fits[kind]:
        raise WecomError(40005, "invalid file type")


def get(corp: Corp, call: Call) -> StoredFile:
    """The file's bytes themselves."""
    media_id = call.query.get("media_id", "")
    if not media_id:
        raise invalid("media_id missing")
    media = corp.media.get(media_id)
    return corp.media_file(media_id, media.kind if media is not None else "")
