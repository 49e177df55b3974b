"""Made-up mornings to draw: the district of three schools as a leader will meet it, and the hard cases."""

from datetime import date, timedelta
from random import Random

from handlers.pictures import Cell, DayPoint, Gap, GradeRow, Mark, Morning, SchoolBlock
from handlers.values import replace

TODAY = date(2026, 10, 12)
GRADES = "一二三四五六"
NATIONAL_DAY = Gap(date(2026, 9, 30), "国庆节")
OFF = frozenset(date(2026, 10, day) for day in range(1, 8))
PUPILS = 42


def school_days(count: int = 14) -> tuple[date, ...]:
    days: list[date] = []
    day = TODAY
    while len(days) < count:
        if day.isoweekday() < 6 and day not in OFF:
            days.append(day)
        day -= timedelta(days=1)
    return tuple(reversed(days))


def school(
    dice: Random, number: int, short: str, abreast: int, *, late: float = 0.1, missing: float = 0.02, ill: float = 0.25
) -> SchoolBlock:
    rows = tuple(
        GradeRow(grade, tuple(cell(dice, str(label), late, missing, ill) for label in range(1, abreast + 1)))
        for grade in GRADES
    )
    cells = [cell for row in rows for cell in row.cells]
    due = len(cells)
    past = tuple(point(dice, day, due, due - (dice.random() < 0.1) * dice.randint(1, 2)) for day in school_days()[:-1])
    reported = sum(cell.mark in (Mark.ON_TIME, Mark.LATE) for cell in cells)
    fever = sum(dice.randint(1, cell.unwell) for cell in cells if cell.fever)
    return SchoolBlock(
        id=f"s{number}",
        name=f"{short}小学",
        short=short,
        rows=rows,
        fever=fever,
        history=(*past, point(dice, TODAY, due, reported)),
    )


def cell(dice: Random, label: str, late: float, missing: float, ill: float) -> Cell:
    roll = dice.random()
    if roll < missing:
        return Cell(label, Mark.MISSING if dice.random() < 0.7 else Mark.UNBOUND)
    unwell = dice.choice((1, 1, 1, 2, 3)) if dice.random() < ill else 0
    mark = Mark.LATE if roll < missing + late else Mark.ON_TIME
    return Cell(label, mark, proxy=dice.random() < 0.05, unwell=unwell, fever=bool(unwell) and dice.random() < 0.4)


def point(dice: Random, day: date, due: int, reported: int) -> DayPoint:
    expected = reported * PUPILS
    return DayPoint(day, due, reported, expected, round(expected * dice.uniform(0.006, 0.016)))


