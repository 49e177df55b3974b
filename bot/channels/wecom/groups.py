"""The leaders' group: one that the app makes of its members (appchat), or one of theirs with a robot (群机器人).
Words and pictures go in; nothing comes out, and nothing that was said changes."""

import base64
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from bot.channels import Barred, ChannelError, Rendered, Unreachable
from bot.channels.wecom.api import Api
from bot.channels.wecom.contents import attached, uploaded, words
from bot.channels.wecom.errors import A_MINUTE
from bot.texts import Words

APPCHAT, ROBOT = "appchat", "robot"
KINDS: Final = (APPCHAT, ROBOT)
FEWEST: Final = 2  # members of a group
TOO_FEW: Final = f"40058 领导群还建不了：企业微信的群至少要{FEWEST}个成员，绑定了企业微信的学区领导现在有"
MORE: Final = "请学区领导在企业微信里绑定，够了以后会自动建群，没发出的会补发。"

log = logging.getLogger(__name__)
Members = Callable[[], Awaitable[Sequence[str]]]


class Groups:
    """`members` tells who is to be in the app's group: the userids of all 学区领导. `key` is the robot's."""

    def __init__(self, api: Api, key: str | None, members: Members) -> None:
        self._api = api
        self._key = key
        self._members = members
        self._settled: frozenset[str] = frozenset()  # who was last seen to be in the app's group, as was wanted

    def is_one(self, native: str) -> bool:
        return native.partition(":")[0] in KINDS

    async def show(self, native: str, message: Rendered) -> None:
        """Raises a ChannelError; Unreachable where there is no such group and none can be made."""
        kind, _, name = native.partition(":")
        if kind == ROBOT:
            await self._by_robot(message)
            return
        content = await self._content(message)
        people = sorted(await self._members())
        try:
            await self._settle(name, people)
            await self._api.call("appchat/send", {"chatid": name, **content})
        except Unreachable:
            await self._make(name, people)
            await self._api.call("appchat/send", {"chatid": name, **content})

    async def _make(self, chatid: str, people: Sequence[str]) -> None:
        """It appears on phones with its first message. Raises Barred while there are too few to be in it."""
        if len(people) < FEWEST:
            raise Barred(f"{TOO_FEW}{len(people)}位。{MORE}", seconds=A_MINUTE)
        name = Words("zh").say("face.leaders_group")
        await self._api.call("appchat/create", {"name": name, "userlist": people, "chatid": chatid})
        self._settled = frozenset(people)

    async def _settle(self, chatid: str, people: Sequence[str]) -> None:
        """Before anything is said there: who is 学区领导 now is in the group, and who is not any more has left it.
        Raises Unreachable where there is no such group."""
        if self._settled == frozenset(people) or len(people) < FEWEST:
            return
        chat = (await self._api.call("appchat/get", chatid=chatid))["chat_info"]
        change = _change(chat, people)
        try:
            if change:
                await self._api.call("appchat/update", {"chatid": chatid, **change})
        except ChannelError as error:  # the post goes out all the same
            log.error("WeCom: the leaders' group is not as the roster says: %s", error)
            return
        self._settled = frozenset(people)

    async def _content(self, message: Rendered) -> dict[str, Any]:
        file = attached(message)
        return words(message) if file is None else uploaded(file[0], await self._api.upload(*file))

    async def _by_robot(self, message: Rendered) -> None:
        if self._key is None:
            raise Unreachable("wecom.group_key is not set: the group has no robot of ours")
        await self._api.call("webhook/send", await self._of_robot(message, self._key), key=self._key)

    async def _of_robot(self, message: Rendered, key: str) -> dict[str, Any]:
        if message.photo is not None:
            picture = base64.b64encode(message.photo).decode()
            digest = hashlib.md5(message.photo, usedforsecurity=False).hexdigest()  # WeCom's choice
            return {"msgtype": "image", "image": {"base64": picture, "md5": digest}}
        file = attached(message)
        return words(message) if file is None else uploaded(file[0], await self._api.upload(*file, key=key))


def _change(chat: Mapping[str, Any], people: Sequence[str]) -> dict[str, Any]:
    """What makes these the group's members; userids differ by more than their case. Whoever owns it stays in it, or
    gives it to another."""
    wanted = {one.lower() for one in people}
    there = {str(one).lower() for one in chat["userlist"]}
    new = [one for one in people if one.lower() not in there]
    gone = [str(one) for one in chat["userlist"] if str(one).lower() not in wanted]
    heir = {"owner": people[0]} if str(chat["owner"]).lower() not in wanted else {}
    lists = {"add_user_list": new, "del_user_list": gone}
    return {**heir, **{name: users for name, users in lists.items() if users}} if new or gone else {}
