"""The screens of a walk: how many names on a keyboard, which hours are offered, what a typed hour comes to."""

import json
from datetime import datetime
from typing import Any

import pytest

from bot.channels.telegram import Telegram
from handlers.answering import for_another
from handlers.cards import card_of
from handlers.drafts import open_walk
from handlers.hearing import moments, typed_when
from handlers.model import Attendance, Choices, Draft, Duty, Entry, Held, Klass, Person, PupilRef, School, Update
from handlers.questions import ClassDayView, OnLeave, RegisterView
from handlers.rulebook import read_rules
from handlers.rules.names import Pupil
from handlers.rules.sums import Sums
from handlers.scene import Scene
from handlers.values import replace
from handlers.walk import screen
from tests.handlers.naming import Named
from tests.handlers.world import MONDAY, ZONE, clock
from tests.handlers.world import RULES as SHIPPED

OPEN = ("pupil", "who", "temperature", "symptoms", "where", "reason", "how", "heard", "health")
TEACHER = Person("t" * 12, "s", "张敏", "张老师", None, "zh", ())
RULES = read_rules({rule["key"]: (json.dumps(rule["value"]), rule["source"]) for rule in SHIPPED})
MORNING = next(round for round in RULES.rounds if round.id == "am")


def id_of(seat: int) -> str:
    return f"pupil{seat:07}"


def scene(many: int = 45, *, before: tuple[int, ...] = (), at: datetime | None = None) -> Scene:
    now = at or clock(8)
    update = Update("u", "s", "telegram", "1", "1", True, now, now, bytes(16), ZONE, "ill")
    pupils = tuple(Pupil(id_of(seat), seat, f"学生{seat}", ("xs",)) for seat in range(1, many + 1))
    klass, school = Klass("c" * 12, "s", "三(1)班", "三", 1), School("s", "中心小学", "中心校", 0)
    view = ClassDayView(klass, school, None, (TEACHER,), None)
    return Scene(update, Named(RegisterView(pupils, ()), tuple(map(id_of, before))), view, MONDAY, MORNING, RULES, ())


def walk(of: Scene, **more: Any) -> Draft:
    return replace(open_walk(of, TEACHER, "report", "k", None), **more)


def seats(choices: Choices) -> list[list[int]]:
    """The rows of names."""
    rows = [[one.label.values.get("pupil") for one in row] for row in choices]
    return [[one.seat for one in row if isinstance(one, PupilRef)] for row in rows if isinstance(row[0], PupilRef)]


@pytest.mark.parametrize("many", [1, 45, 59, 60])
def test_a_class_of_up_to_sixty_is_on_one_keyboard_three_a_row(many: int) -> None:
    of = scene(many)
    _, choices = screen(of, walk(of))
    rows = seats(choices)
    assert [seat for row in rows for seat in row] == list(range(1, many + 1))
    assert all(len(row) == 3 for row in rows[:-1])
    assert not any(one.does.startswith("page:") for row in choices for one in row)


@pytest.mark.parametrize(("many", "pages"), [(61, [45, 16]), (90, [45, 45]), (91, [45, 45, 1]), (99, [45, 45, 9])])
def test_above_sixty_there_are_pages_and_everybody_is_on_one(many: int, pages: list[int]) -> None:
    of = scene(many)
    found: list[int] = []
    for page, size in enumerate(pages):
        _, choices = screen(of, walk(of, page=page))
        rows = seats(choices)
        assert sum(map(len, rows)) == size
        found += [seat for row in rows for seat in row]
        turned = [one.does for row in choices for one in row if one.does.startswith("page:")]
        assert len(turned) == len(pages) - 1
    assert found == list(range(1, many + 1))


def test_yesterdays_listed_pupils_come_first() -> None:
    of = scene(45, before=(30, 7))
    rows = seats(screen(of, walk(of))[1])
    assert [seat for row in rows for seat in row][:4] == [7, 30, 1, 2]


@pytest.mark.parametrize("many", [45, 60, 61, 99])
@pytest.mark.parametrize(
    "open", ["pupil", "who", "temperature", "symptoms", "where", "reason", "how", "heard", "health"]
)
def test_no_screen_is_more_than_a_message_may_carry(many: int, open: str) -> None:
    """At the longest: the whole class listed, and asked about."""
    of = scene(many, at=clock(16, 59))
    listed = tuple(Entry(id_of(seat), Attendance.UNKNOWN) for seat in range(1, many + 1))
    draft = walk(of, open=open, entries=listed, current=listed[0], n=999_999)
    _, choices = screen(of, draft)
    buttons = [one for row in choices for one in row]
    assert len(buttons) <= Telegram.can.buttons
    assert max(len(row) for row in choices) <= Telegram.can.buttons_a_row
    assert max(len(one.does.encode()) for one in buttons) <= 64


