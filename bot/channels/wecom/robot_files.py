"""Files on a robot's long connection: sent up in pieces, and what people send, which lies encrypted with a key of its
own (document/path/101463)."""

import asyncio
import base64
import binascii
import hashlib
import json
import math
from typing import Final

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from bot.channels import Gone, Refused, TooLarge, TryLater, Unknown
from bot.channels.wecom.connection import Connection

PIECE: Final = 512 << 10  # bytes, before base64
MOST: Final = {"image": 10 << 20, "file": 20 << 20}  # bytes
PADDING: Final = 32  # bytes to which it is padded
AES_BLOCK: Final = 16
AGAIN: Final = 5.0  # seconds
WHOLE: Final = 60.0  # seconds
FOUND: Final = 200


async def upload(connection: Connection, kind: str, name: str, data: bytes) -> str:
    """Its media_id, good for three days. Raises Refused for one that is too large, and as `Connection.ask`; what was
    not answered has shown nothing to anybody, so it is for later."""
    if len(data) > MOST[kind]:
        raise Refused(f"{len(data)} bytes, at most {MOST[kind]} can be sent")
    try:
        return await _uploaded(connection, kind, name, data)
    except Unknown as error:
        raise TryLater(str(error), seconds=AGAIN) from error


async def _uploaded(connection: Connection, kind: str, name: str, data: bytes) -> str:
    pieces = math.ceil(len(data) / PIECE)
    size = {"total_size": len(data), "total_chunks": pieces}
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    begun = await connection.ask("aibot_upload_media_init", {"type": kind, "filename": name, **size, "md5": md5})
    upload_id = str(begun["upload_id"])
    for index in range(pieces):
        piece = base64.b64encode(data[index * PIECE : (index + 1) * PIECE]).decode()
        body = {"upload_id": upload_id, "chunk_index": index, "base64_data": piece}
        await connection.ask("aibot_upload_media_chunk", body)
    return str((await connection.ask("aibot_upload_media_finish", {"upload_id": upload_id}))["media_id"])


async def download(file: str, most: int) -> bytes:
    """`file` is address and key, as they were read. Raises TooLarge over `most` bytes, Gone after five minutes."""
    url, key = json.loads(file)
    try:
        timeout = ClientTimeout(total=WHOLE)
        async with ClientSession(cookie_jar=DummyCookieJar(), timeout=timeout) as session, session.get(url) as answer:
            if answer.status != FOUND:
                raise Gone(f"WeCom answered {answer.status}")
            sealed = await _read(answer, most + PADDING)
    except (ClientError, TimeoutError) as error:
        raise Unknown(type(error).__name__) from error
    data = await asyncio.to_thread(opened, sealed, key)
    if len(data) > most:
        raise TooLarge(f"{len(data)} bytes")
    return data


async def _read(answer: ClientResponse, most: int) -> bytes:
    data = bytearray()
    async for piece in answer.content.iter_chunked(PIECE):
        data += piece
        if len(data) > most:
            raise TooLarge(f"more than {most} bytes")
    return bytes(data)


def opened(sealed: bytes, key: str) -> bytes:
    """AES-256-CBC, the vector being the key's first half, padded to 32 bytes. Raises Gone for what is not."""
    try:
        secret = base64.b64decode(key + "=" * (-len(key) % 4), validate=True)
        reader = Cipher(AES256(secret), CBC(secret[:AES_BLOCK])).decryptor()
        padding = PKCS7(8 * PADDING).unpadder()
        return padding.update(reader.update(sealed) + reader.finalize()) + padding.finalize()
    except (binascii.Error, ValueError) as error:
        raise Gone("it cannot be decrypted") from error
