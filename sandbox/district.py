"""The pretended district: the rows that its office would have typed, and the workbook that it would send."""

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, NamedTuple

from sandbox.district_names import AWKWARD, pupil_name, school_names, sex, staff_name

Row = dict[str, str]
Size = Literal["S", "L"]

_MADE: Final = datetime(2026, 1, 1, tzinfo=UTC)
OFFICE: Final = "学区办公室"
STAFF_HEADER: Final = ("学校", "姓名", "工号", "职务", "班级", "称呼", "手机", "状态")
PUPIL_HEADER: Final = ("学校", "班级", "座号", "姓名", "学号", "性别", "状态")

_AWAY: Final = ("休学", "长假", "送教上门")  # three of the first school, not in 应到
_FULL_CLASS: Final = 45  # 班额 of a primary school
_OFFICE_DUTIES: Final = ("学区领导", "学区领导", "学区联络员", "管理员")


@dataclass(frozen=True, slots=True)
class SchoolPlan:
    """How large a school is."""

    name: str
    classes: int
    pupils: int


class District(NamedTuple):
    """Rows as the office types them, under Chinese headers."""

    staff: list[Row]
    pupils: list[Row]


def generate(seed: int, size: Size = "S") -> District:
    """S: 3 schools, 54 classes, 2,239 pupils, 136 staff; L: 135, 3,500, 150,000, 8,600. One seed, one district."""
    dice = random.Random(f"district {size} {seed}")
    plans, staff_in_all = _plans(dice, size)
    district = District([], [])
    posts = [_duties(plan) for plan in plans]
    spare = staff_in_all - len(_OFFICE_DUTIES) - sum(map(len, posts))
    extra = _shares(spare, [plan.classes for plan in plans])
    for number, (plan, teachers) in enumerate(zip(plans, extra, strict=True), start=1):
        classes = list(_class_names(plan.classes))
        district.staff.extend(_school_staff(dice, plan, number, classes, teachers))
        district.pupils.extend(_school_pupils(dice, plan, number, classes))
    district.staff.extend(_people(dice, OFFICE, len(plans) + 1, [(duty, "") for duty in _OFFICE_DUTIES]))
    return district


