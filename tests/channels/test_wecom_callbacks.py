"""What WeCom posts, over real HTTP on loopback: taken before it is acknowledged, and whatever is not WeCom's refused
with the same bare answer."""

import asyncio
import itertools
import json
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from xml.sax.saxutils import escape

import pytest
from aiohttp import ClientSession
from yarl import URL

from bot.channels import Conflict, Raw, door
from bot.channels.door import Take
from bot.channels.wecom import callbacks
from bot.channels.wecom.callbacks import LARGEST, Receiver, raw
from bot.channels.wecom.crypto import Crypto, Rejected, Sealed
from bot.clock import SteppedClock
from handlers.values import replace
from sandbox.wecom.crypto import Seal
from storage import Storage, inbox, open_storage
from storage.inbox import Arrival
from tests.channels.conftest import until
from tests.channels.test_wecom_crypto import CORP, KEY, TOKEN, sealed_by

SEAL = Seal(TOKEN, KEY, CORP)
TEXT = {"ToUserName": CORP, "FromUserName": "lilaoshi", "CreateTime": "1788305400", "MsgType": "text"}
WRITTEN = {**TEXT, "Content": "3号同学38.5去医院了 <&>", "MsgId": "4561255354251345929", "AgentID": "1000002"}
TAPPED = {
    **TEXT,
    "MsgType": "event",
    "Event": "template_card_event",
    "EventKey": "zero:c302:1",
    "TaskId": "m1-1",
    "CardType": "button_interaction",
    "ResponseCode": "code-1",
    "AgentID": "1000002",
}


def xml(fields: dict[str, str]) -> bytes:
    """As WeCom writes it: words in CDATA."""
    words = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
    return f"<xml>{words}</xml>".encode()


