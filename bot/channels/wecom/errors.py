"""errcode → what it means for a message, and a sentence that an admin can act on; never by errmsg, which WeCom changes.
Codes and their reasons after 全局错误码 (document/path/90313, as of April 2024)."""

import re
from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from msgspec import Struct

from bot.channels import Barred, ChannelError, Gone, Refused, Spent, TooMany, TryLater, Unauthorized, Unreachable


class Repeated(Refused):
    """A card's task_id counts once, and this one has been used: perhaps by a card that we do not know was shown."""


class Kind(Enum):
    """What is to be done about it."""

    LATER = auto()  # busy: this call again, soon
    HOLD = auto()  # too much was sent: everything waits
    TOKEN = auto()  # the access token is over: a new one, and the call again
    CONFIG = auto()  # config.toml says what the console does not: nothing works until somebody mends it
    CONSOLE = auto()  # somebody must change something in the console; this waits for it
    SHUT = auto()  # the same, and everything waits for it
    NEVER = auto()  # this message cannot be shown as it is
    REPEATED = auto()  # this card has been on a phone, or its name is not one
    NOBODY = auto()  # this person or group is not there for us
    UNHEARD = auto()  # a robot may not write there before somebody has written to it
    GONE = auto()  # what was to be changed can no longer be
    SPENT = auto()  # with this code


class Meaning(Struct, frozen=True):
    kind: Kind
    says: str  # in Chinese: for an admin


SOON: Final = 2.0  # seconds
A_MINUTE: Final = 60.0

# The console's own words stand in 「」. A sentence says what happened, where to go and what to do there.
_SCOPE: Final = "在管理后台「应用管理」打开本应用，把「可见范围」设为全体教职工"
_RESEND: Final = "这一条发不出去，请把错误码告诉维护程序的人"

