"""A failing plan made smaller: what can be left out while it still fails the same way."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from bot.simulate.plan import Plan
from handlers.values import replace

T = TypeVar("T")
Fails = Callable[[Plan], bool]
PATIENCE = 150  # trials


def shrunk(plan: Plan, fails: Fails) -> Plan:
    """Without the days after the failing one; then the fewest faults, acknowledgements and acts with which it fails."""
    trials = iter(range(PATIENCE))

    def still(smaller: Plan) -> bool:
        return next(trials, None) is not None and fails(smaller)

    plan = next((one for one in _shorter(plan) if still(one)), plan)
    for name in ("faults", "acks", "acts"):
        parts = _fewest(getattr(plan, name), lambda some, name=name: still(_with(plan, name, some)))  # type: ignore[misc] # noqa: B023
        plan = _with(plan, name, parts)
    return plan


def _with(plan: Plan, name: str, parts: Sequence[object]) -> Plan:
    return replace(plan, **{name: tuple(parts)})  # type: ignore[arg-type]


def _shorter(plan: Plan) -> Iterator[Plan]:
    for days in range(1, plan.days):
        yield replace(
            plan,
            days=days,
            acts=tuple(one for one in plan.acts if one.day < days),
            acks=tuple(one for one in plan.acks if one.day < days),
            faults=tuple(one for one in plan.faults if one.day < days),
        )


def _fewest(parts: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """None of them, if that is enough; else ever smaller pieces are left out."""
    if not parts or fails(()):
        return ()
    size = max(1, len(parts) // 2)
    while True:
        for begin in range(0, len(parts), size):
            without = [*parts[:begin], *parts[begin + size :]]
            if without and fails(without):
                parts = without
                break
        else:
            if size == 1:
                return parts
            size = max(1, size // 2)
