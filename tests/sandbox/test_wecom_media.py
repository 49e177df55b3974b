"""media/upload: what each kind may be, and its three days."""

import pytest

from sandbox import Sandbox
from sandbox.params import Upload
from sandbox.pictures import plain_png
from sandbox.wecom import media
from sandbox.wecom.call import Call
from sandbox.wecom.errors import WecomError
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import TEACHER, USERID
from tests.sandbox.wecom_caller import App

PNG = plain_png(4, 4)
PNG_HEAD = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("kind", "name", "head", "size", "errcode"),
    [
        ("image", "a.png", PNG_HEAD, 10 << 20, 0),
        ("image", "a.png", PNG_HEAD, (10 << 20) + 1, 40009),
        ("image", "a.png", b"GIF89a", 100, 40005),
        ("voice", "a.amr", b"#!AMR", 2 << 20, 0),
        ("voice", "a.amr", b"#!AMR", (2 << 20) + 1, 40010),
        ("voice", "a.mp3", b"ID3", 100, 40005),
        ("video", "a.mp4", b"", 100, 0),
        ("video", "a.avi", b"", 100, 40005),
        ("file", "a.csv", b"", 20 << 20, 0),
        ("file", "a.csv", b"", (20 << 20) + 1, 40006),
        ("file", "a.csv", b"", 6, 0),
        ("file", "a.csv", b"", 5, 40006),
        ("sticker", "a.webp", b"", 100, 40004),
    ],
)
def test_size_and_kind(sandbox: Sandbox, kind: str, name: str, head: bytes, size: int, errcode: int) -> None:
    """Without HTTP: 20 MB through a form take a second."""
    upload = Upload(name, "application/octet-stream", head.ljust(size, b"\x00"))
    call = Call("media/upload", query={"type": kind}, upload=upload)
    if not errcode:
        assert media.upload(sandbox.wecom.corp, call)["type"] == kind
        return
    with pytest.raises(WecomError, match=f"^{errcode} "):
        media.upload(sandbox.wecom.corp, call)


async def test_a_media_id_lives_three_days(app: App, sandbox: Sandbox, clock: ManualClock) -> None:
    reply = await app.upload("image", "a.png", PNG)
    assert (reply["type"], reply["created_at"]) == ("image", str(int(clock.now().timestamp())))
    for seconds, errcode in ((3 * 24 * 3600, 0), (1, 40007)):
        clock.advance(seconds)
        app.token = ""
        assert (await app.send(USERID, "image", media_id=reply["media_id"]))["errcode"] == errcode
        assert len(sandbox.wecom.chat(TEACHER)) == 1


async def test_a_media_id_is_of_its_kind(app: App) -> None:
    media_id = (await app.upload("image", "a.png", PNG))["media_id"]
    assert (await app.send(USERID, "file", media_id=media_id))["errcode"] == 40007
    assert await app.refused("media/get", media_id="nowhere") == 40007
    assert await app.refused("media/upload", {}, type="file") == 41005
