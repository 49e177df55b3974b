"""智能机器人's long connection as WeCom answers on it, frame by frame, without any bot."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sandbox import Sandbox
from sandbox.faults import Fault
from sandbox.model import JsonObject
from sandbox.wecom.aibot import Aibot
from tests.sandbox.manual_clock import ManualClock

LI = 101
SUBSCRIBE: JsonObject = {"bot_id": "aibSANDBOXopensNothing", "secret": "sandbox-robot-secret-that-opens-nothing"}
HELLO: JsonObject = {"chatid": "li", "chat_type": 1, "msgtype": "markdown", "markdown": {"content": "您好"}}
CARD: JsonObject = {
    "card_type": "button_interaction",
    "main_title": {"title": "三(2)班"},
    "button_list": [{"text": "全员正常", "key": "zero"}],
    "task_id": "t1",
}


class Robot:
    """One connection, driven by hand."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self._asked = 0

    async def hear(self) -> Any:
        return json.loads((await self.socket.receive(timeout=5)).data)

    async def ask(self, cmd: str, body: Mapping[str, object] | None = None, req_id: str = "") -> tuple[int, Any]:
        """errcode and body of the answer, which carries our req_id."""
        self._asked += 1
        name = req_id or f"r{self._asked}"
        said = {} if body is None else {"body": body}
        await self.socket.send_str(json.dumps({"cmd": cmd, "headers": {"req_id": name}, **said}))
        answer = await self.hear()
        assert answer["headers"] == {"req_id": name}
        assert "cmd" not in answer
        return answer["errcode"], answer.get("body", {})


@pytest.fixture
async def aibot(sandbox: Sandbox) -> Aibot:
    sandbox.add_person(LI, "李老师")
    sandbox.wecom.employ(LI, "li")
    return sandbox.wecom.aibot


@asynccontextmanager
async def connected(aibot: Aibot, *, subscribed: bool = True) -> AsyncIterator[Robot]:
    async with ClientSession() as session, session.ws_connect(aibot.url) as socket:
        robot = Robot(socket)
        if subscribed:
            assert await robot.ask("aibot_subscribe", SUBSCRIBE) == (0, {})
        yield robot


async def test_a_wrong_secret_is_told_so_and_hung_up_on(aibot: Aibot) -> None:
    async with connected(aibot, subscribed=False) as robot:
        assert await robot.ask("aibot_subscribe", {**SUBSCRIBE, "secret": "x"}) == (853000, {})
        await robot.socket.receive(timeout=5)
        assert robot.socket.closed
    assert not aibot.connected


async def test_nothing_is_done_before_the_subscription(aibot: Aibot) -> None:
    async with connected(aibot, subscribed=False) as robot:
        assert await robot.ask("aibot_send_msg", HELLO) == (846609, {})


async def test_a_message_is_told_as_the_documentation_shows_it(aibot: Aibot) -> None:
    async with connected(aibot) as robot:
        aibot.write(LI, "3号38.5")
        frame = await robot.hear()
    assert frame["cmd"] == "aibot_msg_callback"
    body = frame["body"]
    assert body.pop("msgid")
    assert body == {
        "aibotid": aibot.bot_id,
        "chattype": "single",
        "from": {"userid": "li"},
        "msgtype": "text",
        "text": {"content": "3号38.5"},
    }


async def test_the_robot_may_write_only_to_who_has_written_to_it(aibot: Aibot) -> None:
    async with connected(aibot) as robot:
        assert (await robot.ask("aibot_send_msg", HELLO))[0] == 93006
        aibot.write(LI, "你好")
        await robot.hear()
        assert (await robot.ask("aibot_send_msg", HELLO))[0] == 0
        assert (await robot.ask("aibot_send_msg", {**HELLO, "chatid": "nobody"}))[0] == 93006
    assert [message.text for message in aibot.chat(LI)] == ["你好", "您好"]


