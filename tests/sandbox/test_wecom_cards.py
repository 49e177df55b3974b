"""Template cards: each kind's form, every limit, and what a phone shows."""

from typing import Any

import pytest

from sandbox import Button, Sandbox
from tests.sandbox.people import TEACHER, USERID
from tests.sandbox.wecom_caller import App, Reply
from tests.sandbox.wecom_cards import Json, buttons, notice, questions, vote

URL = "https://example.org/"
IMAGE: Json = {"card_type": "news_notice", "card_image": {"url": URL}}


def fact(**more: Any) -> Json:
    return {"keyname": "应到", "value": "45", **more}


async def send(app: App, card: Json) -> Reply:
    return await app.send(USERID, "template_card", **card)


@pytest.mark.parametrize(
    "card",
    [
        notice(),
        notice(main_title={}, sub_title_text="只有二级文本"),
        notice(jump_list=[{"type": 1, "title": "看表", "url": URL}] * 3),
        {**notice(), **IMAGE},
        buttons(count=6),
        buttons("t_-@09azAZ" + "x" * 118),
        buttons(horizontal_content_list=[fact()] * 6),
        buttons(button_list=[{"text": "好", "key": "k" * 1024, "style": 4}]),
        vote(count=20),
        vote(count=1, mode=0),
        questions(count=3, options=10),
    ],
)
async def test_what_fits_is_shown(app: App, sandbox: Sandbox, card: Json) -> None:
    reply = await send(app, card)
    assert reply["errcode"] == 0
    assert ("response_code" in reply) == (card["card_type"] not in ("text_notice", "news_notice"))
    assert sandbox.wecom.chat(TEACHER)[0].card == card
    assert sandbox.wecom.cut == []


@pytest.mark.parametrize(
    ("card", "errcode"),
    [
        ({**notice(), "card_type": "button"}, 40058),
        (notice(card_action=None), 42045),
        (notice(card_action={"type": 0}), 42045),
        (notice(card_action={"type": 1}), 42028),
        (notice(main_title={}), 40058),
        (notice(jump_list=[{"title": "看表"}] * 4), 40058),
        (notice(jump_list=[{"type": 1, "title": "看表"}]), 42028),
        (notice(subtitle="x"), 40058),
        (notice(source={"desc": "零报告", "colour": 1}), 40058),
        (notice(card_action={"type": 1, "link": URL}), 40058),
        ({**notice(), "card_type": "news_notice"}, 40058),
        (buttons(""), 42014),
        (buttons("中"), 42014),
        (buttons("a b"), 42014),
        (buttons("x" * 129), 42014),
        (buttons(count=7), 40058),
        (buttons(replace_text="只在更新时有"), 40058),
        (buttons(button_list=[]), 40058),
        (buttons(button_list=[{"text": "好"}]), 40058),
        (buttons(button_list=[{"text": "", "key": "k"}]), 40058),
        (buttons(button_list=[{"text": "好", "key": "k" * 1025}]), 40058),
        (buttons(button_list=[{"text": "好", "key": "k", "style": 5}]), 40058),
        (buttons(main_title={"desc": "无标题"}), 40058),
        (buttons(horizontal_content_list=[fact()] * 7), 40058),
        (buttons(horizontal_content_list=[fact(keyname="")]), 40058),
        (buttons(horizontal_content_list=[fact(type=1)]), 40058),
        (vote(count=21), 40058),
        (vote(count=0), 40058),
        (vote(mode=2), 40058),
        (vote(submit_button=None), 40058),
        (vote(submit_button={"text": "提交", "key": ""}), 40058),
        (questions(count=4), 40058),
        (questions(options=11), 40058),
        (questions(count=0), 40058),
        (questions(select_list=questions()["select_list"][:1] * 2), 40058),
    ],
)
async def test_what_breaks_the_form_is_refused(app: App, sandbox: Sandbox, card: Json, errcode: int) -> None:
    reply = await send(app, {name: value for name, value in card.items() if value is not None})
    assert reply["errcode"] == errcode
    assert sandbox.wecom.chat(TEACHER) == ()


async def test_a_task_id_is_used_once(app: App) -> None:
    assert (await send(app, buttons("t1")))["errcode"] == 0
    assert (await send(app, vote("t1")))["errcode"] == 42014
    assert (await send(app, vote("t2")))["errcode"] == 0


async def test_what_is_too_long_for_a_phone_is_cut_and_a_list_says_so(app: App, sandbox: Sandbox) -> None:
    long = buttons(
        main_title={"title": "题" * 27, "desc": "述" * 31},
        sub_title_text="文" * 113,
        button_list=[{"text": "钮" * 11, "key": "k"}],
        horizontal_content_list=[fact(keyname="名" * 6, value="值" * 27)],
    )
    await send(app, long)
    [message] = sandbox.wecom.chat(TEACHER)
    assert message.text == f"{'题' * 26}\n{'述' * 30}\n{'文' * 112}"
    assert message.keyboard == ((Button("钮" * 10, "k"),),)
    told = {cut.field: (cut.limit, cut.length) for cut in sandbox.wecom.cut}
    assert told == {
        "main_title.title": (26, 27),
        "main_title.desc": (30, 31),
        "sub_title_text": (112, 113),
        "button_list.text": (10, 11),
        "horizontal_content_list.keyname": (5, 6),
        "horizontal_content_list.value": (26, 27),
    }


async def test_a_vote_shows_its_options_and_its_submit_button(app: App, sandbox: Sandbox) -> None:
    await send(app, vote(count=2))
    rows = sandbox.wecom.chat(TEACHER)[0].keyboard
    assert [(row[0].text, row[0].data) for row in rows] == [("1号", "o1"), ("2号", "o2"), ("提交", "submit:1")]
