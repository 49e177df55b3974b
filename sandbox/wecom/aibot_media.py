"""Files on a robot's long connection: what it uploads, piece by piece, and what people send it, each with a key of its
own."""

import base64
import binascii
import hashlib
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sandbox.limits import Sliding, Window
from sandbox.model import JsonObject, StoredFile
from sandbox.wecom.aibot_frames import too_often
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import invalid
from sandbox.wecom.fields import Fields
from sandbox.wecom.limits import MEDIA, SMALLEST_FILE

OWNER = "aibot"
PIECE = 512 << 10  # bytes, before base64
PIECES = 100
SESSION = timedelta(minutes=30)
LINK_LIFE = timedelta(minutes=5)
UPLOADS = (Window(30, 60), Window(1000, 3600))
_BLOCK = 32  # bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """`had`: the pieces so far, by their number."""

    kind: str
    name: str
    size: int
    pieces: int
    md5: str
    at: datetime
    had: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._open: dict[str, Upload] = {}
        self._begun = Sliding()

    def begin(self, body: Fields) -> JsonObject:
        body.refuse_unknown("type", "filename", "total_size", "total_chunks", "md5")
        now = self._corp.now()
        if any(self._begun.wait(window, window, now) for window in UPLOADS):
            raise too_often()
        kind = body.string("type", required=True)
        if kind not in MEDIA:
            raise invalid("type")
        size = body.integer("total_size", 0, SMALLEST_FILE, MEDIA[kind])
        pieces = body.integer("total_chunks", 0, math.ceil(size / PIECE), PIECES)
        name = body.string("filename", required=True, size=256)
        for window in UPLOADS:
            self._begun.count(window, now)
        upload_id = self._corp.secret_number()
        self._open[upload_id] = Upload(kind, name, size, pieces, body.string("md5"), now)
        return {"upload_id": upload_id}

    def take(self, body: Fields) -> None:
        """Pieces are numbered from 0, as WeCom's own programs do it; one that is known is ignored."""
        body.refuse_unknown("upload_id", "chunk_index", "base64_data")
        upload = self._upload(body)
        index = body.integer("chunk_index", -1, 0, upload.pieces - 1)
        try:
            data = base64.b64decode(body.string("base64_data", required=True), validate=True)
        except binascii.Error as error:
            raise invalid("base64_data") from error
        if len(data) > PIECE:
            raise invalid("base64_data is too long")
        upload.had.setdefault(index, data)

    def finish(self, body: Fields) -> JsonObject:
        body.refuse_unknown("upload_id")
        upload = self._upload(body)
        data = b"".join(piece for _, piece in sorted(upload.had.items()))
        if len(upload.had) != upload.pieces or len(data) != upload.size:
            raise invalid("chunks are missing")
        if upload.md5 and hashlib.md5(data, usedforsecurity=False).hexdigest() != upload.md5:
            raise invalid("md5")
        media = self._corp.keep_media(upload.kind, OWNER, upload.name, "application/octet-stream", data)
        del self._open[body.string("upload_id")]
        return {"type": media.kind, "media_id": media.id, "created_at": str(int(media.at.timestamp()))}

    def _upload(self, body: Fields) -> Upload:
        found = self._open.get(body.string("upload_id", required=True))
        if found is None or found.at + SESSION <= self._corp.now():
            raise invalid("upload_id")
        return found


class Downloads:
    """What people have sent to the robot: AES-256-CBC, each link with a key of its own, for five minutes."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._lying: dict[str, tuple[bytes, datetime]] = {}

    def offer(self, stored: StoredFile) -> tuple[str, str]:
        """Where it lies, and its key in base64."""
        key, place = self._corp.dice.randbytes(32), self._corp.secret_number()
        padding = _BLOCK - len(stored.data) % _BLOCK
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        sealed = encryptor.update(stored.data + bytes([padding]) * padding) + encryptor.finalize()
        self._lying[place] = sealed, self._corp.now() + LINK_LIFE
        return place, base64.b64encode(key).decode()

    def at(self, place: str) -> bytes | None:
        found = self._lying.get(place)
        return found[0] if found is not None and found[1] > self._corp.now() else None
