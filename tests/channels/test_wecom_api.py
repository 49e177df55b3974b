"""Calls of WeCom's API over real HTTP: one token for all, what was certainly not sent, and nothing told of secrets."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import BodyPartReader, web

from bot.channels import (
    Barred,
    ChannelError,
    Gone,
    Refused,
    Spent,
    TooLarge,
    TryLater,
    Unauthorized,
    Unknown,
    Unreachable,
)
from bot.channels.line import Http
from bot.channels.wecom.api import Api
from bot.channels.wecom.errors import MEANINGS, Kind, error_of, meaning
from bot.clock import SteppedClock
from tests.clocks import LeapingClock

CORP, SECRET = "ww5823bf96d3bd56c7", "the-secret-that-no-log-holds"
OK = {"errcode": 0, "errmsg": "ok"}
HOURS = 7200
MEGABYTE = 1024 * 1024

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Office:
    """WeCom's server as far as tokens go; everything else is answered by `answer`."""

    def __init__(self, clock: SteppedClock) -> None:
        self._clock = clock
        self.good: set[str] = set()
        self.fetched = 0
        self.refuses: Mapping[str, Any] | None = None
        self.answer: Answer = self.agree
        self.calls: list[web.Request] = []

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/cgi-bin/gettoken":
            return await self._token(request)
        self.calls.append(request)
        if "key" not in request.query and request.query["access_token"] not in self.good:
            return web.json_response({"errcode": 42001, "errmsg": "access_token expired"})
        return await self.answer(request)

    async def _token(self, request: web.Request) -> web.Response:
        self.fetched += 1
        number = self.fetched
        await asyncio.sleep(0.02)  # real time, in which others ask too
        if self.refuses is not None:
            return web.json_response(self.refuses)
        if (request.query["corpid"], request.query["corpsecret"]) != (CORP, SECRET):
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential"})
        self.good = {f"token-{number}-that-no-log-holds"}
        return web.json_response({**OK, "access_token": min(self.good), "expires_in": HOURS})

    async def agree(self, request: web.Request) -> web.StreamResponse:
        if request.body_exists:
            await request.read()
        return web.json_response({**OK, "msgid": "m1", "media_id": "media-1"})

    def says(self, code: int, errmsg: str = "") -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            return web.json_response({"errcode": code, "errmsg": errmsg})

        self.answer = answer


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[str]:
    app = web.Application(client_max_size=4 * MEGABYTE)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def away(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


def page(status: int, words: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=words, headers={"Location": "http://127.0.0.1:9/"})

    return answer


@pytest.fixture
def office(clock: SteppedClock) -> Office:
    return Office(clock)


@pytest.fixture
async def api(clock: SteppedClock, office: Office) -> AsyncIterator[Api]:
    async with serving(office.serve) as url:
        api = Api(url, CORP, SECRET, clock)
        await api.open()
        yield api
        await api.close()


async def send(api: Api) -> dict[str, Any]:
    return await api.call("message/send", {"touser": "lilaoshi", "text": {"content": "已报 ✅"}})


# One token for all


async def test_calls_at_once_make_one_token(clock: SteppedClock, office: Office) -> None:
    async with serving(office.serve) as url:
        api = Api(url, CORP, SECRET, clock)
        await api._line.open()
        answers = await asyncio.gather(*(send(api) for _ in range(30)))
        await api.close()
    assert office.fetched == 1
    assert [answer["msgid"] for answer in answers] == ["m1"] * 30


async def test_a_token_is_kept_as_long_as_it_holds_and_no_call_is_made_with_one_that_is_over(
    clock: LeapingClock, api: Api, office: Office
) -> None:
    clock.leap(clock.now() + timedelta(seconds=0.99 * HOURS))
    await send(api)
    assert office.fetched == 1
    clock.leap(clock.now() + timedelta(seconds=0.02 * HOURS))
    await send(api)
    assert office.fetched == 2
    assert len(office.calls) == 2  # none of them had to be repeated


@pytest.mark.parametrize("code", [42001, 40014])
async def test_calls_at_once_whose_token_was_invalidated_early_make_one_new_token_and_are_all_repeated(
    api: Api, office: Office, code: int
) -> None:
    old = office.good

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.query["access_token"] in old:
            return web.json_response({"errcode": code, "errmsg": "invalid access_token"})
        return await office.agree(request)

    office.answer = answer
    await asyncio.gather(*(send(api) for _ in range(30)))
    assert office.fetched == 2
    assert len(office.calls) == 60


async def test_a_call_that_hears_late_that_its_token_is_over_takes_the_one_that_is_new(
    api: Api, office: Office
) -> None:
    """It was on its way while another call found out."""
    old, renewed = office.good, asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.query["access_token"] not in old:
            renewed.set()
            return await office.agree(request)
        if len(office.calls) == 2:
            await renewed.wait()
        return web.json_response({"errcode": 40014, "errmsg": "invalid access_token"})

    office.answer = answer
    await asyncio.gather(send(api), send(api))
    assert office.fetched == 2


async def test_an_upload_whose_token_was_invalidated_early_is_sent_again_whole(api: Api, office: Office) -> None:
    sizes: list[int] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        sizes.append(len(await request.read()))
        return web.json_response({**OK, "media_id": "media-1"} if len(sizes) > 1 else {"errcode": 42001})

    office.answer = answer
    assert await api.upload("image", "chart.png", b"png" * 1000) == "media-1"
    assert sizes[0] > 3000
    assert sizes[0] == sizes[1]


async def test_a_new_token_that_is_refused_too_is_not_fetched_for_ever(api: Api, office: Office) -> None:
    office.says(40014)
    with pytest.raises(TryLater) as caught:
        await send(api)
    assert caught.value.whole
    assert office.fetched == 2


async def test_of_many_who_wait_for_a_token_that_is_refused_none_asks_again(
    clock: SteppedClock, office: Office
) -> None:
    """WeCom shuts an address out for an hour that asks several times with a wrong Secret."""
    async with serving(office.serve) as url:
        api = Api(url, CORP, "wrong", clock)
        await api._line.open()
        answers = await asyncio.gather(*(send(api) for _ in range(30)), return_exceptions=True)
        await api.close()
    assert office.fetched == 1
    assert all(isinstance(answer, Unauthorized) and "wecom.secret" in str(answer) for answer in answers)


async def test_who_no_longer_waits_for_the_token_takes_it_from_nobody(api: Api, office: Office) -> None:
    api._until = None
    impatient, patient = asyncio.create_task(send(api)), asyncio.create_task(send(api))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient)["msgid"] == "m1"
    assert office.fetched == 2


