"""The wire of WeCom against the sandbox, whose crypto, XML and console were written by others."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from bot.channels import Barred, Conflict, Gone, Raw
from bot.channels.wecom import Groups, WeCom
from bot.channels.wecom.api import Api
from bot.channels.wecom.callbacks import Receiver
from bot.channels.wecom.crypto import Crypto
from bot.clock import SteppedClock
from sandbox import Fault, Sandbox
from tests.channels.conftest import TEACHER, until
from tests.channels.test_wecom_callbacks import listening
from tests.clocks import LeapingClock
from tests.sandbox.wecom_cards import buttons

USERID = "LiLaoShi"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


class Ears:
    """What was taken; the next `deaf` calls fail."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.taken: list[Raw] = []
        self.deaf = 0

    async def take(self, raws: Sequence[Raw]) -> None:
        if self.deaf:
            self.deaf -= 1
            raise OSError("the disk is full")
        self.taken += raws

    def said(self, at: int = -1) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.taken[at].body)
        return found


@pytest.fixture
async def ears(sandbox: Sandbox, clock: SteppedClock) -> AsyncIterator[Ears]:
    wecom = sandbox.wecom
    wecom.employ(TEACHER, USERID)
    receiver = Receiver(Crypto(wecom.token, wecom.aes_key, wecom.corp_id), clock, "127.0.0.1", 0, "/wecom")
    ears = Ears(receiver)
    async with listening(receiver, ears.take):
        await wecom.connect(f"http://127.0.0.1:{receiver.port}/wecom")
        yield ears


@pytest.fixture
async def api(sandbox: Sandbox, clock: SteppedClock) -> AsyncIterator[Api]:
    api = Api(sandbox.page_url.rstrip("/"), sandbox.wecom.corp_id, sandbox.wecom.secret, clock)
    await api.open()
    yield api
    await api.close()


def card(sandbox: Sandbox) -> dict[str, object]:
    return {
        "touser": USERID,
        "msgtype": "template_card",
        "agentid": sandbox.wecom.agent_id,
        "template_card": buttons("card-1"),
    }


async def test_an_address_that_is_another_program_s_is_named_and_ends_the_listening(
    sandbox: Sandbox, ears: Ears, api: Api, clock: SteppedClock
) -> None:
    async def nobody() -> Sequence[str]:
        return ()

    wecom, port = sandbox.wecom, ears.receiver.port
    crypto = Crypto(wecom.token, wecom.aes_key, wecom.corp_id)
    second = WeCom(
        api, wecom.agent_id, Receiver(crypto, clock, "127.0.0.1", port, "/wecom"), Groups(api, None, nobody), clock
    )
    with pytest.raises(Conflict, match=rf"wecom.listen: nothing can listen at 127.0.0.1:{port}"):
        await second.listen(ears.take)


async def test_what_a_teacher_writes_arrives(sandbox: Sandbox, ears: Ears) -> None:
    """The console has asked for its word before, or `ears` would not be connected."""
    sandbox.wecom.write(TEACHER, "3号同学38.5 <去医院了> & ]]>")
    await until(lambda: bool(ears.taken))
    assert ears.said()["FromUserName"] == USERID
    assert ears.said()["Content"] == "3号同学38.5 <去医院了> & ]]>"


async def test_what_could_not_be_taken_comes_again(sandbox: Sandbox, ears: Ears) -> None:
    ears.deaf = 2
    sandbox.wecom.write(TEACHER, "全员正常")
    await until(lambda: bool(ears.taken))
    assert sandbox.wecom.lost == []


async def test_two_taps_of_one_second_are_two_and_the_same_told_twice_is_one(
    sandbox: Sandbox, ears: Ears, api: Api
) -> None:
    await api.call("message/send", card(sandbox))
    [message] = sandbox.wecom.chat(TEACHER)
    sandbox.wecom.faults.append(Fault("duplicate"))
    sandbox.wecom.tap(TEACHER, message.id, "key:1")
    sandbox.wecom.tap(TEACHER, message.id, "key:2")
    await until(lambda: len(ears.taken) == 4)
    assert len({raw.native for raw in ears.taken}) == 2


async def test_a_token_that_ends_or_is_invalidated_costs_no_message(
    sandbox: Sandbox, clock: LeapingClock, api: Api
) -> None:
    text = {"touser": USERID, "msgtype": "text", "agentid": sandbox.wecom.agent_id}
    sandbox.wecom.employ(TEACHER, USERID)
    sandbox.wecom.invalidate_token()
    await api.call("message/send", {**text, "text": {"content": "一"}})
    clock.leap(clock.now() + timedelta(hours=3))
    await api.call("message/send", {**text, "text": {"content": "二"}})
    assert [message.text for message in sandbox.wecom.chat(TEACHER)] == ["一", "二"]
    assert [entry.method for entry in sandbox.wecom.journal].count("gettoken") == 3


async def test_a_card_whose_code_was_used_is_gone(sandbox: Sandbox, ears: Ears, api: Api) -> None:
    code = (await api.call("message/send", card(sandbox)))["response_code"]
    update = {"userids": [USERID], "agentid": sandbox.wecom.agent_id, "response_code": code}
    await api.call("message/update_template_card", {**update, "button": {"replace_name": "已报"}})
    with pytest.raises(Gone, match="60140"):
        await api.call("message/update_template_card", {**update, "button": {"replace_name": "又报"}})


async def test_a_picture_goes_up_by_its_chinese_name(sandbox: Sandbox, api: Api) -> None:
    media = await api.upload("image", "今日晨检一览.png", PNG)
    assert sandbox.wecom.stored(media).name == "今日晨检一览.png"
    assert sandbox.wecom.stored(media).data == PNG


async def test_an_address_that_the_console_does_not_trust_is_named(sandbox: Sandbox, api: Api) -> None:
    sandbox.wecom.trusted_ips.add("203.0.113.7")
    with pytest.raises(Barred, match=r"60020.*127\.0\.0\.1"):
        await api.call("department/list")


async def test_the_menu_may_be_chinese(sandbox: Sandbox, api: Api) -> None:
    menu = {"button": [{"type": "click", "name": "报告", "key": "/report"}]}
    await api.call("menu/create", menu, agentid=str(sandbox.wecom.agent_id))
