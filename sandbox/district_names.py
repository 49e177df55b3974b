"""Invented names for the pretended district: as mixed, and as awkward, as those of a real one."""

import random
from collections.abc import Container
from itertools import accumulate
from typing import Final, Literal

Sex = Literal["男", "女"]

# Roughly by how many bear them; each is taken a little less often than the one before.
_SURNAMES: Final = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_WEIGHTS: Final = tuple(accumulate(1 / (rank + 4) for rank in range(len(_SURNAMES))))
# Surnames that a name library reads wrongly, and surnames of two characters.
_POLYPHONIC: Final = tuple("单解翟仇区查朴盖尉缪乐曾")
_COMPOUND: Final = ("欧阳", "上官", "司马", "诸葛", "慕容", "皇甫", "令狐", "尉迟", "端木", "夏侯", "长孙", "东方")

_GIVEN: Final[dict[Sex, tuple[str, str]]] = {
    "男": ("子浩宇俊天博梓铭嘉泽家文明思奕晨志一鸿睿", "轩然涵宇豪杰睿泽辰铭洋阳翔磊凯鹏航哲霖恒"),
    "女": ("子雨欣诗梓思佳怡若语晓静雅梦芷可紫婉乐艺", "涵桐怡萱彤妍悦琪瑶婷玥雯琳晴颖欣然菲宁茜"),
}
_ONE_CHARACTER: Final[dict[Sex, str]] = {"男": "浩杰磊鹏凯翔毅晨睿", "女": "婷颖悦静琳雪萌玥倩"}
_DOUBLED: Final[dict[Sex, str]] = {"男": "豆乐浩", "女": "婷萌欣佳圆甜"}
_GROWN: Final[dict[Sex, tuple[str, str]]] = {
    "男": ("建国志文永海卫长新德", "华军强明伟平勇林生民"),
    "女": ("秀丽玉桂春小晓红雪淑", "芳英兰梅霞敏燕萍娟玲"),
}
_TOWNS: Final = (
    "城关东关西岭南河北庄青石白云柳林双桥龙泉清水高岭太平新集大营石门杨家马坊平川金山花园双塔松林梅村沙河望湖古城"
)
_KINDS: Final = ("中心小学", "第二小学", "实验小学", "育才小学", "希望小学")

_RARE: Final = ("䶮", "堃", "翀", "祎", "璟", "珺", "㛃", "犇")

_MINORITY: Final[dict[Sex, tuple[str, ...]]] = {
    "男": ("艾力·买买提", "阿不都热合曼·艾合买提", "叶尔兰·哈力别克", "扎西多吉", "巴特尔", "阿牛木呷"),
    "女": ("阿依古丽·买买提", "古丽米热·艾力", "迪丽娜尔·吐尔逊", "阿依波塔·叶尔肯", "卓玛拉姆", "其其格", "吉克阿依"),
}

# What trips a finder by name: two of one class who sound alike, two who are called alike, readings that surprise.
AWKWARD: Final[tuple[tuple[tuple[str, Sex], ...], ...]] = (
    (("张子涵", "男"), ("张梓涵", "女"), ("章子涵", "女")),
    (("王子轩", "男"), ("王子轩", "男")),
    (("单雨桐", "女"), ("解浩然", "男"), ("翟欣怡", "女")),
    (("阿依古丽·买买提", "女"), ("艾力·买买提", "男"), ("扎西多吉", "男")),
    (("欧阳思睿", "男"), ("长孙雅静", "女"), ("尉迟俊杰", "男")),
    (("仇佳佳", "女"), ("区乐乐", "男"), ("查梓涵", "女")),
    (("朴婉婷", "女"), ("盖文博", "男"), ("尉晓彤", "女")),
    (("李䶮", "男"), ("陈㛃", "女"), ("刘乐", "男"), ("刘悦", "女")),
)


def school_names() -> list[str]:
    """135 of them, all different."""
    towns = [_TOWNS[start : start + 2] for start in range(0, len(_TOWNS), 2)]
    return [town + kind for kind in _KINDS for town in towns]


def sex(dice: random.Random) -> Sex:
    """Boys are a little more."""
    return "男" if dice.random() < 0.52 else "女"


def pupil_name(dice: random.Random, of: Sex, taken: Container[str]) -> str:
    """A child's name that is not yet in `taken`."""
    while (name := _pupil_name(dice, of)) in taken:
        pass
    return name


def staff_name(dice: random.Random, of: Sex, taken: Container[str]) -> tuple[str, str]:
    """Surname and given name of a grown person; together they are not yet in `taken`."""
    first, second = _GROWN[of]
    while True:
        surname, given = _surname(dice), _given(dice, first, second)
        if surname + given not in taken:
            return surname, given


def _pupil_name(dice: random.Random, of: Sex) -> str:
    first, second = _GIVEN[of]
    kind = dice.random()
    if kind < 0.008:
        return dice.choice(_MINORITY[of])
    if kind < 0.013:
        return _surname(dice) + dice.choice(_RARE)
    if kind < 0.09:
        return _surname(dice) + dice.choice(_ONE_CHARACTER[of])
    if kind < 0.13:
        return _surname(dice) + dice.choice(_DOUBLED[of]) * 2
    return _surname(dice) + dice.choice(first) + dice.choice(second)


def _given(dice: random.Random, first: str, second: str) -> str:
    return dice.choice(second) if dice.random() < 0.3 else dice.choice(first) + dice.choice(second)


def _surname(dice: random.Random) -> str:
    kind = dice.random()
    if kind < 0.01:
        return dice.choice(_COMPOUND)
    if kind < 0.03:
        return dice.choice(_POLYPHONIC)
    return dice.choices(_SURNAMES, cum_weights=_WEIGHTS)[0]
