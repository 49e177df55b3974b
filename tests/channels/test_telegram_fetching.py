"""What somebody sent comes to us whole, or with one of the port's own refusals."""

from datetime import timedelta

import pytest

from bot.channels import Gone, TooLarge, Unknown
from bot.channels.telegram import Telegram
from sandbox import Fault, Sandbox
from sandbox.limits import DOWNLOAD
from sandbox.pictures import plain_png
from tests.channels.conftest import TEACHER
from tests.clocks import LeapingClock

PHOTO = plain_png(300, 400)
MOST = 1 << 20


async def test_a_photo_comes_in_two_calls(sandbox: Sandbox, telegram: Telegram) -> None:
    message = sandbox.photo(TEACHER, TEACHER, PHOTO)
    assert await telegram.fetch(message.photo or "", MOST) == PHOTO
    assert sandbox.journal[-1].method == "getFile"


async def test_what_is_too_large_is_not_downloaded(sandbox: Sandbox, telegram: Telegram) -> None:
    larger = sandbox.document(TEACHER, TEACHER, "a.pdf", bytes(MOST + 1))
    huge = sandbox.document(TEACHER, TEACHER, "b.pdf", bytes(DOWNLOAD + 1))
    for message in (larger, huge):
        with pytest.raises(TooLarge):
            await telegram.fetch(message.document or "", MOST)


async def test_what_telegram_has_no_longer_is_gone(sandbox: Sandbox, telegram: Telegram) -> None:
    with pytest.raises(Gone):
        await telegram.fetch("nonsense", MOST)


async def test_a_place_that_no_longer_holds_is_no_word_on_the_token(
    sandbox: Sandbox, telegram: Telegram, clock: LeapingClock
) -> None:
    message = sandbox.photo(TEACHER, TEACHER, PHOTO)
    told, sandbox.world.told_place = sandbox.world.told_place, lambda stored: "files/elsewhere"  # type: ignore[method-assign]
    with pytest.raises(Gone):
        await telegram.fetch(message.photo or "", MOST)
    sandbox.world.told_place = told  # type: ignore[method-assign]
    clock.leap(clock.now() + timedelta(hours=2))
    assert await telegram.fetch(message.photo or "", MOST) == PHOTO


async def test_a_platform_that_stumbles_may_be_asked_again(sandbox: Sandbox, telegram: Telegram) -> None:
    message = sandbox.photo(TEACHER, TEACHER, PHOTO)
    sandbox.faults.append(Fault("500", method="getFile", times=1))
    with pytest.raises(Unknown):
        await telegram.fetch(message.photo or "", MOST)
    assert await telegram.fetch(message.photo or "", MOST) == PHOTO