@pytest.mark.parametrize("answer", [{**OK, "expires_in": HOURS}, {**OK, "access_token": "a"}, OK])
async def test_an_answer_without_a_token_is_none(
    clock: SteppedClock, office: Office, answer: Mapping[str, Any]
) -> None:
    office.refuses = answer
    async with serving(office.serve) as url:
        api = Api(url, CORP, SECRET, clock)
        with pytest.raises(TryLater, match="WeCom's answer has no "):
            await api.open()
        await api.close()


# What is sent


async def test_chinese_is_sent_as_it_is_for_wecom_refuses_escapes(api: Api, office: Office) -> None:
    bodies: list[bytes] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        bodies.append(await request.read())
        return web.json_response(OK)

    office.answer = answer
    await api.call("menu/create", {"name": "报告"}, agentid="1000002")
    assert bodies == ['{"name": "报告"}'.encode()]
    assert office.calls[0].query["agentid"] == "1000002"
    assert office.calls[0].content_type == "application/json"


async def test_a_call_without_a_body_is_a_get(api: Api, office: Office) -> None:
    await api.call("department/list", id="1")
    assert (office.calls[0].method, office.calls[0].query["id"]) == ("GET", "1")


@pytest.mark.parametrize("name", ["三(2)班 晨检.xlsx", 'a"b.xlsx', "chart.png"])
async def test_a_file_goes_up_by_its_name_in_whatever_script(api: Api, office: Office, name: str) -> None:
    found: list[tuple[str | None, str | None, bytes]] = []
    heads: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        part = await (await request.multipart()).next()
        assert isinstance(part, BodyPartReader)
        found.append((part.name, part.filename, bytes(await part.read())))
        heads.append(part.headers["Content-Disposition"])
        return web.json_response({**OK, "media_id": "media-1"})

    office.answer = answer
    assert await api.upload("file", name, b"\x00\r\n--x") == "media-1"
    assert office.calls[0].query["type"] == "file"
    assert found == [("media", name, b"\x00\r\n--x")]
    quoted = name.replace('"', '\\"')
    assert heads == [f'form-data; name="media"; filename="{quoted}"']


async def test_a_large_file_goes_up(api: Api) -> None:
    assert await api.upload("file", "a.xlsx", bytes(2 * MEGABYTE)) == "media-1"


