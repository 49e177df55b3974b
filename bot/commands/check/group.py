"""The leaders' group: made by the app, or one that people made and gave a robot."""

from typing import Final

from bot.channels import ChannelError
from bot.channels.wecom.api import Api
from bot.commands.check.found import Found, bad, good, warned
from bot.config import Config
from bot.texts import Words

APPCHAT: Final = "appchat:"
NOT_THERE: Final = "86003 "
PAGE: Final = b"zero-report check\n"  # uploaded and not sent: without a post a key can be tried in no other way


async def group(api: Api, config: Config, bound: str | None, words: Words) -> list[Found]:
    """`bound`: the native id under which the database knows it."""
    if not config.wecom.group:
        return [warned("group", words.say("check.wecom.group_none"))]
    key = config.wecom_group_key
    found = [] if key is None else [await _key(api, key, words)]
    if bound is None:
        return [*found, warned("group", words.say("check.wecom.group_unbound"))]
    if bound.startswith(APPCHAT):
        found.append(await _made(api, bound.removeprefix(APPCHAT), words))
    return found


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
