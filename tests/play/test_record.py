"""The crowd's own record: what adds up, what counts once, what is taken back."""

from datetime import datetime, timedelta

import pytest

from sandbox.crowd import ZONE, Key, Listed, Member, Pupil, Record, SchoolClass, is_zero

SEVEN = datetime(2026, 9, 1, 7, 0, tzinfo=ZONE)
DEADLINE = datetime(2026, 9, 1, 8, 31, tzinfo=ZONE)
WANG = Member(1, "1001", "王芳", "中心小学", "王老师", ("班主任",), (Key("中心小学", "三(2)班"),))
LI = Member(2, "1002", "李梅", "中心小学", "李老师", ("疫情报告人",), ())


def klass(name: str, pupils: int) -> SchoolClass:
    seats = tuple(Pupil(seat, f"学生{seat}") for seat in range(1, pupils + 1))
    return SchoolClass(Key("中心小学", name), seats, (WANG,))


FIRST, SECOND = klass("三(1)班", 40), klass("三(2)班", 45)
HOT = Listed(3, 385, ("咳嗽",), "就医")


def after(minutes: float) -> datetime:
    return SEVEN + timedelta(minutes=minutes)


@pytest.fixture
def record() -> Record:
    return Record((FIRST, SECOND), DEADLINE)


def test_a_class_that_has_not_reported_is_in_no_number_of_pupils(record: Record) -> None:
    record.says(FIRST.key, after(60), WANG, (), "report")
    tally = record.tally(after(90))
    assert (tally.due, tally.reported, tally.zero, tally.expected) == (2, 1, 1, 40)
    assert tally.missing == (SECOND,)


def test_a_day_adds_up(record: Record) -> None:
    listed = (HOT, Listed(5, absence="事假"), Listed(6, absence="未到·原因不明"), Listed(7, absence="迟到"))
    record.says(SECOND.key, after(60), WANG, listed, "report")
    tally = record.tally(after(61))
    assert (tally.expected, tally.present, tally.sick, tally.personal, tally.unknown) == (45, 42, 1, 1, 1)
    assert (tally.fever, tally.unwell, tally.zero) == (1, 1, 0)
    assert tally.fever_at == {"中心小学": 1}
    assert tally.fever_places == {"就医": 1}


def test_the_last_minute_is_on_time_and_the_next_is_not(record: Record) -> None:
    record.says(FIRST.key, DEADLINE - timedelta(seconds=1), WANG, (), "report")
    record.says(SECOND.key, DEADLINE, WANG, (), "report")
    tally = record.tally(after(120))
    assert (tally.on_time, tally.late) == (1, 1)


def test_a_second_tap_is_no_second_report(record: Record) -> None:
    record.says(FIRST.key, after(60), WANG, (), "report")
    record.says(FIRST.key, after(61), LI, (HOT,), "report")
    assert len(record.classes[FIRST.key].versions) == 1
    assert record.flags == []


def test_a_fever_is_flagged_once_seen_to_once_and_taken_back(record: Record) -> None:
    record.says(FIRST.key, after(60), WANG, (HOT,), "report")
    record.acknowledges(FIRST.key, 3, after(62), LI)
    record.acknowledges(FIRST.key, 3, after(63), WANG)
    (flag,) = record.flags
    assert (flag.acknowledged, flag.by) == (after(62), LI)
    assert (record.tally(after(65)).flags, record.tally(after(65)).acknowledged) == (1, 1)
    record.says(FIRST.key, after(70), WANG, (Listed(3, 368, ("咳嗽",), "在校留观"),), "correction")
    assert flag.withdrawn == after(70)
    assert record.tally(after(71)).flags == 0
    assert record.tally(after(65)).fever == 1, "what was true before stays true of then"


@pytest.mark.parametrize(
    ("listed", "zero"),
    [
        ((), True),
        ((Listed(1, absence="事假"), Listed(2, absence="迟到")), True),
        ((Listed(1, absence="病假"),), False),
        ((Listed(1, absence="未到·原因不明"),), False),
        ((Listed(1, None, ("咳嗽",), "在校留观"),), False),
        ((Listed(1, 372, (), "在校留观"),), True),
        ((Listed(1, 373, (), "在校留观"),), False),
    ],
)
def test_a_zero_report_is_one_without_the_unwell(listed: tuple[Listed, ...], zero: bool) -> None:
    assert is_zero(listed) is zero


@pytest.mark.parametrize(
    ("today", "continued"),
    [
        (Listed(3, 383, (), "居家"), True),
        (Listed(3, 383, (), "就医"), False),
        (Listed(3, 383, (), "已接回"), False),
        (Listed(3, 383, (), "在校留观"), False),
        (Listed(3, 383, ("剧烈呕吐或腹泻",), "居家"), False),
    ],
)
def test_a_child_continues_while_at_home_without_a_new_severe_symptom(today: Listed, continued: bool) -> None:
    record = Record((FIRST,), DEADLINE, {FIRST.key: (Listed(3, 385, (), "居家"),)})
    record.says(FIRST.key, after(60), WANG, (today,), "report")
    assert [flag.continued for flag in record.flags] == [continued]
