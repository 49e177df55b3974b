"""A platform that answers at once, and the teachers on it: `python -m bench.stand_in …`. A few lines of asyncio over
raw HTTP, so that a call costs little here; what it costs is in the figures.

It says `ready` once a bot listens and has sent what it sends of itself; begins at a line; and says its figures as
JSON once every teacher has a receipt."""

import argparse
import asyncio
import json
import math
import re
import resource
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from bench.teachers import RECEIPT, SCRIPTS, Shown, Step, chat_of, shown

FIRST_CHAT: Final = 10_000
ADMIN_CHAT: Final = FIRST_CHAT - 1
MOST: Final = 100  # updates in one answer
LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
OFFSET: Final = re.compile(rb"offset=(\d+)")
PATIENCE: Final = re.compile(rb"timeout=(\d+)")
ME: Final = {"id": 1, "is_bot": True, "first_name": "零报告", "username": "bench_bot"}
HOOK: Final = {"url": "x", "has_custom_certificate": False, "pending_update_count": 0}
NOTHING: Final = Shown("", ())
QUIET: Final = 1.5  # seconds without a call
THINKS: Final = 1.0  # seconds, before the next step of whoever does not act as soon as may be
SHOWN: Final = frozenset({b"sendMessage", b"editMessageText", b"sendPhoto"})


@dataclass
class Teacher:
    chat: int
    steps: tuple[Step, ...]
    at: int = 0
    asked: float = 0.0  # when the last update became available
    waits: bool = True
    sees: Shown = NOTHING  # before the first step


@dataclass
class Figures:
    updates: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    replies: list[float] = field(default_factory=list)  # seconds from an update to what it is answered with


