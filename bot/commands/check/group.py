"""The leaders' group: made by the app, or one that people made and gave a robot."""

from typing import Final

from bot.channels import ChannelError
from bot.channels.configured import groups_of
from bot.channels.wecom.api import Api
from bot.channels.wecom.errors import has_code
from bot.channels.wecom.groups import APPCHAT, FEWEST, ROBOT
from bot.commands.check.found import Found, bad, good, warned
from bot.config import Config
from bot.texts import Words

NOT_THERE: Final = 86003
PAGE: Final = b"zero-report check\n"  # uploaded and not sent: without a post a key can be tried in no other way


async def group(api: Api, config: Config, leaders: int | None, words: Words) -> Found:
    """`leaders`: how many are to be in a group of the app's, None where nobody of the roster has an account yet. Raises
    ConfigError."""
    kind, _, chatid = groups_of(config)["wecom"].partition(":")
    if kind == ROBOT:
        return await _key(api, config.wecom_group_key or "", words)
    if kind == APPCHAT:
        return await _made(api, chatid, leaders, words)
    return warned("group", words.say("check.wecom.group_none"))


async def _key(api: Api, key: str, words: Words) -> Found:
    try:
        await api.upload("file", "check.txt", PAGE, key=key)
    except ChannelError as error:
        return bad("group_key", str(error))
    return good("group_key", words.say("check.wecom.group_key"))


async def _made(api: Api, chatid: str, leaders: int | None, words: Words) -> Found:
    """The app makes it with the first message."""
    try:
        chat = (await api.call("appchat/get", chatid=chatid))["chat_info"]
    except ChannelError as error:
        if not has_code(error, NOT_THERE):
            return bad("group", str(error))
        if leaders is None:
            return warned("group", words.say("check.wecom.group_few", {"n": 0}))
        if leaders < FEWEST:
            return bad("group", words.say("check.wecom.group_few", {"n": leaders}))
        return good("group", words.say("check.wecom.group_later", {"n": leaders}))
    return good("group", words.say("check.wecom.group", {"name": chat["name"], "n": len(chat["userlist"])}))
