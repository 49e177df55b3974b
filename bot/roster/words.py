"""The office's words for duties, states and sexes, and what they stand for."""

from typing import Final

from bot.roster.cells import narrow
from handlers.model import Duty
from handlers.rolls import PupilStatus, Sex

# The first word of each is the one that we write.
DUTIES: Final = {
    Duty.HOMEROOM: ("班主任", "正班主任", "homeroom", "homeroomteacher", "classteacher"),
    Duty.TEACHER: ("任课教师", "任课老师", "科任教师", "科任老师", "副班主任", "教师", "老师", "teacher", "co-teacher"),
    Duty.REPORTER: ("疫情报告人", "传染病疫情报告人", "报告人", "reporter"),
    Duty.DEPUTY: ("副报告人", "副疫情报告人", "疫情副报告人", "疫情报告人(副)", "deputy", "deputyreporter"),
    Duty.NURSE: ("校医", "保健教师", "保健老师", "卫生老师", "保健医", "nurse", "schoolnurse", "schooldoctor"),
    Duty.GATE: ("门卫", "保安", "gate", "guard", "gatekeeper"),
    Duty.PRINCIPAL: ("校长", "园长", "principal", "headteacher", "headmaster"),
    Duty.LIAISON: ("学区联络员", "联络员", "报告联络员", "liaison"),
    Duty.LEADER: ("学区领导", "领导小组组长", "领导小组副组长", "领导小组成员", "leader"),
    Duty.ADMIN: ("管理员", "系统管理员", "admin", "administrator"),
}

HERE: Final = "在岗"
AWAY: Final = "离岗"
_STAFF_STATUSES: Final = {
    True: (HERE, "在职", "在编", "在校", "正常", "返聘", "active"),
    False: (AWAY, "离职", "退休", "调出", "调离", "辞职", "借调", "长假", "产假", "病休", "left", "retired", "away"),
}

PUPIL_STATUSES: Final = {
    PupilStatus.ENROLLED: ("在读", "在校", "就读", "正常", "enrolled"),
    PupilStatus.LEAVE: ("长假", "休学", "长期请假", "长期病假", "病休", "leave", "onleave"),
    PupilStatus.HOME_TAUGHT: ("送教上门", "送教", "hometaught"),
}
GONE: Final = ("转出", "转学", "毕业", "退学", "离校", "结业", "left", "graduated")

_DAY_PUPIL: Final = ("走读", "否", "不住校", "不住宿", "非住宿", "不是", "n", "no", "day")
_BOARDER: Final = ("是", "住校", "住宿", "住校生", "住宿生", "寄宿", "y", "yes", "boarder")
LONGEST_DORM: Final = 20

_SEXES: Final = {
    Sex.MALE: ("男", "男性", "男生", "m", "male", "boy"),
    Sex.FEMALE: ("女", "女性", "女生", "f", "female", "girl"),
}


def duty(text: str) -> Duty | None:
    """The duty that this one word names."""
    return _DUTY_BY_WORD.get(_plain(text))


def staff_is_here(text: str) -> bool | None:
    """Whether the person works here now, as nothing said means; None for a word that we don't know."""
    return _HERE_BY_WORD.get(_plain(text)) if _plain(text) else True


def pupil_status(text: str) -> PupilStatus | None:
    """在读 if nothing is said; None for a word that we don't know."""
    return _STATUS_BY_WORD.get(_plain(text)) if _plain(text) else PupilStatus.ENROLLED


def has_left(text: str) -> bool:
    """Whether this is a pupil whom the office only keeps on its list."""
    return _plain(text) in GONE


def sex(text: str) -> Sex | None:
    """None for a word that we don't know."""
    return _SEX_BY_WORD.get(_plain(text))


def dorm(text: str) -> str | None:
    """The room, 住校 where only that is said, empty for who goes home; None for what is too long for a room."""
    said = _plain(text)
    if said in _DAY_PUPIL:
        return ""
    if said in _BOARDER:
        return "住校"
    return narrow(text) if len(said) <= LONGEST_DORM else None


def _plain(text: str) -> str:
    return narrow(text).lower()


_DUTY_BY_WORD: Final = {word: duty for duty, words in DUTIES.items() for word in words}
_HERE_BY_WORD: Final = {word: here for here, words in _STAFF_STATUSES.items() for word in words}
_STATUS_BY_WORD: Final = {word: status for status, words in PUPIL_STATUSES.items() for word in words}
_SEX_BY_WORD: Final = {word: sex for sex, words in _SEXES.items() for word in words}
