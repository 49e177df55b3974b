"""回调加解密: what WeCom sends to us is signed and encrypted, and only what is both is looked at.

After WeCom's 加解密方案说明 (developer.work.weixin.qq.com/document/path/91144)."""

import base64
import hashlib
import hmac
import os
import struct
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

KEY_SIGNS: Final = 43  # of an EncodingAESKey
BLOCK: Final = 32  # bytes to which WeCom pads; AES itself works in blocks of 16
AES_BLOCK: Final = 16
NOISE: Final = 16  # random bytes before the length
HEAD: Final = NOISE + 4


class Rejected(Exception):
    """Not from WeCom, or not for us. Why is for our log alone: an answer that says it would help an attacker."""


@dataclass(frozen=True)
class Sealed:
    """What came with one call: the query's three values, and what is encrypted."""

    signature: str
    timestamp: str
    nonce: str
    encrypted: str


class Crypto:
    """`token` and `aes_key` (43 letters and digits) as the console names them, Token and EncodingAESKey; `receiver` is
    the corp's id for a self-built app. Raises ValueError for a key that is none."""

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        self._token = token
        self._receiver = receiver.encode()
        self._key = _key(aes_key)

    def opened(self, sealed: Sealed) -> bytes:
        """What was meant for us. Raises Rejected."""
        wanted = self.signature(sealed.timestamp, sealed.nonce, sealed.encrypted)
        if not hmac.compare_digest(wanted.encode(), _bytes(sealed.signature)):
            raise Rejected("the signature is another: is wecom.token the console's Token?")
        return self._content(self._decrypted(sealed.encrypted))

    def sealed(self, content: bytes, timestamp: str, nonce: str) -> Sealed:
        """As WeCom seals for us, and we would for it."""
        plain = os.urandom(NOISE) + struct.pack(">I", len(content)) + content + self._receiver
        many = BLOCK - len(plain) % BLOCK
        writer = self._cipher().encryptor()
        data = writer.update(plain + bytes([many]) * many) + writer.finalize()
        encrypted = base64.b64encode(data).decode()
        return Sealed(self.signature(timestamp, nonce, encrypted), timestamp, nonce, encrypted)

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        parts = sorted((self._token, timestamp, nonce, encrypted))
        return hashlib.sha1(_bytes("".join(parts)), usedforsecurity=False).hexdigest()  # the platform's choice

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES256(self._key), CBC(self._key[:AES_BLOCK]))

    def _decrypted(self, encrypted: str) -> bytes:
        try:
            data = base64.b64decode(encrypted, validate=True)
        except ValueError as error:
            raise Rejected("what is encrypted is not Base64") from error
        if not data or len(data) % AES_BLOCK:
            raise Rejected("what is encrypted is no whole number of blocks")
        reader = self._cipher().decryptor()
        return _unpadded(reader.update(data) + reader.finalize())

    def _content(self, plain: bytes) -> bytes:
        if len(plain) < HEAD:
            raise Rejected("it is too short: is wecom.aes_key the console's EncodingAESKey?")
        (length,) = struct.unpack(">I", plain[NOISE:HEAD])
        end = HEAD + length
        if end > len(plain):
            raise Rejected("it is shorter than it says: is wecom.aes_key the console's EncodingAESKey?")
        if not hmac.compare_digest(plain[end:], self._receiver):
            raise Rejected("it is for another receiver: is wecom.corp_id the console's 企业ID?")
        return plain[HEAD:end]


def _key(aes_key: str) -> bytes:
    if len(aes_key) != KEY_SIGNS or not (aes_key.isascii() and aes_key.isalnum()):
        raise ValueError(f"an EncodingAESKey is {KEY_SIGNS} letters and digits")
    return base64.b64decode(aes_key + "=")


def _unpadded(plain: bytes) -> bytes:
    many = plain[-1]
    if not 1 <= many <= BLOCK or plain[-many:] != bytes([many]) * many:
        raise Rejected("it does not end as padded: is wecom.aes_key the console's EncodingAESKey?")
    return plain[:-many]


def _bytes(text: str) -> bytes:
    """A query may hold what is no text at all."""
    return text.encode(errors="surrogatepass")