async def test_what_somebody_sent_is_fetched_with_a_token_that_may_be_renewed(api: Api, office: Office) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"\x89PNG" + bytes(96))

    office.answer = answer
    office.good = {"another"}
    assert await api.download("media-1", most=100) == b"\x89PNG" + bytes(96)
    assert (office.fetched, office.calls[-1].query["media_id"]) == (2, "media-1")
    with pytest.raises(TooLarge):
        await api.download("media-1", most=99)


@pytest.mark.parametrize(("code", "kind"), [(40007, Gone), (-1, TryLater), (45009, TryLater), (60020, Barred)])
async def test_what_cannot_be_fetched_is_gone_only_when_wecom_says_so(
    api: Api, office: Office, code: int, kind: type[ChannelError]
) -> None:
    office.says(code)
    with pytest.raises(kind):
        await api.download("media-1", most=100)


@pytest.mark.parametrize("answer", [page(502, "<html>nginx</html>"), page(403, "<html>blocked</html>"), hang_up])
async def test_what_cannot_be_fetched_now_is_not_gone(api: Api, office: Office, answer: Answer) -> None:
    office.answer = answer
    with pytest.raises(TryLater):
        await api.download("media-1", most=100)


async def test_a_group_s_robot_needs_no_token(clock: SteppedClock, office: Office) -> None:
    async with serving(office.serve) as url:
        api = Api(url, "", "", clock)
        await api.open()
        await api.call("webhook/send", {"msgtype": "text"}, key="robot-key")
        assert await api.upload("file", "a.xlsx", b"123456", key="robot-key") == "media-1"
        await api.close()
    assert office.fetched == 0
    assert [call.path for call in office.calls] == ["/cgi-bin/webhook/send", "/cgi-bin/webhook/upload_media"]
    assert all("access_token" not in call.query for call in office.calls)


async def test_the_platform_s_clock_is_seen_in_every_answer(api: Api) -> None:
    assert api.platform_time is not None
    assert api.ahead is not None


# What it means


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-1, TryLater),
        (40003, Unreachable),
        (40058, Refused),
        (40056, Unauthorized),
        (45009, TryLater),
        (48002, Barred),
        (60020, Barred),
        (60140, Spent),
        (81013, Unreachable),
        (86003, Unreachable),
        (99999999, Refused),
    ],
)
async def test_an_errcode_is_an_error_of_the_port_and_begins_with_its_number(
    api: Api, office: Office, code: int, kind: type[ChannelError]
) -> None:
    office.says(code, "invalid userid lilaoshi")
    with pytest.raises(kind, match=rf"^{code} ") as caught:
        await send(api)
    assert "lilaoshi" not in str(caught.value)


@pytest.mark.parametrize(("code", "whole"), [(45009, True), (60020, True), (45033, False), (48002, False)])
async def test_some_errors_hold_everything_and_some_only_this_message(
    api: Api, office: Office, code: int, whole: bool
) -> None:
    office.says(code)
    with pytest.raises(TryLater) as caught:
        await send(api)
    assert caught.value.whole is whole


async def test_too_much_into_one_group_by_its_robot_holds_that_group_alone(api: Api, office: Office) -> None:
    office.says(45009)
    with pytest.raises(TryLater) as caught:
        await api.call("webhook/send", {"msgtype": "text"}, key="robot-key")
    assert not caught.value.whole


async def test_who_comes_from_an_untrusted_address_is_told_which_it_is(api: Api, office: Office) -> None:
    office.says(60020, "not allow to access from your ip, hint: [1655799424], from ip: 203.0.113.7, more info at x")
    with pytest.raises(Barred, match=r"企业可信IP.*203\.0\.113\.7") as caught:
        await send(api)
    assert "hint" not in str(caught.value)


def test_an_untrusted_address_that_wecom_does_not_name_is_told_all_the_same() -> None:
    assert "企业可信IP" in str(error_of(60020, "not allow to access from your ip"))


WRITTEN_DOWN = [
    *(-1, 40001, 40003, 40013, 40014, 40056, 40058, 41011, 42001, 42014, 42028, 42045, 45002, 45009, 45033),
    *(48002, 60011, 60020, 60111, 60140, 81013, 82001, 86001, 86003, 93000, 301002, *range(40016, 40021)),
    *range(40022, 40028),
]


@pytest.mark.parametrize("code", WRITTEN_DOWN)
def test_every_errcode_of_what_we_call_is_in_the_table(code: int) -> None:
    assert code in MEANINGS