async def test_a_push_is_markdown_a_card_a_picture_or_a_file_and_never_text(aibot: Aibot) -> None:
    async with connected(aibot) as robot:
        aibot.write(LI, "你好")
        await robot.hear()
        text = {"chatid": "li", "msgtype": "text", "text": {"content": "您好"}}
        assert (await robot.ask("aibot_send_msg", text))[0] == 40008
        too_long = {**HELLO, "markdown": {"content": "报" * 6827}}
        assert (await robot.ask("aibot_send_msg", too_long))[0] == 40058
        card = {"chatid": "li", "msgtype": "template_card", "template_card": CARD}
        assert (await robot.ask("aibot_send_msg", card))[0] == 0
        assert (await robot.ask("aibot_send_msg", card))[0] == 42014  # a task_id is used once


async def test_thirty_in_a_minute_and_no_more_reply_and_push_together(aibot: Aibot) -> None:
    async with connected(aibot) as robot:
        aibot.write(LI, "你好")
        callback = await robot.hear()
        headers = callback["headers"]
        answer: JsonObject = {"msgtype": "markdown", "markdown": {"content": "收到"}}
        for _ in range(15):
            assert (await robot.ask("aibot_respond_msg", answer, headers["req_id"]))[0] == 0
            assert (await robot.ask("aibot_send_msg", HELLO))[0] == 0
        assert (await robot.ask("aibot_send_msg", HELLO))[0] == 45009
    assert aibot.over_limit == 1


async def test_what_is_done_while_no_robot_is_there_is_lost(aibot: Aibot) -> None:
    aibot.write(LI, "谁在？")
    async with connected(aibot) as robot:
        aibot.write(LI, "现在呢")
        body = (await robot.hear())["body"]
        assert body["text"] == {"content": "现在呢"}
    assert [lost.body["text"] for lost in aibot.lost] == [{"content": "谁在？"}]


async def test_a_new_connection_throws_out_the_old_one_which_is_told_why(aibot: Aibot) -> None:
    async with connected(aibot) as old, connected(aibot) as new:
        told = await old.hear()
        assert told["cmd"] == "aibot_event_callback"
        body = told["body"]
        assert body["event"] == {"eventtype": "disconnected_event"}
        await old.socket.receive(timeout=5)
        assert old.socket.closed
        assert await new.ask("ping") == (0, {})


async def test_a_silent_connection_is_dropped_and_a_ping_keeps_it(aibot: Aibot, clock: ManualClock) -> None:
    async with connected(aibot) as robot:
        clock.advance(30)
        assert await robot.ask("ping") == (0, {})
        clock.advance(30)
        assert await robot.ask("ping") == (0, {})
        clock.advance(46)
        await robot.socket.receive(timeout=5)
        assert robot.socket.closed


async def test_who_opens_the_chat_can_be_welcomed_once_within_five_seconds(aibot: Aibot, clock: ManualClock) -> None:
    welcome: JsonObject = {"msgtype": "text", "text": {"content": "请先写一句话"}}
    async with connected(aibot) as robot:
        aibot.enter(LI)
        aibot.enter(LI)  # the second time of the day is not told
        headers = (await robot.hear())["headers"]
        assert (await robot.ask("aibot_respond_welcome_msg", welcome, headers["req_id"]))[0] == 0
        assert (await robot.ask("aibot_respond_welcome_msg", welcome, headers["req_id"]))[0] == 846605
        clock.advance(20 * 3600)
    async with connected(aibot) as robot:
        aibot.enter(LI)
        headers = (await robot.hear())["headers"]
        clock.advance(6)
        assert (await robot.ask("aibot_respond_welcome_msg", welcome, headers["req_id"]))[0] == 846605


async def press(aibot: Aibot, robot: Robot) -> str:
    """A card is sent and its button pressed; by which req_id it may be updated."""
    aibot.write(LI, "你好")
    await robot.hear()
    card = {"chatid": "li", "msgtype": "template_card", "template_card": CARD}
    assert (await robot.ask("aibot_send_msg", card))[0] == 0
    aibot.tap(LI, aibot.chat(LI)[-1].id, "zero")
    frame = await robot.hear()
    body, headers = frame["body"], frame["headers"]
    assert body["event"] == {
        "eventtype": "template_card_event",
        "template_card_event": {"card_type": "button_interaction", "event_key": "zero", "task_id": "t1"},
    }
    return str(headers["req_id"])


