"""One call of the bot to WeCom, from its HTTP request to its answer: token, address, rates, faults, journal."""

from collections.abc import Callable
from datetime import UTC
from urllib.parse import quote

from aiohttp import web

from sandbox.faults import Dropped, Fault, Faults, Moment
from sandbox.model import Entry, JsonObject, StoredFile
from sandbox.server import dated
from sandbox.wecom.call import HIDDEN, Call, read_call
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import GatewayError, WecomError
from sandbox.wecom.methods import METHODS, Method

# the kinds that are answers, in WeCom's words
_TOLD = {
    "429": (45009, "reach max api daily quota limit"),
    "401": (42001, "access_token expired"),
    "403": (48002, "api forbidden"),
    "409": (45033, "api concurrent out of limit"),
}


class Api:
    """Everything under /cgi-bin/."""

    def __init__(self, corp: Corp, faults: Faults, record: Callable[[Entry], None]) -> None:
        self._corp = corp
        self._faults = faults
        self._record = record
        self._calls = 0

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """With WeCom's own time, as every server tells it."""
        response = await self._answered(request)
        response.headers["Date"] = self._corp.now().astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return response

    async def _answered(self, request: web.BaseRequest) -> web.Response:
        path = request.path.removeprefix("/cgi-bin/")
        method = METHODS.get(path)
        if method is None:
            raise web.HTTPNotFound
        state = _State(Call(path))
        with self._corp.clock.busy():
            return dated(await self._answer(method, state, request), self._corp.now())

    async def _answer(self, method: Method, state: "_State", request: web.BaseRequest) -> web.Response:
        try:
            answer = await self._run(method, state, request)
        except WecomError as error:
            self._write_down(state, str(error))
            return self._refuse(error)
        except GatewayError as error:
            self._write_down(state, str(error))
            return web.Response(status=error.status, text="<html>gateway</html>", content_type="text/html")
        except Dropped:
            self._write_down(state, "connection dropped")
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        self._write_down(state, None)
        if isinstance(answer, StoredFile):
            return _file(answer)
        return web.json_response({"errcode": 0, "errmsg": "ok", **answer})

    async def _run(self, method: Method, state: "_State", request: web.BaseRequest) -> JsonObject | StoredFile:
        state.call = await read_call(state.call.method, request)
        state.chat = self._chat(state.call)
        self._authorize(method, state.call, request)
        state.fault = self._faults.pick(state.call.method, state.chat)
        await self._strike(state.fault, "before")
        answer = method.run(self._corp, state.call)
        state.delivered = True
        await self._strike(state.fault, "after")
        return answer

    def _authorize(self, method: Method, call: Call, request: web.BaseRequest) -> None:
        """Verb, token, trusted IP, base rate, in this order. Whether gettoken itself wants a trusted IP is
        not documented: here it does not."""
        if request.method != method.verb:
            raise WecomError(43001 if method.verb == "GET" else 43002, f"require {method.verb} method")
        remote = request.remote or ""
        self._corp.rates.call(call.method, remote, self._corp.now())
        if method.who == "anybody":
            return
        call.secret = self._corp.tokens.secret_of(call.query.get(HIDDEN, ""), self._corp.now())
        if self._corp.trusted_ips and remote not in self._corp.trusted_ips:
            raise WecomError(60020, f"not allow to access from your ip, from ip: {remote}")
        if call.secret != (self._corp.contacts_secret if method.who == "contacts" else self._corp.secret):
            raise WecomError(48002, "api forbidden")

    async def _strike(self, fault: Fault | None, moment: Moment) -> None:
        if fault is None or not await fault.befall(moment):
            return
        match fault.kind:
            case "500" | "502":
                raise GatewayError(int(fault.kind))
            case "errcode":
                raise WecomError(fault.errcode, "sandbox: a fault")
            case kind if kind in _TOLD:
                raise WecomError(*_TOLD[kind])

    def _chat(self, call: Call) -> int | None:
        """The person whom a call is for, if it is for exactly one, or the group."""
        chatid, key = call.body.get("chatid"), call.query.get("key")
        for group in self._corp.groups.values():
            if (group.chatid and group.chatid == chatid) or (group.key and group.key == key):
                return group.id
        receiver, named = call.body.get("touser"), call.body.get("userids")
        if isinstance(named, list) and len(named) == 1:
            receiver = named[0]
        member = self._corp.directory.find(receiver) if isinstance(receiver, str) else None
        return None if member is None else member.person

    def _refuse(self, error: WecomError) -> web.Response:
        hint = f"{error.errmsg}, hint: [{self._corp.secret_number(64)}], more info at https://open.work.weixin.qq.com"
        return web.json_response({"errcode": error.errcode, "errmsg": hint})

    def _write_down(self, state: "_State", error: str | None) -> None:
        self._calls += 1
        entry = Entry(
            n=self._calls,
            at=self._corp.now(),
            method=state.call.method,
            params=state.call.params,
            ok=error is None,
            error=error,
            chat=state.chat,
            delivered=state.delivered,
            fault=state.fault.kind if state.fault else None,
        )
        self._record(entry)


def _file(stored: StoredFile) -> web.Response:
    name = quote(stored.name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return web.Response(body=stored.data, content_type=stored.mime, headers=headers)


class _State:
    """What is known of a call so far."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.chat: int | None = None
        self.fault: Fault | None = None
        self.delivered = False
