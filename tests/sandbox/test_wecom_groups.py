"""The two ways into a WeCom group: one that the app made (appchat), or the key of a group's robot."""

import base64
import hashlib
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.pictures import plain_png
from sandbox.wecom import group_robot
from sandbox.wecom.call import Call
from sandbox.wecom.errors import WecomError
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import LEADER, LEADER_USERID, TEACHER, USERID
from tests.sandbox.wecom_caller import App, Reply
from tests.sandbox.wecom_cards import notice

MEMBERS = [LEADER_USERID, USERID]


async def create(app: App, **more: Any) -> Reply:
    return await app("appchat/create", {"name": "学区领导群", "userlist": MEMBERS, **more})


async def post(app: App, chatid: str, kind: str = "text", **content: Any) -> Reply:
    body = content or {"content": "零报告 8:45"}
    return await app("appchat/send", {"chatid": chatid, "msgtype": kind, kind: body})


async def test_a_group_appears_with_its_first_message(app: App, sandbox: Sandbox) -> None:
    chatid = (await create(app, owner="liuzhuren", chatid="leaders1"))["chatid"]
    assert (chatid, sandbox.wecom.groups) == ("leaders1", ())
    assert await post(app, chatid) == {"errcode": 0, "errmsg": "ok"}
    [group] = sandbox.wecom.groups
    assert (group.title, group.members, group.owner) == ("学区领导群", (LEADER, TEACHER), LEADER)
    assert [message.text for message in sandbox.wecom.chat(group.id)] == ["零报告 8:45"]
    assert sandbox.wecom.journal[-1].chat == group.id
    told = await app.ok("appchat/get", chatid=chatid)
    assert told["chat_info"] == {
        "chatid": "leaders1",
        "name": "学区领导群",
        "owner": LEADER_USERID,
        "userlist": MEMBERS,
    }


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"userlist": [USERID]}, 40058),
        ({"userlist": [USERID, "zhangwei"]}, 40058),
        ({"userlist": [f"u{n}" for n in range(2001)]}, 40058),
        ({"userlist": [USERID, "nobody"]}, 40003),
        ({"owner": "nobody"}, 40003),
        ({"chatid": "a b"}, 86001),
        ({"chatid": "x" * 33}, 86001),
        ({"chatid": "taken"}, 86001),
    ],
)
async def test_a_group_that_cannot_be_is_refused(app: App, change: dict[str, Any], errcode: int) -> None:
    await create(app, chatid="taken")
    assert (await create(app, **change))["errcode"] == errcode


async def members(app: App, chatid: str) -> list[str]:
    found = (await app.ok("appchat/get", chatid=chatid))["chat_info"]
    return [found["owner"], *found["userlist"]]


async def test_members_come_and_go_and_the_owner_needs_an_heir(app: App, sandbox: Sandbox) -> None:
    sandbox.add_person(777, "新领导")
    sandbox.wecom.employ(777, "XinLingDao")
    await create(app, owner=LEADER_USERID, chatid="g")
    await app.ok("appchat/update", {"chatid": "g", "add_user_list": ["XinLingDao", USERID]})
    assert await members(app, "g") == [LEADER_USERID, LEADER_USERID, USERID, "XinLingDao"]
    assert await app.refused("appchat/update", {"chatid": "g", "del_user_list": [LEADER_USERID]}) == 40058
    await app.ok("appchat/update", {"chatid": "g", "owner": USERID, "del_user_list": [LEADER_USERID.upper()]})
    assert await members(app, "g") == [USERID, USERID, "XinLingDao"]


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"chatid": "another"}, 86003),
        ({"del_user_list": [USERID]}, 86006),
        ({"add_user_list": ["nobody"]}, 40003),
        ({"add_user_list": USERID}, 40058),
        ({"userlist": [USERID]}, 40058),
    ],
)
async def test_a_change_of_members_that_cannot_be_is_refused(app: App, change: dict[str, Any], errcode: int) -> None:
    await create(app, chatid="g")
    assert await app.refused("appchat/update", {"chatid": "g", **change}) == errcode


async def test_only_an_app_that_sees_the_root_makes_groups(app: App, sandbox: Sandbox) -> None:
    sandbox.wecom.set_visible([2], [LEADER])
    assert (await create(app))["errcode"] == 60011


async def test_a_thousand_groups_a_day(app: App, sandbox: Sandbox, clock: ManualClock) -> None:
    for _ in range(1000):
        sandbox.wecom.corp.rates.group_created(clock.now())
    assert (await create(app))["errcode"] == 45009


async def test_the_app_writes_to_its_own_groups_only_and_sends_no_cards(app: App, sandbox: Sandbox) -> None:
    chatid = (await create(app))["chatid"]
    assert (await post(app, "wrong id"))["errcode"] == 86001
    assert (await post(app, "another"))["errcode"] == 86003
    assert await app.refused("appchat/get", chatid="another") == 86003
    assert (await post(app, chatid, "template_card", **notice()))["errcode"] != 0
    assert (await post(app, chatid, content="好" * 683))["errcode"] == 0
    assert [cut.field for cut in sandbox.wecom.cut] == ["text.content"]


