"""errcode → what it means for a message, and a sentence that an admin can act on. Never by errmsg: WeCom changes those
(PLATFORM §C2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from bot.channels import ChannelError, Gone, Refused, TryLater, Unauthorized, Unreachable


class Kind(Enum):
    """What is to be done about it."""

    LATER = auto()  # busy: this call again, soon
    HOLD = auto()  # too much was sent: the whole channel waits
    TOKEN = auto()  # the access token is over: a new one, and the call again
    ADMIN = auto()  # nothing works until somebody mends it in the console
    NEVER = auto()  # this message cannot be shown as it is
    NOBODY = auto()  # this person or group is not there for us
    GONE = auto()  # what was to be changed can no longer be


@dataclass(frozen=True)
class Meaning:
    kind: Kind
    says: str  # in Chinese: for an admin


SOON: Final = 2.0  # seconds
A_MINUTE: Final = 60.0

MEANINGS: Final[Mapping[int, Meaning]] = {
    -1: Meaning(Kind.LATER, "企业微信系统繁忙，稍后自动重试。"),
    40001: Meaning(
        Kind.ADMIN, "应用的 Secret 不对：在管理后台「应用管理」里打开本应用，重新查看 Secret，写进 wecom.secret。"
    ),
    40003: Meaning(Kind.NOBODY, "通讯录里没有这个成员账号（UserID）。"),
    40013: Meaning(Kind.ADMIN, "企业ID（CorpID）不对：在管理后台「我的企业」最下面查看，写进 wecom.corp_id。"),
    40014: Meaning(Kind.TOKEN, "access_token 失效，自动重新获取。"),
    40056: Meaning(Kind.ADMIN, "AgentId 不对：在管理后台打开本应用查看 AgentId，写进 wecom.agent_id。"),
    40058: Meaning(Kind.NEVER, "请求参数不合规定，这一条发不出去。"),
    41011: Meaning(Kind.ADMIN, "没有写 AgentId：在管理后台打开本应用查看，写进 wecom.agent_id。"),
    42001: Meaning(Kind.TOKEN, "access_token 过期，自动重新获取。"),
    42014: Meaning(Kind.NEVER, "卡片的 task_id 重复或不合规定，这一条发不出去。"),
    42028: Meaning(Kind.NEVER, "卡片少了跳转地址，这一条发不出去。"),
    42045: Meaning(Kind.NEVER, "卡片少了点击动作，这一条发不出去。"),
    45002: Meaning(Kind.NEVER, "内容超过长度，这一条发不出去。"),
    45009: Meaning(Kind.HOLD, "接口调用超过频率限制，暂停后自动继续。"),
    45033: Meaning(Kind.LATER, "接口并发超过限制，稍后自动重试。"),
    48002: Meaning(Kind.ADMIN, "应用没有这个接口的权限：在管理后台检查本应用的权限和可见范围。"),
    60011: Meaning(Kind.ADMIN, "应用没有权限读写这个成员或部门：在管理后台把应用的可见范围设为全体教职工。"),
    60020: Meaning(Kind.ADMIN, "本机出口IP不在企业可信IP里：在管理后台本应用的「企业可信IP」里加上运行机器的公网IP。"),
    60111: Meaning(Kind.NOBODY, "通讯录里没有这个成员账号（UserID）。"),
    81013: Meaning(Kind.NOBODY, "收件人都不在应用的可见范围，或已离职：检查可见范围和通讯录。"),
    82001: Meaning(Kind.NEVER, "没有指定收件人，这一条发不出去。"),
    86001: Meaning(Kind.NOBODY, "没有这个群（chatid 无效）：请重新 /bind leaders。"),
    86003: Meaning(Kind.NOBODY, "群不存在或不是本应用建的：请重新 /bind leaders。"),
    93000: Meaning(
        Kind.NOBODY, "群机器人的地址失效（可能已被移出群）：请在群里重新添加，把新的 key 写进 wecom.group_key。"
    ),
    301002: Meaning(Kind.ADMIN, "AgentId 不属于这个 Secret 的应用：两个都要从同一个应用页面抄。"),
}


def meaning(code: int) -> Meaning:
    """A code that nobody wrote down is a message that cannot be shown, and is said with its number."""
    return MEANINGS.get(code, Meaning(Kind.NEVER, f"企业微信返回了没有登记的错误码{code}，这一条发不出去。"))


def error_of(code: int) -> ChannelError:
    found = meaning(code)
    words = f"{code} {found.says}"
    match found.kind:
        case Kind.LATER | Kind.TOKEN:
            return TryLater(words, seconds=SOON)
        case Kind.HOLD:
            return TryLater(words, seconds=A_MINUTE, whole=True)
        case Kind.ADMIN:
            return Unauthorized(words)
        case Kind.NOBODY:
            return Unreachable(words)
        case Kind.GONE:
            return Gone(words)
        case Kind.NEVER:
            return Refused(words)
