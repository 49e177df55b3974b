"""A network that is away, silent or in strangers' hands, over real sockets."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.channels import ChannelError, Raw, Rendered, TryLater, Unauthorized, Unknown
from bot.channels.telegram import Http, Telegram
from bot.clock import SteppedClock
from sandbox import Sandbox
from tests.channels.conftest import TEACHER, until

TOKEN = "7000000001:AAsecret-of-the-school-that-no-log-holds"
CARD = Rendered("三(2)班")
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def reached_through(clock: SteppedClock, answer: Answer) -> AsyncIterator[Telegram]:
    """A Telegram whose server answers like this, and which has been opened without asking it anything."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    telegram = Telegram(TOKEN, f"http://127.0.0.1:{port}/bot", clock, Http(connect=2, read=0.05, write=2, poll=0))
    await telegram._request.initialize()
    try:
        yield telegram
    finally:
        await telegram.close()
        server.close()
        await server.wait_closed()


def page(status: str, body: str) -> Answer:
    """Says this to whoever asks, and hangs up."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()
        writer.close()

    return answer


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(65536)
    await reader.read()
    writer.close()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(65536)
    writer.close()


async def test_a_server_that_is_away_was_not_written_to(clock: SteppedClock) -> None:
    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    telegram = Telegram(TOKEN, f"http://127.0.0.1:{port}/bot", clock)
    with pytest.raises(TryLater) as caught:
        await telegram.open()
    assert caught.value.whole
    with pytest.raises(TryLater):
        await telegram.show(str(TEACHER), CARD, None)
    await telegram.close()


async def test_a_channel_that_was_not_opened_sends_nothing(clock: SteppedClock) -> None:
    with pytest.raises(TryLater):
        await Telegram(TOKEN, "http://127.0.0.1:9/bot", clock).show("1", CARD, None)


@pytest.mark.parametrize("answer", [say_nothing, hang_up])
async def test_after_the_request_has_left_nothing_is_certain(clock: SteppedClock, answer: Answer) -> None:
    async with reached_through(clock, answer) as telegram:
        with pytest.raises(Unknown):
            await telegram.show(str(TEACHER), CARD, None)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        ("502 Bad Gateway", "<html>nginx</html>", Unknown),
        ("504 Gateway Timeout", "", Unknown),
        ("200 OK", "<html>Welcome to the school's network</html>", Unknown),
        ("403 Forbidden", "<html>blocked</html>", TryLater),
        ("404 Not Found", "<html>not here</html>", TryLater),
        ("302 Found", "", Unknown),
        ("401 Unauthorized", '{"ok":false,"error_code":401,"description":"Unauthorized"}', Unauthorized),
        ("404 Not Found", '{"ok":false,"error_code":404,"description":"Not Found"}', Unauthorized),
    ],
)
async def test_a_strangers_page_says_nothing_of_token_or_chat(
    clock: SteppedClock, status: str, body: str, error: type[ChannelError]
) -> None:
    async with reached_through(clock, page(status, body)) as telegram:
        with pytest.raises(error):
            await telegram.show(str(TEACHER), CARD, None)


@pytest.mark.parametrize(
    "answer", [say_nothing, hang_up, page("404 Not Found", "{}"), page("401 Unauthorized", '{"ok":false}')]
)
async def test_no_error_shows_the_token(clock: SteppedClock, answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    async with reached_through(clock, answer) as telegram:
        with caplog.at_level(logging.INFO), pytest.raises(ChannelError) as caught:
            await telegram.show(str(TEACHER), CARD, None)
    shown = "".join(traceback.format_exception(caught.value))
    assert "AAsecret" not in shown + caplog.text


async def test_an_unknown_token_is_known_at_the_start(clock: SteppedClock, sandbox: Sandbox) -> None:
    telegram = Telegram(TOKEN, sandbox.base_url, clock)
    with pytest.raises(Unauthorized) as caught:
        await telegram.open()
    assert "AAsecret" not in "".join(traceback.format_exception(caught.value))
    await telegram.close()


async def test_no_token_at_all_is_refused(clock: SteppedClock) -> None:
    with pytest.raises(Unauthorized):
        Telegram("", "http://127.0.0.1:9/bot", clock)


async def test_a_poll_that_a_stranger_answers_is_asked_again_later(
    clock: SteppedClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def take(batch: object) -> None:
        raise AssertionError("there was nothing to take")

    async with reached_through(clock, page("200 OK", "<html>log in</html>")) as telegram:
        with caplog.at_level(logging.WARNING, "bot.channels.telegram"):
            listening = asyncio.create_task(telegram.listen(take))
            await until(lambda: clock.next_event() is not None)
            waited_for = clock.next_event()
            listening.cancel()
            await asyncio.wait([listening])
    assert waited_for is not None
    assert (waited_for - clock.now()).total_seconds() == 30
    assert telegram.out_since == clock.now()
    assert len(caplog.records) == 1


async def test_a_silent_line_is_asked_again_at_once(clock: SteppedClock) -> None:
    """Its silence is no refusal, and on a new connection it may speak."""
    asked = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if asked.is_set():
            await page("200 OK", '{"ok":true,"result":[{"update_id":5}]}')(reader, writer)
        else:
            asked.set()
            await say_nothing(reader, writer)

    taken: asyncio.Future[tuple[str, bool]] = asyncio.get_running_loop().create_future()
    async with reached_through(clock, answer) as telegram:

        async def take(batch: Sequence[Raw]) -> None:
            taken.set_result((batch[0].native, telegram.out_since == clock.now()))

        listening = asyncio.create_task(telegram.listen(take))
        assert await taken == ("5", True)
        listening.cancel()
        await asyncio.wait([listening])
