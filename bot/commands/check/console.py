"""What WeCom says of the self-built app: every page of the console that an app may ask about. Nothing is changed and
nobody is written to."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from bot.channels import ChannelError
from bot.channels.wecom.api import Api
from bot.channels.wecom.directory import members
from bot.channels.wecom.errors import UNTRUSTED_IP, has_code
from bot.clock import Clock
from bot.commands.check import surroundings
from bot.commands.check.found import Found, bad, good, warned
from bot.commands.check.group import group
from bot.commands.check.remembered import Remembered, remembered
from bot.config import Config, WecomApp
from bot.texts import Words

ROOT: Final = 1  # the department that holds all others
NO_MENU: Final = 46003
EXAMPLES: Final = 3  # of names in a line


async def console(app: WecomApp, config: Config, clock: Clock, words: Words) -> AsyncIterator[Found]:
    api = Api(config.wecom.base_url, app.corp_id, app.secret, clock)
    own = await remembered(config, clock.now())
    try:
        async for one in Console(api, app, config, own, words).pages():
            yield one
    finally:
        await api.close()


class Console:
    def __init__(self, api: Api, app: WecomApp, config: Config, own: Remembered, words: Words) -> None:
        self._api = api
        self._app = app
        self._config = config
        self._own = own
        self._words = words

    async def pages(self) -> AsyncIterator[Found]:
        """Ends where nothing behind it can be asked."""
        try:
            await self._api.open()
        except ChannelError as error:
            yield _refused("secret", error)
            return
        yield good("secret", self._say("secret"))
        try:
            agent = await self._api.call("agent/get", agentid=str(self._app.agent_id))
        except ChannelError as error:
            yield _refused("agent_id", error)
            return
        yield good("trusted_ip", self._say("trusted"))
        for page in (self.agent, self.home, self.range):
            yield page(agent)
        for one in (*await self.people(agent), await self.menu(), await self.group()):
            yield one
        yield surroundings.clock(self._api.ahead, self._words)

    def agent(self, agent: Mapping[str, Any]) -> Found:
        said = {"id": self._app.agent_id, "name": agent["name"]}
        if int(agent.get("close", 0)):
            return bad("agent_id", self._say("closed", said))
        return good("agent_id", self._say("agent", said))

    def home(self, agent: Mapping[str, Any]) -> Found:
        """No call tells of the box 「在微工作台中始终进入主页」 itself: without a home page it does nothing."""
        if agent.get("home_url"):
            return warned("home", self._say("home_set"))
        return good("home", self._say("home_none"))

    def range(self, agent: Mapping[str, Any]) -> Found:
        to_root = ROOT in agent["allow_partys"]["partyid"]
        if self._config.wecom.group == "appchat" and not to_root:
            return bad("range", self._say("no_root"))
        return good("range", self._say("root" if to_root else "part"))

    async def people(self, agent: Mapping[str, Any]) -> list[Found]:
        """Whom the app sees beside whom the roster lists: the one should be the other."""
        seen = {str(one["userid"]).lower(): str(one["userid"]) for one in agent["allow_userinfos"]["user"]}
        try:
            seen |= {one.native.lower(): one.name for one in await members(self._api)}
        except ChannelError as error:
            return [_refused("contacts", error)]
        if not seen:
            return [bad("contacts", self._say("contacts_empty"))]
        found = [good("contacts", self._say("contacts", {"n": len(seen)}))]
        if not self._own.bound:
            return [*found, warned("staff", self._say("staff_none"))]
        apart = {
            "outside": (bad, [name for userid, name in self._own.bound.items() if userid not in seen]),
            "unmatched": (warned, self._own.others),
            "others": (warned, [name for userid, name in seen.items() if userid not in self._own.bound]),
        }
        wrong = [how("staff", self._say(key, self._some(names))) for key, (how, names) in apart.items() if names]
        return [*found, *(wrong or [good("staff", self._say("staff", {"n": len(self._own.bound)}))])]

    async def menu(self) -> Found:
        try:
            menu = await self._api.call("menu/get", agentid=str(self._app.agent_id))
        except ChannelError as error:
            if not has_code(error, NO_MENU):
                return _refused("menu", error)
            menu = {"button": []}
        many = len(menu["button"])
        return good("menu", self._say("menu", {"n": many}) if many else self._say("menu_none"))

    async def group(self) -> Found:
        return await group(self._api, self._config, self._own.leaders if self._own.bound else None, self._words)

    def _some(self, names: Sequence[str]) -> Mapping[str, object]:
        """The first of them stand for all."""
        said = "、".join(names[:EXAMPLES])
        more = self._say("names_more", {"names": said}) if len(names) > EXAMPLES else said
        return {"n": len(names), "names": more}

    def _say(self, key: str, values: Mapping[str, object] | None = None) -> str:
        return self._words.say(f"check.wecom.{key}", values)


def _refused(what: str, error: ChannelError) -> Found:
    """Each call may be the first that WeCom does not let in."""
    return bad("trusted_ip" if has_code(error, UNTRUSTED_IP) else what, str(error))
