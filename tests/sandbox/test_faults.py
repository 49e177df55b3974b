"""Faults: what the bot is told, what reached the phone all the same, and what the journal says."""

import aiohttp
import pytest

from sandbox import Fault, Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import GROUP, TEACHER

TOLD = {
    "429": (429, "Too Many Requests: retry after 3"),
    "500": (500, "Internal Server Error"),
    "502": (502, "Bad Gateway"),
    "401": (401, "Unauthorized"),
    "403": (403, "Forbidden: bot was blocked by the user"),
    "409": (409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"),
}


@pytest.mark.parametrize(("fault", "told"), [(Fault(kind), told) for kind, told in TOLD.items()])  # type: ignore[arg-type]
async def test_an_answer_is_invented_before_anything_happens(
    bot: Caller, sandbox: Sandbox, fault: Fault, told: tuple[int, str]
) -> None:
    sandbox.faults.append(fault)
    body = await bot("sendMessage", chat_id=TEACHER, text="a")
    assert (body["error_code"], body["description"]) == told
    assert len(sandbox.chat(TEACHER)) == 1
    entry = sandbox.journal[-1]
    assert (entry.ok, entry.delivered, entry.fault, entry.chat) == (False, False, fault.kind, TEACHER)


@pytest.mark.parametrize("kind", ["timeout", "drop"])
@pytest.mark.parametrize(("when", "arrives"), [("before", 0), ("after", 1)])
async def test_a_dropped_call_may_have_been_delivered(
    bot: Caller, sandbox: Sandbox, kind: str, when: str, arrives: int
) -> None:
    sandbox.faults.append(Fault(kind, method="sendMessage", times=1, when=when))  # type: ignore[arg-type]
    with pytest.raises(aiohttp.ClientError):
        await bot("sendMessage", chat_id=TEACHER, text="a")
    assert len(sandbox.chat(TEACHER)) == 1 + arrives
    assert (sandbox.journal[-1].ok, sandbox.journal[-1].delivered) == (False, bool(arrives))
    await bot.ok("sendMessage", chat_id=TEACHER, text="a")


async def test_500_after_delivery_is_a_lie(bot: Caller, sandbox: Sandbox) -> None:
    sandbox.faults.append(Fault("500", when="after", times=1))
    assert await bot.refused("sendMessage", chat_id=TEACHER, text="a") == "Internal Server Error"
    assert sandbox.chat(TEACHER)[-1].text == "a"


async def test_a_fault_can_be_for_one_method_one_chat_and_a_few_times(bot: Caller, sandbox: Sandbox) -> None:
    sandbox.faults.append(Fault("500", method="sendMessage", chat=GROUP, times=2))
    await bot.ok("getMe")
    await bot.ok("sendMessage", chat_id=TEACHER, text="a")
    for _ in range(2):
        await bot.refused("sendMessage", chat_id=GROUP, text="a")
    await bot.ok("sendMessage", chat_id=GROUP, text="a")
    assert len(sandbox.faults) == 0


async def test_a_rate_is_diced_the_same_way_under_the_same_seed(clock: ManualClock) -> None:
    def struck(seed: int) -> list[bool]:
        faults = Sandbox(clock, seed=seed).faults
        faults.append(Fault("500", rate=0.3))
        return [faults.pick("sendMessage", 1) is not None for _ in range(200)]

    assert struck(1) == struck(1) != struck(2)
    assert 40 <= sum(struck(1)) <= 80


async def test_slow_is_slow_and_then_good(bot: Caller, sandbox: Sandbox) -> None:
    sandbox.faults.append(Fault("slow", delay=0.001))
    await bot.ok("sendMessage", chat_id=TEACHER, text="a")
    assert sandbox.journal[-1].fault == "slow"


async def test_a_batch_comes_twice_with_the_same_numbers(bot: Caller, sandbox: Sandbox) -> None:
    sandbox.faults.append(Fault("duplicate", times=1))
    sandbox.write(TEACHER, TEACHER, "一")
    [first] = await bot.ok("getUpdates")
    sandbox.write(TEACHER, TEACHER, "二")
    again, second = await bot.ok("getUpdates", offset=first["update_id"] + 1)
    assert again == first
    assert second["message"]["text"] == "二"


async def test_an_unknown_kind_of_fault_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        sandbox.faults.append(Fault("gremlin"))  # type: ignore[arg-type]
