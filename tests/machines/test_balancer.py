"""The bench's load balancers: all listeners have their turn, and one that is gone is passed over."""

from collections import Counter
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bench.balancer import HERE, balancing
from bot.channels.telegram.webhook import SECRET
from tests.nginx import find
from tests.ports import free_port

WORD = "a-long-word-that-nobody-guesses"


class Listener:
    def __init__(self, port: int, heard: Counter[int]) -> None:
        self._port = port
        self._heard = heard
        self._runner = web.ServerRunner(web.Server(self._answer))

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, HERE, self._port).start()

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        if await request.read() != b"an update" or request.headers.get(SECRET) != WORD:
            return web.Response(status=403)
        self._heard[self._port] += 1
        return web.Response()


@pytest.mark.parametrize("how", ["by itself", *(["nginx"] if find() else [])])
async def test_each_listener_has_its_turn_and_one_that_is_gone_is_passed_over(how: str, tmp_path: Path) -> None:
    heard: Counter[int] = Counter()
    listeners = [Listener(free_port(), heard) for _ in range(2)]
    for one in listeners:
        await one.start()
    nginx = find() if how == "nginx" else None
    ports = [one._port for one in listeners]
    async with balancing(tmp_path, ports, nginx) as port, ClientSession(headers={SECRET: WORD}) as session:

        async def post() -> int:
            async with session.post(f"http://{HERE}:{port}/telegram", data=b"an update") as answer:
                return answer.status

        assert [await post() for _ in range(8)] == [200] * 8
        assert heard == {ports[0]: 4, ports[1]: 4}
        await listeners[0].stop()
        assert [await post() for _ in range(4)] == [200] * 4
        assert heard == {ports[0]: 4, ports[1]: 8}
        await listeners[1].stop()
        assert await post() == 502
