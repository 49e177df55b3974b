"""Callbacks: the URL proves itself, 5 s for a 200, three tries in all, and then what happened is lost."""

import asyncio

import pytest

from sandbox import Fault, Sandbox
from sandbox.pictures import plain_png
from sandbox.wecom import limits
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import LEADER, LEADER_USERID, STRANGER, TEACHER, USERID
from tests.sandbox.wecom_caller import App, CallbackServer
from tests.sandbox.wecom_cards import buttons, notice, questions, vote


@pytest.mark.parametrize("answer", [b"", b"wrong", b'"%s"', b"%s\n", b"\xef\xbb\xbf%s"])
async def test_a_url_that_does_not_prove_itself_is_not_saved(
    sandbox: Sandbox, callbacks: CallbackServer, answer: bytes
) -> None:
    callbacks.echo = lambda word: answer.replace(b"%s", word)
    with pytest.raises(ValueError, match="openapi回调地址请求不通过"):
        await sandbox.wecom.connect(callbacks.url + "/new")
    sandbox.wecom.write(TEACHER, "在吗")
    await callbacks.until(1)


async def test_a_url_has_a_second_to_prove_itself(sandbox: Sandbox, callbacks: CallbackServer) -> None:
    assert limits.VERIFY_PATIENCE == 1.0
    sandbox.wecom.callbacks.verify_patience = 0.02
    callbacks.echo = lambda word: None
    with pytest.raises(ValueError, match="TimeoutError"):
        await sandbox.wecom.connect(callbacks.url)


async def test_a_url_where_nobody_listens_is_not_saved(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="openapi回调地址请求不通过"):
        await sandbox.wecom.connect("http://127.0.0.1:9/wecom")


async def test_a_callback_is_tried_three_times_and_then_lost(
    sandbox: Sandbox, callbacks: CallbackServer, clock: ManualClock
) -> None:
    callbacks.answers = [500, 403]
    sandbox.wecom.write(TEACHER, "一")
    await callbacks.until(3)
    callbacks.answers = [500, 500, 204]
    sandbox.wecom.write(TEACHER, "二")
    sandbox.wecom.write(TEACHER, "三")
    await callbacks.until(7)
    assert [came["Content"] for came in callbacks.came] == ["一"] * 3 + ["二"] * 3 + ["三"]
    assert len({came["MsgId"] for came in callbacks.came}) == 3
    [lost] = sandbox.wecom.lost
    assert (lost.person, lost.why, lost.at, "二" in lost.body) == (TEACHER, "HTTP 204", clock.now(), True)


async def test_time_stands_still_until_a_callback_is_answered_or_given_up(
    sandbox: Sandbox, callbacks: CallbackServer, clock: ManualClock
) -> None:
    sandbox.wecom.callbacks.patience = 0.02
    callbacks.answers = [None, None, None]
    sandbox.wecom.write(TEACHER, "一")
    assert clock.holders == 1
    await clock.until(lambda: clock.holders == 0)
    assert [lost.why for lost in sandbox.wecom.lost] == ["no answer in time"]


async def test_without_a_url_what_people_write_is_lost(sandbox: Sandbox, app: App) -> None:
    sandbox.wecom.write(TEACHER, "有人吗")
    assert [lost.why for lost in sandbox.wecom.lost] == ["no callback URL"]


async def test_one_persons_callbacks_keep_their_order_and_hold_up_nobody(
    sandbox: Sandbox, callbacks: CallbackServer
) -> None:
    slow = asyncio.Event()
    callbacks.answers = [slow]
    sandbox.wecom.write(TEACHER, "一")
    sandbox.wecom.write(TEACHER, "二")
    await callbacks.until(1)
    sandbox.wecom.write(LEADER, "我先")
    await callbacks.until(2)
    slow.set()
    await callbacks.until(3)
    assert [came["Content"] for came in callbacks.came] == ["一", "我先", "二"]


async def test_a_duplicate_comes_twice_with_one_msgid(sandbox: Sandbox, callbacks: CallbackServer) -> None:
    sandbox.wecom.faults.append(Fault("duplicate", times=1))
    sandbox.wecom.write(TEACHER, "一")
    await callbacks.until(2)
    assert callbacks.came[0] == callbacks.came[1]


async def test_callbacks_can_be_held_back_and_come_later(sandbox: Sandbox, callbacks: CallbackServer) -> None:
    sandbox.wecom.faults.append(Fault("silent"))
    sandbox.wecom.write(TEACHER, "一")
    sandbox.wecom.write(LEADER, "二")
    assert callbacks.came == []
    sandbox.wecom.faults.clear()
    await callbacks.until(2)