def write_xlsx(path: Path, district: District) -> None:
    """The workbook as an office sends it: a title above each header, every cell a text. Its owner alone can read it."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        # else the library would write down the machine's own hour, and the same district give another file
        book.set_properties({"created": _MADE.replace(tzinfo=None)})
        for name, header, rows in (
            ("教职工", STAFF_HEADER, district.staff),
            ("学生", PUPIL_HEADER, district.pupils),
        ):
            sheet = book.add_worksheet(name)
            sheet.merge_range(0, 0, 0, len(header) - 1, f"{name}花名册（演练用，人员均为虚构）")
            for number, cells in enumerate(_table(header, rows), start=1):
                sheet.write_row(number, 0, cells)
    with open(path, "wb", opener=_owner_only) as file:
        file.write(buffer.getvalue())


def _owner_only(path: str, flags: int) -> int:
    handle = os.open(path, flags, 0o600)
    os.fchmod(handle, 0o600)
    return handle


def _table(header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Iterator[Sequence[str]]:
    yield header
    for row in rows:
        yield [row[column] for column in header]


def _duties(plan: SchoolPlan) -> list[str]:
    """Those without a class, then class teachers; the deputy is also the nurse, or in a middling school teaches."""
    homerooms = ["班主任"] * plan.classes
    if plan.classes <= 12:
        return ["校长", "疫情报告人", "副报告人、校医", *homerooms]
    if plan.classes <= 18:
        return ["校长", "疫情报告人", "校医", "班主任、副报告人", *homerooms[1:]]
    return ["校长", "疫情报告人", "副报告人", "校医", *homerooms]


def _plans(dice: random.Random, size: Size) -> tuple[list[SchoolPlan], int]:
    if size == "S":
        sizes = (("中心小学", 24, 1062), ("第二小学", 18, 746), ("第三小学", 12, 431))
        return [SchoolPlan(*school) for school in sizes], 136
    names = school_names()
    classes = _spread(dice, 3500, len(names), least=12, most=36)
    pupils = _shares(150_000, classes)
    return [SchoolPlan(*school) for school in zip(names, classes, pupils, strict=True)], 8600


def _school_staff(
    dice: random.Random, plan: SchoolPlan, number: int, classes: Sequence[str], teachers: int
) -> Iterator[Row]:
    duties = _duties(plan)
    places = [""] * (len(duties) - len(classes)) + list(classes)
    posts = list(zip(duties, places, strict=True))
    helped = dice.sample(classes, len(classes) // 3)
    # one teacher answers for two classes, the others of the third that have a co-teacher for one
    with_class = ["、".join(helped[:2]), *helped[2:]][:teachers]
    posts += [("任课教师", name) for name in with_class]
    posts += [("任课教师", "")] * (teachers - len(with_class))
    return _people(dice, plan.name, number, posts)


def _people(dice: random.Random, school: str, number: int, posts: Sequence[tuple[str, str]]) -> Iterator[Row]:
    taken: set[str] = set()
    for nth, (duty, classes) in enumerate(posts, start=1):
        surname, given = staff_name(dice, sex(dice), taken)
        taken.add(surname + given)
        title = f"{surname}校长" if duty == "校长" else ""
        # no number begins with 000: nobody's telephone rings
        phone = f"000{number:04}{nth:04}"
        cells = (school, surname + given, f"{number}{nth:03}", duty, classes, title, phone, "在岗")
        yield dict(zip(STAFF_HEADER, cells, strict=True))


def _school_pupils(dice: random.Random, plan: SchoolPlan, number: int, classes: Sequence[str]) -> Iterator[Row]:
    sizes = _spread(dice, plan.pupils, len(classes), least=plan.pupils // len(classes) - 6, most=_FULL_CLASS)
    away = dict(zip(dice.sample(range(plan.pupils), 3), _AWAY, strict=True)) if number == 1 else {}
    nth = 0
    for index, (name, size) in enumerate(zip(classes, sizes, strict=True)):
        for seat, (pupil, gender) in enumerate(_class_of(dice, size, index), start=1):
            status = away.get(nth, "在读")
            nth += 1
            cells = (plan.name, name, str(seat), pupil, f"{number}{nth:04}", gender, status)
            yield dict(zip(PUPIL_HEADER, cells, strict=True))


def _class_of(dice: random.Random, size: int, index: int) -> list[tuple[str, str]]:
    """Names of one class in order of seat; the first classes of a school hold the awkward ones."""
    pupils: list[tuple[str, str]] = list(AWKWARD[index]) if index < len(AWKWARD) else []
    taken = {name for name, _ in pupils}
    while len(pupils) < size:
        gender = sex(dice)
        name = pupil_name(dice, gender, taken)
        taken.add(name)
        pupils.append((name, gender))
    dice.shuffle(pupils)
    return pupils


def _class_names(count: int) -> Iterator[str]:
    for grade, classes in zip("一二三四五六", _even(count, 6), strict=True):
        for number in range(1, classes + 1):
            yield f"{grade}({number})班"


def _even(total: int, parts: int) -> list[int]:
    return [total // parts + (part < total % parts) for part in range(parts)]


def _shares(total: int, weights: Sequence[int]) -> list[int]:
    """`total` divided by weight; what rounding leaves goes to the first."""
    shares = [total * weight // sum(weights) for weight in weights]
    return [share + more for share, more in zip(shares, _even(total - sum(shares), len(shares)), strict=True)]


def _spread(dice: random.Random, total: int, parts: int, *, least: int, most: int) -> list[int]:
    """`total` in unequal parts, none below `least` or above `most`."""
    sizes = [least] * parts
    for _ in range(total - least * parts):
        sizes[dice.choice([part for part, size in enumerate(sizes) if size < most])] += 1
    return sizes
