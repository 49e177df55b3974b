"""The callbacks' crypto, from document/path/91144 alone: written apart from the bot's on purpose, for code that both
sides shared would hide what both got wrong.

AES-256-CBC, key = base64(EncodingAESKey + "="), IV = its first 16 bytes, PKCS#7 to blocks of 32. Plaintext = 16 random
bytes, 4 bytes of length (big-endian), the message, the receiver's id. The signature is SHA-1 over token, timestamp,
nonce and ciphertext, sorted and joined.
"""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32  # bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """What is saved in the console for one app: Token, EncodingAESKey, and whom the messages are for."""

    token: str
    aes_key: str
    receiver: str

    def encrypt(self, message: bytes, random16: bytes) -> str:
        """Base64 of the ciphertext. `random16` are 16 bytes that nobody can foresee."""
        body = random16 + len(message).to_bytes(4, "big") + message + self.receiver.encode()
        padding = _BLOCK - len(body) % _BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(body + bytes([padding]) * padding) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """Raises ValueError for what is no message to this receiver."""
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
        if not padded or not 1 <= padded[-1] <= _BLOCK:
            raise ValueError("wrong padding")
        body = padded[: -padded[-1]]
        end = 20 + int.from_bytes(body[16:20], "big")
        if body[end:] != self.receiver.encode():
            raise ValueError("not for this receiver")
        return body[20:end]

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        joined = "".join(sorted((self.token, timestamp, nonce, encrypted)))
        return hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324 - WeCom's choice

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
