"""Faults in WeCom: what the app is told, what reached the phone all the same, and what the journal says."""

import aiohttp
import pytest

from sandbox import Fault, Sandbox
from tests.sandbox.people import LEADER, LEADER_USERID, TEACHER, USERID
from tests.sandbox.wecom_caller import App


@pytest.mark.parametrize(
    ("fault", "errcode"),
    [
        (Fault("429"), 45009),
        (Fault("401"), 42001),
        (Fault("403"), 48002),
        (Fault("409"), 45033),
        (Fault("errcode"), -1),
        (Fault("errcode", errcode=60020), 60020),
    ],
)
async def test_an_answer_is_invented_before_anything_happens(
    app: App, sandbox: Sandbox, fault: Fault, errcode: int
) -> None:
    app.token = (await app.get_token())["access_token"]
    sandbox.wecom.faults.append(fault)
    assert (await app.send(USERID))["errcode"] == errcode
    assert sandbox.wecom.chat(TEACHER) == ()
    entry = sandbox.wecom.journal[-1]
    assert (entry.ok, entry.delivered, entry.fault, entry.chat) == (False, False, fault.kind, TEACHER)
    assert entry.error is not None
    assert entry.error.startswith(f"{errcode} ")


@pytest.mark.parametrize("kind", ["500", "502"])
async def test_a_gateway_answers_with_a_status_and_no_json(app: App, sandbox: Sandbox, kind: str) -> None:
    await app.ok("getcallbackip")
    sandbox.wecom.faults.append(Fault(kind, when="after"))  # type: ignore[arg-type]
    params = {"access_token": app.token}
    async with app.session.post(f"{app.root}message/send", params=params, json=app.message(USERID)) as response:
        assert (response.status, response.content_type) == (int(kind), "text/html")
    assert len(sandbox.wecom.chat(TEACHER)) == 1


@pytest.mark.parametrize("kind", ["timeout", "drop"])
@pytest.mark.parametrize(("when", "arrives"), [("before", 0), ("after", 1)])
async def test_a_dropped_call_may_have_been_delivered(
    app: App, sandbox: Sandbox, kind: str, when: str, arrives: int
) -> None:
    fault = Fault(kind, method="message/send", times=1, when=when)  # type: ignore[arg-type]
    sandbox.wecom.faults.append(fault)
    with pytest.raises(aiohttp.ClientError):
        await app.send(USERID)
    assert len(sandbox.wecom.chat(TEACHER)) == arrives
    assert (sandbox.wecom.journal[-1].ok, sandbox.wecom.journal[-1].delivered) == (False, bool(arrives))
    await app.ok("message/send", app.message(USERID))


async def test_a_fault_can_be_for_one_path_and_one_person(app: App, sandbox: Sandbox) -> None:
    sandbox.wecom.faults.append(Fault("429", method="message/send", chat=LEADER, times=1))
    await app.ok("getcallbackip")
    await app.ok("message/send", app.message(USERID))
    assert (await app.send(LEADER_USERID))["errcode"] == 45009
    await app.ok("message/send", app.message(LEADER_USERID))
    assert len(sandbox.wecom.faults) == 0


async def test_telegram_and_wecom_have_faults_and_journals_of_their_own(app: App, sandbox: Sandbox) -> None:
    sandbox.faults.append(Fault("429"))
    await app.ok("message/send", app.message(USERID))
    assert sandbox.journal == []
