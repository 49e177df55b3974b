"""What the chat page's script sees of WeCom, and what its thumbs do there."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox import Sandbox
from tests.sandbox.people import GROUP, LEADER, LEADER_USERID, STRANGER, TEACHER, USERID
from tests.sandbox.test_page_api import Page
from tests.sandbox.wecom_caller import App, CallbackServer
from tests.sandbox.wecom_cards import buttons, questions, vote

HERE: dict[str, Any] = {"platform": "wecom", "chat": TEACHER, "as": TEACHER}


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(sandbox.page_url, session)


async def cards(page: Page) -> list[Any]:
    return [message["card"] for message in (await page.get("/api/chat", **HERE))["messages"]]


async def test_a_person_is_listed_once_a_platform_first_where_the_bot_may_write(
    sandbox: Sandbox, app: App, page: Page
) -> None:
    await app.send(USERID)
    sandbox.write(LEADER, LEADER, "/start")
    rows = (await page.get("/api/state"))["chats"]
    listed = [(row["id"], row["platform"], row["unread"]) for row in rows]
    assert listed == [
        (GROUP, "telegram", 0),
        (TEACHER, "wecom", 1),
        (TEACHER, "telegram", 0),
        (STRANGER, "telegram", 0),
        (LEADER, "telegram", 0),
        (LEADER, "wecom", 0),
    ]
    await page.get("/api/chat", **HERE)
    assert (await page.get("/api/state"))["chats"][1]["unread"] == 0


async def test_a_card_is_shown_as_far_as_a_phone_shows_it_and_pressed(
    sandbox: Sandbox, app: App, callbacks: CallbackServer, page: Page
) -> None:
    long = buttons(main_title={"title": "三" * 30}, sub_title_text="应到45人", count=1)
    sent = await app.ok("message/send", app.message(USERID, "template_card", **long))
    [card] = await cards(page)
    assert (card["title"], card["sub"], card["questions"], card["submit"]) == ("三" * 26, "应到45人", [], None)
    assert card["buttons"] == [{"text": "按钮1", "data": "key:1", "url": "", "style": 1}]

    [message] = sandbox.wecom.chat(TEACHER)
    assert await page.post("/api/tap", message=message.id, data="key:1", **HERE) == {"answer": None}
    await callbacks.until(1)
    assert callbacks.came[0]["EventKey"] == "key:1"

    update = {"userids": [USERID], "agentid": sandbox.wecom.agent_id, "response_code": sent["response_code"]}
    await app.ok("message/update_template_card", {**update, "button": {"replace_name": "已报"}})
    [card] = await cards(page)
    assert card["buttons"] == [{"text": "已报", "data": "", "url": "", "style": 1}]


async def test_what_is_ticked_and_picked_is_handed_in(
    sandbox: Sandbox, app: App, callbacks: CallbackServer, page: Page
) -> None:
    await app.ok("message/send", app.message(USERID, "template_card", **vote("t1")))
    await app.ok("message/send", app.message(USERID, "template_card", **questions("t2", count=1)))
    ticked, picked = await cards(page)
    assert [one["text"] for one in ticked["questions"][0]["options"]] == ["1号", "2号", "3号"]
    assert (ticked["questions"][0]["kind"], ticked["buttons"]) == ("many", [])
    assert ticked["submit"] == {"text": "提交", "data": "submit:1"}
    assert (picked["questions"][0]["kind"], picked["questions"][0]["chosen"]) == ("list", ["q1o1"])

    first, second = sandbox.wecom.chat(TEACHER)
    await page.post("/api/submit", message=first.id, chosen=["o1", "o3"], **HERE)
    await page.post("/api/submit", message=second.id, chosen=["q1o2"], **HERE)
    await callbacks.until(2)
    chosen = [came["SelectedItems"]["SelectedItem"][0]["OptionIds"]["OptionId"] for came in callbacks.came]
    assert chosen == [["o1", "o3"], ["q1o2"]]


async def test_the_apps_menu_is_below_the_chat(
    sandbox: Sandbox, app: App, callbacks: CallbackServer, page: Page
) -> None:
    below = [{"type": "click", "name": "今日", "key": "/today"}]
    await app.ok("menu/create", {"button": [{"name": "查看", "sub_button": below}]}, agentid=sandbox.wecom.agent_id)
    [row] = (await page.get("/api/chat", **HERE))["menu"]
    assert (row["text"], [one["key"] for one in row["below"]]) == ("查看", ["/today"])
    await page.post("/api/menu", key="/today", **HERE)
    await callbacks.until(1)
    assert (callbacks.came[0]["Event"], callbacks.came[0]["EventKey"]) == ("click", "/today")


async def test_what_people_write_and_send_reaches_the_app(app: App, callbacks: CallbackServer, page: Page) -> None:
    await page.post("/api/write", text="全员正常", **HERE)
    for kind in ("voice", "photo", "file"):
        await page.post("/api/send", kind=kind, **HERE)
    await callbacks.until(3)
    assert {came["MsgType"] for came in callbacks.came} == {"text", "voice", "image"}
    assert len(await cards(page)) == 4


async def test_in_the_micro_workbench_cards_vanish(sandbox: Sandbox, app: App, page: Page) -> None:
    await app.ok("message/send", app.message(USERID, "template_card", **buttons()))
    secret = {**app.message(USERID, content="17号 38.5℃"), "safe": 1}
    await app.ok("message/send", secret)
    await page.post("/api/plain", on=True, **HERE)
    [message] = (await page.get("/api/chat", **HERE))["messages"]
    assert (message["text"], message["protected"]) == ("17号 38.5℃", True)
    assert [row["plain"] for row in (await page.get("/api/state"))["chats"] if row["platform"] == "wecom"] == [
        True,
        False,
    ]
    await page.post("/api/plain", on=False, **HERE)
    assert len(await cards(page)) == 2


async def test_a_group_is_there_with_its_first_message_and_takes_no_words(app: App, page: Page) -> None:
    made = await app.ok("appchat/create", {"name": "领导小组", "userlist": [LEADER_USERID, USERID]})
    assert len((await page.get("/api/state"))["chats"]) == 6
    text = {"chatid": made["chatid"], "msgtype": "text", "text": {"content": "早报"}}
    await app.ok("appchat/send", text)
    [row] = [one for one in (await page.get("/api/state"))["chats"] if one["title"] == "领导小组"]
    assert (row["kind"], row["as"], row["last"]["text"]) == ("group", LEADER, "早报")
    assert [one["id"] for one in row["members"]] == [LEADER, TEACHER]
    refused = await page.post("/api/write", platform="wecom", chat=row["id"], as_=LEADER, text="收到")
    assert refused == {"error": "nothing that is said in a WeCom group reaches the app"}


async def test_faults_are_those_of_one_platform(app: App, page: Page) -> None:
    fault = {"kind": "errcode", "errcode": 60020, "method": "getcallbackip"}
    state = await page.post("/api/faults", platform="wecom", action="add", fault=fault)
    assert [(one["platform"], one["errcode"]) for one in state["faults"]] == [("wecom", 60020)]
    assert await app.refused("getcallbackip") == 60020
    assert (await page.post("/api/faults", action="clear"))["faults"] == []


async def test_files_are_shown(app: App, page: Page) -> None:
    media = await app.upload("file", "list.txt", b"<script>")
    await app.ok("message/send", app.message(USERID, "file", media_id=media["media_id"]))
    [message] = (await page.get("/api/chat", **HERE))["messages"]
    async with page.session.get(page.url + message["document"]["url"]) as response:
        assert await response.read() == b"<script>"
        assert response.headers["Content-Disposition"] == "attachment"
