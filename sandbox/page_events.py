"""The page's WebSocket: says which chat to look at again, each once however often it changed."""

import asyncio

from aiohttp import WSCloseCode, web

from sandbox.chats import Chats


class PageEvents:
    def __init__(self, *platforms: Chats) -> None:
        self._pages: dict[web.WebSocketResponse, _Pending] = {}
        for chats in platforms:
            chats.listeners.append(self._changed)

    async def serve(self, request: web.BaseRequest) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        pending = self._pages[socket] = _Pending()
        teller = asyncio.ensure_future(pending.tell(socket))
        try:
            async for _ in socket:
                pass  # the page only listens
        finally:
            teller.cancel()
            del self._pages[socket]
        return socket

    async def stop(self) -> None:
        for socket in tuple(self._pages):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    def _changed(self, chat: int | None) -> None:
        for pending in self._pages.values():
            pending.add(chat)


class _Pending:
    """What one page has not been told yet."""

    def __init__(self) -> None:
        self._chats: set[int | None] = set()
        self._some = asyncio.Event()

    def add(self, chat: int | None) -> None:
        self._chats.add(chat)
        self._some.set()

    async def tell(self, socket: web.WebSocketResponse) -> None:
        while not socket.closed:
            await self._some.wait()
            chats, self._chats = self._chats, set()
            self._some.clear()
            for chat in chats:
                event = {"type": "state"} if chat is None else {"type": "chat", "chat": chat}
                try:
                    await socket.send_json(event)
                except ConnectionError:
                    return
