"""The workbook of invitations: a sheet a school, a sentence a person, ready to be forwarded to that person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from bot.roster.words import DUTIES
from bot.workbook import Sheet, save_private, workbook
from handlers.model import Duty

_HEADER: Final = ("姓名", "称呼", "职务", "班级", "有效期至", "可直接转发的话")
_WIDTHS: Final = (14, 12, 22, 16, 18, 100)
_SENTENCE: Final = (
    "{title}您好，这是您本人的“零报告”绑定链接（{school}，{duties}），请在手机上点开后按“开始”：{link} "
    "有效期至{expires}，只能用一次，请不要再转给别人。"
)


@dataclass(frozen=True, slots=True)
class Invite:
    """One person's open invitation. `expires` is aware."""

    school: str
    name: str
    title: str
    duties: tuple[Duty, ...]
    classes: tuple[str, ...]
    link: str
    expires: datetime


def invites_workbook(path: Path, invites: Sequence[Invite], *, zone: tzinfo, now: datetime) -> None:
    """Write it, readable by its owner only: whoever has a link can bind as that person. Raises OSError."""
    schools = dict.fromkeys(invite.school for invite in invites)
    sheets = [_sheet(school, [one for one in invites if one.school == school], zone) for school in schools]
    save_private(path, workbook(sheets or [Sheet("邀请", _HEADER, (), _WIDTHS)], made_at=now))


def _sheet(school: str, invites: Iterable[Invite], zone: tzinfo) -> Sheet:
    return Sheet(school, _HEADER, [_row(invite, zone) for invite in invites], _WIDTHS)


def _row(invite: Invite, zone: tzinfo) -> tuple[str, ...]:
    local = invite.expires.astimezone(zone)
    expires = f"{local.month}月{local.day}日{local:%H:%M}"
    duties = "、".join(DUTIES[duty][0] for duty in invite.duties)
    # a class teacher knows the school by the class, and two of one name are told apart by it
    both = "、".join(part for part in (*invite.classes, duties) if part)
    sentence = _SENTENCE.format(
        title=invite.title, school=invite.school, duties=both, link=invite.link, expires=expires
    )
    return invite.name, invite.title, duties, "、".join(invite.classes), expires, sentence
