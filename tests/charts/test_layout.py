"""What a picture says, and that it can be read: nothing off the paper, nothing on top of something else."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

import bot.texts
from bot.charts import Canvas
from bot.pictures.morning import compose
from bot.pictures.sheet import HEIGHT, PAPER, RED, WIDTH
from bot.texts import Words
from handlers.pictures import Cell, Gap, GradeRow, Mark, Morning
from handlers.values import replace
from tests.charts.noting import read, sample
from tests.charts.samples import TODAY, closed, many, nobody, outage, samples, three

NAMES = sorted(samples())
TREND = "因病缺勤率（%），近14个上学日"


@pytest.mark.parametrize("name", NAMES)
def test_everything_written_is_on_the_paper(name: str) -> None:
    off = [note for note in sample(name).written if note.left < 0 or note.right > WIDTH or note.bottom > HEIGHT]
    assert off == []


@pytest.mark.parametrize("name", NAMES)
def test_no_words_lie_over_other_words(name: str) -> None:
    notes = [note for note in sample(name).written if note.text]
    assert [(one.text, two.text) for one, two in combinations(notes, 2) if one.over(two)] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_made_for_the_picture_is_used(language: str) -> None:
    said: set[str] = set()

    def note(key: str, values: Mapping[str, object]) -> str:
        said.add(key)
        return Words(language).say(key, values)

    groups = {"RESP": 1, "GI": 1, "RASH": 1, "PAROTID": 1, "EYE": 1, "JAUND": 1, "TB": 1, "OTHER": 1}
    odd = [replace(three(), groups=groups), _nothing_due(), _unnumbered(), _without_today()]
    for picture in [*samples().values(), *odd]:
        compose(Canvas(), picture, note)
    path = Path(bot.texts.__file__).with_name(f"picture.{language}.toml")
    made = tomllib.loads(path.read_text(encoding="utf-8"))["picture"]
    assert {f"picture.{key}" for key in made} == {key for key in said if key.startswith("picture.")}


def test_the_head_says_how_many_reported_and_how_many_have_a_fever() -> None:
    texts = sample("many_missing").texts
    picture = samples()["many_missing"]
    assert f"{picture.reported}/54班已报" in texts
    assert f"发热{picture.fever}" in texts
    assert "10月12日（周一）" in texts


def test_the_fevers_are_red_only_when_there_are_some() -> None:
    assert [note.colour for note in sample("three_schools").written if note.text.startswith("发热7")] == [RED]
    assert RED not in [note.colour for note in sample("all_well").written]


def test_missing_classes_are_named_with_their_school_once() -> None:
    said = [text for text in sample("outage").texts if text.startswith("未报3班")]
    assert said == ["未报3班：中心校四(2)班、五(3)班、二校二(3)班"]


def test_the_strip_is_absent_when_nobody_is_missing() -> None:
    assert not any("班：" in text for text in sample("all_well").texts)


def test_more_missing_classes_than_the_strip_holds_are_counted() -> None:
    texts = sample("135_schools_bad_day").texts
    missing = len(samples()["135_schools_bad_day"].missing)
    (first,) = [place for place, text in enumerate(texts) if text.startswith(f"未报{missing}班：")]
    assert texts[first + 1].endswith(" 等，名单见文字")


def test_a_class_without_a_number_is_named_by_its_grade() -> None:
    assert "未报1班：中心校特教班" in read(_unnumbered()).texts


def test_where_nobody_reported_there_is_no_health_figure() -> None:
    texts = read(nobody()).texts
    assert "全部未报，请核实是否放假或系统故障" in texts
    assert "0/54班已报" in texts
    legend = {"不适人数", "其中有发热"}
    forbidden = ("发热", "%", "应到", "实到", "缺勤率", "症状", "零报告")
    said = [text for text in texts if text not in legend and not text.startswith("没有收到")]
    assert [text for text in said if any(word in text for word in forbidden)] == []


def test_where_nothing_is_due_the_head_says_so() -> None:
    assert "今天没有应报的班级" in read(_nothing_due()).texts


@pytest.mark.parametrize("count", [1, 3, 5, 9, 15, 16, 30, 60, 135, 200])
def test_schools_stand_in_their_own_order_and_none_is_left_out(count: int) -> None:
    picture = many(min(count, 135), missing=0.01)
    schools = tuple(replace(school, short=f"第{place}校") for place, school in enumerate(picture.schools))
    extra = tuple(replace(schools[0], id=f"x{place}", short=f"第{place}校") for place in range(len(schools), count))
    sheet = read(replace(picture, schools=schools + extra))
    names = [f"第{place}校" for place in range(count)]
    above = sheet.texts[: sheet.texts.index(TREND)]
    assert [text for text in above if text in set(names)] == names


def test_an_outage_an_update_and_a_rehearsal_stand_in_the_picture() -> None:
    texts = read(replace(outage(), rehearsal=True)).texts
    assert any(text.startswith("系统中断 08:02–08:21、08:40–08:44") for text in texts)
    assert "数据截至09:00，更新于09:12" in texts
    assert "【演练】" in texts
    assert "【演练】内部工作资料，请勿转到家长群" in texts
    assert "【演练】" not in sample("three_schools").texts


def test_a_class_that_is_off_is_not_due() -> None:
    assert "48/50班已报" in read(closed()).texts


def test_a_report_on_behalf_is_marked() -> None:
    first = three().schools[0]
    rows = (GradeRow("一", (Cell("1", Mark.ON_TIME, proxy=True), Cell("2", Mark.ON_TIME))),)
    texts = read(replace(three(), schools=(replace(first, rows=rows),))).texts
    assert texts.count("代") == 2  # in the cell and in the legend


def test_a_day_with_too_few_reports_is_hollow_and_says_how_many() -> None:
    picture = outage()
    sheet = read(picture)
    assert "18/54" in sheet.texts
    hollow = [disc for disc in sheet.discs if disc[0] == PAPER and disc[1] != PAPER]
    assert len(hollow) == 6  # three schools on two days: the bad one and today, 51/54


def test_a_school_that_was_silent_on_a_day_makes_that_day_hollow_for_all() -> None:
    first, second, third = three().schools
    day = three().days[5]
    blank = tuple(
        replace(point, reported=0, expected=0, sick=0) if point.day == day else point for point in second.history
    )
    sheet = read(replace(three(), schools=(first, replace(second, history=blank), third)))
    assert "36/54" in sheet.texts
    assert len([disc for disc in sheet.discs if disc[0] == PAPER and disc[1] != PAPER]) == 2


def test_a_day_without_a_report_breaks_the_line() -> None:
    picture = outage()
    ink = "#a34700"
    runs = [points for points, colour in read(picture).lines if colour == ink and len(points) > 2]
    assert [len(run) for run in runs] == [8, 5]


def test_a_school_that_has_not_reported_has_no_figure_at_the_end_of_its_line() -> None:
    texts = read(_without_today()).texts
    ends = texts[texts.index(TREND) :]
    assert ends[ends.index("三校") + 1] == "未报"
    assert re.fullmatch(r"0\.\d\d%", ends[ends.index("中心校") + 1])


def test_a_holiday_outside_the_fourteen_days_is_not_drawn() -> None:
    late = replace(three(), gaps=(Gap(TODAY, "元旦"), Gap(date(2026, 5, 1), "劳动节")))
    assert "元" not in read(late).texts


def test_a_line_of_no_sickness_at_all_is_drawn() -> None:
    well = tuple(
        replace(school, history=tuple(replace(point, sick=0) for point in school.history)) for school in three().schools
    )
    texts = read(replace(three(), schools=well)).texts
    assert texts[len(texts) - texts[::-1].index("中心校")] == "0.00%"


def test_a_first_day_has_a_line_of_one_point() -> None:
    schools = tuple(replace(school, history=school.history[-1:]) for school in three().schools)
    first = replace(three(), schools=schools, days=(TODAY,), fevers=(7,), gaps=())
    assert "10/12" in read(first).texts


def test_a_school_that_is_not_ready_says_so_beside_its_name() -> None:
    sheet = sample("not_ready")
    plates = [note for note in sheet.written if note.text == "未就绪"]
    names = [note for note in sheet.written if note.text in ("二校", "三校")][:2]
    assert [
        (plate.left > name.right, plate.middle == name.middle) for plate, name in zip(plates, names, strict=True)
    ] == [
        (True, True),
        (True, True),
    ]
    assert "未就绪" not in sample("three_schools").texts


@pytest.mark.parametrize("name", ["thirty_schools", "135_schools_bad_day"])
def test_of_many_schools_the_one_that_is_not_ready_is_unfolded(name: str) -> None:
    unready = [school.short for school in samples()[name].schools if not school.ready]
    texts = sample(name).texts
    assert [texts[place - 1] for place, text in enumerate(texts) if text == "未就绪"] == unready


def test_a_silent_school_among_many_is_not_unfolded() -> None:
    texts = sample("135_schools_nobody").texts
    assert texts.count("全校") == 135
    assert "一1" not in texts


def test_when_nobody_has_reported_there_are_four_things_to_find_out() -> None:
    for name in ("nobody_reported", "135_schools_nobody"):
        texts = sample(name).texts
        assert [text[0] for text in texts[texts.index("请马上核实") + 1 :][:4]] == list("①②③④")


def test_a_line_keeps_its_figure_however_long_its_name() -> None:
    texts = sample("long_names").texts
    ends = texts[texts.index(TREND) :]
    names = [text for text in ends if text.startswith(("东湖学区第", "石门乡"))]
    assert len(names) == 3
    assert all(re.fullmatch(r"\d\.\d\d%", ends[ends.index(name) + 1]) for name in names)


def test_a_long_school_name_is_cut_and_stays_in_its_block() -> None:
    first, second, third = three().schools
    long = replace(third, short="东湖学区第三中心实验外国语小学")
    sheet = read(replace(three(), schools=(first, second, long)))
    head = next(note for note in sheet.written if note.text == long.short)
    assert head.right <= WIDTH
    assert not any(head.over(note) for note in sheet.written if note is not head)


def _off(grade: str) -> GradeRow:
    return GradeRow(grade, (Cell("1", Mark.EXCUSED), Cell("2", Mark.EXCUSED)))


def _nothing_due() -> Morning:
    school = replace(three().schools[0], rows=(_off("五"), _off("六")))
    return replace(three(), schools=(school,))


def _without_today() -> Morning:
    *others, last = three().schools
    return replace(three(), schools=(*others, replace(last, history=last.history[:-1])))


def _unnumbered() -> Morning:
    first, *others = three().schools
    rows = (*first.rows, GradeRow("特教", (Cell("", Mark.MISSING),)))
    return replace(three(), schools=(replace(first, rows=rows), *others))
