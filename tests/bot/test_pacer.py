"""The pacer's arithmetic: rates over all, a chat's and a group's, holds, and what a restart remembers."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

import pytest

from bot.channels import Pace, Window
from bot.channels.telegram import Telegram
from bot.pacer import Pacer

NOON = datetime(2026, 9, 1, 4, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def pacer() -> Pacer:
    return Pacer(Telegram.can.pace)


def rush(pacer: Pacer, chats: list[tuple[str, bool]], late: float = 0.0) -> list[datetime]:
    """Sends to each as soon as it may, and is answered at once; who sends wakes `late` seconds after the instant."""
    now, sent = NOON, []
    for address, private in chats:
        now = max(now, pacer.ready(address, private, now) + timedelta(seconds=late))
        pacer.took(address, now)
        pacer.answered(now)
        sent.append(now)
    return sent


def over_a_line(pacer: Pacer, seconds: Sequence[float]) -> tuple[list[datetime], list[datetime]]:
    """Sends to as many chats as soon as it may; each is answered so many seconds later. When it went, and when it was
    answered."""
    now, sent, answered = NOON, list[datetime](), list[datetime]()
    coming: list[datetime] = []
    for n, span in enumerate(seconds):
        while (at := pacer.open_at(now)) > now:
            now = min([at, *coming[:1]])
            while coming and coming[0] <= now:
                pacer.answered(heappop(coming))
        pacer.took(str(n), now)
        sent.append(now)
        answered.append(now + timedelta(seconds=span))
        heappush(coming, answered[-1])
    return sent, answered


def most_in(sent: list[datetime], seconds: float) -> int:
    span = timedelta(seconds=seconds)
    return max(sum(start <= one < start + span for one in sent) for start in sent)


def test_the_first_may_go_at_once(pacer: Pacer) -> None:
    assert pacer.ready("a", True, NOON) == NOON


@pytest.mark.parametrize(("late", "least"), [(0.0, 29), (0.004, 29), (0.02, 28.5)])
def test_450_chats_are_served_at_almost_30_a_second_and_never_above(pacer: Pacer, late: float, least: float) -> None:
    sent = rush(pacer, [(str(n), True) for n in range(450)], late)
    assert most_in(sent, 1.0) <= 30
    assert (sent[-1] - NOON).total_seconds() < 450 / least


def test_a_stall_costs_no_messages_and_what_is_caught_up_stays_below_30(pacer: Pacer) -> None:
    now, sent = NOON, list[datetime]()
    for n in range(450):
        now = max(now + timedelta(seconds=0.12 if n % 25 == 20 else 0), pacer.ready(str(n), True, now))
        pacer.took(str(n), now)
        pacer.answered(now)
        sent.append(now)
    assert most_in(sent, 1.0) <= 30
    assert (sent[-1] - NOON).total_seconds() < 450 / 29


def test_whenever_a_call_arrives_between_its_start_and_its_answer_no_second_has_more_than_30(pacer: Pacer) -> None:
    dice = random.Random(1)
    sent, answered = over_a_line(pacer, [dice.uniform(0.002, dice.choice((0.01, 0.1, 0.6))) for _ in range(900)])
    for _ in range(20):
        arrived = [went + dice.random() * (back - went) for went, back in zip(sent, answered, strict=True)]
        assert most_in(sorted(arrived), 1.0) <= 30
    # the worst of all lines: slow for who goes first, at once for who comes after
    bunched = [back if n % 60 < 30 else went for n, (went, back) in enumerate(zip(sent, answered, strict=True))]
    assert most_in(sorted(bunched), 1.0) <= 30


def test_a_line_of_10_ms_costs_no_messages_and_one_call_that_hangs_costs_one_of_thirty(pacer: Pacer) -> None:
    sent, _ = over_a_line(pacer, [0.01] * 450)
    assert (sent[-1] - NOON).total_seconds() < 450 / 29
    hanging, _ = over_a_line(Pacer(Telegram.can.pace), [60.0, *[0.01] * 450])
    assert (hanging[-1] - NOON).total_seconds() < 450 / 28


def test_thirty_calls_that_hang_let_nothing_go(pacer: Pacer) -> None:
    for n in range(30):
        pacer.took(str(n), after(n))
    assert pacer.open_at(after(60)) > after(60)
    pacer.answered(after(60))
    assert pacer.open_at(after(60)) > after(60)
    assert pacer.open_at(after(61.1)) == after(61.1)


def test_a_private_chat_gets_one_a_second_with_a_burst_of_one(pacer: Pacer) -> None:
    sent = rush(pacer, [("a", True)] * 10)
    assert most_in(sent, 2.0) == 2
    assert (sent[1] - sent[0]).total_seconds() < 0.1
    assert most_in(sent, 5.0) == 5
    assert sent[-1] - NOON <= timedelta(seconds=9)


def test_a_group_gets_20_a_minute(pacer: Pacer) -> None:
    sent = rush(pacer, [("g", False)] * 45)
    assert most_in(sent, 60.0) == 20


def test_a_full_chat_holds_up_nobody_else(pacer: Pacer) -> None:
    rush(pacer, [("a", True)] * 2)
    assert pacer.ready("a", True, after(1)) > after(1)
    assert pacer.ready("b", True, after(1)) == after(1)


def test_a_429_holds_its_chat_alone(pacer: Pacer) -> None:
    pacer.hold("a", after(30), NOON, limit=True)
    assert pacer.ready("a", True, after(1)) == after(30)
    assert pacer.ready("b", True, after(1)) == after(1)


def test_a_second_chats_429_within_that_span_holds_the_channel(pacer: Pacer) -> None:
    pacer.hold("a", after(30), NOON, limit=True)
    pacer.hold("b", after(15), after(5), limit=True)
    assert pacer.ready("c", True, after(6)) == after(15)


def test_a_second_chats_429_after_that_span_holds_only_itself(pacer: Pacer) -> None:
    pacer.hold("a", after(3), NOON, limit=True)
    pacer.hold("b", after(15), after(5), limit=True)
    assert pacer.ready("c", True, after(6)) == after(6)


def test_the_same_chats_second_429_holds_only_itself(pacer: Pacer) -> None:
    pacer.hold("a", after(30), NOON, limit=True)
    pacer.hold("a", after(40), after(1), limit=True)
    assert pacer.ready("b", True, after(2)) == after(2)


def test_two_chats_for_which_the_platform_is_only_busy_hold_nobody_else(pacer: Pacer) -> None:
    pacer.hold("a", after(30), NOON)
    pacer.hold("b", after(30), NOON)
    pacer.hold("c", after(30), NOON, limit=True)
    assert pacer.ready("a", True, after(1)) == after(30)
    assert pacer.ready("d", True, after(1)) == after(1)


def test_a_channel_can_be_held_as_a_whole(pacer: Pacer) -> None:
    pacer.close(after(3))
    assert pacer.open_at(NOON) == after(3)


def test_a_restart_forgets_nothing(pacer: Pacer) -> None:
    pacer.remember([(after(-30 + n), "g") for n in range(20)])
    assert pacer.ready("g", False, NOON) == after(30)
    assert pacer.ready("a", True, NOON) == NOON


def test_two_windows_of_a_chat_both_hold() -> None:
    pacer = Pacer(Pace(a_second=100, private=(Window(30, 60), Window(40, 3600)), group=(Window(1, 1),)))
    sent = rush(pacer, [("a", True)] * 45)
    assert most_in(sent, 60) == 30
    assert most_in(sent, 3600) == 40