async def test_every_message_but_a_file_reaches_the_app(sandbox: Sandbox, callbacks: CallbackServer, app: App) -> None:
    sandbox.wecom.photo(TEACHER, plain_png(4, 4))
    sandbox.wecom.voice(TEACHER)
    sandbox.wecom.file(TEACHER, "名单.xlsx", b"PK")
    sandbox.wecom.enter(TEACHER)
    await callbacks.until(3)
    photo, voice, enter = callbacks.came
    assert (photo["MsgType"], voice["MsgType"], voice["Format"]) == ("image", "voice", "amr")
    assert (enter["MsgType"], enter["Event"], "MsgId" in enter) == ("event", "enter_agent", False)
    params = {"access_token": (await app.get_token())["access_token"], "media_id": photo["MediaId"]}
    async with app.session.get(f"{app.root}media/get", params=params) as response:
        assert (response.content_type, await response.read()) == ("image/png", plain_png(4, 4))


async def test_a_submitted_vote_says_what_was_chosen(app: App, sandbox: Sandbox, callbacks: CallbackServer) -> None:
    await app.send(USERID, "template_card", **vote("v"))
    sandbox.wecom.submit(TEACHER, 1, ["o3", "o1"])
    await callbacks.until(1)
    [event] = callbacks.came
    assert (event["EventKey"], event["CardType"], event["TaskId"]) == ("submit:1", "vote_interaction", "v")
    assert event["SelectedItems"] == {"SelectedItem": [{"QuestionKey": "who", "OptionIds": {"OptionId": ["o1", "o3"]}}]}


async def test_several_questions_are_answered_at_once(app: App, sandbox: Sandbox, callbacks: CallbackServer) -> None:
    """A drop-down that was left alone shows its first option, and says so."""
    await app.send(USERID, "template_card", **questions("q", count=2))
    sandbox.wecom.submit(TEACHER, 1, ["q1o2"])
    await callbacks.until(1)
    items = callbacks.came[0]["SelectedItems"]["SelectedItem"]
    assert [(item["QuestionKey"], item["OptionIds"]["OptionId"]) for item in items] == [
        ("q1", ["q1o2"]),
        ("q2", ["q2o1"]),
    ]


async def test_a_cards_own_menu_and_drop_down(app: App, sandbox: Sandbox, callbacks: CallbackServer) -> None:
    options = [{"id": "a", "text": "甲"}, {"id": "b", "text": "乙"}]
    selection = {"question_key": "which", "title": "哪一个", "option_list": options, "selected_id": "b"}
    menu = {"desc": "更多", "action_list": [{"text": "不再提醒", "key": "mute"}]}
    await app.send(USERID, "template_card", **buttons("b", button_selection=selection, action_menu=menu))
    sandbox.wecom.tap(TEACHER, 1, "mute")
    sandbox.wecom.tap(TEACHER, 1, "key:1", choice="a")
    await callbacks.until(2)
    assert [came["Event"] for came in callbacks.came] == ["template_card_menu_event", "template_card_event"]
    chosen = [came["SelectedItems"]["SelectedItem"][0]["OptionIds"]["OptionId"] for came in callbacks.came]
    assert chosen == [["b"], ["a"]]


@pytest.fixture
async def cards(app: App) -> None:
    """1 buttons, 2 a vote for one, 3 a notice; a text is 4."""
    for card in (buttons("b"), vote("v", mode=0), notice()):
        await app.send(USERID, "template_card", **card)
    await app.send(USERID)


@pytest.mark.usefixtures("cards")
async def test_a_phone_does_not_do_what_it_cannot(sandbox: Sandbox) -> None:
    wecom = sandbox.wecom
    for card, data in ((1, "forged"), (2, "o1"), (3, "key:1"), (4, "key:1"), (5, "key:1")):
        with pytest.raises(ValueError, match=r".+"):
            wecom.tap(TEACHER, card, data)
    for card, chosen in ((1, ["key:1"]), (2, ["o9"]), (2, ["o1", "o2"]), (4, [])):
        with pytest.raises(ValueError, match=r".+"):
            wecom.submit(TEACHER, card, chosen)
    for person in (LEADER, STRANGER):
        with pytest.raises(ValueError, match=r".+"):
            wecom.tap(person, 1, "key:1")
    with pytest.raises(ValueError, match="does not have the app"):
        wecom.write(STRANGER, "我不在这里")
    with pytest.raises(ValueError, match="empty"):
        wecom.write(TEACHER, " ")


async def test_who_comes_into_the_visible_range_subscribes(sandbox: Sandbox, callbacks: CallbackServer) -> None:
    wecom = sandbox.wecom
    wecom.set_visible([], [LEADER])
    wecom.set_visible([2])
    wecom.employ(STRANGER, "WangFang", 2)
    wecom.dismiss(STRANGER)
    await callbacks.until(5)
    told = [(came["FromUserName"], came["Event"]) for came in callbacks.came]
    assert sorted(told) == sorted(
        [
            (USERID, "unsubscribe"),
            (USERID, "subscribe"),
            (LEADER_USERID, "unsubscribe"),
            ("WangFang", "subscribe"),
            ("WangFang", "unsubscribe"),
        ]
    )
