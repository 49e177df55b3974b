"""kill -9 of the real program in the instant in which it has acknowledged what WeCom posted."""

import asyncio
import os
import sqlite3
import sys
from asyncio.subprocess import Process
from contextlib import closing
from pathlib import Path

from aiohttp import ClientConnectionError, ClientSession

from bot.clock import SystemClock
from sandbox import Sandbox
from tests.kill.platforms import WECOM
from tests.kill.program import ROOT, STORAGE
from tests.ports import free_port

ROUNDS = 2  # the second start hears again what the first had acknowledged


class Office:
    """WeCom's side of one address, as bare as can be."""

    def __init__(self, sandbox: Sandbox, session: ClientSession, url: str) -> None:
        self._seal = sandbox.wecom.corp.seal
        self._session = session
        self._url = url

    async def until_it_listens(self) -> None:
        async with asyncio.timeout(60):
            while True:
                try:
                    await self.tells(0)
                    return
                except ClientConnectionError:
                    await asyncio.sleep(0.05)  # real time: a program is starting

    async def tells(self, number: int) -> int:
        """The status with which the message of this number is answered."""
        said = f"<xml><FromUserName>li</FromUserName><CreateTime>{int(SystemClock().now().timestamp())}</CreateTime>"
        said += f"<MsgType>text</MsgType><Content>{number}号38.5</Content><MsgId>{number + 1}</MsgId></xml>"
        encrypted = self._seal.encrypt(said.encode(), os.urandom(16))
        timestamp, nonce = str(int(SystemClock().now().timestamp())), str(number)
        signature = self._seal.sign(timestamp, nonce, encrypted)
        query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
        body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>"
        async with self._session.post(self._url, params=query, data=body) as answer:
            return answer.status


async def run(config: Path) -> Process:
    with (config.parent / "said.txt").open("ab") as said:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--config", str(config)), cwd=ROOT, stdout=said, stderr=said
        )


def taken(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT native FROM inbox WHERE channel = 'wecom' ORDER BY native")
        return [row[0] for row in rows]


async def test_what_was_acknowledged_is_a_row_whenever_the_program_is_killed(tmp_path: Path) -> None:
    sandbox = Sandbox(SystemClock())
    await sandbox.start()
    config, database = tmp_path / "config.toml", tmp_path / "day.db"
    port = free_port()
    settings = WECOM.format(wecom=sandbox.wecom, port=port, base_url=sandbox.page_url.rstrip("/"))
    config.write_text(
        settings + STORAGE.format(url=f"sqlite:///{database}", files=tmp_path / "files"), encoding="utf-8"
    )
    try:
        async with ClientSession() as session:
            office = Office(sandbox, session, f"http://127.0.0.1:{port}/wecom")
            for number in range(1, ROUNDS + 1):
                program = await run(config)
                try:
                    await office.until_it_listens()
                    assert await office.tells(number) == 200
                finally:
                    program.kill()
                    await program.wait()
                assert taken(database) == [str(n + 1) for n in range(number + 1)], (tmp_path / "said.txt").read_text()
    finally:
        await sandbox.stop()
