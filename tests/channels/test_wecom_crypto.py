"""回调加解密: WeCom's own example, round trips, and what is not WeCom's."""

import base64
import hashlib
import string

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom.callbacks import raw
from bot.channels.wecom.crypto import Crypto, Rejected, Sealed
from handlers.values import replace
from sandbox.wecom.crypto import Seal

# WeCom's example in document/path/91144: three values of the console, one check of the URL, one message
CORP = "wx5823bf96d3bd56c7"
TOKEN = "QDG6eK"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CHECK = Sealed(
    "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "1409659589",
    "263014780",
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
)
MESSAGE = Sealed(
    "477715d11cdb4164915debcba66cb864d751f3e6",
    "1409659813",
    "1372623149",
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
    "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
    "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
    "HBZZIs2pDBS8R07+qN+E7Q==",
)
ANYTHING = st.binary(max_size=300)
WORD = st.text(st.characters(codec="utf-8"), max_size=40)
NOISE = st.binary(min_size=16, max_size=16)
KEYS = st.text(string.ascii_letters + string.digits, min_size=43, max_size=43)


def sealed_by(seal: Seal, content: bytes, timestamp: str, nonce: str, noise: bytes = bytes(16)) -> Sealed:
    encrypted = seal.encrypt(content, noise)
    return Sealed(seal.sign(timestamp, nonce, encrypted), timestamp, nonce, encrypted)


@pytest.fixture
def crypto() -> Crypto:
    return Crypto(TOKEN, KEY, CORP)


def test_wecom_s_own_example_of_a_check_is_opened(crypto: Crypto) -> None:
    assert crypto.opened(CHECK) == b"1616140317555161061"


def test_wecom_s_own_example_of_a_message_is_opened(crypto: Crypto) -> None:
    told = raw(crypto.opened(MESSAGE))
    assert told.native == "4561255354251345929"
    assert '"FromUserName": "mycreate"' in told.body
    assert '"Content": "hello"' in told.body


def test_the_signature_is_the_sorted_sha1_of_wecom_s_own_example(crypto: Crypto) -> None:
    assert crypto.signature(MESSAGE.timestamp, MESSAGE.nonce, MESSAGE.encrypted) == MESSAGE.signature
    parts = sorted((TOKEN, MESSAGE.timestamp, MESSAGE.nonce, MESSAGE.encrypted))
    assert hashlib.sha1("".join(parts).encode()).hexdigest() == MESSAGE.signature  # noqa: S324 - the platform's choice


@given(content=ANYTHING, noise=NOISE, token=WORD, key=KEYS, receiver=WORD, timestamp=WORD, nonce=WORD)
def test_what_the_sandbox_s_wecom_seals_is_opened(
    content: bytes, noise: bytes, token: str, key: str, receiver: str, timestamp: str, nonce: str
) -> None:
    """Its crypto was written a second time, by others: code that both sides shared would hide what both got wrong."""
    sealed = sealed_by(Seal(token, key, receiver), content, timestamp, nonce, noise)
    assert Crypto(token, key, receiver).opened(sealed) == content


@given(content=ANYTHING, token=WORD, key=KEYS, receiver=WORD)
def test_what_we_seal_is_opened_by_both(content: bytes, token: str, key: str, receiver: str) -> None:
    ours, theirs = Crypto(token, key, receiver), Seal(token, key, receiver)
    sealed = ours.sealed(content, "1788305400", "1372623149")
    assert ours.opened(sealed) == theirs.decrypt(sealed.encrypted) == content
    assert sealed.signature == theirs.sign(sealed.timestamp, sealed.nonce, sealed.encrypted)
    assert ours.sealed(content, "1788305400", "1372623149") != sealed


@given(encrypted=ANYTHING, nonce=st.text(max_size=40))
def test_what_is_signed_and_not_encrypted_is_rejected_and_nothing_else(encrypted: bytes, nonce: str) -> None:
    """Whatever lies in it, also a query that is no text (a lone surrogate)."""
    crypto = Crypto(TOKEN, KEY, CORP)
    words = base64.b64encode(encrypted).decode()
    with pytest.raises(Rejected):
        crypto.opened(Sealed(crypto.signature("1", nonce, words), "1", nonce, words))


@pytest.mark.parametrize(
    "changed",
    [
        replace(MESSAGE, signature=""),
        replace(MESSAGE, signature=MESSAGE.signature.upper()),
        replace(MESSAGE, signature=MESSAGE.signature[:-1]),
        replace(MESSAGE, signature="\udcff"),
        replace(MESSAGE, timestamp="1409659814"),
        replace(MESSAGE, nonce=""),
        replace(MESSAGE, encrypted=MESSAGE.encrypted[4:]),
        replace(MESSAGE, encrypted=""),
    ],
)
def test_what_was_changed_on_the_way_is_rejected_for_its_signature(crypto: Crypto, changed: Sealed) -> None:
    with pytest.raises(Rejected, match="the signature is another"):
        crypto.opened(changed)


@pytest.mark.parametrize("plain", [b"", b"wx", bytes(20), bytes(16) + b"\xff" * 4 + b"wx", bytes(16) + b"\0\0\0\1wx"])
def test_what_says_wrongly_how_long_it_is_is_rejected(crypto: Crypto, plain: bytes) -> None:
    padder, key = PKCS7(256).padder(), base64.b64decode(KEY + "=")
    writer = Cipher(AES256(key), CBC(key[:16])).encryptor()
    data = writer.update(padder.update(plain) + padder.finalize()) + writer.finalize()
    encrypted = base64.b64encode(data).decode()
    with pytest.raises(Rejected, match="another receiver"):
        crypto.opened(Sealed(crypto.signature("1", "2", encrypted), "1", "2", encrypted))


def test_what_is_for_another_corp_is_rejected() -> None:
    sealed = sealed_by(Seal(TOKEN, KEY, "ww1"), b"<xml/>", "1", "2")
    with pytest.raises(Rejected, match=r"another receiver: is wecom.corp_id"):
        Crypto(TOKEN, KEY, CORP).opened(sealed)


@pytest.mark.parametrize("key", ["", KEY[1:], f"{KEY}=", f"{KEY[1:]}-", f"{KEY[1:]}好"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="43 letters and digits"):
        Crypto(TOKEN, key, CORP)
