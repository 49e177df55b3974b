"""WeCom's doors: tokens and their end, the trusted IP, whose secret may do what, how a call must look."""

from email.utils import parsedate_to_datetime

import pytest

from sandbox import Sandbox
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import USERID
from tests.sandbox.wecom_caller import App


async def test_a_token_is_the_same_until_7200_seconds_are_over(app: App, clock: ManualClock) -> None:
    first = await app.get_token()
    assert (first["errcode"], first["expires_in"], len(first["access_token"]) <= 512) == (0, 7200, True)
    clock.advance(7199)
    again = await app.get_token()
    assert (again["access_token"], again["expires_in"]) == (first["access_token"], 1)
    clock.advance(1)
    assert (await app.get_token())["access_token"] != first["access_token"]


async def test_an_expired_token_is_42001(app: App, clock: ManualClock) -> None:
    await app.ok("getcallbackip")
    clock.advance(7200)
    assert await app.refused("getcallbackip") == 42001


async def test_a_token_can_end_before_its_time(app: App, sandbox: Sandbox) -> None:
    await app.ok("getcallbackip")
    sandbox.wecom.invalidate_token()
    assert await app.refused("getcallbackip") == 40014
    app.token = ""
    await app.ok("getcallbackip")


async def test_a_token_is_asked_for_and_must_be_known(app: App) -> None:
    app.token = "guessed"
    assert await app.refused("getcallbackip") == 40014
    assert await app.refused("getcallbackip", access_token="") == 41001


async def test_gettoken_knows_the_corp_and_its_secrets(app: App) -> None:
    assert (await app.get_token(corp_id="wwother"))["errcode"] == 40013
    assert (await app.get_token(secret="guessed"))["errcode"] == 40001


async def test_only_trusted_addresses_may_call_once_one_is_set(app: App, sandbox: Sandbox) -> None:
    sandbox.wecom.trusted_ips.add("203.0.113.7")
    assert (await app.get_token())["errcode"] == 0
    reply = await app("getcallbackip")
    assert reply["errcode"] == 60020
    assert "127.0.0.1" in reply["errmsg"]
    sandbox.wecom.trusted_ips.add("127.0.0.1")
    await app.ok("getcallbackip")


async def test_each_secret_opens_its_own_doors(app: App, sandbox: Sandbox) -> None:
    assert await app.refused("user/list_id", {}) == 48002
    app.token = (await app.get_token(secret=sandbox.wecom.contacts_secret))["access_token"]
    await app.ok("user/list_id", {})
    assert await app.refused("message/send", app.message(USERID)) == 48002


async def test_every_answer_has_the_sandboxs_time_on_it(app: App, clock: ManualClock) -> None:
    for path in ("getcallbackip", "message/send"):
        clock.advance(60)
        await app(path)
        assert parsedate_to_datetime(app.date) == clock.now()


async def test_get_and_post_are_not_the_same(app: App) -> None:
    assert await app.refused("message/send") == 43002
    assert await app.refused("getcallbackip", {}) == 43001


async def test_a_body_is_a_json_object(app: App) -> None:
    assert await app.refused("message/send", [1, 2]) == 47001


async def test_an_unknown_path_is_no_method(app: App) -> None:
    async with app.session.get(f"{app.root}message/sent") as response:
        assert response.status == 404


async def test_the_words_of_a_refusal_differ_from_call_to_call(app: App) -> None:
    """Programs match errcode, never errmsg."""
    app.token = "guessed"
    assert (await app("getcallbackip"))["errmsg"] != (await app("getcallbackip"))["errmsg"]


async def test_the_same_seed_gives_the_same_ids(clock: ManualClock) -> None:
    def some(seed: int) -> tuple[str, str]:
        wecom = Sandbox(clock, seed=seed).wecom
        return wecom.corp.tokens.give(wecom.secret, clock.now()).text, wecom.corp.secret_number()

    assert some(1) == some(1) != some(2)


@pytest.mark.parametrize("path", ["gettoken", "getcallbackip"])
async def test_an_api_takes_10000_calls_a_minute_and_is_then_shut_for_60_seconds(
    app: App, sandbox: Sandbox, clock: ManualClock, path: str
) -> None:
    app.token = (await app.get_token())["access_token"]
    clock.advance(60)
    for _ in range(10_000):
        sandbox.wecom.corp.rates.call(path, "203.0.113.7", clock.now())
    clock.advance(59)
    assert await app.refused(path) == 45009
    clock.advance(59)
    assert await app.refused(path) == 45009
    clock.advance(1)
    assert (await app(path))["errcode"] != 45009