MEANINGS: Final[Mapping[int, Meaning]] = {
    -1: Meaning(Kind.LATER, "企业微信系统繁忙，稍后自动重试，不用处理。"),
    40001: Meaning(
        Kind.CONFIG,
        "应用的 Secret 不对、被重置过，或应用已停用：在管理后台「应用管理」打开本应用，重新查看 Secret，"
        "写进 wecom.secret 后重启。多次用错的 Secret 会使本机IP被停用一小时。",
    ),
    40003: Meaning(Kind.NOBODY, "通讯录里没有这个成员账号（可能已离职）：请在「通讯录」核对，再同步一次名单。"),
    40004: Meaning(Kind.NEVER, f"文件类型不合规定，{_RESEND}。"),
    40005: Meaning(Kind.NEVER, f"文件类型和说的不一样（图片只能是JPG、PNG），{_RESEND}。"),
    40006: Meaning(Kind.NEVER, f"文件太大或是空的（图片最大10MB，文件最大20MB），{_RESEND}。"),
    40007: Meaning(Kind.GONE, "临时素材已经不在（只保存三天）。"),
    40008: Meaning(Kind.NEVER, f"消息类型不合规定，{_RESEND}。"),
    40009: Meaning(Kind.NEVER, f"图片太大（最大10MB），{_RESEND}。"),
    40013: Meaning(Kind.CONFIG, "企业ID不对：在管理后台「我的企业」最下面查看「企业ID」，写进 wecom.corp_id 后重启。"),
    40014: Meaning(Kind.TOKEN, "access_token 无效，自动重新获取，不用处理。"),
    40016: Meaning(Kind.NEVER, f"应用菜单的一级菜单多于3个，{_RESEND}。"),
    40017: Meaning(Kind.NEVER, f"应用菜单的按钮类型不合规定，{_RESEND}。"),
    40018: Meaning(Kind.NEVER, f"应用菜单的名称超过16个字节，{_RESEND}。"),
    40019: Meaning(Kind.NEVER, f"应用菜单的KEY超过128个字节，{_RESEND}。"),
    40020: Meaning(Kind.NEVER, f"应用菜单的链接太长，{_RESEND}。"),
    40022: Meaning(Kind.NEVER, f"应用菜单多于两级，{_RESEND}。"),
    40023: Meaning(Kind.NEVER, f"应用菜单的子菜单多于5个，{_RESEND}。"),
    40024: Meaning(Kind.NEVER, f"应用菜单的子菜单类型不合规定，{_RESEND}。"),
    40025: Meaning(Kind.NEVER, f"应用菜单的子菜单名称超过40个字节，{_RESEND}。"),
    40026: Meaning(Kind.NEVER, f"应用菜单的子菜单KEY超过128个字节，{_RESEND}。"),
    40027: Meaning(Kind.NEVER, f"应用菜单的子菜单链接太长，{_RESEND}。"),
    40031: Meaning(Kind.NOBODY, f"这些成员账号不在通讯录或不在可见范围：{_SCOPE}，再同步一次名单。"),
    40032: Meaning(Kind.NEVER, f"一次的收件人多于1000人，{_RESEND}。"),
    40033: Meaning(Kind.NEVER, f"内容里有不允许的字符，{_RESEND}。"),
    40050: Meaning(Kind.NOBODY, "没有这个群：请重新发送 /bind leaders，由应用另建一个群。"),
    40056: Meaning(
        Kind.CONFIG, "AgentId 不对：在管理后台「应用管理」打开本应用查看 AgentId，写进 wecom.agent_id 后重启。"
    ),
    40058: Meaning(Kind.NEVER, f"请求的参数不合规定，{_RESEND}。"),
    40063: Meaning(Kind.NEVER, f"请求缺少参数，{_RESEND}。"),
    40123: Meaning(Kind.NEVER, f"图片损坏或格式不对（只能是JPG、PNG），{_RESEND}。"),
    41001: Meaning(Kind.TOKEN, "请求里没有 access_token，自动重新获取，不用处理。"),
    41002: Meaning(
        Kind.CONFIG, "没有写企业ID：在管理后台「我的企业」最下面查看「企业ID」，写进 wecom.corp_id 后重启。"
    ),
    41004: Meaning(
        Kind.CONFIG, "没有写 Secret：在管理后台「应用管理」打开本应用查看 Secret，写进 wecom.secret 后重启。"
    ),
    41011: Meaning(Kind.CONFIG, "没有写 AgentId：在管理后台「应用管理」打开本应用查看，写进 wecom.agent_id 后重启。"),
    42001: Meaning(Kind.TOKEN, "access_token 过期，自动重新获取，不用处理。"),
    42014: Meaning(Kind.REPEATED, f"卡片的 task_id 重复或不合规定，{_RESEND}。"),
    42015: Meaning(Kind.GONE, "这张卡片是别的应用发的，不能更新，改为另发一张。"),
    42016: Meaning(Kind.GONE, "要更新的卡片已经不在，改为另发一张。"),
    42028: Meaning(Kind.NEVER, f"卡片缺少跳转地址，{_RESEND}。"),
    42031: Meaning(Kind.NEVER, f"卡片类型不合规定，{_RESEND}。"),
    42037: Meaning(Kind.NEVER, f"卡片的选项个数不合规定（投票1至20个，下拉最多10个），{_RESEND}。"),
    42038: Meaning(Kind.NEVER, f"卡片的按钮没有文字或文字太长，{_RESEND}。"),
    42039: Meaning(Kind.NEVER, f"卡片的按钮没有 key 或 key 太长，{_RESEND}。"),
    42045: Meaning(Kind.NEVER, f"卡片缺少点击动作（card_action），{_RESEND}。"),
    42052: Meaning(Kind.GONE, "消息发出超过24小时，不能再撤回。"),
    43012: Meaning(
        Kind.CONSOLE,
        "应用还没有设置回调：在管理后台「应用管理」打开本应用，在「接收消息」点「设置API接收」，"
        "填写URL、Token、EncodingAESKey 并保存。",
    ),
    44001: Meaning(Kind.NEVER, f"上传的文件是空的，{_RESEND}。"),
    44004: Meaning(Kind.NEVER, f"消息没有文字，{_RESEND}。"),
    45001: Meaning(Kind.NEVER, f"文件太大（图片最大10MB，文件最大20MB），{_RESEND}。"),
    45002: Meaning(Kind.NEVER, f"文字超过2048个字节，{_RESEND}。"),
    45009: Meaning(
        Kind.HOLD,
        "接口调用超过频率限制，暂停一分钟后自动继续。一直不恢复时，请检查同一个企业、同一个IP下有没有别的程序"
        "频繁调用，或用错误的 Secret 反复获取 access_token。",
    ),
    45033: Meaning(Kind.LATER, "同时进行的调用太多，稍后自动重试，不用处理。"),
    46004: Meaning(Kind.NOBODY, "通讯录里没有这个成员（可能已离职）：请在「通讯录」核对，再同步一次名单。"),
    48001: Meaning(
        Kind.CONSOLE, "企业微信没有给本应用这项功能：在管理后台「应用管理」打开本应用，查看「开发者接口」。"
    ),
    48002: Meaning(
        Kind.CONSOLE,
        "应用没有调用这个接口的权限：建群要把「可见范围」设为最上层（根部门）；读通讯录要在「开发者接口」里有权限。"
        "都在管理后台「应用管理」的本应用页面。改好后自动继续。",
    ),
    48006: Meaning(Kind.SHUT, "应用太久没用，接口权限被收回：在管理后台「应用管理」打开本应用，重新启用。"),
    49008: Meaning(Kind.NOBODY, "这个群已经解散：请重新发送 /bind leaders，由应用另建一个群。"),
    50003: Meaning(Kind.SHUT, "应用被停用：在管理后台「应用管理」打开本应用，重新启用。启用后自动继续。"),
    60011: Meaning(Kind.CONSOLE, f"应用没有权限管这个成员或部门：{_SCOPE}。改好后自动继续。"),
    60020: Meaning(
        Kind.SHUT,
        "本机的出口IP不在应用的可信IP里：在管理后台「应用管理」打开本应用，在最下面「企业可信IP」点「配置」，"
        "加上运行本程序的机器的公网IP。保存一分钟后生效，自动继续。",
    ),
    60021: Meaning(Kind.NOBODY, f"这个成员不在应用的可见范围：{_SCOPE}。"),
    60031: Meaning(Kind.SHUT, "应用被禁止调用接口：在管理后台「应用管理」打开本应用，查看提示并重新启用。"),
    60111: Meaning(Kind.NOBODY, "通讯录里没有这个成员账号（可能已离职）：请在「通讯录」核对，再同步一次名单。"),
    60123: Meaning(Kind.NEVER, "没有这个部门，可能刚被删除：请再同步一次名单。"),
    60140: Meaning(Kind.SPENT, "卡片不能再更新（已更新过一次，或超过72小时），改为另发一张。"),
    81013: Meaning(Kind.NOBODY, f"收件人都已离职或不在应用的可见范围：{_SCOPE}，再同步一次名单。"),
    82001: Meaning(Kind.NEVER, f"没有指定收件人，{_RESEND}。"),
    82101: Meaning(Kind.GONE, "要更新的卡片没有收件人，改为另发一张。"),
    82102: Meaning(Kind.GONE, "要更新的卡片不是发给这个人的，改为另发一张。"),
    86001: Meaning(Kind.NOBODY, "群的编号（chatid）不对：请重新发送 /bind leaders，由应用另建一个群。"),
    86003: Meaning(Kind.NOBODY, "群已经不在：请重新发送 /bind leaders，由应用另建一个群。"),
    86006: Meaning(Kind.CONSOLE, f"群的人数不合规定（2至2000人）：名单里至少要有两位学区领导；{_SCOPE}。"),
    86007: Meaning(Kind.CONSOLE, f"群里有应用看不到的成员：{_SCOPE}。"),
    86008: Meaning(Kind.NOBODY, "这个群不是本应用建的，不能往里发：请重新发送 /bind leaders，由应用另建一个群。"),
    86216: Meaning(Kind.CONSOLE, f"群里有通讯录里没有的成员：请在「通讯录」核对学区领导，{_SCOPE}。"),
    93000: Meaning(
        Kind.NOBODY,
        "群机器人的地址失效（可能已被移出群）：在群里重新添加群机器人，把它的地址里 key= 后面的一段"
        "写进 wecom.group_key 后重启。",
    ),
    93004: Meaning(
        Kind.CONSOLE, "群机器人被停用：在群里打开群机器人（消息推送），重新启用。在管理后台「管理工具」也可能关掉了它。"
    ),
    93006: Meaning(
        Kind.UNHEARD,
        "对方还没有给机器人发过消息，企业微信不许机器人先开口：请对方打开机器人，随便发一句话，如“你好”。",
    ),
    301002: Meaning(
        Kind.CONFIG,
        "AgentId 和 Secret 不是同一个应用的：在管理后台「应用管理」打开本应用，两个都从这一页抄，"
        "写进 wecom.agent_id 和 wecom.secret 后重启。",
    ),
    846605: Meaning(Kind.GONE, "点击已过5秒，原来的卡片不能再更新，改为另发一张。"),
    846609: Meaning(Kind.LATER, "智能机器人的长连接还没有订阅成功，自动重连，不用处理。"),
    853000: Meaning(
        Kind.CONFIG,
        "智能机器人的 Bot ID 或 Secret 不对：在管理后台打开这个智能机器人，在「API模式」「使用长连接」那一页查看，"
        "写进 wecom.bot_id 和 wecom.bot_secret 后重启。不是自建应用的 AgentId 和 Secret。",
    ),
}

