"""What stands around the programs of `bench.workers`: a platform that answers at once, the load balancer in front of
the webhooks, and the teachers who post to it. A process of its own."""

import argparse
import asyncio
import itertools
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientConnectionError, ClientSession, TCPConnector, web

from bench import district
from bench.teachers import chat_of, shown

SECRET: Final = "a-word-for-the-bench"  # noqa: S105 - it opens nothing
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
ME: Final = {"id": 1, "is_bot": True, "first_name": "零报告", "username": "bench_bot"}
RECEIPT: Final = "已报"
AT_ONCE: Final = 100  # connections that Telegram opens to a webhook
LIMIT: Final = 1800.0  # seconds, then it gives up


def tap(number: int, klass: str, chat: int) -> str:
    """全员正常, on a card of this morning."""
    who = {"id": chat, "is_bot": False, "first_name": "老师"}
    message = {"message_id": 1, "date": 0, "chat": {"id": chat, "type": "private"}, "text": "…"}
    data = f"zero:{klass}:{district.DAY:%Y%m%d}:am:0"
    query = {"id": str(number), "from": who, "message": message, "chat_instance": "1", "data": data}
    return json.dumps({"update_id": number, "callback_query": query})


class Platform:
    """Says yes to everything, with its own time; what a teacher sees is noted with the instant."""

    def __init__(self, ahead: float) -> None:
        self._ahead = ahead
        self._ids = itertools.count(2)
        self.answered: dict[str, float] = {}
        self.receipt: dict[int, float] = {}
        self.calls = 0

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.calls += 1
        body = await request.read()
        result = self._result(request.path.rsplit("/", 1)[-1], body)
        date = datetime.fromtimestamp(datetime.now(UTC).timestamp() + self._ahead, UTC)
        headers = {"Date": format_datetime(date, usegmt=True)}
        return web.json_response({"ok": True, "result": result}, headers=headers)

    def _result(self, method: str, body: bytes) -> Any:
        now = asyncio.get_running_loop().time()
        match method:
            case "getMe":
                return ME
            case "getWebhookInfo":
                return {"url": "x", "has_custom_certificate": False, "pending_update_count": 0}
            case "answerCallbackQuery":
                self.answered[_said(body, "callback_query_id")] = now
            case "sendMessage" | "editMessageText":
                chat = chat_of(body)
                if RECEIPT in shown(body).text:
                    self.receipt.setdefault(chat, now)
                where = {"id": chat, "type": "private", "first_name": "老师"}
                return {"message_id": next(self._ids), "date": 0, "chat": where, "from": ME, "text": "…"}
        return True


def _said(body: bytes, name: str) -> str:
    if body[:1] == b"{":
        return str(json.loads(body)[name])
    from urllib.parse import parse_qs

    return parse_qs(body.decode())[name][0]


class Balancer:
    """In turn, and past whichever does not answer: what nginx does with `upstream`."""

    def __init__(self, session: ClientSession, hooks: Sequence[int]) -> None:
        self._session = session
        self._hooks = list(hooks)
        self._turn = 0

    async def answer(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        headers = {HEADER: request.headers.get(HEADER, "")}
        self._turn += 1
        for n in range(len(self._hooks)):
            port = self._hooks[(self._turn + n) % len(self._hooks)]
            with suppress(ClientConnectionError):
                url = f"http://127.0.0.1:{port}{request.path}"
                async with self._session.post(url, data=body, headers=headers) as answer:
                    return web.Response(status=answer.status)
        return web.Response(status=502)


class Teachers:
    """Each reports once. `taken`: seconds until the platform was told that we have it."""

    def __init__(
        self, session: ClientSession, url: str, classes: Sequence[tuple[str, int]], platform: Platform
    ) -> None:
        self._session = session
        self._url = url
        self._classes = classes
        self._platform = platform
        self._begun: dict[int, float] = {}
        self._taken: list[float] = []

    async def at_rate(self, count: int, seconds: float) -> dict[str, Any]:
        """These many, evenly; returns when all have their receipt."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        posts = []
        for n in range(count):
            await asyncio.sleep(max(0.0, begun + n * seconds / count - loop.time()))
            posts.append(asyncio.create_task(self._report(n)))
        await asyncio.gather(*posts)
        await self._until(lambda: all(self._seen(n) for n in range(count)))
        toasts = [self._platform.answered[str(n + 1)] - self._begun[n] for n in range(count)]
        shown = [self._platform.receipt[self._classes[n][1]] - self._begun[n] for n in range(count)]
        return {
            "check_ins": count,
            "sent_in_s": seconds,
            "taken_ms": spread(self._taken),
            "tap_answered_ms": spread(toasts),
            "receipt_shown_ms": spread(shown),
        }

    def _seen(self, n: int) -> bool:
        return str(n + 1) in self._platform.answered and self._classes[n][1] in self._platform.receipt

    async def rest(self, first: int, most: int) -> dict[str, Any]:
        """Others at once, as fast as they are taken; until each tap is answered."""
        loop, begun = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(n: int) -> None:
            async with gate:
                await self._report(n)

        left = range(first, min(first + most, len(self._classes)))
        await asyncio.gather(*(one(n) for n in left))
        taken = loop.time() - begun
        await self._until(lambda: all(str(n + 1) in self._platform.answered for n in left))
        decided = loop.time() - begun
        return {"check_ins": len(left), "taken_per_s": len(left) / taken, "decided_per_s": len(left) / decided}

    async def _report(self, n: int) -> None:
        klass, chat = self._classes[n]
        loop = asyncio.get_running_loop()
        self._begun[n] = loop.time()
        while True:
            async with self._session.post(self._url, data=tap(n + 1, klass, chat), headers={HEADER: SECRET}) as answer:
                if answer.status == 200:
                    break
            await asyncio.sleep(1)
        self._taken.append(loop.time() - self._begun[n])

    async def _until(self, true: Any) -> None:
        async with asyncio.timeout(LIMIT):
            while not true():  # noqa: ASYNC110
                await asyncio.sleep(0.05)


def spread(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(1000 * one for one in seconds)
    return {"p50": ordered[len(ordered) // 2], "p99": ordered[int(len(ordered) * 0.99)], "most": ordered[-1]}


async def serve(handler: Any, port: int) -> web.ServerRunner:
    runner = web.ServerRunner(web.Server(handler, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


async def main(options: argparse.Namespace) -> None:
    platform = Platform(options.ahead)
    async with ClientSession(connector=TCPConnector(limit=0)) as session:
        hooks = [int(port) for port in options.hooks.split(",") if port]
        runners = [await serve(platform.answer, options.api)]
        runners.append(await serve(Balancer(session, hooks).answer, options.balancer))
        print("ready", flush=True)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, sys.stdin.readline)
        if options.classes is not None:
            classes = json.loads(options.classes.read_text(encoding="utf-8"))
            teachers = Teachers(session, f"http://127.0.0.1:{options.balancer}/telegram", classes, platform)
            at_peak = await teachers.at_rate(min(options.peak, len(classes)), options.seconds)
            rest = await teachers.rest(at_peak["check_ins"], options.rest)
            print(json.dumps({"minute": at_peak, "rest": rest, "calls": platform.calls}), flush=True)
        for runner in runners:
            await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--api", type=int, required=True)
    parser.add_argument("--balancer", type=int, required=True)
    parser.add_argument("--hooks", default="")
    parser.add_argument("--ahead", type=float, default=0.0, help="seconds, of its clock before the machine's")
    parser.add_argument("--classes", type=Path)
    parser.add_argument("--peak", type=int, default=774)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rest", type=int, default=0)
    asyncio.run(main(parser.parse_args()))
