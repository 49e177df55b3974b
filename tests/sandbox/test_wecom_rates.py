"""What WeCom drops without a word: over 30 a minute and 1,000 an hour a member, and the app's day."""

from sandbox import Sandbox
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import LEADER, LEADER_USERID, TEACHER, USERID
from tests.sandbox.wecom_caller import App


async def test_the_31st_of_a_minute_is_answered_ok_and_never_shown(
    app: App, sandbox: Sandbox, clock: ManualClock
) -> None:
    for _ in range(30):
        await app.send(USERID)
    reply = await app.send(f"{USERID}|{LEADER_USERID}")
    assert (reply["errcode"], reply["invaliduser"]) == (0, "")
    assert len(sandbox.wecom.chat(TEACHER)) == 30
    assert len(sandbox.wecom.chat(LEADER)) == 1
    [drop] = sandbox.wecom.dropped
    assert (drop.person, drop.chat, drop.why, drop.at) == (TEACHER, TEACHER, "30 a minute", clock.now())
    clock.advance(60)
    await app.send(USERID)
    assert len(sandbox.wecom.chat(TEACHER)) == 31


def spend(sandbox: Sandbox, clock: ManualClock, person: int, times: int, *, every: float = 2.0) -> list[str]:
    """Why each of so many messages is not shown, one after the other."""
    told = []
    for _ in range(times):
        told.append(sandbox.wecom.corp.rates.member(person, clock.now()))
        clock.advance(every)
    return told


async def test_the_1001st_of_an_hour_is_dropped(app: App, sandbox: Sandbox, clock: ManualClock) -> None:
    for person in range(2000, 2010):
        sandbox.add_person(person, "某老师")
        sandbox.wecom.employ(person, f"u{person}")
    told = spend(sandbox, clock, TEACHER, 1001)
    assert (set(told[:1000]), told[1000]) == ({""}, "1000 an hour")
    assert sandbox.wecom.corp.rates.member(LEADER, clock.now()) == ""


async def test_an_app_has_200_person_times_an_account_and_day(app: App, sandbox: Sandbox, clock: ManualClock) -> None:
    """07:30 in the district: midnight is 16.5 hours away."""
    told = spend(sandbox, clock, TEACHER, 400)
    assert set(told) == {""}
    assert sandbox.wecom.corp.rates.member(LEADER, clock.now()) == "200 an account and day"
    clock.advance(16.5 * 3600)
    assert sandbox.wecom.corp.rates.member(LEADER, clock.now()) == ""