class StandIn:
    def __init__(self, options: argparse.Namespace) -> None:
        script = SCRIPTS[options.script]
        every = round(1 / options.ill) if options.ill else 0
        self.teachers = {
            FIRST_CHAT + n: Teacher(FIRST_CHAT + n, tuple(script.ill if every and n % every == 0 else script.well))
            for n in range(options.teachers)
        }
        self.options = options
        self.figures = Figures()
        self.queue: deque[tuple[int, str]] = deque()
        self.waiting: tuple[Call, asyncio.TimerHandle] | None = None
        self.next_update, self.next_message = 500_000_000, 1
        self.left = len(self.teachers)
        self.loop = asyncio.get_running_loop()
        self.done = asyncio.Event()
        self.heard_at = math.inf  # when the bot last called
        self.begun = self.ended = 0.0
        self.cpu = 0.0

    # Teachers

    def start(self) -> None:
        self.begun = self.loop.time()
        self.cpu = _cpu()
        self.figures.calls.clear()
        if self.options.charts:
            self.loop.call_later(self.options.charts, self.asks_for_picture)
        if not self.options.rate:
            for teacher in self.teachers.values():
                self.act(teacher, teacher.sees)
            return
        steps = SCRIPTS[self.options.script].updates(self.options.ill)
        for n, teacher in enumerate(self.teachers.values()):
            self.loop.call_later(n * steps / self.options.rate, self.act, teacher, teacher.sees)

    def act(self, teacher: Teacher, seen: Shown) -> None:
        step = teacher.steps[teacher.at]
        teacher.at += 1
        teacher.asked = self.loop.time()
        teacher.waits = True
        self.figures.updates += 1
        if step.shown is None:
            self.taps(teacher.chat, seen.data(step.does))
        else:
            self.writes(teacher.chat, step.does)

    def taps(self, chat: int, data: str) -> None:
        who, where = self._names(chat)
        message = f'{{"message_id":{self.next_message},{where},"text":"…"}}'
        self._comes(
            f'"callback_query":{{"id":"{self.next_update}","from":{who},"message":{message},'
            f'"chat_instance":"1","data":{json.dumps(data)}}}'
        )

    def writes(self, chat: int, words: str) -> None:
        who, where = self._names(chat)
        command = f',"entities":[{{"type":"bot_command","offset":0,"length":{len(words)}}}]'
        self._comes(
            f'"message":{{"message_id":{self.next_update},{where},"from":{who},'
            f'"text":{json.dumps(words)}{command if words.startswith("/") else ""}}}'
        )

    def _names(self, chat: int) -> tuple[str, str]:
        who = f'{{"id":{chat},"is_bot":false,"first_name":"老师"}}'
        where = f'"chat":{{"id":{chat},"type":"private","first_name":"老师"}}'
        return who, f'"date":{int(self.now().timestamp())},{where}'

    def _comes(self, what: str) -> None:
        number, self.next_update = self.next_update, self.next_update + 1
        self.queue.append((number, f'{{"update_id":{number},{what}}}'))
        self.hand_out()

    def asks_for_picture(self) -> None:
        """Again and again, until everybody has reported."""
        if not self.done.is_set():
            self.writes(ADMIN_CHAT, "/summary")
            self.loop.call_later(self.options.charts, self.asks_for_picture)

    def shown(self, body: bytes) -> None:
        teacher = self.teachers.get(chat_of(body))
        if teacher is None or not teacher.waits:
            return
        seen = shown(body)
        if teacher.at == 0:
            teacher.sees = seen
            return
        if teacher.at == len(teacher.steps):
            if RECEIPT in seen.text:
                self.answered(teacher)
                self.left -= 1
                if not self.left:
                    self.ended = self.loop.time()
                    self.done.set()
            return
        if not seen.lets(teacher.steps[teacher.at]):
            return
        self.answered(teacher)
        if self.options.rate:
            self.loop.call_later(THINKS, self.act, teacher, seen)
        else:
            self.act(teacher, seen)

    def answered(self, teacher: Teacher) -> None:
        teacher.waits = False
        self.figures.replies.append(self.loop.time() - teacher.asked)

    def called(self, method: bytes) -> None:
        """Anything but a poll."""

    async def ready(self) -> None:
        """A bot polls, each card that it sends of itself is there, and nothing comes any more."""
        while not self.is_quiet():  # noqa: ASYNC110 - nothing rings when nothing comes
            await asyncio.sleep(0.1)
        print("ready", flush=True)

    def is_quiet(self) -> bool:
        if self.heard_at == math.inf or self.loop.time() - self.heard_at < QUIET:
            return False
        return not self.options.cards or all(one.sees.lets(one.steps[0]) for one in self.teachers.values())

    # Platform

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.options.ahead)

    def poll(self, call: "Call", body: bytes) -> None:
        offset = OFFSET.search(body)
        while offset and self.queue and self.queue[0][0] < int(offset[1]):
            self.queue.popleft()
        patience = PATIENCE.search(body)
        handle = self.loop.call_later(float(patience[1]) if patience else 0.0, self.hand_out, True)
        self.waiting = call, handle
        self.hand_out()

    def hand_out(self, late: bool = False) -> None:
        if self.waiting is None or not (self.queue or late):
            return
        call, handle = self.waiting
        self.waiting = None
        handle.cancel()
        given = [self.queue[n][1] for n in range(min(MOST, len(self.queue)))]
        call.answer(b'{"ok":true,"result":[' + ",".join(given).encode() + b"]}")

    def message(self, chat: int, method: bytes) -> bytes:
        self.next_message += 1
        date = int(self.now().timestamp())
        sent = {
            "message_id": self.next_message,
            "date": date,
            **({"edit_date": date} if method.startswith(b"edit") else {}),
            "chat": {"id": chat, "type": "private", "first_name": "老师"},
            "from": ME,
            **(
                {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]}
                if method == b"sendPhoto"
                else {"text": "…"}
            ),
        }
        return json.dumps({"ok": True, "result": sent}).encode()

    def told(self) -> dict[str, Any]:
        replies = sorted(self.figures.replies)
        return {
            "updates": self.figures.updates,
            "seconds": self.ended - self.begun,
            "calls": self.figures.calls,
            "p50": replies[len(replies) // 2],
            "p99": replies[int(len(replies) * 0.99)],
            "cpu_a_call": (_cpu() - self.cpu) / sum(self.figures.calls.values()),
        }


class Call(asyncio.Protocol):
    """A connection: one request after the other."""

    def __init__(self, stand_in: StandIn) -> None:
        self._in = stand_in
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:end]
            length = LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._read) < whole:
                return
            body, self._read = self._read[end + 4 : whole], self._read[whole:]
            self._called(head.split(b" ", 2)[1].rsplit(b"/", 1)[-1].split(b"?")[0], body)

    def _called(self, method: bytes, body: bytes) -> None:
        one = self._in
        name = method.decode()
        one.figures.calls[name] = one.figures.calls.get(name, 0) + 1
        if method == b"getUpdates":
            if one.heard_at == math.inf:
                one.heard_at = one.loop.time()
            one.poll(self, body)
            return
        one.heard_at = one.loop.time()
        one.called(method)
        if method in SHOWN:
            answer = one.message(chat_of(body), method)
        elif method == b"getMe":
            answer = json.dumps({"ok": True, "result": ME}).encode()
        elif method == b"getWebhookInfo":
            answer = json.dumps({"ok": True, "result": HOOK}).encode()
        else:
            answer = b'{"ok":true,"result":true}'
        if one.options.latency:
            one.loop.call_later(one.options.latency, self._effect, method, body, answer)
        else:
            self._effect(method, body, answer)

    def _effect(self, method: bytes, body: bytes, answer: bytes) -> None:
        self.answer(answer)
        if method in SHOWN and method != b"sendPhoto":
            self._in.shown(body)

    def answer(self, body: bytes) -> None:
        date = format_datetime(self._in.now(), usegmt=True).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: %b\r\nContent-Length: %d\r\n\r\n"
        self._transport.write(head % (date, len(body)) + body)


