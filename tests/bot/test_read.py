"""`python -m bot read`: one sentence, a class of the office's file, and the reading as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app

JUDGED = Path(__file__).parents[1] / "corpus" / "judged" / "pupils.csv"
KEYS = ["class", "expected", "present", "zero_report", "entries", "questions", "unread", "staff_absent"]
ENTRY = [
    *("seat", "name", "temperature_c", "symptoms", "attending", "whereabouts", "disease", "until", "cause_unknown"),
    *("returned", "words"),
]


def run(sentence: str, *more: str, roster: Path = JUDGED, klass: str = "三(2)班") -> tuple[int, str]:
    words = ["read", sentence, "--roster", str(roster), "--class", klass, *more]
    done = CliRunner().invoke(app, words, env={"LANG": "C.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""})
    return done.exit_code, done.output


def read(sentence: str, day: str = "2026-09-01", **more: Any) -> dict[str, Any]:
    code, said = run(sentence, "--date", day, **more)
    assert code == 0, said
    found: dict[str, Any] = json.loads(said)
    return found


def entry(said: dict[str, Any], seat: int) -> dict[str, Any]:
    return next(one for one in said["entries"] if one["seat"] == seat)


def test_a_sentence_is_printed_as_the_documented_json() -> None:
    said = read("应到45实到43，陈浩宇发烧38度5已去医院，孙悦拉肚子在家")
    assert list(said) == KEYS
    assert (said["class"], said["expected"], said["present"], said["zero_report"]) == ("三(2)班", 45, 43, False)
    assert [list(one) for one in said["entries"]] == [ENTRY, ENTRY]
    assert said["entries"][0] == {
        "seat": 3,
        "name": "陈浩宇",
        "temperature_c": 38.5,
        "symptoms": ["FEVER"],
        "attending": False,
        "whereabouts": "hospital",
        "disease": None,
        "until": None,
        "cause_unknown": False,
        "returned": False,
        "words": "陈浩宇发烧38度5已去医院",
    }
    assert (said["questions"], said["unread"]) == ([], [])


def test_a_zero_report_has_no_entries() -> None:
    said = read("三2班全勤，无异常")
    assert (said["zero_report"], said["entries"], said["questions"], said["unread"]) == (True, [], [], [])


def test_an_absent_teacher_is_counted_and_no_pupil() -> None:
    said = read("老师请假1人，学生全勤正常")
    assert (said["staff_absent"], said["zero_report"], said["entries"]) == (1, True, [])


def test_what_no_rule_knows_is_quoted() -> None:
    assert read("3号发烧38.5，飞碟来了")["unread"] == ["飞碟"]


@pytest.mark.parametrize("said", ["昨天17号发热38.5", "上周五17号发热38.5", "上周五3号发烧", "前天孙悦烧到39度"])
def test_a_fever_of_an_earlier_day_is_asked_about_and_none_of_today(said: str) -> None:
    found = read(said)
    assert found["entries"] == []
    assert [one["kind"] for one in found["questions"]] == ["history"]
    assert "今天怎么样" in found["questions"][0]["question"]


def test_of_two_pupils_of_one_name_neither_is_chosen() -> None:
    found = read("王浩发烧38.5")
    assert found["entries"] == []
    asked = found["questions"][0]
    assert (asked["kind"], asked["seats"], asked["read"]["temperature_c"]) == ("pupil", [29, 30], 38.5)
    assert [one["seat"] for one in read("29号王浩发烧38.5")["entries"]] == [29]
    assert [one["seat"] for one in read("王浩（30号）发烧38.5")["entries"]] == [30]


def test_a_seat_or_a_day_is_a_question_with_both() -> None:
    asked = read("17号返校")["questions"][0]
    assert (asked["kind"], asked["seats"], asked["days"]) == ("seat_or_date", [17], ["2026-09-17"])
    back = entry(read("17号今天来了"), 17)
    assert (back["attending"], back["returned"]) == (True, True)


def test_another_class_or_another_day_is_asked_with_all_that_was_said() -> None:
    for said in ("三(3)班3号发烧38.5", "9月1日3号发烧38.5"):
        found = read(said, day="2026-09-02")
        assert (found["entries"], found["zero_report"]) == ([], False)
        assert found["questions"][0]["words"] == said


def test_the_day_is_the_one_given_or_today() -> None:
    assert entry(read("孙悦病假三天", day="2026-12-30"), 27)["until"] == "2027-01-01"
    assert run("都好")[0] == 0


ENDS = {
    **dict.fromkeys(
        ("9月18日", "9月18号", "9.18", "9/18", "09-18", "2026-09-18", "2026/9/18", "2026.9.18"), "2026-09-18"
    ),
    **dict.fromkeys(("2026年9月18日", "九月十八日", "九月十八号", "本月18号", "18号", "18日"), "2026-09-18"),
    **dict.fromkeys(("周五", "星期五", "礼拜五", "本周五", "这周五", "这个星期五", "后天"), "2026-09-18"),
    **dict.fromkeys(("大后天", "周六", "9月19日"), "2026-09-19"),
    **dict.fromkeys(("下周一", "下星期一", "下个礼拜一"), "2026-09-21"),
    **dict.fromkeys(("今天", "今日"), "2026-09-16"),
    **dict.fromkeys(("明天", "周四"), "2026-09-17"),
    **dict.fromkeys(("月底", "本月底", "这个月底", "9月底", "九月底", "30号"), "2026-09-30"),
    **dict.fromkeys(("10月8日", "10.8", "10/8", "十月八号"), "2026-10-08"),
    "下月底": "2026-10-31",
    "元月5日": None,
    "国庆": None,
    "初三": None,
    "9月31日": None,
}


@pytest.mark.parametrize(("said", "until"), ENDS.items())
def test_an_end_of_leave_is_read_in_every_chinese_way_or_asked(said: str, until: str | None) -> None:
    found = read(f"孙悦病假到{said}", day="2026-09-16")
    assert entry(found, 27)["until"] == until
    assert until is not None or found["questions"] or found["unread"]


BACK = {
    **dict.fromkeys(
        ("周五返校", "18号返校", "9月18日返校", "9.18返校", "9/18返校", "后天来", "后天复课"), "2026-09-17"
    ),
    **dict.fromkeys(("大后天来", "周六来"), "2026-09-18"),
    **dict.fromkeys(("下周一来上学", "下周一返校", "下周一才能来"), "2026-09-20"),
    "月底返校": "2026-09-29",
    "明天来": "2026-09-16",
}


@pytest.mark.parametrize(("said", "until"), BACK.items())
def test_a_day_of_return_ends_the_leave_the_day_before(said: str, until: str) -> None:
    away = entry(read(f"孙悦病假{said}", day="2026-09-16"), 27)
    assert (away["attending"], away["until"], away["returned"]) == (False, until, False)


def test_a_class_is_found_by_any_spelling() -> None:
    assert read("都好", klass="三年级二班")["class"] == "三(2)班"


def test_a_class_that_is_not_in_the_file_names_those_that_are() -> None:
    code, said = run("都好", klass="六(9)班")
    assert code == 1
    assert "请用 --class 写现有的班：三(2)班、三(3)班" in said


def test_a_class_of_two_schools_asks_for_the_school(tmp_path: Path) -> None:
    file = tmp_path / "学生.csv"
    file.write_text("学校,班级,座号,姓名\n一校,三(2)班,1,张三\n二校,三(2)班,1,李四\n", encoding="utf-8")
    code, said = run("1号发烧", roster=file)
    assert code == 1
    assert "请加 --school 写明是哪一所：一校、二校" in said
    code, said = run("1号发烧", "--school", "二校", roster=file)
    assert (code, json.loads(said)["entries"][0]["name"]) == (0, "李四")
    code, said = run("1号发烧", "--school", "三校", roster=file)
    assert (code, "没有这所学校：三校。现有：一校、二校" in said) == (1, True)


def test_a_file_that_is_missing_or_faulty_says_what_to_do(tmp_path: Path) -> None:
    code, said = run("都好", roster=tmp_path / "没有.csv")
    assert code == 1
    assert "请检查文件名" in said
    assert "请改好名单再试" in said
    faulty = tmp_path / "学生.csv"
    faulty.write_text("学校,班级,座号,姓名\n一校,三(2)班,一百,张三\n", encoding="utf-8")
    code, said = run("都好", roster=faulty)
    assert code == 1
    assert "座号要是1到99的整数" in said


def test_the_whole_workbook_of_the_office_will_do(tmp_path: Path) -> None:
    from bot.roster.template import template

    file = tmp_path / "花名册.xlsx"
    template(file)
    code, said = run("都好", roster=file)
    assert code == 1  # an empty one
    assert "表头下面没有任何内容" in said
