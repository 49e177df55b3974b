"""The chat page's own API, as its script calls it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from yarl import URL

from sandbox import Sandbox
from sandbox.pictures import plain_png
from tests.sandbox.caller import Caller
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import GROUP, LEADER, TEACHER

HERE: dict[str, Any] = {"platform": "telegram", "chat": TEACHER, "as": TEACHER}


class Page:
    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url.rstrip("/")
        self.session = session

    async def get(self, path: str, **query: int | str) -> Any:
        async with self.session.get(self.url + path, params=query) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def post(self, path: str, **body: object) -> Any:
        named = {name.rstrip("_"): value for name, value in body.items()}
        async with self.session.post(self.url + path, json=named) as response:
            return await response.json()


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(sandbox.page_url, session)


class Hands:
    """A control of time that moves the manual clock."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.speed = 0.0
        self.following: datetime | None = None

    def next_event(self) -> datetime | None:
        return self.following

    async def advance_to(self, when: datetime) -> None:
        self.clock.advance((when - self.clock.now()).total_seconds())


async def test_the_list_shows_every_phone_with_what_is_new(bot: Caller, sandbox: Sandbox, page: Page) -> None:
    await bot.ok("sendMessage", chat_id=TEACHER, text="请报告\n三(2)班")
    sandbox.block(1002)
    state = await page.get("/api/state")
    group, teacher, stranger, _ = state["chats"]
    assert (state["now"], state["controls"], state["next"]) == ("2026-03-03T07:30:00+08:00", False, None)
    assert state["bot"] == {"name": "零报告", "username": "zero_report_bot"}
    assert (group["id"], group["as"], group["kind"]) == (GROUP, LEADER, "group")
    assert group["members"] == [{"id": LEADER, "name": "刘主任"}, {"id": TEACHER, "name": "张老师"}]
    assert teacher == {
        "id": TEACHER,
        "as": TEACHER,
        "platform": "telegram",
        "kind": "private",
        "title": "张老师",
        "subtitle": "班主任",
        "group": "第一小学",
        "began": True,
        "unread": 1,
        "last": {"text": "请报告", "at": "2026-03-03T07:30:00+08:00", "mine": False},
        "blocked": False,
    }
    assert stranger["blocked"]


async def test_the_list_reads_nothing_under_a_spoiler_and_the_chat_gets_it_whole(bot: Caller, page: Page) -> None:
    spoiler = {"type": "spoiler", "offset": 4, "length": 3}
    await bot.ok("sendMessage", chat_id=TEACHER, text="17号 王小明 38.5", entities=[spoiler])
    chats = (await page.get("/api/state"))["chats"]
    assert [one["last"]["text"] for one in chats if one["id"] == TEACHER] == ["17号 ▒▒▒ 38.5"]
    message = (await page.get("/api/chat", **HERE))["messages"][-1]
    assert (message["text"], message["entities"]) == ("17号 王小明 38.5", [spoiler])


async def test_opening_a_chat_marks_it_read(bot: Caller, page: Page) -> None:
    await bot.ok("setMyCommands", commands=[{"command": "report", "description": "报告"}])
    await bot.ok(
        "sendMessage",
        chat_id=TEACHER,
        text="<b>请</b>报告",
        parse_mode="HTML",
        reply_markup={"inline_keyboard": [[{"text": "全员正常", "callback_data": "z"}]]},
    )
    opened = await page.get("/api/chat", **HERE)
    mine, card = opened["messages"]
    assert (mine["mine"], mine["text"]) == (True, "/start")
    assert (card["mine"], card["sender"], card["edited"], card["photo"]) == (False, "零报告", None, None)
    assert card["entities"] == [{"type": "bold", "offset": 0, "length": 1}]
    assert card["keyboard"] == [[{"text": "全员正常", "data": "z", "url": ""}]]
    assert opened["commands"] == [{"command": "report", "description": "报告"}]
    assert (await page.get("/api/state"))["chats"][1]["unread"] == 0


async def test_a_tap_returns_the_bots_answer(bot: Caller, sandbox: Sandbox, page: Page) -> None:
    thumb = asyncio.ensure_future(
        page.post("/api/tap", platform="telegram", as_=TEACHER, chat=TEACHER, message=1, data="z")
    )
    await sandbox.until(lambda: bool(sandbox.world.taps))
    [update] = await bot.ok("getUpdates")
    await bot.ok(
        "answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="已收到", show_alert=True
    )
    assert await thumb == {"answer": {"text": "已收到", "alert": True}}


