"""What a word can be besides a symptom, a place or an attendance: a disease's name, or a cue to its neighbours."""

from enum import Enum, auto

from msgspec import Struct


class Disease(Struct, frozen=True):
    """病名 as DOMAIN §2.4 spells it, so that a return rule can be found by it."""

    name: str


class Cue(Enum):
    """A word that steers how its neighbours are read."""

    NOT = auto()
    NOW = auto()
    BEFORE = auto()  # an earlier day that is not named
    SINCE = auto()
    LATER = auto()  # planned, not done
    BUT = auto()
    EXCEPT = auto()
    GONE = auto()  # what was, is over
    FEVER_GONE = auto()
    LASTS = auto()  # 没好: not over, whatever it is
    FEVER_LASTS = auto()  # 没退
    NORMAL = auto()
    COOL = auto()  # 体温正常: normal as far as temperature goes
    WELL = auto()  # nobody is unwell, said of a class
    ALL_HERE = auto()
    ABNORMAL = auto()
    EVERYBODY = auto()
    THE_REST = auto()
    BOTH = auto()
    EACH = auto()
    LEAVE = auto()  # 请假, whatever for
    AWAY = auto()  # 没来, whatever for
    BACK = auto()
    ILL = auto()  # 生病, whatever with
    STAFF = auto()
    RELATIVE = auto()
    SPEAKING = auto()
    HEAT = auto()  # 体温: a temperature comes
    ASKING = auto()
    OF_DAY = auto()  # 早上: N号早上 may be a day
    SILENT = auto()
