"""学区: two schools, four classes, whoever a morning needs; the small district of conversations and crashes."""

from collections.abc import Sequence

from bot.roster.readings import readings
from handlers.model import Duty
from handlers.rolls import ClassRoll, PupilRow, PupilStatus, SchoolRoll, StaffRow
from handlers.values import replace

LEADERS_GROUP = -5001
OTHER_GROUP = -5002
STRANGER = "路人"

# 三(1)班: two pupils who sound alike, two with the same initials, the surnames that dictionaries misread
NAMED = {3: "张伟", 5: "章伟", 9: "单雨桐", 12: "李思远", 17: "王小明", 21: "林书源"}
NAMED |= {30: "解雨晴", 31: "翟思涵", 32: "仇子墨", 33: "区凯文", 34: "查思源", 35: "朴智恩", 36: "盖晨阳"}
GIVEN = "安博晨丹恩芳国海佳凯兰明宁欧平琪然诗涛文轩阳泽"
FAMILY = "赖梅彭裴史田魏严钟邹"


def _pupils(klass: str, names: Sequence[str], first: int) -> tuple[PupilRow, ...]:
    return tuple(
        PupilRow(name, f"{first + seat:05}", klass, seat, None, PupilStatus.ENROLLED, *readings(name))
        for seat, name in enumerate(names, 1)
    )


def _names(many: int) -> list[str]:
    """Invented, and all different."""
    return [f"{FAMILY[n % 10]}{GIVEN[n % 23]}{GIVEN[(n // 23 + n) % 23]}" for n in range(many)]


def _staff(name: str, number: int, *duties: Duty, classes: tuple[str, ...] = ()) -> StaffRow:
    titles = {Duty.PRINCIPAL: "校长", Duty.NURSE: "医生"}
    title = next((titles[duty] for duty in duties if duty in titles), "老师")
    return StaffRow(name, f"T{number:03}", duties, classes, f"{name[0]}{title}", f"1380000{number:04}")


BIG = [NAMED.get(seat, name) for seat, name in enumerate(_names(45), 1)]

CENTRAL = SchoolRoll(
    "中心小学",
    (ClassRoll("三(1)班", "三", 1), ClassRoll("三(2)班", "三", 2), ClassRoll("四(1)班", "四", 1)),
    (
        _staff("张敏", 1, Duty.HOMEROOM, classes=("三(1)班",)),
        _staff("何静", 2, Duty.TEACHER, classes=("三(1)班",)),
        _staff("赵强", 3, Duty.HOMEROOM, classes=("三(2)班", "四(1)班")),
        _staff("李梅", 4, Duty.REPORTER),
        _staff("钱进", 5, Duty.DEPUTY),
        _staff("吴晴", 6, Duty.NURSE),
        _staff("周正", 7, Duty.PRINCIPAL),
    ),
    (
        *_pupils("三(1)班", BIG, 100),
        *_pupils("三(2)班", _names(60)[45:53], 200),
        *_pupils("四(1)班", _names(60)[53:59], 300),
    ),
)
SECOND = SchoolRoll(
    "第二小学",
    (ClassRoll("三(1)班", "三", 1),),
    (
        _staff("孙红", 11, Duty.HOMEROOM, classes=("三(1)班",)),
        _staff("郑华", 12, Duty.REPORTER),
        _staff("冯远", 13, Duty.PRINCIPAL),
    ),
    _pupils("三(1)班", _names(80)[60:70], 400),
)
OFFICE = SchoolRoll(
    "学区办公室",
    (),
    (_staff("陈刚", 21, Duty.ADMIN), _staff("褚亮", 22, Duty.LIAISON), _staff("卫东", 23, Duty.LEADER)),
    (),
)

ROLLS = (CENTRAL, SECOND, OFFICE)
EVERYBODY = tuple(row.name for roll in ROLLS for row in roll.staff)
PHONES = {name: 101 + place for place, name in enumerate((*EVERYBODY, STRANGER))}
IN_THE_GROUP = ("卫东", "陈刚", "褚亮", "李梅", "张敏", STRANGER)


