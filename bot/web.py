"""The bot's own address for whoever looks after the machine: /healthz and /metrics. Nothing of a person is there, and
nothing can be done there; all the same it is for this machine or a network that one trusts."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta, tzinfo
from pathlib import Path

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.clock import Clock
from bot.gauges import Gauges
from bot.health import Health
from bot.meters import Meters
from handlers.plain import stamp
from storage import Storage, StorageError
from storage.vitals import Vitals, vitals

log = logging.getLogger(__name__)

AGAIN = timedelta(seconds=30)  # until an address that another program has is tried once more
GRACE = 2.0  # seconds for an answer that is on its way when the program ends
OK, STOPPED = 200, 503


class Web:
    """`health` is asked at each look; `disks`: where something of ours lies → its path."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        zone: tzinfo,
        health: Callable[[], Health],
        meters: Meters,
        disks: Mapping[str, Path],
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._zone = zone
        self._health = health
        self._meters = meters
        self._disks = disks
        self.port = 0  # once it listens

    async def run(self, host: str, port: int) -> None:
        """Until cancelled. Where it cannot listen the bot goes on without: reports are worth more than this."""
        app = web.Application()
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/metrics", self.metrics)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE)
        await runner.setup()
        try:
            await self._listen(runner, host, port)
            while True:
                await self._clock.sleep_until(self._clock.now() + AGAIN)
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner, host: str, port: int) -> None:
        told = False
        while True:
            try:
                await web.TCPSite(runner, host, port).start()
                break
            except OSError as error:
                if not told:
                    log.error("web.listen: nothing can listen at %s:%s, trying again: %s", host, port, error.strerror)
                told = True
            await self._clock.sleep_until(self._clock.now() + AGAIN)
        self.port = runner.addresses[0][1]
        log.info("/healthz and /metrics at %s:%s", host, self.port)

    async def healthz(self, request: web.Request) -> web.Response:
        found = self._health()
        said = {
            "status": "ok" if found.progresses else "starting" if found.starting else "stopped",
            "rounds": dict(found.rounds),
            "stopped": dict(found.stopped),
            "out_of_touch": {channel: stamp(since) for channel, since in found.out_of_touch.items()},
        }
        return web.Response(
            status=OK if found.progresses else STOPPED, text=f"{json.dumps(said)}\n", content_type="application/json"
        )

    async def metrics(self, request: web.Request) -> web.Response:
        gauges = Gauges(self._clock.now())
        gauges.health(self._health())
        gauges.vitals(await self._vitals())
        gauges.disks(self._disks)
        page = generate_latest(self._meters.registry) + generate_latest(gauges.registry)
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _vitals(self) -> Vitals | None:
        now = self._clock.now()
        try:
            return await self._storage.read(lambda tx: vitals(tx, now, now.astimezone(self._zone).date()))
        except StorageError:
            return None
