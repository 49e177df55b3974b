"""One district's days: planned, played, checked."""

import asyncio
import gc
import hashlib
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta

from bot.demo.play import school_days
from bot.simulate.checks import Played, complaints
from bot.simulate.loop import SeededLoop, Stuck
from bot.simulate.model import ClassDay, Model
from bot.simulate.people import People
from bot.simulate.plan import Kind, Plan
from bot.simulate.town import Town
from bot.simulate.trouble import Span, Troubles, keep_running, struck
from bot.simulate.world import BEGIN, World, at, determined, image
from handlers.values import replace

STEPS = 12_000  # a day and class: it takes a tenth of them
DAWN, NIGHT = 6.9, 30.0  # o'clock: a day is played until the next morning, over its seal


class Result:
    """What was wrong, day by day, and a digest of all that was shown and answered."""

    def __init__(self, wrong: Sequence[str] = ()) -> None:
        self.wrong = list(wrong)
        self.days = 0
        self.digest = ""


def simulate(plan: Plan, town: Town) -> Result:
    """The same plan, the same result; the plan says who of the town lives where. Ends with the first day on which
    something is wrong."""
    town = replace(town, homes=plan.homes)
    made = image(town)
    with determined(plan.seed), _without_gc():
        loop = SeededLoop(random.Random(f"order {plan.seed}"))
        asyncio.set_event_loop(loop)
        try:
            return loop.run_until_complete(_play(loop, plan, town, made))
        except Stuck as error:
            return Result([f"{plan.days} days it_comes_to_rest: {error}"])
        finally:
            _sweep(loop)
            asyncio.set_event_loop(None)
            loop.close()


def _sweep(loop: SeededLoop) -> None:
    """Whatever is still under way ends."""
    loop.broken, loop.steps_left = None, -1
    while left := asyncio.all_tasks(loop):
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.wait(left))


@contextmanager
def _without_gc() -> Iterator[None]:
    """What a district leaves is swept when it is over: a tenth of its time went into looking for it meanwhile."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _dates(plan: Plan) -> Sequence[date]:
    """School days in a row; after a week of silence the next begins a week later."""
    days = list(school_days(plan.days + 6))
    silent = {fault.day for fault in plan.faults if fault.kind is Kind.WEEK}
    found, place = [], 0
    for number in range(plan.days):
        found.append(days[place])
        place += 6 if number in silent else 1
    return found


async def _play(loop: SeededLoop, plan: Plan, town: Town, made: bytes) -> Result:
    world = World(loop, town, plan.seed, BEGIN, made)
    world.move_in()
    result = Result()
    spans: list[Span] = []
    running = asyncio.ensure_future(keep_running(world, spans))
    try:
        for number, day in enumerate(_dates(plan)):
            loop.steps_left = STEPS * len(town.school_of)
            result.wrong = await _a_day(world, plan, number, day, spans)
            result.days += 1
            if running.done():
                running.result()
            if result.wrong:
                break
    finally:
        running.cancel()
        for program in tuple(world.programs):
            await program.stop()
        world.memory.close()
    result.digest = _digest(world)
    return result


async def _a_day(world: World, plan: Plan, number: int, day: date, spans: list[Span]) -> list[str]:
    if world.now() < at(day, 6):
        # a week of silence: nobody writes, and the platform begins to number anew
        await world.advance(at(day, 6))
        if not len(world.sandbox.updates):
            world.sandbox.restart_ids()
    await world.advance(at(day, 0) + timedelta(hours=DAWN))
    model = Model({klass: ClassDay() for klass in world.town.school_of})
    people = People(world, day, model)
    troubles = Troubles(world, day, [one for one in plan.faults if one.day == number], spans)
    people.begin([one for one in plan.acts if one.day == number], [one for one in plan.acks if one.day == number])
    troubles.begin()
    await world.advance(at(day, NIGHT))
    people.end()
    troubles.end()
    world.troubles.clear()
    world.away = False
    world.unanswered = 0
    for faults in world.phones.faults:
        faults.clear()
    played = Played(world, day, model, people, (*spans, *struck(world)))
    return complaints(played)


def _digest(world: World) -> str:
    """Of every call and every answer, in their order and at their hour."""
    trace = hashlib.sha256()
    for one in world.phones.journal:
        said = one.params.get("text", one.params.get("template_card", ""))
        trace.update(f"{one.at} {one.method} {one.chat} {one.error} {said}\n".encode())
    return trace.hexdigest()
