"""What an app may read of the corp's directory, and who is in it."""

from typing import Any

import pytest

from sandbox import Sandbox
from tests.sandbox.people import LEADER, STRANGER, TEACHER
from tests.sandbox.wecom_caller import App


async def names(app: App, department: int, path: str = "user/list") -> list[str]:
    return [row["name"] for row in (await app.ok(path, department_id=department))["userlist"]]


async def test_departments_are_listed_with_all_under_them(app: App, sandbox: Sandbox) -> None:
    under = sandbox.wecom.add_department("四年级", parent=2)
    rows = (await app.ok("department/list"))["department"]
    assert [(row["id"], row["name"], row["parentid"]) for row in rows] == [
        (1, "示范学区", 0),
        (2, "第一小学", 1),
        (under.id, "四年级", 2),
    ]
    assert [row["id"] for row in (await app.ok("department/list", id=2))["department"]] == [2, under.id]


async def test_members_are_listed_for_one_department_alone(app: App) -> None:
    assert await names(app, 1) == ["刘主任"]
    assert await names(app, 2, "user/simplelist") == ["张老师"]


async def test_a_member_has_a_name_and_a_userid_and_no_telephone(app: App) -> None:
    [row] = (await app.ok("user/list", department_id=2))["userlist"]
    assert (row["userid"], row["name"], row["department"], row["status"]) == ("ZhangWei", "张老师", [2], 1)
    assert not {"mobile", "email", "avatar", "gender"} & row.keys()
    assert (await app.ok("user/get", userid="zhangwei"))["userid"] == "ZhangWei"


async def test_the_app_sees_its_visible_range_and_no_more(app: App, sandbox: Sandbox) -> None:
    sandbox.wecom.set_visible([2])
    assert [row["id"] for row in (await app.ok("department/list"))["department"]] == [2]
    assert await names(app, 2) == ["张老师"]
    assert await app.refused("user/list", department_id=1) == 60011
    assert await app.refused("department/list", id=1) == 60011
    assert await app.refused("user/get", userid="LiuZhuRen") == 60011


@pytest.mark.parametrize(
    ("path", "query", "errcode"),
    [
        ("user/list", {"department_id": 99}, 60123),
        ("user/list", {}, 40058),
        ("user/list", {"department_id": "x"}, 40058),
        ("department/list", {"id": 99}, 60123),
        ("user/get", {"userid": "nobody"}, 60111),
    ],
)
async def test_what_is_not_there_is_refused(app: App, path: str, query: dict[str, Any], errcode: int) -> None:
    assert await app.refused(path, **query) == errcode


async def test_the_contacts_secret_pages_through_all_ids(app: App, sandbox: Sandbox) -> None:
    sandbox.wecom.employ(STRANGER, "WangFang", [1, 2])
    app.token = (await app.get_token(secret=sandbox.wecom.contacts_secret))["access_token"]
    first = await app.ok("user/list_id", {"limit": 2})
    last = await app.ok("user/list_id", {"limit": 2, "cursor": first["next_cursor"]})
    found = [(row["userid"], row["department"]) for page in (first, last) for row in page["dept_user"]]
    assert found == [("ZhangWei", 2), ("LiuZhuRen", 1), ("WangFang", 1), ("WangFang", 2)]
    assert last["next_cursor"] == ""
    assert await app.refused("user/list_id", {"limit": 10_001}) == 40058


async def test_the_console_refuses_what_makes_no_sense(app: App, sandbox: Sandbox) -> None:
    wecom = sandbox.wecom
    with pytest.raises(ValueError, match="nobody"):
        wecom.employ(5, "Nobody")
    with pytest.raises(ValueError, match="department"):
        wecom.employ(STRANGER, "WangFang", 99)
    with pytest.raises(ValueError, match="taken"):
        wecom.employ(STRANGER, "zhangWEI")
    with pytest.raises(ValueError, match="department"):
        wecom.add_department("五年级", parent=99)
    with pytest.raises(ValueError, match="members"):
        wecom.add_robot("群", [TEACHER, STRANGER])


async def test_who_has_left_is_gone_and_their_userid_is_free(app: App, sandbox: Sandbox) -> None:
    sandbox.wecom.dismiss(TEACHER)
    assert await names(app, 2) == []
    assert (await app.send("ZhangWei|LiuZhuRen"))["invaliduser"] == "zhangwei"
    sandbox.wecom.employ(STRANGER, "ZhangWei", 2)
    assert await names(app, 2) == ["王老师"]
    assert [member.person for member in sandbox.wecom.directory.seen()] == [LEADER, STRANGER]
