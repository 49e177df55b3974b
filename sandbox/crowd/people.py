"""Who is there: the district's rows as people with phones, classes with pupils, and who answers for whom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from sandbox.district import OFFICE, District, Row

FIRST_PHONE: Final = 610_001
ENROLLED: Final = "在读"


class Key(NamedTuple):
    """Names a class."""

    school: str
    name: str


@dataclass(frozen=True, slots=True)
class Pupil:
    seat: int
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff; `id` is their number in the pretended Telegram, `number` their 工号."""

    id: int
    number: str
    name: str
    school: str
    title: str  # 称呼
    duties: tuple[str, ...]
    classes: tuple[Key, ...]

    @property
    def role(self) -> str:
        return " ".join(("、".join(self.duties), "、".join(key.name for key in self.classes))).strip()


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """`pupils` are 应到, by seat; `teachers` begin with the 班主任."""

    key: Key
    pupils: tuple[Pupil, ...]
    teachers: tuple[Member, ...]

    @property
    def expected(self) -> int:
        return len(self.pupils)


@dataclass(frozen=True)
class Town:
    """Everybody, in the order of the office's file."""

    members: tuple[Member, ...]
    classes: tuple[SchoolClass, ...]

    @cached_property
    def schools(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.key.school for one in self.classes))

    def of(self, duty: str, school: str = OFFICE) -> tuple[Member, ...]:
        """Those who hold a duty in a school, or in the district's own office."""
        return self._holders.get((duty, school), ())

    @cached_property
    def _holders(self) -> Mapping[tuple[str, str], tuple[Member, ...]]:
        found: dict[tuple[str, str], tuple[Member, ...]] = {}
        for one in self.members:
            for duty in dict.fromkeys(one.duties):
                found[duty, one.school] = (*found.get((duty, one.school), ()), one)
        return found


def town(district: District) -> Town:
    members = tuple(_member(FIRST_PHONE + nth, row) for nth, row in enumerate(district.staff))
    teachers: Mapping[Key, list[Member]] = defaultdict(list)
    for member in sorted(members, key=lambda one: "班主任" not in one.duties):
        for key in member.classes:
            teachers[key].append(member)
    pupils: dict[Key, list[Pupil]] = {}
    for row in district.pupils:
        here = pupils.setdefault(Key(row["学校"], row["班级"]), [])
        if row["状态"] == ENROLLED:
            here.append(Pupil(int(row["座号"]), row["姓名"]))
    classes = (SchoolClass(key, _by_seat(found), tuple(teachers[key])) for key, found in pupils.items())
    return Town(members, tuple(classes))


def _by_seat(pupils: Sequence[Pupil]) -> tuple[Pupil, ...]:
    return tuple(sorted(pupils, key=lambda pupil: pupil.seat))


def _member(id: int, row: Row) -> Member:
    classes = tuple(Key(row["学校"], name) for name in row["班级"].split("、") if name)
    title = row["称呼"] or f"{_surname(row['姓名'])}老师"
    return Member(id, row["工号"], row["姓名"], row["学校"], title, tuple(row["职务"].split("、")), classes)


_OF_TWO: Final = ("欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "夏侯")


def _surname(name: str) -> str:
    return name[:2] if name.startswith(_OF_TWO) else name[:1]


_SHORT: Final = {"第二小学": "二校", "第三小学": "三校"}
_CENTRAL: Final = "中心小学"


def short(school: str) -> str:
    """What people call it: 二校, 城关中心校; most by their whole name."""
    if school.endswith(_CENTRAL):
        return school.removesuffix(_CENTRAL) + "中心校"
    return _SHORT.get(school, school)
