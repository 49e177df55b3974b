"""One school day in which the program is killed again and again, from the first code to the last edit of the post."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.clock import AffineClock, SystemClock
from handlers.model import Duty
from sandbox import Sandbox
from tests.kill import books
from tests.kill.evidence import Evidence, Kill, numbers_in
from tests.kill.gather import Watch
from tests.kill.killer import AIMED, Killer
from tests.kill.office import prepare
from tests.kill.platforms import Platform
from tests.kill.program import Fleet, Program
from tests.kill.thumbs import Officer, Phone, Teacher
from tests.kill.town import Town, at

START = at(7, 20)
LAST_KILL = at(9, 9)
SLOW = 40.0  # real seconds that a machine with much to do may be late with what is aimed at
NO_PATIENCE_LEFT = at(9, 20)
BREATH = timedelta(seconds=2)
SETTLED = timedelta(minutes=22)  # the post changes once in ten minutes


class KilledDay:
    """`play` returns what was seen. `url`: of the database, instead of a file in the folder; `fleet`: the roles of
    each of several processes."""

    def __init__(
        self,
        folder: Path,
        on: type[Platform],
        seed: int,
        *,
        speed: float = 0,
        url: str = "",
        fleet: Sequence[Sequence[str]] = (),
    ) -> None:
        self._folder = folder
        self._on = on
        self._url = url or f"sqlite:///{folder / 'day.db'}"
        self._fleet = fleet
        self._speed = speed or on.speed
        self._seed = seed
        self._town = Town(seed)
        self._kills: list[Kill] = []
        self._ended: list[str] = []
        self._over = False

    async def play(self) -> Evidence:
        codes = await prepare(self._url, self._town, START, self._on.userids(self._town))
        self._program = self._programs()
        await self._program.stand_by()
        anchor = SystemClock().now().timestamp()
        self._clock = AffineClock(START, self._speed, anchor)
        self._sandbox = Sandbox(self._clock, seed=self._seed)
        await self._sandbox.start()
        for one in self._town.members:
            self._sandbox.add_person(one.id, one.name)
        self._platform = self._on(self._sandbox, self._clock, self._town)
        self._killer = Killer(self._program, self._platform, self._clock, self._seed)
        self._phones = [Phone(self._platform, self._clock, one) for one in self._town.members]
        self._watch = Watch(self._platform, self._clock, self._url, self._town, self._phones)
        try:
            await self._program.begin(self._platform.settings(), START, self._speed, anchor)
            await self._morning(codes)
        finally:
            self._over = True
            code = await self._program.stop()
            await self._sandbox.stop()
        if code != 0:
            self._ended.append(f"told to stop, it ended with {code}")
        return self._watch.evidence(self._kills, self._ended)

    def _programs(self) -> Program | Fleet:
        if not self._fleet:
            return Program(self._folder, url=self._url)
        programs = [
            Program(self._folder, url=self._url, roles=roles, name=f"said{n}") for n, roles in enumerate(self._fleet)
        ]
        return Fleet(programs, self._url, self._seed)

    async def _morning(self, codes: dict[int, str]) -> None:
        await self._platform.join(codes)
        plans = {plan.klass: plan for plan in self._town.plans}
        teachers = [Teacher(phone, plans[phone.member.klass]) for phone in self._phones if phone.member.klass]
        officers = [Officer(phone) for phone in self._phones if phone.member.duty is Duty.REPORTER]
        background = [
            asyncio.create_task(one)
            for one in (
                self._restart(),
                self._killer.at_random(),
                self._killer.while_drawing(lambda: books.summed_up(self._url)),
                *(officer.live() for officer in officers),
            )
        ]
        try:
            await self._live(teachers)
            await self._clock.sleep_until(LAST_KILL)
            with suppress(TimeoutError):  # then the test says which it did not meet; who died is back by now
                await self._sandbox.until(lambda: self._killer.met >= AIMED and not self._killer.why, limit=SLOW)
            self._killer.done = True
            with suppress(TimeoutError):  # then the checks say what is not as it should be
                await self._sandbox.until(self._settled, limit=SETTLED.total_seconds() / self._speed)
        finally:
            for task in background:
                task.cancel()
            await asyncio.wait(background)
            for task in background:
                if not task.cancelled():
                    task.result()

    async def _live(self, teachers: list[Teacher]) -> None:
        """Until all is done that was planned, or no patience is left: the checks name who got nowhere."""
        living = asyncio.gather(*(teacher.live() for teacher in teachers))
        ending = asyncio.create_task(self._clock.sleep_until(NO_PATIENCE_LEFT))
        either: set[asyncio.Future[Any]] = {living, ending}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if living.done():
            living.result()
        living.cancel()
        await asyncio.gather(living, ending, return_exceptions=True)

    async def _restart(self) -> None:
        """As a service manager does: at once. Before that, what is on record is looked at."""
        while True:
            code = await self._program.ended()
            if self._over:
                return
            if not self._killer.why:
                self._ended.append(f"it ended by itself with {code} at {self._clock.now()}")
            await self._clock.sleep_until(self._clock.now() + BREATH)  # what was on the wire arrives
            self._kills.append(self._watch.kill(self._killer.why))
            self._killer.why = ""
            await self._program.start()

    @property
    def met(self) -> set[str]:
        """The worst moments that the program died at."""
        return self._killer.met

    def _settled(self) -> bool:
        """Nothing more is to come: the post says what people know."""
        return numbers_in(self._watch.caption()) == self._watch.truth()