@pytest.mark.parametrize(("seconds", "code"), [(5, 0), (6, 846605)])
async def test_a_pressed_card_is_updated_within_five_seconds(
    aibot: Aibot, clock: ManualClock, seconds: int, code: int
) -> None:
    async with connected(aibot) as robot:
        req_id = await press(aibot, robot)
        clock.advance(seconds)
        update = {"response_type": "update_template_card", "template_card": {**CARD, "main_title": {"title": "已报"}}}
        assert (await robot.ask("aibot_respond_update_msg", update, req_id))[0] == code
        assert aibot.chat(LI)[-1].text == ("已报" if code == 0 else "三(2)班")
        assert (await robot.ask("aibot_respond_update_msg", update, req_id))[0] == 846605


async def test_a_press_is_answered_by_an_update_and_by_nothing_else(aibot: Aibot) -> None:
    async with connected(aibot) as robot:
        req_id = await press(aibot, robot)
        answer: JsonObject = {"msgtype": "markdown", "markdown": {"content": "收到"}}
        assert (await robot.ask("aibot_respond_msg", answer, req_id))[0] == 846605


async def test_a_file_goes_up_in_pieces_and_is_checked(aibot: Aibot) -> None:
    data = bytes(range(256)) * 2400  # two pieces
    begun: JsonObject = {"type": "image", "filename": "chart.png", "total_size": len(data), "total_chunks": 2}
    async with connected(aibot) as robot:
        aibot.write(LI, "你好")
        await robot.hear()
        begun["md5"] = hashlib.md5(data, usedforsecurity=False).hexdigest()
        code, upload = await robot.ask("aibot_upload_media_init", begun)
        assert code == 0
        for index in (1, 0):
            piece = base64.b64encode(data[index * 524288 : (index + 1) * 524288]).decode()
            body: JsonObject = {"upload_id": upload["upload_id"], "chunk_index": index, "base64_data": piece}
            assert (await robot.ask("aibot_upload_media_chunk", body))[0] == 0
        code, media = await robot.ask("aibot_upload_media_finish", {"upload_id": upload["upload_id"]})
        assert (code, media["type"]) == (0, "image")
        shown = {"chatid": "li", "msgtype": "image", "image": {"media_id": media["media_id"]}}
        assert (await robot.ask("aibot_send_msg", shown))[0] == 0
    photo = aibot.chat(LI)[-1].photo
    assert photo is not None
    assert aibot.corp.files[photo].data == data


async def test_what_somebody_sends_lies_encrypted_for_five_minutes(aibot: Aibot, clock: ManualClock) -> None:
    async with connected(aibot) as robot, ClientSession() as session:
        aibot.document(LI, "证明.pdf", b"%PDF-1.4 ...")
        body = (await robot.hear())["body"]
        key = base64.b64decode(body["file"]["aeskey"])
        async with session.get(body["file"]["url"]) as answer:
            sealed = await answer.read()
        clock.advance(300)
        async with session.get(body["file"]["url"]) as answer:
            assert answer.status == 404
    reader = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = reader.update(sealed) + reader.finalize()
    assert len(sealed) % 32 == 0
    assert plain[: -plain[-1]] == b"%PDF-1.4 ..."


async def test_in_a_group_the_robot_hears_what_names_it(aibot: Aibot, sandbox: Sandbox) -> None:
    sandbox.add_person(102, "王校长")
    sandbox.wecom.employ(102, "wang")
    group = aibot.add_group("学区领导", [LI, 102])
    async with connected(aibot) as robot:
        aibot.write(LI, "大家好", group.id)
        aibot.write(LI, "@零报告 /bind leaders", group.id)
        body = (await robot.hear())["body"]
        assert (body["chattype"], body["text"]) == ("group", {"content": "@零报告 /bind leaders"})
        hello = {**HELLO, "chatid": body["chatid"], "chat_type": 2}
        assert (await robot.ask("aibot_send_msg", hello))[0] == 0
    assert aibot.chat(group.id)[-1].text == "您好"


async def test_a_dead_line_swallows_both_ways(aibot: Aibot, sandbox: Sandbox) -> None:
    async with connected(aibot) as robot:
        sandbox.wecom.faults.append(Fault("silent"))
        aibot.write(LI, "你好")
        await robot.socket.send_str(json.dumps({"cmd": "ping", "headers": {"req_id": "p"}}))
        with pytest.raises(TimeoutError):
            await robot.socket.receive(timeout=0.1)
    assert len(aibot.lost) == 1