# the one value in an errmsg that an admin needs and cannot easily find otherwise; a missing one is no loss
_SEEN_IP: Final = re.compile(r"from ip: ?([0-9a-fA-F.:]+)")
UNTRUSTED_IP: Final = 60020


def meaning(code: int) -> Meaning:
    """A code that nobody wrote down is a message that cannot be shown, and is said with its number."""
    return MEANINGS.get(code, Meaning(Kind.NEVER, f"没有登记的错误码（见企业微信「全局错误码」），{_RESEND}。"))


def has_code(error: ChannelError, code: int) -> bool:
    """Whether it is this one of WeCom's codes, with which its words begin."""
    return str(error).startswith(f"{code} ")


def error_of(code: int, errmsg: str = "", *, whole: bool = True) -> ChannelError:
    """Its words begin with the code and are for an admin; of `errmsg` they hold our own address at most. `whole` is
    False for what was sent by a group's robot: its limits are that group's alone."""
    found = meaning(code)
    words = f"{code} {found.says}{_seen(code, errmsg)}"
    match found.kind:
        case Kind.LATER:
            return TryLater(words, seconds=SOON)
        case Kind.HOLD:
            return TooMany(words, seconds=A_MINUTE, whole=whole)
        case Kind.TOKEN:
            return TryLater(words, seconds=A_MINUTE, whole=whole)
        case Kind.CONSOLE:
            return Barred(words, seconds=A_MINUTE)
        case Kind.SHUT:
            return Barred(words, seconds=A_MINUTE, whole=whole)
        case Kind.CONFIG:
            return Unauthorized(words)
        case Kind.NOBODY:
            return Unreachable(words)
        case Kind.UNHEARD:
            return Unreachable(words, unheard=True)
        case Kind.GONE:
            return Gone(words)
        case Kind.SPENT:
            return Spent(words)
        case Kind.REPEATED:
            return Repeated(words)
        case Kind.NEVER:
            return Refused(words)


def _seen(code: int, errmsg: str) -> str:
    found = _SEEN_IP.search(errmsg) if code == UNTRUSTED_IP else None
    return "" if found is None else f"企业微信看到的IP是 {found[1].rstrip('.:')} 。"
