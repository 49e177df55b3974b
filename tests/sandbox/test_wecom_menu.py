"""The app's menu: its form, and a tap on it."""

from typing import Any

import pytest

from sandbox import Sandbox
from tests.sandbox.people import TEACHER, USERID
from tests.sandbox.wecom_caller import App, CallbackServer


def click(name: str = "今天", key: str = "today") -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


def sub(*rows: dict[str, Any], name: str = "更多") -> dict[str, Any]:
    return {"name": name, "sub_button": list(rows)}


async def create(app: App, *rows: dict[str, Any]) -> int:
    reply = await app("menu/create", {"button": list(rows)}, agentid=app.wecom.agent_id)
    return int(reply["errcode"])


async def test_a_menu_is_made_read_tapped_and_taken_away(app: App, sandbox: Sandbox, callbacks: CallbackServer) -> None:
    rows = [
        click(),
        sub(*(click(f"第{n}项", f"k{n}") for n in range(5))),
        {"type": "view", "name": "表", "url": "https://e"},
    ]
    assert await create(app, *rows) == 0
    assert (await app.ok("menu/get", agentid=app.wecom.agent_id))["button"] == rows
    sandbox.wecom.menu(TEACHER, "k4")
    await callbacks.until(1)
    [came] = callbacks.came
    assert (came["FromUserName"], came["Event"], came["EventKey"]) == (USERID, "click", "k4")
    await app.ok("menu/delete", agentid=app.wecom.agent_id)
    assert (await app.ok("menu/get", agentid=app.wecom.agent_id))["button"] == []
    with pytest.raises(ValueError, match="no such button"):
        sandbox.wecom.menu(TEACHER, "k4")


@pytest.mark.parametrize(
    ("rows", "errcode"),
    [
        ([], 40016),
        ([click()] * 4, 40016),
        ([click("五个字加一")], 0),
        ([click("五个字加一二")], 40018),
        ([click("")], 40018),
        ([click(key="k" * 128)], 0),
        ([click(key="k" * 129)], 40019),
        ([{"type": "view", "name": "表"}], 40020),
        ([{"type": "tap", "name": "表"}], 40017),
        ([sub()], 40023),
        ([sub(*[click()] * 6)], 40023),
        ([sub(click("十三个字的名字不多不少哦嗯"))], 0),
        ([sub(click("十三个字的名字不多不少哦嗯嗯"))], 40025),
        ([sub(click(key=""))], 40026),
        ([sub({"type": "tap", "name": "表"})], 40024),
        ([{**click(), "tpye": "click"}], 40058),
    ],
)
async def test_its_form(app: App, rows: list[dict[str, Any]], errcode: int) -> None:
    assert await create(app, *rows) == errcode


async def test_it_is_one_apps_menu(app: App) -> None:
    assert await app.refused("menu/get") == 40056
    assert await app.refused("menu/get", agentid=5) == 301002


async def test_its_names_are_written_as_they_are(app: App) -> None:
    await app.ok("getcallbackip")
    params = {"access_token": app.token, "agentid": str(app.wecom.agent_id)}
    async with app.session.post(f"{app.root}menu/create", params=params, json={"button": [click()]}) as response:
        assert (await response.json())["errcode"] == 40033