# Files that the office hands in later


def _handed_over(name: str, to: str) -> SchoolRoll:
    """One has left, another has their classes."""
    (gone,) = (row for row in CENTRAL.staff if row.name == name)
    staff = (row for row in CENTRAL.staff if row.name != name)
    return replace(
        CENTRAL,
        staff=tuple(
            replace(row, duties=(*row.duties, *gone.duties), classes=gone.classes) if row.name == to else row
            for row in staff
        ),
    )


def _moved(name: str, of: str, to: str, seat: int) -> SchoolRoll:
    rows = [row for row in CENTRAL.pupils if (row.name, row.class_name) != (name, of)]
    (mover,) = (row for row in CENTRAL.pupils if (row.name, row.class_name) == (name, of))
    return replace(CENTRAL, pupils=(*rows, replace(mover, class_name=to, seat=seat)))


def _given(name: str, duty: Duty, *klass: str) -> SchoolRoll:
    (row,) = (row for row in CENTRAL.staff if row.name == name)
    others = tuple(row for row in CENTRAL.staff if row.name != name)
    return replace(CENTRAL, staff=(*others, replace(row, duties=(*row.duties, duty), classes=(*row.classes, *klass))))


def _next_year() -> SchoolRoll:
    """Everybody one grade up, each teacher with their class; the fourth grade has left, a new third one has come."""
    up = {"三(1)班": "四(1)班", "三(2)班": "四(2)班", "四(1)班": None}
    return SchoolRoll(
        CENTRAL.school,
        (ClassRoll("三(1)班", "三", 1), ClassRoll("四(1)班", "四", 1), ClassRoll("四(2)班", "四", 2)),
        tuple(replace(row, classes=tuple(up[klass] or "三(1)班" for klass in row.classes)) for row in CENTRAL.staff),
        (
            *_pupils("三(1)班", _names(90)[80:87], 800),
            *(replace(row, class_name=klass) for row in CENTRAL.pupils if (klass := up[row.class_name])),
        ),
    )


def _come(name: str) -> SchoolRoll:
    """One of 中心小学 teaches at 第二小学 now: the same 工号 in another school's file."""
    (row,) = (row for row in CENTRAL.staff if row.name == name)
    return replace(SECOND, staff=(*SECOND.staff, replace(row, duties=(Duty.TEACHER,), classes=("三(1)班",))))


def _two_reporters(first: str, second: str) -> SchoolRoll:
    """Two 疫情报告人, in this order, and no deputy."""
    rows = {row.name: row for row in CENTRAL.staff}
    others = tuple(row for row in CENTRAL.staff if row.name not in (first, second))
    return replace(CENTRAL, staff=(*others, *(replace(rows[one], duties=(Duty.REPORTER,)) for one in (first, second))))


def _at_the_gate(name: str) -> SchoolRoll:
    staff = tuple(replace(row, duties=(Duty.GATE,), classes=()) if row.name == name else row for row in SECOND.staff)
    return replace(SECOND, staff=staff)


def _boarders(of: str, many: int) -> SchoolRoll:
    """The first pupils of a class sleep at the school."""
    pupils = (
        replace(row, dorm=f"{100 + row.seat}") if row.class_name == of and row.seat <= many else row
        for row in CENTRAL.pupils
    )
    return replace(CENTRAL, pupils=tuple(pupils))


FILES = {
    "三(1)班住校四人": _boarders("三(1)班", 4),
    "没有赵强": _handed_over("赵强", "钱进"),
    "王小明转到三(2)班": _moved("王小明", "三(1)班", "三(2)班", 9),
    "张敏兼副报告人": _given("张敏", Duty.DEPUTY),
    "吴晴兼教三(1)班": _given("吴晴", Duty.TEACHER, "三(1)班"),
    "明年": _next_year(),
    "赵强调到二校": _come("赵强"),
    "两位报告人": _two_reporters("钱进", "李梅"),
    "孙红当门卫": _at_the_gate("孙红"),
}
