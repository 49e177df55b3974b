"""A bot's side of the wire, as bare as it can be: one method, its parameters, the JSON that came back."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import aiohttp

from sandbox import Sandbox

Reply = dict[str, Any]


class Caller:
    """Calls the sandbox over real HTTP. `last` is the latest response, for its status and headers."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self._sandbox = sandbox
        self._session = session
        self.last: aiohttp.ClientResponse | None = None

    async def __call__(self, method: str, **params: object) -> Reply:
        url = f"{self._sandbox.base_url}{self._sandbox.token}/{method}"
        async with self._session.post(url, json=params) as response:
            self.last = response
            body: Reply = await response.json()
            assert response.status == body.get("error_code", 200)
            return body

    async def ok(self, method: str, **params: object) -> Any:
        """The result; an assertion if it was refused."""
        body = await self(method, **params)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, **params: object) -> str:
        """The description; an assertion if it went through."""
        body = await self(method, **params)
        assert not body["ok"], body
        assert body["description"].startswith(_PREFIX[body["error_code"]])
        return str(body["description"])

    async def upload(self, method: str, files: dict[str, bytes], **params: str) -> Reply:
        form = aiohttp.FormData(params)
        for name, data in files.items():
            form.add_field(name, BytesIO(data), filename=f"{name}.bin", content_type="application/octet-stream")
        url = f"{self._sandbox.base_url}{self._sandbox.token}/{method}"
        async with self._session.post(url, data=form) as response:
            body: Reply = await response.json()
            return body


_PREFIX = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests: retry after ",
    500: "Internal Server Error",
    502: "Bad Gateway",
}
