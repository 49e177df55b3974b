"""回调加解密: WeCom's own example, round trips, and what is not WeCom's."""

import base64
import hashlib
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom.callbacks import raw
from bot.channels.wecom.crypto import Crypto, Rejected, Sealed

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
KEYS = st.text(string.ascii_letters + string.digits, min_size=43, max_size=43)


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


@given(content=ANYTHING, token=WORD, key=KEYS, receiver=WORD, timestamp=WORD, nonce=WORD)
def test_what_is_sealed_is_opened_again(
    content: bytes, token: str, key: str, receiver: str, timestamp: str, nonce: str
) -> None:
    crypto = Crypto(token, key, receiver)
    assert crypto.opened(crypto.sealed(content, timestamp, nonce)) == content


@given(content=ANYTHING)
def test_the_same_is_never_sealed_twice_the_same(content: bytes) -> None:
    crypto = Crypto(TOKEN, KEY, CORP)
    one, other = crypto.sealed(content, "1", "2"), crypto.sealed(content, "1", "2")
    assert one.encrypted != other.encrypted


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


def test_what_is_for_another_corp_is_rejected() -> None:
    sealed = Crypto(TOKEN, KEY, "ww1").sealed(b"<xml/>", "1", "2")
    with pytest.raises(Rejected, match=r"another receiver: is wecom.corp_id"):
        Crypto(TOKEN, KEY, CORP).opened(sealed)


@pytest.mark.parametrize("key", ["", KEY[1:], f"{KEY}=", f"{KEY[1:]}-", f"{KEY[1:]}好"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="43 letters and digits"):
        Crypto(TOKEN, key, CORP)