@pytest.mark.parametrize("code", [*MEANINGS, 99999999])
def test_every_errcode_says_in_a_chinese_sentence_what_to_do(code: int) -> None:
    found = meaning(code)
    assert found.says.endswith("。")
    if found.kind in (Kind.CONSOLE, Kind.SHUT, Kind.CONFIG):
        assert "管理后台" in found.says or "通讯录" in found.says
    if found.kind is Kind.CONFIG:
        assert "写进 wecom." in found.says
    if found.kind in (Kind.LATER, Kind.TOKEN, Kind.HOLD):
        assert "自动" in found.says


# What came of it


async def another_protocol(request: web.Request) -> web.StreamResponse:
    """The words of aiohttp's error hold the whole address."""
    assert request.transport is not None
    request.transport.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    return await hang_up(request)


FOREIGN = {
    "silence": (away, Unknown),
    "a line that breaks": (hang_up, Unknown),
    "another protocol": (another_protocol, Unknown),
    "502": (page(502, "<html>nginx</html>"), Unknown),
    "504": (page(504, ""), Unknown),
    "a log-in page": (page(200, "<html>Welcome to the school's network</html>"), Unknown),
    "a list": (page(200, "[]"), Unknown),
    "no number": (page(200, '{"errcode": "0"}'), Unknown),
    "half an answer": (page(200, '{"errcode": 0'), Unknown),
    "a way elsewhere": (page(302, ""), TryLater),
    "a firewall": (page(403, "<html>blocked</html>"), TryLater),
    "another program": (page(404, "not here"), TryLater),
}


@pytest.mark.parametrize(("answer", "kind"), FOREIGN.values(), ids=FOREIGN.keys())
async def test_only_what_was_certainly_not_sent_is_said_to_be(
    clock: SteppedClock, office: Office, answer: Answer, kind: type[ChannelError], caplog: pytest.LogCaptureFixture
) -> None:
    office.answer = answer
    async with serving(office.serve) as url:
        api = Api(url, CORP, SECRET, clock, Http(connect=2, read=0.05, write=2))
        await api.open()
        caplog.set_level(logging.INFO)
        with pytest.raises(kind) as caught:
            await send(api)
        assert type(caught.value) is kind
        _no_secret_in(caught.value, caplog, url)
        for without_effect in (api.call("department/list"), api.upload("image", "a.png", b"123456")):
            with pytest.raises(TryLater) as caught_too:
                await without_effect
            _no_secret_in(caught_too.value, caplog, url)
        await api.close()


def _no_secret_in(error: BaseException, caplog: pytest.LogCaptureFixture, url: str) -> None:
    shown = "".join(traceback.format_exception(error)) + caplog.text
    for secret in ("that-no-log-holds", "access_token=", url):
        assert secret not in shown


@pytest.mark.parametrize("answer", [away, hang_up, page(502, "")])
async def test_where_no_token_was_to_be_had_the_call_itself_was_certainly_not_sent(
    clock: SteppedClock, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(answer) as url:
        api = Api(url, CORP, SECRET, clock, Http(connect=2, read=0.05, write=2))
        with pytest.raises(TryLater):
            await api.open()
        with pytest.raises(TryLater) as caught:
            await send(api)
        assert caught.value.whole
        _no_secret_in(caught.value, caplog, url)
        await api.close()


async def test_a_server_that_is_away_was_not_written_to(
    clock: SteppedClock, api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(page(200, "")) as url:
        pass
    away_now = Api(url, CORP, SECRET, clock)
    with pytest.raises(TryLater) as caught:
        await away_now.open()
    assert caught.value.whole
    _no_secret_in(caught.value, caplog, f"{url}/cgi-bin")
    await away_now.close()
    await api.close()
    with pytest.raises(TryLater, match="not open"):
        await send(api)


async def test_a_proxy_is_gone_through(clock: SteppedClock, office: Office) -> None:
    """What a school's firewall asks for: the whole address stands in the first line."""
    async with serving(office.serve) as proxy:
        api = Api("http://qyapi.weixin.qq.com", CORP, SECRET, clock, Http(proxy=proxy))
        await api.open()
        await send(api)
        await api.close()
    assert office.calls[0].raw_path.startswith("http://qyapi.weixin.qq.com/cgi-bin/message/send")


async def test_a_call_holds_a_stepped_clock_still_until_it_is_answered(
    clock: SteppedClock, api: Api, office: Office
) -> None:
    asked, may_answer = asyncio.Event(), asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.set()
        await may_answer.wait()
        return await office.agree(request)

    office.answer = answer
    call = asyncio.create_task(send(api))
    await asked.wait()
    later = asyncio.create_task(clock.advance_to(clock.now() + timedelta(hours=1)))
    await asyncio.sleep(0.05)  # real time, in which a clock that is not held would have gone on
    assert not later.done()
    may_answer.set()
    await call
    await later