def options(teachers: int, start: datetime, anchor: float) -> argparse.Namespace:
    """For a bot whose hour is `start` at the instant `anchor`, and teachers who do nothing by themselves."""
    nothing = {"ill": 0.0, "latency": 0.0, "rate": 0.0, "charts": 0.0}
    ahead = start.timestamp() - anchor
    return argparse.Namespace(script="ours", teachers=teachers, cards=True, ahead=ahead, **nothing)


@asynccontextmanager
async def listening(one: StandIn, port: int = 0) -> AsyncIterator[int]:
    """At that port, or at one that is free."""
    server = await one.loop.create_server(lambda: Call(one), "127.0.0.1", port)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def main(wanted: argparse.Namespace) -> None:
    one = StandIn(wanted)

    def begin() -> None:
        one.loop.remove_reader(sys.stdin)
        one.start()

    one.loop.add_reader(sys.stdin, begin)
    async with listening(one, wanted.port), asyncio.timeout(wanted.limit):
        await one.ready()
        await one.done.wait()
        print(json.dumps(one.told()), flush=True)
        await asyncio.sleep(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--script", choices=sorted(SCRIPTS), required=True)
    parser.add_argument("--teachers", type=int, default=1000)
    parser.add_argument("--cards", action="store_true", help="the bot sends each teacher one of itself, first")
    parser.add_argument("--ill", type=float, default=0.1, help="share of the classes with somebody ill")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--rate", type=float, default=0.0, help="updates a second; 0: each as soon as it may")
    parser.add_argument("--charts", type=float, default=0.0, help="seconds between two /summary of the admin; 0: none")
    parser.add_argument("--ahead", type=float, default=0.0, help="seconds, of its clock before the machine's")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds, then it gives up")
    asyncio.run(main(parser.parse_args()))