def test_who_is_listed_and_no_longer_expected_can_be_taken_off() -> None:
    """Gone on leave since: still a button, and still in the report's 应到, which so adds up."""
    of = scene(5)
    gone = of.register.pupils[2]
    stay = tuple(one for one in of.register.pupils if one != gone)
    leave = OnLeave(of.view.klass, gone, "leave", None, by_file=False)
    later = replace(of, ask=Named(RegisterView(stay, (leave,))))
    sick = (Entry(gone.id, Attendance.SICK),)
    assert later.sums(()) == Sums(expected=4, present=4)
    assert later.sums(sick) == Sums(expected=5, present=4, sick=1, unwell=1, listed=1)
    assert sorted(seat for row in seats(screen(later, walk(later))[1]) for seat in row) == [1, 2, 4, 5]
    assert sorted(seat for row in seats(screen(later, walk(later, entries=sick))[1]) for seat in row) == [1, 2, 3, 4, 5]


# Whose card


@pytest.mark.parametrize(
    ("duties", "at", "offered"),
    [
        ((Held(Duty.HOMEROOM, "c" * 12),), clock(8), ["zero", "ill"]),
        ((Held(Duty.REPORTER),), clock(8), ["behalf"]),
        ((Held(Duty.DEPUTY),), clock(8), ["behalf"]),
        ((Held(Duty.REPORTER), Held(Duty.TEACHER, "c" * 12)), clock(8), ["zero", "ill"]),
        ((Held(Duty.REPORTER), Held(Duty.TEACHER, "other")), clock(8), ["behalf"]),
        ((Held(Duty.HOMEROOM, "c" * 12),), clock(17), ["ill"]),
        ((Held(Duty.REPORTER), Held(Duty.TEACHER, "c" * 12)), clock(17), ["behalf"]),
    ],
)
def test_the_class_teacher_reports_and_the_reporter_on_behalf(
    duties: tuple[Held, ...], at: datetime, offered: list[str]
) -> None:
    """Who is both reports as the teacher, and after the close as the 报告人."""
    _, choices = card_of(scene(at=at), replace(TEACHER, school="s", duties=duties))
    assert [one.does.partition(":")[0] for row in choices for one in row] == offered
    another = for_another(scene(at=at), replace(TEACHER, school="s", duties=duties))
    assert another is not any(held.class_id == "c" * 12 for held in duties)


# 代报: when it was heard


@pytest.mark.parametrize(
    ("at", "offered"),
    [
        (clock(7), ""),
        (clock(7, 30), ""),
        (clock(7, 31), "07:30"),
        (clock(7, 47), "07:45 07:40 07:35 07:30"),
        (clock(8, 47), "08:40 08:30 08:20 08:10 08:00 07:50 07:40 07:30"),
        (clock(9, 30), "09:20 09:10 09:00 08:50 08:40 08:30 08:20 08:10 08:00 07:50 07:40 07:30"),
        (clock(12, 10), "12:00 11:30 11:00 10:30 10:00 09:30 09:00 08:30 08:00 07:30"),
        (clock(17, 20), "17:00 16:00 15:00 14:00 13:00 12:00 11:00 10:00 09:00 08:00"),
        (clock(23, 59), "23:00 21:00 19:00 17:00 15:00 13:00 11:00 09:00"),
    ],
)
def test_round_hours_since_the_opening_are_offered(at: datetime, offered: str) -> None:
    assert " ".join(f"{one:%H:%M}" for one in moments(scene(at=at))) == offered


@pytest.mark.parametrize(
    ("at", "said", "heard"),
    [
        (clock(8, 47), "8:20", clock(8, 20)),
        (clock(8, 47), "８点20", clock(8, 20)),
        (clock(8, 47), "今天早上八点二十", clock(8, 20)),
        (clock(8, 47), "刚刚", clock(8, 47)),
        (clock(8, 47), "10分钟前", clock(8, 37)),
        (clock(8, 47), "6点50", clock(6, 50)),
        (clock(15, 40), "3点半", clock(15, 30)),
        (clock(15, 40), "今天下午3点", clock(15)),
        (clock(20, 30), "8点", clock(8)),
    ],
)
def test_a_typed_hour_is_kept(at: datetime, said: str, heard: datetime) -> None:
    of = scene(at=at)
    assert typed_when(of, walk(of, open="heard"), said).heard_at == heard


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("8:48", "future"),
        ("下午3点", "future"),
        ("昨晚8点", "other_day"),
        ("昨天", "other_day"),
        ("9月6日8点", "other_day"),
        ("9小时前", "other_day"),
        ("忘了", "unread"),
        ("今天", "unread"),
    ],
)
def test_an_hour_to_come_or_of_another_day_is_refused_in_a_sentence(said: str, why: str) -> None:
    of = scene(at=clock(8, 47))
    refused = typed_when(of, walk(of, open="heard", heard_at=clock(8)), said)
    assert (refused.heard_at, refused.note) == (None, f"walk.heard_{why}")
