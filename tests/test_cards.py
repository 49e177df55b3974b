"""The card forms of the main messages, each with the longest names: what WeCom's phones show of a card is second-hand
26, 112 (30 where options are chosen) and 10 characters, and what is longer is said in words instead."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from bot.cards import on_card
from bot.channels import Button
from bot.channels.wecom.cards import LIMITS
from bot.texts import Words
from handlers.bodies import Body
from handlers.model import PupilRef, Text, Urgency, Value, choice, text
from handlers.words import NOTHING, literal
from storage.mail import Due

WORDS = Words("zh")
START = datetime(2026, 8, 31, 23, 30, tzinfo=UTC)
DUE = Due(
    key="m",
    address="wecom:U1",
    channel="wecom",
    native="U1",
    private=True,
    person="p",
    language="zh",
    body="",
    want=1,
    shown=0,
    ref=None,
    edit_code=None,
    urgency=Urgency.REPLY,
    fresh=False,
    typed=False,
    quiet=False,
    tries=0,
    unknown=0,
    put_at=START,
    due_at=START,
    shown_at=None,
    not_after=None,
)
KLASS, DAY, ROUND = "高三(12)班", "12月30日（周三）", "晨检"
SHORT_DAY, TEACHER, OFFICER, PHONE = "12月30日", "欧阳老师", "疫情报告人 欧阳老师", "13800000001"
PUPIL = PupilRef("p", 45)
TEMPERATURE = text("temperature.value", degrees="38.5", method=text("method.forehead"))
HEAD = text("walk.head_supplement", klass=KLASS, day=SHORT_DAY, round=ROUND)
LINE = literal("45号 38.5℃（额温），剧烈呕吐或腹泻，病假，已接回")
MADE = text("receipt.made", time="08:12", by=TEACHER, timely=text("receipt.on_time"))
SUMS = text("walk.sums", expected=60, present=57, away=literal("（病1，事1，原因未明1）"), found=literal("发热1"))
WALK: Mapping[str, Value] = {"head": HEAD, "lines": (), "note": NOTHING, "pupil": PUPIL}
ALERT: Mapping[str, Value] = {
    "kind": text("alert.open", kind=text("alert.kind.both")),
    "klass": KLASS,
    "seat": 45,
    "temperature": TEMPERATURE,
    "symptoms": text("symptom.SEVERE_GI"),
    "where": text("where.school"),
    "time": "07:51",
    "by": TEACHER,
    "phone": PHONE,
    "revised": NOTHING,
    "state": text("alert.acknowledged", time="07:54", by=OFFICER),
    "todo": text("alert.todo_acknowledged", step=text("alert.recheck")),
}
FOLLOW: Mapping[str, Value] = {
    "title": TEACHER,
    "n": 10,
    "rest": text("follow.rest", n=10),
    "time": "10:00",
    "lines": (LINE,),
    "done": (),
    "more": NOTHING,
}
FORMS: Mapping[str, tuple[Mapping[str, Value], bool]] = {
    "card.prompt": ({"klass": KLASS, "day": DAY, "round": ROUND, "n": 60, "deadline": "08:30"}, False),
    "card.again": (
        {
            "klass": KLASS,
            "day": DAY,
            "round": "午检",
            "n": 60,
            "deadline": "14:15",
            "earlier": ROUND,
            "time": "07:40",
            "lines": (literal("45号 咳嗽，病假，居家"),),
        },
        False,
    ),
    **{f"follow.{key}": (FOLLOW, True) for key in ("open", "back", "due", "none")},
    "observation.over": ({"n": 10, "lines": (LINE, LINE)}, True),
    "receipt.zero": (
        {
            "klass": KLASS,
            "day": SHORT_DAY,
            "round": ROUND,
            "expected": 60,
            "present": 58,
            "away": literal("（病1，事1）"),
            "found": literal("无异常"),
            "lines": (),
            "made": MADE,
            "told": (),
            "added": (),
        },
        False,
    ),
    "receipt.listed": (
        {
            "klass": KLASS,
            "day": SHORT_DAY,
            "round": ROUND,
            "expected": 60,
            "present": 59,
            "away": literal("（病1）"),
            "found": literal("发热1"),
            "lines": (LINE,),
            "made": MADE,
            "told": (),
            "added": (),
        },
        False,
    ),
    "walk.list": (
        {
            **WALK,
            "lines": (LINE,),
            "sums": SUMS,
            "mismatch": NOTHING,
            "unread": NOTHING,
            "on_leave": (),
            "ask": text("walk.ask_more"),
        },
        False,
    ),
    "walk.temperature": ({**WALK, "method": text("method.forehead")}, True),
    "walk.symptoms": ({**WALK, "so_far": TEMPERATURE}, True),
    "walk.where": ({**WALK, "so_far": TEMPERATURE, "symptoms": text("symptom.SEVERE_GI")}, False),
    "walk.reason": (WALK, False),
    "walk.how": (WALK, False),
    "alert.private": (ALERT, False),
    "alert.group": (
        {
            "kind": ALERT["kind"],
            "school": "第十二中学高中部",
            "many": NOTHING,
            "lines": (
                literal("高三(12)班 45号　38.5℃（额温）　07:51报\n症状：剧烈呕吐或腹泻　去向：在校留观\n○ 等待知悉"),
            ),
            "clusters": (),
            "told": text("alert.told", who=literal("疫情报告人、校医、校长")),
            "lost": (),
        },
        False,
    ),
}


def said(key: str, values: Mapping[str, Value]) -> str:
    return WORDS.render(Text(key, values), name=lambda _: None, author=None, short=True).strip()


@pytest.mark.parametrize("key", FORMS)
def test_a_main_message_fits_a_card_with_the_longest_names(key: str) -> None:
    values, options = FORMS[key]
    most = LIMITS.options_sub if options else LIMITS.sub
    title = said(f"face.{key}.title", values)
    subs = [said(f"face.{key}.{form}", values) for form in ("sub", "short") if WORDS.has(f"face.{key}.{form}")]
    assert len(title) <= LIMITS.title, f"{len(title)}: {title}"
    assert any(len(one) <= most for one in subs), f"{[len(one) for one in subs]}: {subs}"


@pytest.mark.parametrize(
    "label",
    [
        "face.button.zero",
        "face.button.as_before",
        "face.button.me_well",
        "face.button.same",
        *(f"face.button.{learnt}" for learnt in ("wechat", "no_answer", "temperature", "more")),
        *(
            "button.ill",
            "button.send",
            "button.change_list",
            "button.back",
            "button.cancel",
            "button.correct",
            "button.supplement",
        ),
        *(f"where.{place}" for place in ("school", "collected", "hospital", "home")),
        *(f"reason.{why}" for why in ("mistake", "rechecked", "parent", "other")),
    ],
)
def test_a_button_of_a_main_message_fits_a_card(label: str) -> None:
    words = WORDS.say(label, {"pupil": "45号", "earlier": ROUND})
    assert len(words) <= LIMITS.label, f"{len(words)}: {words}"


@pytest.mark.parametrize(("name", "stands"), [("王小明", False), (None, True)])
def test_a_label_that_names_a_child_is_on_no_card(name: str | None, stands: bool) -> None:
    """A card is no 保密消息: such choices are numbered under a text, which is."""
    pick = choice(text("return.pick", klass=KLASS, pupil=PUPIL), "cert", "c", "f")
    button = Button(WORDS.render(pick.label, name=lambda _: name, author=None), pick.does)
    body = Body(text("return.whose"), ((pick,),))
    face, _ = on_card(WORDS, body, [[button]], DUE, LIMITS, "", named=False)
    assert (face is not None) is stands


def test_a_label_that_has_a_form_for_a_card_says_a_seat_there() -> None:
    release = choice(text("button.release", who=text("observation.pupil", klass=KLASS, pupil=PUPIL)), "release", "o")
    button = Button(WORDS.render(release.label, name=lambda _: "王小明", author=None), release.does)
    body = Body(text("observation.nobody"), ((release,),))
    face, choices = on_card(WORDS, body, [[button]], DUE, LIMITS, "", named=False)
    assert face is not None
    assert [one.label for one in choices] == [f"解除 {KLASS} 45号"]
