"""What must hold for any message at all: it is read, nothing feverish is lost, nobody is guessed."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.model import Symptom
from handlers.rules.reading import LONGEST, Reading, read
from handlers.rules.vocabulary import WORDS
from tests.rules.people import ROSTER

TODAY = date(2026, 9, 2)
IDS = {pupil.id for pupil in ROSTER}

NUMBERS = [
    "45",
    "43",
    "3",
    "17号",
    "应到24",
    "实到23",
    "3号",
    "9月1日",
    "周五",
    "3天",
    "2人",
    "8:05",
    "1.",
    "三2班",
    "0",
]
SIGNS = ["，", "。", "、", " ", "\n", "；", "：", "（", "）", "?", "！", "🙏", "鑫", "赵鑫", "zxm", "abc"]
PIECES = st.sampled_from([*WORDS, *NUMBERS, *SIGNS, *(pupil.name for pupil in ROSTER)])
MESSAGES = st.lists(PIECES, max_size=30).map("".join)

PERSONS = st.sampled_from(
    ["3号", "张三", "陈一诺", "一诺", "cyn", "张伟", "钱八", "5号王五", "座号3号", "小明", "３号"]
)
JOINTS = st.sampled_from(
    ["", " ", "：", "发烧", "体温", "发烧到", "今天", "同学", "（", "昨晚", "没有", "测得", "，", "早上"]
)
FEVERS = st.sampled_from(
    [
        "38.9",
        "38度9",
        "３８．９",
        "38.9度",
        "38.9℃",
        "三十八度九",
        "三十八点九",
        "38。9",
        "38·9",
        "38点9",
        "389",
        "3.89",
        "38.9c",
    ]
)
ENDINGS = st.sampled_from(
    ["", "，", "。", "，已去医院", " 咳嗽", "在家", "，17号36.5", "\n李四 36.6", "！", "了", "，5号请假"]
)


def quoted(reading: Reading) -> str:
    doubts = [part for doubt in reading.doubts for part in (doubt.said, *doubt.choices)]
    return " ".join([*doubts, *reading.unread])


@given(st.text(max_size=LONGEST))
def test_any_text_is_read(text: str) -> None:
    reading = read(text, ROSTER, today=TODAY)
    assert {line.pupil for line in reading.lines if line.pupil} <= IDS


@given(MESSAGES)
@settings(max_examples=300, deadline=None)
def test_any_jumble_of_known_words_is_read_without_a_guess(text: str) -> None:
    reading = read(text, ROSTER, today=TODAY, classes={"三(2)班": "c32"})
    named = [line.pupil for line in reading.lines if line.pupil]
    assert len(named) == len(set(named))
    for number, line in enumerate(reading.lines):
        assert line.pupil is not None or any(doubt.line == number for doubt in reading.doubts)
        assert line.words
    assert all(doubt.line is None or doubt.line < len(reading.lines) for doubt in reading.doubts)


@given(MESSAGES)
@settings(max_examples=300, deadline=None)
def test_a_zero_report_has_nobody_unwell_in_it(text: str) -> None:
    reading = read(text, ROSTER, today=TODAY)
    if reading.zero:
        assert not any(line.symptoms or line.disease or (line.temperature or 0) >= 373 for line in reading.lines)
        assert all(line.pupil for line in reading.lines)


@given(PERSONS, JOINTS, FEVERS, ENDINGS)
@settings(max_examples=300, deadline=None)
def test_a_fever_measured_beside_a_pupil_is_never_lost(person: str, joint: str, fever: str, ending: str) -> None:
    text = person + joint + fever + ending
    reading = read(text, ROSTER, today=TODAY)
    in_a_line = any(line.temperature == 389 for line in reading.lines)
    assert in_a_line or "389" in quoted(reading) or fever in quoted(reading), text


@given(MESSAGES, PERSONS, FEVERS, MESSAGES)
@settings(max_examples=300, deadline=None)
def test_a_fever_in_the_middle_of_anything_is_never_lost(before: str, person: str, fever: str, after: str) -> None:
    text = f"{before}，{person}{fever}，{after}"
    reading = read(text, ROSTER, today=TODAY)
    in_a_line = any(line.temperature is not None and line.temperature >= 389 for line in reading.lines)
    assert in_a_line or "389" in quoted(reading) or fever in quoted(reading), text


@given(
    PERSONS, st.sampled_from(["发烧", "发烧了", "发热", "高烧", "今天发烧", "有点发烧", "同学发烧", "：发烧"]), ENDINGS
)
def test_a_fever_said_of_a_pupil_is_never_lost(person: str, fever: str, ending: str) -> None:
    reading = read(person + fever + ending, ROSTER, today=TODAY)
    assert any(Symptom.FEVER in line.symptoms for line in reading.lines)


@given(MESSAGES, st.sampled_from(["3号", "张三", "钱八", "张伟"]), MESSAGES)
@settings(max_examples=300, deadline=None)
def test_a_report_with_a_fever_in_it_is_never_zero(before: str, person: str, after: str) -> None:
    assert not read(f"{before}。{person}发烧39度。{after}", ROSTER, today=TODAY).zero


@pytest.mark.parametrize(
    "piece",
    [
        "3号",
        "3号、",
        "3",
        "38 ",
        "鑫",
        "赵鑫发烧 ",
        "张三发烧38.5，",
        "到3号",
        "没有",
        "(",
        "1、3号\n",
        "3,",
        "zw ",
        "都在家，赵鑫吐，",
    ],
)
def test_reading_time_grows_with_the_length_only(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        begun = process_time()
        read(text, ROSTER, today=TODAY)
        return process_time() - begun

    seconds(200)
    assert min(seconds(LONGEST) for _ in range(2)) < 1.5


def test_what_is_over_5000_signs_is_quoted_as_unread() -> None:
    reading = read("都好。" + "。" * LONGEST + "3号发烧", ROSTER, today=TODAY)
    assert any("3号发烧" in one for one in reading.unread)
