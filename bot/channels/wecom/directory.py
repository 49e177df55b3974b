"""通讯录: departments and their members, as far as the app's 可见范围 goes (PLATFORM §C2). Read only."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from bot.channels import Barred, Member, Unreachable
from bot.channels.wecom.api import Api

STOPPED: Final = (2, 5)  # 已禁用, 退出企业
WAITING: Final = 4  # 未激活: nothing arrives there

Departments = Mapping[int, tuple[str, ...]]


async def members(api: Api, bound: Iterable[str] = ()) -> tuple[Member, ...]:
    """Everybody whom the app may see, once however many departments they are in, by userid. Of those `bound` who are
    in none of these departments each is asked after, for somebody who is not listed has not left yet. Raises
    ChannelError."""
    answer = await api.call("department/list")
    departments = _paths({int(one["id"]): one for one in answer["department"]})
    found: dict[str, Member] = {}
    for id in departments:
        for user in (await api.call("user/list", department_id=str(id)))["userlist"]:
            found[user["userid"].lower()] = _member(user, departments)
    for userid in sorted(bound):
        if userid.lower() not in found and (one := await _asked_after(api, userid, departments)):
            found[userid.lower()] = one
    return tuple(found[userid] for userid in sorted(found))


async def _asked_after(api: Api, userid: str, departments: Departments) -> Member | None:
    """None for who has left the corp."""
    try:
        return _member(await api.call("user/get", userid=userid), departments)
    except Unreachable:
        return None
    except Barred as error:
        if error.whole:
            raise
        return Member(userid, "", (), "hidden")


def _paths(departments: Mapping[int, Mapping[str, Any]]) -> Departments:
    """Each department's names from the outermost that can be seen."""

    def path(id: int) -> tuple[str, ...]:
        one = departments.get(id)
        return () if one is None else (*path(int(one["parentid"])), str(one["name"]))

    return {id: path(id) for id in sorted(departments)}


def _member(user: Mapping[str, Any], departments: Departments) -> Member:
    """A member tells all their departments; those outside of what can be seen have no name for us."""
    places = tuple(departments[int(id)] for id in user["department"] if int(id) in departments)
    return Member(str(user["userid"]), str(user["name"]), places, _state(int(user.get("status", 1))))


def _state(status: int) -> Literal["active", "waiting", "stopped"]:
    if status in STOPPED:
        return "stopped"
    return "waiting" if status == WAITING else "active"
