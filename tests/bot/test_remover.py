"""What is to be taken out of a chat is a row until it is settled, whatever the platform says meanwhile."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from sandbox import Fault
from storage import Row
from tests.small_district import PHONES
from tests.stack import TUESDAY, Stack, hour

SAID = "王小明38.5在校留观"


@pytest.fixture
async def stack(storage_url: str) -> AsyncIterator[Stack]:
    made = Stack(storage_url)
    await made.open()
    await made.go(hour("07:31"))
    yield made
    await made.close()


async def settled(stack: Stack) -> Row:
    [row] = await stack.rows("SELECT state, problem FROM removal")
    return row


def still_there(stack: Stack) -> bool:
    own = [one for one in stack.sandbox.chat(PHONES["张敏"]) if one.sender == PHONES["张敏"]]
    return not own[-1].deleted


async def test_a_platform_that_stumbles_is_asked_again(stack: Stack) -> None:
    stack.sandbox.faults.append(Fault("500", method="deleteMessage", times=1))
    stack.write("张敏", SAID)
    await stack.settle()
    assert still_there(stack)
    await stack.settle(timedelta(seconds=30))
    assert (await settled(stack))["state"] == "done"
    assert not still_there(stack)


async def test_a_refusal_is_settled_and_told_to_nobody(stack: Stack) -> None:
    stack.sandbox.faults.append(Fault("403", method="deleteMessage"))
    stack.write("张敏", SAID)
    await stack.settle()
    before = stack.chat("张敏")
    await stack.settle(timedelta(minutes=5))
    assert (await settled(stack))["state"] == "never"
    assert [one.method for one in stack.sandbox.journal].count("deleteMessage") == 1
    assert stack.chat("张敏") == before
    assert await stack.set_aside() == []


async def test_it_is_committed_before_it_is_done_and_survives_a_stop(stack: Stack) -> None:
    stack.sandbox.faults.append(Fault("429", method="deleteMessage", times=1, retry_after=20))
    stack.write("张敏", SAID)
    await stack.settle()
    assert (await settled(stack))["state"] == "due"
    await stack.stop_bot()
    await stack.start_bot()
    await stack.settle(timedelta(seconds=40))
    assert (await settled(stack))["state"] == "done"


async def test_nobodys_words_vanish_before_their_answer_is_there(stack: Stack) -> None:
    stack.sandbox.faults.append(Fault("500", method="sendMessage", times=1))
    stack.write("张敏", SAID)
    await stack.settle()
    assert still_there(stack)
    await stack.settle(timedelta(seconds=40))
    assert not still_there(stack)


async def test_what_could_not_be_reached_while_it_was_allowed_stays_and_is_no_error(stack: Stack) -> None:
    stack.sandbox.faults.append(Fault("500", method="deleteMessage"))
    stack.write("张敏", SAID)
    await stack.settle()
    await stack.go(hour("09:00", TUESDAY + timedelta(days=2)))
    stack.sandbox.faults.clear()
    await stack.settle(timedelta(seconds=30))
    assert (await settled(stack))["state"] == "never"
    assert still_there(stack)
