"""Pictures and documents: what is taken, what is refused, and that bytes come back."""

import aiohttp
import pytest

from sandbox import Sandbox, limits
from sandbox.pictures import plain_png, size_of
from tests.sandbox.caller import Caller
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import TEACHER

TINY_JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b080030004001011100ffd9")


@pytest.mark.parametrize(
    ("data", "size"), [(plain_png(1280, 900), (1280, 900)), (TINY_JPEG, (64, 48)), (b"GIF89a", (0, 0)), (b"", (0, 0))]
)
def test_a_pictures_size_is_read_from_its_header(data: bytes, size: tuple[int, int]) -> None:
    assert size_of(data) == size


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (plain_png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (plain_png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (plain_png(8, 8) + bytes(limits.PHOTO), "size of the photo is too big"),
    ],
    ids=["no picture", "too wide", "too narrow", "too large"],
)
async def test_a_bad_picture_is_refused(bot: Caller, data: bytes, words: str) -> None:
    body = await bot.upload("sendPhoto", {"photo": data}, chat_id=str(TEACHER))
    assert body["description"] == f"Bad Request: {words}"


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendDocument", {}, "there is no document in the request"),
        ("sendPhoto", {"photo": "nonsense"}, "wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {"photo": "nonsense", "caption": "好" * 1025}, "message caption is too long"),
    ],
)
async def test_a_missing_file_is_named(bot: Caller, method: str, params: dict[str, str], words: str) -> None:
    assert await bot.refused(method, chat_id=TEACHER, **params) == f"Bad Request: {words}"


async def test_a_document_arrives_and_is_sent_again_by_its_id(bot: Caller, sandbox: Sandbox) -> None:
    body = await bot.upload("sendDocument", {"document": b"PK-workbook"}, chat_id=str(TEACHER), caption="今日")
    document = body["result"]["document"]
    assert (document["file_name"], document["file_size"]) == ("document.bin", 11)
    await bot.ok("sendDocument", chat_id=TEACHER, document=document["file_id"])
    assert sandbox.file(sandbox.chat(TEACHER)[-1].document or "") == b"PK-workbook"
    assert sandbox.journal[-2].params["document"] == "<document.bin, 11 bytes>"


async def test_a_photo_from_a_phone_is_downloaded(bot: Caller, sandbox: Sandbox) -> None:
    sandbox.photo(TEACHER, TEACHER, plain_png(30, 20), "病假条")
    [update] = await bot.ok("getUpdates")
    photo = update["message"]["photo"][-1]
    assert (photo["width"], photo["height"], update["message"]["caption"]) == (30, 20, "病假条")
    path = (await bot.ok("getFile", file_id=photo["file_id"]))["file_path"]
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{sandbox.base_file_url}{sandbox.token}/{path}") as response:
            assert await response.read() == plain_png(30, 20)
        async with session.get(f"{sandbox.base_file_url}1:wrong/{path}") as response:
            assert response.status == 404


async def test_a_place_holds_for_an_hour_and_is_told_by_get_file_alone(
    bot: Caller, sandbox: Sandbox, clock: ManualClock
) -> None:
    sandbox.photo(TEACHER, TEACHER, plain_png(30, 20))
    [update] = await bot.ok("getUpdates")
    file = update["message"]["photo"][-1]["file_id"]
    there = f"{sandbox.base_file_url}{sandbox.token}"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{there}/files/{file}") as response:
            assert response.status == 404
        path = (await bot.ok("getFile", file_id=file))["file_path"]
        clock.advance(59 * 60)
        async with session.get(f"{there}/{path}") as response:
            assert response.status == 200
        clock.advance(2 * 60)
        async with session.get(f"{there}/{path}") as response:
            assert (response.status, (await response.json())["description"]) == (404, "Not Found")


async def test_what_is_too_large_to_download_is_said_so(bot: Caller, sandbox: Sandbox) -> None:
    message = sandbox.document(TEACHER, TEACHER, "big.xlsx", bytes(limits.DOWNLOAD + 1))
    assert await bot.refused("getFile", file_id=message.document) == "Bad Request: file is too big"
    assert await bot.refused("getFile", file_id="nonsense") == "Bad Request: invalid file_id"
    assert await bot.refused("getFile") == "Bad Request: file_id not specified"
