"""回调加解密: what WeCom sends to us is signed and encrypted, and only what is both is looked at.

After WeCom's 加解密方案说明 (developer.work.weixin.qq.com/document/path/91144)."""

import base64
import hashlib
import hmac
import os
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from msgspec import Struct

KEY_SIGNS: Final = 43  # of an EncodingAESKey
PADDED_TO: Final = 32 * 8  # bits; AES itself works in blocks of half of that
AES_BLOCK: Final = 16  # bytes
NOISE: Final = 16  # random bytes before the length
HEAD: Final = NOISE + 4


class Rejected(Exception):
    """Not from WeCom, or not for us. Why is for our log alone: an answer that says it would help an attacker."""


class Sealed(Struct, frozen=True):
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
        """As WeCom seals what it posts to us: for a check of our own address."""
        plain = os.urandom(NOISE) + len(content).to_bytes(HEAD - NOISE, "big") + content + self._receiver
        padder, writer = PKCS7(PADDED_TO).padder(), self._cipher().encryptor()
        data = writer.update(padder.update(plain) + padder.finalize()) + writer.finalize()
        encrypted = base64.b64encode(data).decode()
        return Sealed(self.signature(timestamp, nonce, encrypted), timestamp, nonce, encrypted)

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        parts = sorted((self._token, timestamp, nonce, encrypted))
        return hashlib.sha1(_bytes("".join(parts)), usedforsecurity=False).hexdigest()  # the platform's choice

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES256(self._key), CBC(self._key[:AES_BLOCK]))

    def _decrypted(self, encrypted: str) -> bytes:
        reader, unpadder = self._cipher().decryptor(), PKCS7(PADDED_TO).unpadder()
        try:
            padded = reader.update(base64.b64decode(encrypted, validate=True)) + reader.finalize()
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError as error:  # no Base64, no whole blocks, no padding
            raise Rejected("it cannot be decrypted: is wecom.aes_key the console's EncodingAESKey?") from error

    def _content(self, plain: bytes) -> bytes:
        """16 random bytes, the length in 4, as much content, and for whom it is."""
        end = HEAD + int.from_bytes(plain[NOISE:HEAD], "big")
        if not hmac.compare_digest(plain[end:], self._receiver):
            raise Rejected("it is for another receiver: is wecom.corp_id the console's 企业ID?")
        return plain[HEAD:end]


def _key(aes_key: str) -> bytes:
    if len(aes_key) != KEY_SIGNS or not (aes_key.isascii() and aes_key.isalnum()):
        raise ValueError(f"an EncodingAESKey is {KEY_SIGNS} letters and digits")
    return base64.b64decode(aes_key + "=")


def _bytes(text: str) -> bytes:
    """A query may hold what is no text at all."""
    return text.encode(errors="surrogatepass")
