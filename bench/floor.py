"""The floor: the same calls over the same line, and as many rows of the same size in one commit a batch, with no bot at
all. Knows all well alone. `python -m bench.floor BASE_URL DATABASE TEACHERS`."""

import asyncio
import json
import signal
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from bench.stand_in import FIRST_CHAT
from bot.channels.line import Http, Line
from bot.clock import SystemClock

JSON: Final = {"Content-Type": "application/json"}
BODY: Final = "x" * 400  # of a row, in bytes
CARD: Final = "三(1)班 · 9月1日（周二）晨检\n应到45人，请于08:30前报告。全员正常请点一下，看到“✅ 已报”才算报告成功。"
RECEIPT: Final = "✅ 已报 · 三(1)班 9月1日晨检\n零报告：应到45，实到45，无异常。\n08:03 由王老师报告"
ROWS: Final = 16  # that the bot writes for one tap, and for what it shows of it


def keyboard(*labels: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": one, "callback_data": "zero:abcdefghijkl:20260901:am:0"}] for one in labels]}


class Floor:
    def __init__(self, base_url: str, path: str, teachers: int) -> None:
        self._teachers = teachers
        self._url = f"{base_url}1:bench"
        self._line = Line(SystemClock(), Http(), "floor")
        self._disk = ThreadPoolExecutor(1)
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE TABLE line (id INTEGER PRIMARY KEY, body TEXT)",
        ):
            self._database.execute(statement)

    async def run(self) -> None:
        await self._line.open()
        await self._cards()
        offset = 0
        answers: set[asyncio.Task[None]] = set()
        while True:
            told = await self._call("getUpdates", {"offset": str(offset), "timeout": "50"}, form=True)
            updates = told["result"]
            if not updates:
                continue
            offset = updates[-1]["update_id"] + 1
            await asyncio.get_running_loop().run_in_executor(self._disk, self._write, ROWS * len(updates))
            for one in updates:
                task = asyncio.create_task(self._answer(one))
                answers.add(task)
                task.add_done_callback(answers.discard)

    async def _cards(self) -> None:
        for chat in range(FIRST_CHAT, FIRST_CHAT + self._teachers):
            buttons = keyboard("✅ 全员正常", "有异常")
            await self._call("sendMessage", {"chat_id": chat, "text": CARD, "reply_markup": buttons})

    def _write(self, rows: int) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany("INSERT INTO line (body) VALUES (?)", [(BODY,)] * rows)
        self._database.execute("COMMIT")

    async def _answer(self, update: dict[str, Any]) -> None:
        tap = update["callback_query"]
        chat = tap["message"]["chat"]["id"]
        said = {"chat_id": chat, "message_id": 1, "text": RECEIPT, "reply_markup": keyboard("订正")}
        await asyncio.gather(
            self._call("answerCallbackQuery", {"callback_query_id": tap["id"], "text": "已报"}),
            self._call("editMessageText", said),
        )

    async def _call(self, method: str, said: dict[str, Any], *, form: bool = False) -> dict[str, Any]:
        content: dict[str, Any] = (
            {"data": said} if form else {"data": json.dumps(said, ensure_ascii=False).encode(), "headers": JSON}
        )
        _, body = await self._line.exchange("POST", f"{self._url}/{method}", read=70.0, **content)
        told: dict[str, Any] = json.loads(body)
        return told


async def main(base_url: str, path: str, teachers: str) -> None:
    running = asyncio.create_task(Floor(base_url, path, int(teachers)).run())
    for end in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(end, running.cancel)
    with suppress(asyncio.CancelledError):
        await running


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