def morning(schools: tuple[SchoolBlock, ...], dice: Random) -> Morning:
    today = [school.history[-1] for school in schools]
    expected, sick = sum(point.expected for point in today), sum(point.sick for point in today)
    personal, unknown = round(expected * 0.006), round(expected * 0.001)
    fever = sum(school.fever for school in schools)
    cells = [cell for school in schools for cell in school.cells]
    return Morning(
        day=TODAY,
        as_of="09:00",
        district="东湖学区",
        schools=schools,
        zero=sum(cell.mark in (Mark.ON_TIME, Mark.LATE) and not cell.unwell for cell in cells),
        fever=fever,
        groups={"RESP": 7 * fever // 9, "GI": 6, "RASH": 2, "PAROTID": 1, "OTHER": 2},
        expected=expected,
        present=expected - sick - personal - unknown,
        sick=sick,
        personal=personal,
        unknown=unknown,
        days=school_days(),
        fevers=(*(round((fever + 3) * dice.uniform(0.4, 1.4)) for _ in school_days()[:-1]), fever),
        gaps=(NATIONAL_DAY,),
    )


def three(*, seed: int = 7, late: float = 0.1, missing: float = 0.02) -> Morning:
    dice = Random(seed)
    sizes = (("中心校", 4), ("二校", 3), ("三校", 2))
    return morning(
        tuple(
            school(dice, number, short, abreast, late=late, missing=missing)
            for number, (short, abreast) in enumerate(sizes)
        ),
        dice,
    )


def many(count: int, *, abreast: int = 4, missing: float = 0.02, seed: int = 3) -> Morning:
    dice = Random(seed)
    places = ("城东", "城西", "稠城", "佛堂", "苏溪", "上溪", "大陈", "义亭", "赤岸", "后宅", "廿三里", "江东")
    kinds = (
        "小学",
        "一小",
        "二小",
        "三小",
        "四小",
        "实验小学",
        "中心小学",
        "希望小学",
        "外国语学校",
        "镇校",
        "分校",
        "村小",
    )
    names = [place + kind for kind in kinds for place in places][:count]
    return morning(
        tuple(school(dice, number, short, abreast, missing=missing, ill=0.08) for number, short in enumerate(names)),
        dice,
    )


def all_well() -> Morning:
    picture = three(late=0, missing=0)
    schools = tuple(
        replace(
            school,
            fever=0,
            rows=tuple(
                GradeRow(row.grade, tuple(Cell(cell.label, Mark.ON_TIME) for cell in row.cells)) for row in school.rows
            ),
        )
        for school in picture.schools
    )
    return replace(picture, schools=schools, zero=54, fever=0, groups={}, fevers=(*picture.fevers[:-1], 0))


def nobody() -> Morning:
    return silent(three())


def silent(picture: Morning) -> Morning:
    """The same district, of which no class has reported."""
    schools = tuple(_silent(school) for school in picture.schools)
    return replace(
        picture,
        schools=schools,
        zero=0,
        fever=0,
        groups={},
        expected=0,
        present=0,
        sick=0,
        personal=0,
        unknown=0,
        fevers=(*picture.fevers[:-1], None),
    )


def _silent(school: SchoolBlock) -> SchoolBlock:
    rows = tuple(
        GradeRow(row.grade, tuple(Cell(cell.label, Mark.MISSING) for cell in row.cells)) for row in school.rows
    )
    today = replace(school.history[-1], reported=0, expected=0, sick=0)
    return replace(school, rows=rows, fever=0, history=(*school.history[:-1], today))


def outage() -> Morning:
    """A system that was away twice, a late 09:12 edit, a day on which a third of the classes reported."""
    picture = three(seed=11, late=0.3, missing=0.06)
    bad = picture.days[4]
    schools = tuple(
        replace(
            school,
            history=tuple(
                replace(day, reported=day.due // 3) if day.day == bad else day
                for day in school.history
                if not (school.id == "s1" and day.day == picture.days[8])
            ),
        )
        for school in picture.schools
    )
    fevers = (*picture.fevers[:4], None, *picture.fevers[5:])
    spans = (("08:02", "08:21"), ("08:40", "08:44"))
    return replace(picture, schools=schools, fevers=fevers, outage=spans, updated="09:12")


def closed() -> Morning:
    """A grade of one school is off, in rehearsal."""
    picture = three(seed=5)
    first, *others = picture.schools
    off = GradeRow("六", tuple(Cell(cell.label, Mark.EXCUSED) for cell in first.rows[5].cells))
    return replace(picture, schools=(replace(first, rows=(*first.rows[:5], off)), *others), rehearsal=True)


def teaching_point() -> Morning:
    """A school of one class, with a number of its own or without, beside a large one; nobody to report for it."""
    picture = three(seed=9)
    first, second, third = picture.schools
    point = replace(
        third,
        short="石门教学点",
        rows=(GradeRow("一", (Cell("", Mark.UNBOUND),)),),
        fever=0,
        history=tuple(DayPoint(day.day, 1, *((0, 0) if day.day == TODAY else (1, 9)), 0) for day in third.history),
        ready=False,
    )
    return replace(picture, schools=(first, second, point))


def long_names() -> Morning:
    picture = three(seed=13, missing=0.06)
    names = ("东湖学区第一中心实验外国语小学", "东湖学区第二中心小学南校区", "石门乡九年一贯制学校小学部")
    schools = (replace(one, short=name) for one, name in zip(picture.schools, names, strict=True))
    return replace(picture, schools=tuple(schools))


def not_ready(picture: Morning, *places: int) -> Morning:
    """The schools at these places have no bound 疫情报告人."""
    schools = tuple(replace(one, ready=n not in places) for n, one in enumerate(picture.schools))
    return replace(picture, schools=schools)


def samples() -> dict[str, Morning]:
    return {
        "three_schools": three(),
        "rehearsal_with_a_grade_off": closed(),
        "all_well": all_well(),
        "many_missing": three(seed=2, late=0.2, missing=0.4),
        "nobody_reported": nobody(),
        "outage": outage(),
        "all_late": three(seed=6, late=1, missing=0),
        "not_ready": not_ready(three(seed=8), 1, 2),
        "one_class": teaching_point(),
        "long_names": long_names(),
        "english": replace(not_ready(three(seed=11, missing=0.06), 2), language="en"),
        "english_nobody": replace(nobody(), language="en"),
        "one_school": morning((school(Random(4), 1, "中心校", 4),), Random(4)),
        "nine_schools": many(9, abreast=2),
        "thirty_schools": not_ready(many(30, abreast=3), 4, 20),
        "135_schools": many(135, missing=0.003),
        "135_schools_bad_day": not_ready(many(135, missing=0.05), *range(3, 135, 20)),
        "135_schools_nobody": silent(many(135)),
    }