@dataclass
class Post:
    """One call of WeCom's, to be spoilt in every way."""

    sealed: Sealed
    body: bytes | None = None
    drop: str = ""
    path: str = "/wecom"
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)

    def url(self, port: int) -> URL:
        query = {
            "msg_signature": self.sealed.signature,
            "timestamp": self.sealed.timestamp,
            "nonce": self.sealed.nonce,
            "echostr": self.sealed.encrypted,
        }
        query.pop(self.drop, None)
        if self.method == "POST":
            query.pop("echostr", None)
        return URL.build(scheme="http", host="127.0.0.1", port=port, path=self.path, query=query)

    def wire(self) -> bytes:
        content = self.content() or b""
        lines = [f"{self.method} {self.url(1).raw_path_qs} HTTP/1.1", "Host: x", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + content

    def content(self) -> bytes | None:
        if self.method == "GET" or self.body is not None:
            return self.body
        return xml({"ToUserName": CORP, "AgentID": "1000002", "Encrypt": self.sealed.encrypted})


class Phone:
    """WeCom's side: seals, posts, and is told only a status, headers and a body."""

    def __init__(self, clock: SteppedClock, session: ClientSession, receiver: Receiver) -> None:
        self.clock = clock
        self.session = session
        self.receiver = receiver
        self.taken: list[Raw] = []

    def sealed(self, content: bytes, *, ago: timedelta = timedelta(0)) -> Sealed:
        return sealed_by(SEAL, content, str(int((self.clock.now() - ago).timestamp())), "1372623149")

    async def post(self, post: Post) -> tuple[int, bytes]:
        async with self.session.request(
            post.method, post.url(self.receiver.port), data=post.content(), headers=post.headers
        ) as answer:
            self.headers = answer.headers
            return answer.status, await answer.read()

    async def says(self, fields: dict[str, str]) -> int:
        return (await self.post(Post(self.sealed(xml(fields)))))[0]


@asynccontextmanager
async def listening(receiver: Receiver, take: Take) -> AsyncIterator[None]:
    running = asyncio.create_task(receiver.listen(take))
    await until(lambda: receiver.port != 0 or running.done())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
def crypto() -> Crypto:
    return Crypto(TOKEN, KEY, CORP)


@pytest.fixture
def receiver(crypto: Crypto, clock: SteppedClock) -> Receiver:
    return Receiver(crypto, clock, "127.0.0.1", 0, "/wecom")


@pytest.fixture
async def phone(clock: SteppedClock, receiver: Receiver) -> AsyncIterator[Phone]:
    async with ClientSession() as session:
        phone = Phone(clock, session, receiver)

        async def take(raws: Sequence[Raw]) -> None:
            phone.taken += raws

        async with listening(receiver, take):
            yield phone


# What WeCom does


async def test_the_console_s_check_is_answered_with_what_it_sealed_and_nothing_around_it(phone: Phone) -> None:
    status, body = await phone.post(Post(phone.sealed(b"1616140317555161061"), method="GET"))
    assert (status, body) == (200, b"1616140317555161061")
    assert phone.taken == []


async def test_a_message_is_taken_as_json(phone: Phone) -> None:
    status, body = await phone.post(Post(phone.sealed(xml(WRITTEN))))
    assert (status, body) == (200, b"")
    (told,) = phone.taken
    assert told.native == "4561255354251345929"
    assert json.loads(told.body) == WRITTEN


async def test_a_path_that_people_type_in_chinese_is_not_ours(phone: Phone) -> None:
    assert (await phone.post(Post(phone.sealed(xml(WRITTEN)), path="/企业微信")))[0] == 403


async def test_the_answer_comes_after_the_commit(clock: SteppedClock, receiver: Receiver) -> None:
    committing, committed = asyncio.Event(), asyncio.Event()

    async def take(raws: Sequence[Raw]) -> None:
        committing.set()
        await committed.wait()

    async with ClientSession() as session, listening(receiver, take):
        answer = asyncio.create_task(Phone(clock, session, receiver).says(WRITTEN))
        await committing.wait()
        await asyncio.sleep(0.05)  # real time, in which an early answer would have come
        assert not answer.done()
        committed.set()
        assert await answer == 200


async def test_what_cannot_be_committed_is_not_acknowledged_and_comes_again(
    clock: SteppedClock, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    taken: list[Raw] = []
    broken = [True]

    async def take(raws: Sequence[Raw]) -> None:
        if broken.pop():
            broken.append(False)
            raise OSError("the disk is full")
        taken.extend(raws)

    async with ClientSession() as session, listening(receiver, take):
        phone = Phone(clock, session, receiver)
        assert await phone.says(WRITTEN) == 500
        assert await phone.says(WRITTEN) == 200
    assert len(taken) == 1
    assert "38.5" not in caplog.text


async def test_what_takes_too_long_is_not_acknowledged_yet_not_lost(
    clock: SteppedClock, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is away for longer than WeCom's three tries: what is in hand goes in once it is back, once."""
    monkeypatch.setattr(door, "PATIENCE", 0.05)
    back = asyncio.Event()
    taken: list[Raw] = []

    async def take(raws: Sequence[Raw]) -> None:
        await back.wait()
        taken.extend(raws)

    async with ClientSession() as session, listening(receiver, take):
        phone = Phone(clock, session, receiver)
        for _ in range(3):
            assert await phone.says(WRITTEN) == 503
        assert await phone.says(TAPPED) == 503
        back.set()
        await until(lambda: len(taken) == 2)
    assert {told.native for told in taken} == {raw(xml(WRITTEN)).native, raw(xml(TAPPED)).native}


async def test_a_program_that_ends_lets_go_of_what_it_could_not_commit(
    clock: SteppedClock, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PATIENCE", 0.05)
    ended: list[str] = []

    async def take(raws: Sequence[Raw]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(raws[0].native)

    async with ClientSession() as session, listening(receiver, take):
        assert await Phone(clock, session, receiver).says(WRITTEN) == 503
    assert ended == ["4561255354251345929"]


async def test_an_address_that_is_taken_is_named(crypto: Crypto, clock: SteppedClock, phone: Phone) -> None:
    port = phone.receiver.port
    with pytest.raises(Conflict, match=rf"wecom.listen: nothing can listen at 127.0.0.1:{port}"):
        await Receiver(crypto, clock, "127.0.0.1", port, "/wecom").listen(lambda raws: asyncio.sleep(0))


# Repeats


async def test_the_same_call_again_is_one_row(clock: SteppedClock, receiver: Receiver, tmp_path: object) -> None:
    """WeCom's second and third try, and an attacker's replay of what he overheard."""
    storage = await open_storage(f"sqlite:///{tmp_path}/zero.db")
    try:
        async with ClientSession() as session, listening(receiver, _into(storage, clock)):
            phone = Phone(clock, session, receiver)
            post = Post(phone.sealed(xml(TAPPED)))
            for _ in range(3):
                assert (await phone.post(post))[0] == 200
        rows = await storage.read(lambda tx: tx.all("SELECT native FROM inbox"))
    finally:
        await storage.close()
    assert [row["native"] for row in rows] == [raw(xml(TAPPED)).native]


def _into(storage: Storage, clock: SteppedClock) -> Take:
    async def take(raws: Sequence[Raw]) -> None:
        arrivals = [Arrival("district", "wecom", told.native, told.body, b"0" * 16) for told in raws]
        await storage.run(lambda tx: inbox.put(tx, arrivals, clock.now()))

    return take


async def test_a_call_of_long_ago_is_refused_though_it_is_signed(phone: Phone) -> None:
    """`seen` keeps a week; what was overheard before that must not come in again."""
    old = Post(phone.sealed(xml(WRITTEN), ago=timedelta(hours=25)))
    assert await phone.post(old) == (403, b"")
    assert phone.taken == []


@pytest.mark.parametrize("ago", [timedelta(hours=8), timedelta(hours=-8), timedelta(seconds=15)])
async def test_a_machine_whose_clock_is_hours_off_hears_all_the_same(phone: Phone, ago: timedelta) -> None:
    assert (await phone.post(Post(phone.sealed(xml(WRITTEN), ago=ago))))[0] == 200


def test_what_is_repeated_is_known_for_longer_than_a_call_is_taken() -> None:
    assert 2 * timedelta(seconds=callbacks.LONGEST_AGO) < inbox.KEPT


@pytest.mark.parametrize("name", ["FromUserName", "CreateTime", "TaskId", "EventKey", "ResponseCode"])
def test_two_taps_that_differ_in_anything_are_two(name: str) -> None:
    other = {**TAPPED, name: f"{TAPPED[name]}1"}
    assert raw(xml(other)).native != raw(xml(TAPPED)).native


def test_the_same_event_told_again_in_other_order_or_for_another_app_s_number_is_the_same() -> None:
    again = dict(reversed(TAPPED.items()))
    assert raw(xml(again)).native == raw(xml(TAPPED)).native


def test_a_card_with_the_longest_key_has_a_native_id_that_every_index_holds() -> None:
    assert len(raw(xml({**TAPPED, "EventKey": "k" * 1024, "ResponseCode": "r" * 1024})).native) < 100


# What it reads


def test_what_no_xml_may_hold_costs_nobody_their_words() -> None:
    """As the line's end that Word makes, pasted into a chat."""
    told = raw(b"<xml><MsgId>1</MsgId><Content><![CDATA[3\xe5\x8f\xb7\x0b38.5\x00]]></Content></xml>")
    assert json.loads(told.body)["Content"] == "3号 38.5 "


def test_what_comes_several_times_is_a_list() -> None:
    """As the chosen options of a vote do."""
    said = raw(
        b"<xml><MsgType>event</MsgType><SelectedItems><SelectedItem><QuestionKey>q</QuestionKey><OptionIds>"
        b"<OptionId>a</OptionId><OptionId>b</OptionId></OptionIds></SelectedItem></SelectedItems></xml>"
    )
    assert json.loads(said.body) == {
        "MsgType": "event",
        "SelectedItems": {"SelectedItem": {"QuestionKey": "q", "OptionIds": {"OptionId": ["a", "b"]}}},
    }


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]><xml><Encrypt>&z;</Encrypt></xml>' % b"".join(
    b'<!ENTITY %c "%s">' % (name, b"&%c;" % (name - 1) * 10) for name in range(ord("b"), ord("z") + 1)
)
XMLS = {
    "a billion laughs": BOMB,
    "a file of ours": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>',
    "a page of theirs": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><xml><Encrypt>a</Encrypt></xml>',
    "a parameter entity": b'<!DOCTYPE x [<!ENTITY % a "b">%a;]><xml><Encrypt>a</Encrypt></xml>',
    "a tower": b"<a>" * 9000 + b"</a>" * 9000,
    "a wide one": b"<xml>" + b"<a/>" * 16000 + b"</xml>",
    "another encoding": b'<?xml version="1.0" encoding="utf-16"?><xml/>',
    "no encoding": b'<?xml version="1.0" encoding="rot13"?><xml><a/></xml>',
    "an encoding of several bytes": b'<?xml version="1.0" encoding="gb18030"?><xml><a/></xml>',
    "no fields": b"<xml>Encrypt</xml>",
    "fields in Encrypt": b"<xml><Encrypt><a/><b/></Encrypt></xml>",
    "Encrypt twice": b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
    "nothing": b"",
    "JSON": b'{"encrypt": "a"}',
    "zeros": bytes(1000),
}


@pytest.mark.parametrize("words", XMLS.values(), ids=XMLS.keys())
async def test_no_xml_does_more_than_be_refused(phone: Phone, words: bytes) -> None:
    sealed = phone.sealed(words)
    assert await phone.post(Post(sealed, body=words)) == (403, b"")
    if words not in (XMLS["a wide one"], XMLS["fields in Encrypt"], XMLS["Encrypt twice"]):
        with pytest.raises(Rejected):  # nor when it was signed and encrypted
            raw(words)


# What attackers do

HEAD = b"POST /wecom?nonce=1 HTTP/1.1\r\nHost: x\r\n"
BROKEN_OFF = {
    "half a body": HEAD + b"Content-Length: 100\r\n\r\n<xml>",
    "no body": HEAD + b"Content-Length: 100\r\n\r\n",
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<xm",
    "half a head": HEAD,
}


@pytest.mark.parametrize("words", BROKEN_OFF.values(), ids=BROKEN_OFF.keys())
async def test_a_call_that_is_broken_off_is_nothing(
    phone: Phone, words: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", phone.receiver.port)
    writer.write(words)
    await writer.drain()
    await asyncio.sleep(0.01)  # real time, for it to arrive
    writer.close()
    await writer.wait_closed()
    assert await phone.says(WRITTEN) == 200
    assert len(phone.taken) == 1
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_body_that_does_not_come_is_refused_like_everything_else(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PATIENCE", 0.05)
    assert await _answer_to(phone, HEAD + b"Content-Length: 9\r\n\r\n<xml>") == BARE


@pytest.mark.parametrize(
    "words",
    [
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        HEAD.replace(b"?", b"?a=\xff&") + b"\r\n",
        HEAD.replace(b"?", b"?a=%FF%ED%A0%80&") + b"\r\n",
        HEAD.replace(b"nonce=1", b"nonce=" + b"1" * door.LINE) + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
    ids=["no chunk", "no text", "no UTF-8", "no end", "TLS"],
)
async def test_what_is_no_http_is_refused_before_it_is_looked_at(phone: Phone, words: bytes) -> None:
    status = (await _answer_to(phone, words))[0]
    assert status in (b"HTTP/1.1 400 Bad Request", b"HTTP/1.0 400 Bad Request", BARE[0])
    assert phone.taken == []


async def _answer_to(phone: Phone, words: bytes) -> tuple[bytes, ...]:
    reader, writer = await asyncio.open_connection("127.0.0.1", phone.receiver.port)
    try:
        writer.write(words)
        return _told(await reader.readuntil(b"\r\n\r\n"))
    finally:
        writer.close()
        await writer.wait_closed()


async def test_the_console_s_check_waits_for_no_database(clock: SteppedClock, receiver: Receiver) -> None:
    """WeCom gives it one second."""

    taking, back = asyncio.Event(), asyncio.Event()

    async def take(raws: Sequence[Raw]) -> None:
        taking.set()
        await back.wait()

    async with ClientSession() as session, listening(receiver, take):
        phone = Phone(clock, session, receiver)
        stuck = asyncio.create_task(phone.says(WRITTEN))
        await taking.wait()
        async with asyncio.timeout(1):
            assert (await phone.post(Post(phone.sealed(b"1616140317555161061"), method="GET")))[0] == 200
        back.set()
        assert await stuck == 200


ATTEMPTS = 10_000
BARE = (b"HTTP/1.1 403 Forbidden", b"Server: -")
TEN_MEGABYTES = 10 * 1024 * 1024


def _flipped(dice: random.Random, data: bytes) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :]


def _attacks(phone: Phone) -> Sequence[Callable[[random.Random], Post]]:
    """Each makes one call that is wrong in its own way; the sealed contents are WeCom's own but for that."""
    good = phone.sealed(xml(WRITTEN))
    stranger = Seal(TOKEN, KEY, "ww0000000000000000")
    thief = Seal("guess", KEY, CORP)
    guesser = Seal(TOKEN, "A" * 43, CORP)
    body = Post(good).content() or b""
    now = good.timestamp

    def resigned(encrypted: str) -> Sealed:
        """A forger who has the token and not the key."""
        return Sealed(SEAL.sign(now, "1", encrypted), now, "1", encrypted)

    def flipped_body(dice: random.Random) -> Post:
        spoilt = _flipped(dice, good.encrypted.encode("latin-1"))
        return Post(good, body=body.replace(good.encrypted.encode(), spoilt))

    def flipped_signature(dice: random.Random) -> Post:
        return Post(replace(good, signature=_flipped(dice, good.signature.encode()).decode("latin-1")))

    def truncated(dice: random.Random) -> Post:
        return Post(good, body=body[: dice.randrange(body.index(b"]]></Encrypt>"))])

    def truncated_and_signed(dice: random.Random) -> Post:
        return Post(resigned(good.encrypted[: dice.randrange(len(good.encrypted))]))

    def noise(dice: random.Random) -> Post:
        return Post(good, body=dice.randbytes(dice.randrange(400)))

    def signed_noise(dice: random.Random) -> Post:
        return Post(resigned(dice.randbytes(dice.randrange(400)).decode("latin-1").replace("]]>", "")))

    def dropped(dice: random.Random) -> Post:
        return Post(good, drop=dice.choice(["msg_signature", "timestamp", "nonce"]))

    def huge_nonce(dice: random.Random) -> Post:
        return Post(replace(good, nonce="9" * dice.randrange(1000, 60_000)))

    def check(dice: random.Random) -> Post:
        return Post(replace(good, nonce=str(dice.random())), method="GET")

    def other(dice: random.Random) -> Post:
        return Post(good, path=dice.choice(["/", "/wecom/", "/wecom/../wecom2", "/.env"]))

    def method(dice: random.Random) -> Post:
        return Post(good, method=dice.choice(["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]), body=body)

    def another_time(dice: random.Random) -> Post:
        return Post(sealed_by(SEAL, xml(WRITTEN), dice.choice(["0", "-1", "soon", "９" * 10, "1" * 400, ""]), "1"))

    def packed(dice: random.Random) -> Post:
        return Post(good, headers={"Content-Encoding": dice.choice(["gzip", "deflate", "br"])}, body=dice.randbytes(90))

    def bomb(dice: random.Random) -> Post:
        return Post(good, body=dice.choice([BOMB, b"<a>" * 99 + b"</a>" * 99, XMLS["a file of ours"]]))

    return (
        *(flipped_body, flipped_signature, truncated, truncated_and_signed, noise, signed_noise, dropped),
        *(huge_nonce, check, other, method, another_time, packed, bomb),
        lambda dice: Post(sealed_by(stranger, xml(WRITTEN), now, str(dice.random()))),
        lambda dice: Post(sealed_by(thief, xml(WRITTEN), now, str(dice.random()))),
        lambda dice: Post(sealed_by(guesser, xml(WRITTEN), now, str(dice.random()))),
        lambda dice: Post(sealed_by(stranger, b"1616140317555161061", now, str(dice.random())), method="GET"),
        lambda dice: Post(good, body=b"<xml>" + escape("y" * (LARGEST + dice.randrange(9))).encode() + b"</xml>"),
    )


@pytest.mark.timeout(60)
async def test_of_ten_thousand_calls_that_are_not_wecom_s_none_is_taken_and_all_get_the_same_answer(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)  # where a handler that broke would show
    dice = random.Random(1)  # the same ten thousand each time
    attacks = itertools.islice(itertools.cycle(_attacks(phone)), ATTEMPTS - 4)
    posts = [attack(dice) for attack in attacks]
    posts += [Post(phone.sealed(xml(WRITTEN)), body=b"y" * TEN_MEGABYTES) for _ in range(4)]
    answers: set[tuple[bytes, ...]] = set()

    async def attack() -> None:
        """By one connection that is kept, without a client's care for what may be sent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", phone.receiver.port)
        while posts:
            writer.write(posts.pop().wire())
            answers.add(_told(await reader.readuntil(b"\r\n\r\n")))
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(attack() for _ in range(50)))
    assert phone.taken == []
    assert caplog.records == []
    assert answers == {BARE}
    assert await phone.says(WRITTEN) == 200


def _told(head: bytes) -> tuple[bytes, ...]:
    """But for the date, and that there is no body, which a HEAD is not told."""
    unsaid = (b"Date: ", b"Content-Length: 0")
    return tuple(line for line in head.split(b"\r\n") if line and not line.startswith(unsaid))
