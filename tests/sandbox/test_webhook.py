"""The webhook: secret, order, redelivery, and that it and getUpdates exclude each other."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from sandbox import Fault, Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import GROUP, LEADER, TEACHER
from tests.sandbox.receiver import Receiver, listening


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    async with listening() as receiver:
        yield receiver


async def pending(bot: Caller) -> int:
    return int((await bot.ok("getWebhookInfo"))["pending_update_count"])


async def test_updates_are_posted_with_the_secret(bot: Caller, sandbox: Sandbox, hook: Receiver) -> None:
    sandbox.write(TEACHER, TEACHER, "在它之前")
    body = await bot("setWebhook", url=hook.url, secret_token="s3cret_-A", max_connections=10)
    assert body["description"] == "Webhook was set"
    sandbox.write(TEACHER, TEACHER, "在它之后")
    await hook.until(lambda: len(hook.came) == 2)
    assert hook.texts == ["在它之前", "在它之后"]
    assert set(hook.secrets) == {"s3cret_-A"}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"url": "ftp://127.0.0.1/"}, "invalid webhook URL specified"),
        ({"url": "nonsense"}, "invalid webhook URL specified"),
        ({"url": "http://127.0.0.1:9/", "secret_token": "s" * 257}, "secret token is too long"),
        ({"url": "http://127.0.0.1:9/", "secret_token": "密"}, "secret token contains unallowed characters"),
    ],
)
async def test_a_bad_webhook_is_refused(bot: Caller, params: dict[str, str], words: str) -> None:
    assert await bot.refused("setWebhook", **params) == f"Bad Request: {words}"


async def test_a_webhook_ends_a_poll_and_forbids_the_next(bot: Caller, clock: ManualClock, hook: Receiver) -> None:
    poll = asyncio.ensure_future(bot("getUpdates", timeout=30))
    await clock.asleep()
    await bot.ok("setWebhook", url=hook.url)
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    clock.advance(3)
    assert await bot.refused("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    assert (await bot("deleteWebhook"))["description"] == "Webhook was deleted"
    assert (await bot("deleteWebhook"))["description"] == "Webhook is already deleted"
    await bot.ok("getUpdates", offset=3)


async def test_a_refused_update_comes_again_at_once_then_with_doubling_delay(
    bot: Caller, sandbox: Sandbox, clock: ManualClock, hook: Receiver
) -> None:
    hook.answers = [500] * 5
    await bot.ok("setWebhook", url=hook.url)
    sandbox.write(TEACHER, TEACHER, "一")
    for tries, delay in ((2, 2), (3, 4), (4, 8), (5, 16)):
        await hook.until(lambda tries=tries: len(hook.came) == tries)  # type: ignore[misc]
        await clock.asleep()
        assert clock.holders == 0
        clock.advance(delay - 1)
        assert clock.sleeping == 1
        clock.advance(1)
    await hook.until(lambda: len(hook.came) == 6)
    await clock.until(lambda: clock.holders == 0)
    info = await bot.ok("getWebhookInfo")
    assert info["pending_update_count"] == 0
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_retry_after_is_honoured(bot: Caller, sandbox: Sandbox, clock: ManualClock, hook: Receiver) -> None:
    hook.answers = [(503, 90)]
    await bot.ok("setWebhook", url=hook.url)
    sandbox.write(TEACHER, TEACHER, "一")
    await clock.asleep()
    clock.advance(89)
    assert clock.sleeping == 1
    clock.advance(1)
    await hook.until(lambda: len(hook.came) == 2)


async def test_a_chat_that_fails_holds_up_no_other(
    bot: Caller, sandbox: Sandbox, clock: ManualClock, hook: Receiver
) -> None:
    hook.answers = [500, 500]
    await bot.ok("setWebhook", url=hook.url)
    sandbox.write(TEACHER, TEACHER, "一")
    sandbox.write(TEACHER, TEACHER, "二")
    await clock.asleep()
    sandbox.write(LEADER, GROUP, "/today")
    await hook.until(lambda: len(hook.came) == 3)
    clock.advance(2)
    await hook.until(lambda: len(hook.came) == 5)
    assert hook.texts == ["一", "一", "/today", "一", "二"]


async def test_a_tap_that_would_expire_is_dropped(
    bot: Caller, sandbox: Sandbox, clock: ManualClock, hook: Receiver
) -> None:
    hook.answers = [500, (500, 200)]
    await bot.ok("setWebhook", url=hook.url)
    sandbox.tap(TEACHER, TEACHER, 1, "z")
    await hook.until(lambda: len(hook.came) == 2)
    await clock.until(lambda: clock.holders == 0)
    assert await pending(bot) == 0


async def test_23_hours_of_410_close_the_webhook(
    bot: Caller, sandbox: Sandbox, clock: ManualClock, hook: Receiver
) -> None:
    hook.answers = [410] * 100
    await bot.ok("setWebhook", url=hook.url)
    for hours in (0, 12, 11):
        clock.advance(hours * 3600)
        seen = len(hook.came)
        sandbox.write(TEACHER, TEACHER, "在吗")
        await hook.until(lambda seen=seen: len(hook.came) > seen)  # type: ignore[misc]
        await clock.until(lambda: clock.holders == 0)
    assert (await bot.ok("getWebhookInfo"))["url"] == ""
    await bot.ok("getUpdates", offset=3)


async def test_a_duplicate_is_posted_twice(bot: Caller, sandbox: Sandbox, hook: Receiver) -> None:
    sandbox.faults.append(Fault("duplicate", times=1))
    await bot.ok("setWebhook", url=hook.url)
    sandbox.write(TEACHER, TEACHER, "一")
    await hook.until(lambda: len(hook.came) == 2)
    assert hook.came[0] == hook.came[1]


async def test_pending_updates_are_dropped_when_asked(bot: Caller, sandbox: Sandbox, hook: Receiver) -> None:
    sandbox.write(TEACHER, TEACHER, "旧")
    await bot.ok("setWebhook", url=hook.url, drop_pending_updates=True)
    sandbox.write(TEACHER, TEACHER, "新")
    await hook.until(lambda: len(hook.came) == 1)
    assert hook.texts == ["新"]


async def test_a_second_webhook_within_a_second_is_too_many(bot: Caller, clock: ManualClock, hook: Receiver) -> None:
    await bot.ok("setWebhook", url=hook.url)
    assert await bot.refused("setWebhook", url=hook.url) == "Too Many Requests: retry after 1"
    clock.advance(1)
    assert (await bot("setWebhook", url=hook.url))["description"] == "Webhook is already set"