async def test_what_people_do_on_the_page_reaches_the_bot(bot: Caller, page: Page) -> None:
    await page.post("/api/write", platform="telegram", as_=TEACHER, chat=TEACHER, text="全员正常")
    for kind in ("sticker", "voice", "photo", "forward"):
        await page.post("/api/send", platform="telegram", as_=TEACHER, chat=TEACHER, kind=kind)
    await page.post("/api/block", as_=TEACHER, on=True)
    updates = await bot.ok("getUpdates")
    assert updates[0]["message"]["text"] == "全员正常"
    assert [kind for kind, u in zip(["sticker", "voice", "photo"], updates[1:], strict=False) if kind in u["message"]]
    assert "forward_origin" in updates[4]["message"]
    assert "my_chat_member" in updates[5]
    refused = await page.post("/api/write", platform="telegram", as_=TEACHER, chat=TEACHER, text="喂")
    assert refused == {"error": f"{TEACHER} has blocked the bot"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/write", {"platform": "telegram", "as_": 1, "chat": 1, "text": "a"}),
        ("/api/write", {"platform": "telegram", "chat": 1}),
        ("/api/write", {"platform": "pigeon", "as_": TEACHER, "chat": TEACHER, "text": "a"}),
        ("/api/send", {"platform": "telegram", "as_": TEACHER, "chat": TEACHER, "kind": "poem"}),
        ("/api/faults", {"platform": "wecom", "action": "add", "fault": {"kind": "gremlin"}}),
        ("/api/faults", {"platform": "wecom", "action": "add", "fault": {"kin": "500"}}),
        ("/api/clock", {"action": "next"}),
        ("/api/nothing", {}),
    ],
)
async def test_nonsense_gets_a_sentence(page: Page, path: str, body: dict[str, object]) -> None:
    assert (await page.post(path, **body))["error"]


async def test_pictures_and_files_are_shown(bot: Caller, page: Page) -> None:
    await bot.upload("sendPhoto", {"photo": plain_png(20, 10)}, chat_id=str(TEACHER), caption="早报")
    await bot.upload("sendDocument", {"document": b"<script>"}, chat_id=str(TEACHER))
    _, photo, document = (await page.get("/api/chat", **HERE))["messages"]
    async with page.session.get(page.url + photo["photo"]) as response:
        assert await response.read() == plain_png(20, 10)
        assert response.content_type == "image/png"
    assert document["document"]["name"] == "document.bin"
    async with page.session.get(page.url + document["document"]["url"]) as response:
        assert response.headers["Content-Disposition"] == "attachment"


async def test_faults_are_switched_on_and_off(bot: Caller, page: Page) -> None:
    state = await page.post(
        "/api/faults", platform="telegram", action="add", fault={"kind": "500", "method": "sendMessage"}
    )
    assert (state["faults"][0]["kind"], state["faults"][0]["rate"]) == ("500", 1.0)
    await bot.refused("sendMessage", chat_id=TEACHER, text="a")
    assert (await page.post("/api/faults", action="clear"))["faults"] == []
    await bot.ok("sendMessage", chat_id=TEACHER, text="a")


async def test_the_page_drives_the_clock(clock: ManualClock) -> None:
    hands = Hands(clock)
    sandbox = Sandbox(clock, time_control=hands)
    await sandbox.start()
    async with aiohttp.ClientSession() as session:
        page = Page(sandbox.page_url, session)
        assert (await page.post("/api/clock", action="jump", to="08:15"))["now"] == "2026-03-03T08:15:00+08:00"
        assert (await page.post("/api/clock", action="jump", to="07:00"))["now"] == "2026-03-04T07:00:00+08:00"
        hands.following = clock.now().replace(minute=5)
        assert (await page.get("/api/state"))["next"] == "2026-03-04T07:05:00+08:00"
        assert (await page.post("/api/clock", action="next"))["now"] == "2026-03-04T07:05:00+08:00"
        assert (await page.post("/api/clock", action="speed", speed=60))["speed"] == 60
        back = await page.post("/api/clock", action="jump", to="2026-03-01T07:00:00+08:00")
        assert back == {"error": "time does not go back"}
    await sandbox.stop()


async def test_the_socket_says_what_changed(bot: Caller, sandbox: Sandbox, page: Page) -> None:
    async with page.session.ws_connect(page.url + "/api/events") as socket:
        await page.get("/api/state")
        await bot.ok("sendMessage", chat_id=TEACHER, text="一")
        assert await socket.receive_json(timeout=5) == {"type": "chat", "chat": TEACHER}
        sandbox.add_person(1009, "新老师")
        assert await socket.receive_json(timeout=5) == {"type": "state"}


async def test_the_page_itself_is_served_and_nothing_else_of_the_disk(page: Page) -> None:
    async with page.session.get(page.url + "/") as response:
        assert response.content_type == "text/html"
    for path in ("/../page_api.py", "/%2e%2e/page_api.py", "/nothing.js"):
        async with page.session.get(URL(page.url + path, encoded=True)) as response:
            assert response.status == 404


async def test_another_sites_page_may_not_act(page: Page, sandbox: Sandbox) -> None:
    body = {"platform": "telegram", "as": TEACHER, "chat": TEACHER, "text": "a"}
    headers = {"Origin": "https://elsewhere.example"}
    async with page.session.post(page.url + "/api/write", json=body, headers=headers) as response:
        assert response.status == 403
    assert sandbox.chat(TEACHER) == ()
