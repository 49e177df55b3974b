"""The leaders' group: one that the app makes of its members (appchat), or one of theirs with a robot (群机器人).
Words and pictures go in; nothing comes out, and nothing that was said changes."""

import base64
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from bot.channels import Rendered, Unreachable
from bot.channels.wecom.api import Api
from bot.channels.wecom.contents import attached, uploaded, words
from bot.texts import Words

APPCHAT, ROBOT = "appchat", "robot"
KINDS: Final = (APPCHAT, ROBOT)
Members = Callable[[], Awaitable[Sequence[str]]]


class Groups:
    """`members` tells who is to be in a group that is made: the userids of the 学区领导. `key` is the robot's."""

    def __init__(self, api: Api, key: str | None, members: Members) -> None:
        self._api = api
        self._key = key
        self._members = members

    def is_one(self, native: str) -> bool:
        return native.partition(":")[0] in KINDS

    async def show(self, native: str, message: Rendered) -> None:
        """Raises a ChannelError; Unreachable where there is no such group and none can be made."""
        kind, _, name = native.partition(":")
        if kind == ROBOT:
            await self._by_robot(message)
            return
        content = await self._content(message)
        try:
            await self._api.call("appchat/send", {"chatid": name, **content})
        except Unreachable:
            await self._make(name)
            await self._api.call("appchat/send", {"chatid": name, **content})

    async def _make(self, chatid: str) -> None:
        """It appears on phones with its first message."""
        people = list(await self._members())
        name = Words("zh").say("face.leaders_group")
        await self._api.call("appchat/create", {"name": name, "userlist": people, "chatid": chatid})

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
