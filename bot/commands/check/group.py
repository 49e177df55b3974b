"""The leaders' group: made by the app, or one that people made and gave a robot."""

from typing import Final

from bot.channels import ChannelError
from bot.channels.wecom.api import Api
from bot.commands.check.found import Found, bad, good, warned
from bot.config import Config
from bot.texts import Words
from handlers.questions import Group, GroupView
from storage import open_storage
from storage.answers import Answers

LEADERS: Final = "leaders"
APPCHAT: Final = "appchat:"
NOT_THERE: Final = "86003 "
PAGE: Final = b"zero-report check\n"  # uploaded to be thrown away: a key can be tried in no other way without a post


async def group(api: Api, config: Config, words: Words) -> list[Found]:
    """Raises StorageError."""
    if not config.wecom.group:
        return [warned("group", words.say("check.wecom.group_none"))]
    bound = await _bound(config)
    here = bound if bound is not None and bound.channel == "wecom" and bound.state == "bound" else None
    key = config.wecom_group_key
    found = [] if key is None else [await _key(api, key, words)]
    if here is None:
        return [*found, warned("group", words.say("check.wecom.group_unbound"))]
    return [*found, await _made(api, here.native.removeprefix(APPCHAT), words)] if key is None else found


async def _bound(config: Config) -> GroupView | None:
    storage = await open_storage(config.storage.url)
    try:
        return await storage.read(lambda tx: Answers(tx)(Group(LEADERS)))
    finally:
        await storage.close()


async def _key(api: Api, key: str, words: Words) -> Found:
    try:
        await api.upload("file", "check.txt", PAGE, key=key)
    except ChannelError as error:
        return bad("group_key", str(error))
    return good("group_key", words.say("check.wecom.group_key"))


async def _made(api: Api, chatid: str, words: Words) -> Found:
    try:
        chat = (await api.call("appchat/get", chatid=chatid))["chat_info"]
    except ChannelError as error:
        if str(error).startswith(NOT_THERE):
            return good("group", words.say("check.wecom.group_later"))
        return bad("group", str(error))
    return good("group", words.say("check.wecom.group", {"name": chat["name"], "n": len(chat["userlist"])}))
