"""Sentences and what they are read as: the tables of tests/corpus, and the fine print of a reading."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from handlers.model import Attendance, Symptom
from handlers.rules.reading import Doubt, Reading, read
from handlers.rules.spelling import plain
from tests.rules.compact import Compact, compact
from tests.rules.people import ROSTER, pupil

TODAY = date(2026, 9, 2)
CLASSES = {"三(2)班": "c32", "三(3)班": "c33"}
SEATS = {pupil.id: pupil.seat for pupil in ROSTER}


def sentences() -> Iterator[Compact]:
    for path in sorted((Path(__file__).parents[1] / "corpus").glob("*.toml")):
        yield from tomllib.loads(path.read_text(encoding="utf-8"))["sentence"]


def understood(sentence: str) -> Reading:
    return read(sentence, ROSTER, today=TODAY, classes=CLASSES)


@pytest.mark.parametrize("row", tuple(sentences()), ids=lambda row: row["say"][:40].encode("unicode_escape").decode())
def test_a_sentence_is_read_as_the_table_says(row: Compact) -> None:
    expected = {key: value for key, value in row.items() if key != "say"}
    assert compact(understood(row["say"]), SEATS) == expected


@pytest.mark.parametrize("said", ["今天发烧的有：\n\n3号38.5\n5号38.9", "发热：\n\n3号38.5\n5号38.9"])
def test_an_empty_line_under_a_heading_loses_nobody(said: str) -> None:
    found = [(SEATS[line.pupil or ""], line.temperature) for line in understood(said).lines]
    assert found == [(3, 385), (5, 389)]


@pytest.mark.parametrize("said", ["托(1)班全员正常", "托1班 全班正常"])
def test_a_class_of_the_smallest_is_a_class_in_a_sentence_too(said: str) -> None:
    found = read(said, ROSTER, today=TODAY, classes={"托(1)班": "t1"})
    assert (found.class_id, found.zero, found.unread) == ("t1", True, ())


@pytest.mark.parametrize("dot", "·‧•・･∙⋅\u0387⸱⸳⦁˙ꞏᆞㆍᐧ᛫")
def test_every_middle_dot_that_an_office_types_is_one_in_a_sentence_too(dot: str) -> None:
    assert plain(f"阿依古丽{dot}买买提") == "阿依古丽·买买提"


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert sum(1 for _ in sentences()) >= 400


@pytest.mark.parametrize(
    "chat", ["好的谢谢", "在吗", "收到🙏", "如果发烧怎么办", "有人发烧吗", "明天放假吗", "👍", "1", "", "。"]
)
def test_chat_is_no_report(chat: str) -> None:
    assert not understood(chat).is_report


@pytest.mark.parametrize(
    "said", ["都好", "3号发烧", "应到45实到45", "老师请假1人", "2人请假", "周八发烧", "应到43实到45"]
)
def test_whatever_can_be_proposed_or_asked_is_a_report(said: str) -> None:
    assert understood(said).is_report


def test_words_are_quoted_as_typed() -> None:
    reading = understood("应到４５实到４３，３号发烧３８．５，１７号拉肚子")
    assert [line.words for line in reading.lines] == ["３号发烧３８．５", "１７号拉肚子"]


def test_words_of_a_heading_belong_to_each_under_it() -> None:
    reading = understood("病假：张三、李四")
    assert [line.words for line in reading.lines] == ["病假：张三", "病假…李四"]


def test_what_could_not_be_used_is_quoted_as_typed() -> None:
    assert understood("张三发烧３８．５，Ｗｅｃｈａｔ１２３４５６").unread == ("Ｗｅｃｈａｔ１２３４５６",)


def test_signs_that_nobody_sees_do_not_hide_a_fever() -> None:
    assert understood("张\u200b三发\ufeff烧38.5").lines[0].symptoms == (Symptom.FEVER,)


@pytest.mark.parametrize(
    ("said", "doubt"),
    [
        ("张伟发烧", Doubt("pupil", "张伟", ("p13", "p14"), 0)),
        ("张小名发烧", Doubt("unknown_name", "张小名", ("p8",), 0)),
        ("都好。3号开始发烧", Doubt("seat_or_date", "3号", ("p3", "2026-08-03"), 0)),
        ("17号返校", Doubt("seat_or_date", "17号", ("p17", "2026-09-17"), 0)),
        ("30号返校", Doubt("seat_or_date", "30号", ("", "2026-09-30"), 0)),
        ("3号385", Doubt("temperature", "385", ("385",), 0)),
        ("5号咳嗽，3号44度", Doubt("temperature", "44度", (), 1)),
        ("3号早上38.5，现在37", Doubt("temperature", "3号", ("385", "370"), 0)),
        ("应到45实到43，无异常", Doubt("sum", "45/43")),
        ("应到43实到45", Doubt("present_above_expected", "43/45")),
        ("九(4)班全勤，无异常", Doubt("class", "九(4)班")),
        ("9月9日全班正常", Doubt("future_date", "2026-09-09", ("2026-09-09",))),
        ("3人咳嗽", Doubt("pupil", "3人咳嗽", (), 0)),
    ],
)
def test_a_doubt_says_what_to_choose_from_and_which_line_it_is_about(said: str, doubt: Doubt) -> None:
    assert doubt in understood(said).doubts


def test_385_and_44_are_never_corrected() -> None:
    for said in ("3号385", "3号3.85", "3号44度", "3号 44"):
        assert [line.temperature for line in understood(said).lines] == [None], said


def test_a_homophone_in_the_class_makes_even_a_full_name_a_question() -> None:
    two = (pupil(1, "刘子轩"), pupil(2, "刘梓轩"))
    reading = read("刘子轩发烧38.5", two, today=TODAY)
    assert [(line.pupil, line.candidates, line.temperature) for line in reading.lines] == [(None, ("p1", "p2"), 385)]


def test_zero_beside_a_leave_is_zero_and_beside_an_illness_is_not() -> None:
    assert understood("3号事假，其余正常").zero
    assert not understood("3号病假，其余正常").zero
    assert not understood("3号没来，其余正常").zero
    assert not understood("都好，某某39度").zero


def test_the_fever_line_decides_whether_a_temperature_speaks_against_zero() -> None:
    assert understood("都好，3号37.2").zero
    assert not understood("都好，3号37.3").zero
    assert read("都好，3号37.4", ROSTER, today=TODAY, fever_from=375).zero


def test_a_day_is_old_after_three_school_days_or_before_the_earliest_given() -> None:
    assert read("8月28日三2班全勤无异常", ROSTER, today=TODAY).doubts == ()
    assert [doubt.kind for doubt in read("8月27日全勤无异常", ROSTER, today=TODAY).doubts] == ["old_date"]
    assert read("8月20日全勤无异常", ROSTER, today=TODAY, earliest=date(2026, 8, 20)).doubts == ()


def test_a_class_is_known_in_every_spelling() -> None:
    for said in ("三2班", "三(2)班", "三（2）班", "三年级二班", "3.2班", "302班", "三(2)", "三年级2班"):
        assert understood(f"{said}全勤，无异常").class_id == "c32", said


def test_without_classes_the_class_is_only_said() -> None:
    reading = read("三2班全勤，无异常", ROSTER, today=TODAY)
    assert (reading.class_id, reading.class_said, reading.doubts) == (None, "三(2)班", ())


def test_an_end_of_leave_is_the_last_day_away() -> None:
    ends = {
        "张三病假到周五": date(2026, 9, 4),
        "张三病假到周一": date(2026, 9, 7),
        "张三病假三天": date(2026, 9, 4),
        "张三病假半天": date(2026, 9, 2),
        "张三病假，下周一返校": date(2026, 9, 6),
        "张三病假到5号": date(2026, 9, 5),
        "张三病假到1号": date(2026, 10, 1),
    }
    assert {said: understood(said).lines[0].until for said in ends} == ends


def test_what_is_over_is_kept_apart_from_what_is() -> None:
    line = understood("孙七昨天发烧今天退了，没来").lines[0]
    assert (line.symptoms, line.earlier, line.attendance) == ((), (Symptom.FEVER,), Attendance.SICK)


def test_an_empty_class_is_read_too() -> None:
    reading = read("3号发烧38.5", (), today=TODAY)
    assert [(line.pupil, line.temperature) for line in reading.lines] == [(None, 385)]
    assert [doubt.kind for doubt in reading.doubts] == ["unknown_name"]


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("17号病假三天", date(2026, 9, 4)),
        ("17号病假四天，从昨天算起", date(2026, 9, 4)),
        ("17号从昨天开始请四天病假", date(2026, 9, 4)),
        ("17号昨天起请4天病假", date(2026, 9, 4)),
        ("17号请病假三天（8月31日起）", date(2026, 9, 2)),
        ("17号病假5天，周一开始的", date(2026, 9, 4)),
        ("17号病假三天，周五开始上学", date(2026, 9, 4)),
    ],
)
def test_a_leave_counts_from_the_day_that_is_said(said: str, until: date) -> None:
    assert [line.until for line in understood(said).lines] == [until]