async def test_the_201st_of_a_minute_is_dropped_for_each_member(app: App, sandbox: Sandbox, clock: ManualClock) -> None:
    chatid = (await create(app))["chatid"]
    for person in (LEADER, TEACHER):
        for _ in range(200):
            assert sandbox.wecom.corp.rates.group_member(person, clock.now()) == ""
    assert (await post(app, chatid))["errcode"] == 0
    assert [drop.person for drop in sandbox.wecom.dropped] == [LEADER, TEACHER]
    assert sandbox.wecom.groups == ()
    clock.advance(60)
    await post(app, chatid)
    assert len(sandbox.wecom.groups) == 1


def picture(png: bytes) -> dict[str, str]:
    md5 = hashlib.md5(png).hexdigest()  # noqa: S324 - WeCom's choice
    return {"base64": base64.b64encode(png).decode(), "md5": md5}


class Robot:
    """A group's robot, from outside: an address with its key, and no token."""

    def __init__(self, app: App, key: str) -> None:
        self._app, self.key = app, key

    async def __call__(self, kind: str = "text", **content: Any) -> int:
        body = {"msgtype": kind, kind: content or {"content": "零报告"}}
        url = f"{self._app.root}webhook/send"
        async with self._app.session.post(url, params={"key": self.key}, json=body) as response:
            return int((await response.json())["errcode"])


async def test_a_robot_writes_20_times_a_minute(app: App, sandbox: Sandbox, clock: ManualClock) -> None:
    group = sandbox.wecom.add_robot("领导群", [LEADER, TEACHER])
    robot = Robot(app, group.key)
    assert [await robot() for _ in range(21)] == [0] * 20 + [45009]
    clock.advance(59)
    assert await robot() == 45009
    clock.advance(1)
    assert await robot() == 0
    assert len(sandbox.wecom.chat(group.id)) == 21


async def test_a_robots_key_is_all_that_it_needs(app: App, sandbox: Sandbox) -> None:
    await create(app)
    sandbox.wecom.trusted_ips.add("203.0.113.7")
    group = sandbox.wecom.add_robot("领导群", [LEADER, TEACHER])
    robot = Robot(app, group.key)
    assert await robot() == 0
    assert sandbox.wecom.journal[-1].chat == group.id
    assert await Robot(app, "guessed")() == 93000
    assert await Robot(app, "")() == 93000
    sandbox.wecom.remove_robot(group.id)
    assert await robot() == 93000


async def test_what_a_robot_may_say(app: App, sandbox: Sandbox) -> None:
    group = sandbox.wecom.add_robot("领导群", [LEADER, TEACHER])
    robot = Robot(app, group.key)
    shown_picture = picture(plain_png(4, 4))
    assert await robot(content="好" * 682, mentioned_list=["@all"]) == 0
    assert await robot(content="好" * 683) == 40058
    assert await robot("markdown", content="好" * 1365) == 0
    assert await robot("markdown", content="好" * 1366) == 40058
    assert await robot("image", **shown_picture) == 0
    assert await robot("image", **{**shown_picture, "md5": "0" * 32}) == 40058
    assert await robot("image", **{**shown_picture, "base64": "?"}) == 40058
    assert await robot("template_card", **notice()) == 40058
    shown = sandbox.wecom.chat(group.id)
    assert [message.markdown for message in shown] == [False, True, False]
    assert shown[2].photo is not None
    assert sandbox.wecom.cut == []


@pytest.mark.usefixtures("app")
async def test_a_robots_picture_has_2_megabytes_at_most(sandbox: Sandbox) -> None:
    group = sandbox.wecom.add_robot("领导群", [LEADER, TEACHER])
    for size in (2 << 20, (2 << 20) + 1):
        body = {"msgtype": "image", "image": picture(plain_png(1, 1).ljust(size, b"\x00"))}
        call = Call("webhook/send", query={"key": group.key}, body=body)
        if size == 2 << 20:
            group_robot.send(sandbox.wecom.corp, call)
        else:
            with pytest.raises(WecomError, match=r"^40009 "):
                group_robot.send(sandbox.wecom.corp, call)


async def test_a_robot_has_files_of_its_own(app: App, sandbox: Sandbox) -> None:
    group = sandbox.wecom.add_robot("领导群", [LEADER, TEACHER])
    own = await app.upload("file", "日报.xlsx", b"PK\x03\x04 rows", key=group.key)
    apps = await app.upload("file", "日报.xlsx", b"PK\x03\x04 rows")
    robot = Robot(app, group.key)
    assert await robot("file", media_id=own["media_id"]) == 0
    assert await robot("file", media_id=apps["media_id"]) == 40007
    assert await app.refused("message/send", app.message(USERID, "file", media_id=own["media_id"])) == 40007
