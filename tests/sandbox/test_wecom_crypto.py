"""The sandbox's own callback crypto against WeCom's official sample (91144)."""

import pytest

from sandbox.wecom.crypto import Seal

SAMPLE = Seal("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
ENCRYPTED = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
    "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
    "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
    "HBZZIs2pDBS8R07+qN+E7Q=="
)


def test_the_official_sample_is_signed_opened_and_sealed() -> None:
    assert SAMPLE.sign("1409659813", "1372623149", ENCRYPTED) == "477715d11cdb4164915debcba66cb864d751f3e6"
    opened = SAMPLE.decrypt(ENCRYPTED)
    assert b"<Content><![CDATA[hello]]></Content>" in opened
    assert len(SAMPLE.encrypt(opened, bytes(16))) == len(ENCRYPTED)


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 31, 32, 33, 5000])
def test_any_length_comes_back_whole(length: int) -> None:
    """The lengths about a block's border pad with 1 to 32 bytes."""
    assert SAMPLE.decrypt(SAMPLE.encrypt(b"x" * length, b"0123456789abcdef")) == b"x" * length


@pytest.mark.parametrize("encrypted", ["", "AAAA", "no base64!", ENCRYPTED[:-8], ENCRYPTED[24:]])
def test_what_is_no_message_is_refused(encrypted: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SAMPLE.decrypt(encrypted)


def test_a_message_to_another_corp_is_refused() -> None:
    other = Seal(SAMPLE.token, SAMPLE.aes_key, "wwother")
    with pytest.raises(ValueError, match="not for this receiver"):
        other.decrypt(ENCRYPTED)
