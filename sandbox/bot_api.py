"""One call of the bot, from its HTTP request to its answer: token, method, faults, journal."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from sandbox.errors import ApiError
from sandbox.faults import Dropped, Fault, Faults, Moment
from sandbox.methods import METHODS, find
from sandbox.model import Entry
from sandbox.params import Params, read_params
from sandbox.polling import WEBHOOK_CAME, WEBHOOK_IS_SET, Connection, Poller
from sandbox.server import dated
from sandbox.webhook import Webhook
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Told:
    """What the bot is answered."""

    status: int
    body: dict[str, object]
    retry_after: object = None


class BotApi:
    """Busy while it handles a call, but not while a getUpdates merely waits."""

    def __init__(
        self,
        world: World,
        *,
        token: str,
        poller: Poller,
        webhook: Webhook,
        faults: Faults,
        record: Callable[[Entry], None],
    ) -> None:
        self._world = world
        self._token = token
        self._poller = poller
        self._webhook = webhook
        self._faults = faults
        self._record = record
        self._calls = 0

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """One that came over HTTP."""
        try:
            told = await self.answer(request.path, lambda: read_params(request), request.protocol)
        except Dropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        response = dated(web.json_response(told.body, status=told.status), self._world.now())
        if told.retry_after is not None:
            response.headers["Retry-After"] = str(told.retry_after)
        return response

    async def answer(self, path: str, read: Callable[[], Awaitable[Params]], caller: Connection) -> Told:
        """However it came. Raises Dropped where the connection is broken off."""
        token, _, name = path.removeprefix("/bot").partition("/")
        call = _Call(name)
        try:
            with self._world.clock.busy():
                call.params = await read()
                call.method, known = self._open(token, name)
                call.params.refuse_unknown(known)
                call.fault = await self._strike(call, "before")
            result, said = await self._run(call, caller)
            call.delivered = True
            with self._world.clock.busy():
                await self._strike(call, "after")
        except ApiError as error:
            return self._refuse(call, error)
        except Dropped:
            self._write_down(call, "connection dropped")
            raise
        self._write_down(call, None)
        body = {"ok": True, "result": result}
        return Told(200, {**body, "description": said} if said else body)

    def _open(self, token: str, name: str) -> tuple[str, frozenset[str]]:
        if ":" not in token or token.startswith("0") or len(token) > 80:
            raise ApiError(401, "Unauthorized: invalid token specified")
        if token != self._token:
            raise ApiError(401, "Unauthorized")
        return find(name)

    async def _strike(self, call: "_Call", moment: Moment) -> Fault | None:
        """Before the call a fault is picked; it strikes then or, if it says so, after the call took effect."""
        fault = self._faults.pick(call.method, call.chat) if moment == "before" else call.fault
        call.fault = fault
        if fault is None or not await fault.befall(moment):
            return fault
        answer = fault.answer()
        if answer is not None:
            raise answer
        return fault

    async def _run(self, call: "_Call", caller: Connection) -> tuple[object, str]:
        match call.method:
            case "getUpdates":
                if self._webhook.address is not None:
                    raise await self._poller.conflict(WEBHOOK_IS_SET)
                return await self._poller.get_updates(call.params, caller), ""
            case "setWebhook" if call.params.string("url"):
                with self._world.clock.busy():
                    said = await self._webhook.set(call.params)
                    self._poller.abort(WEBHOOK_CAME)
                    self._poller.gone()
                return True, said
            case "setWebhook" | "deleteWebhook":
                return True, await self._webhook.delete(call.params)
            case "getWebhookInfo":
                return self._webhook.info(), ""
            case method:
                with self._world.clock.busy():
                    return METHODS[method.lower()].run(self._world, call.params), ""

    def _refuse(self, call: "_Call", error: ApiError) -> Told:
        self._write_down(call, error.description)
        body: dict[str, object] = {"ok": False, "error_code": error.code, "description": error.description}
        if error.parameters:
            body["parameters"] = error.parameters
        return Told(error.code, body, error.parameters.get("retry_after"))

    def _write_down(self, call: "_Call", error: str | None) -> None:
        if error is not None and call.method == "getUpdates":
            self._poller.gone()
        self._calls += 1
        entry = Entry(
            n=self._calls,
            at=self._world.now(),
            method=call.method,
            params=call.params.for_journal(),
            ok=error is None,
            error=error,
            chat=call.chat,
            delivered=call.delivered,
            fault=call.fault.kind if call.fault else None,
        )
        self._record(entry)


class _Call:
    """What is known of a call so far."""

    def __init__(self, name: str) -> None:
        self.method = name
        self.params = Params({}, {})
        self.fault: Fault | None = None
        self.delivered = False

    @property
    def chat(self) -> int | None:
        written = self.params.string("chat_id")
        return int(written) if written.lstrip("-").isdigit() else None
