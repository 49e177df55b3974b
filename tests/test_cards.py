"""The card forms of messages, each with the longest names: what WeCom's phones show of a card is second-hand
26, 112 (30 where options are chosen) and 10 characters, and what is longer is said in words instead."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.cards import on_card
from bot.channels import Button
from bot.channels.wecom.cards import LIMITS
from bot.texts import LANGUAGES, Words
from bot.texts.table import table
from handlers.bodies import Body
from handlers.model import Attendance, Entry, Method, PupilRef, Symptom, Text, Urgency, Value, Where, choice, text
from handlers.rules.sums import Sums
from handlers.words import NOTHING, away, day_full, day_short, entry_line, findings, listed
from storage.mail import Due

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
    paged=0,
    tries=0,
    unknown=0,
    put_at=START,
    due_at=START,
    shown_at=None,
    not_after=None,
)
LAST = date(2026, 12, 30)
KLASS, DAY, SHORT_DAY, ROUND = "高三(12)班", day_full(LAST), day_short(LAST), "晨检"
TEACHER, PHONE, MADE_AT = "欧阳老师", "13800000001", "08:12"
OFFICER = text("duty.with_title", duty=text("duty.reporter"), title=TEACHER)
SPAN = text("substitute.span", since=day_short(LAST - timedelta(days=1)), until=SHORT_DAY)
PUPIL = PupilRef("p", 45)
TEMPERATURE = text("temperature.value", degrees="38.5", method=text("method.forehead"))
SEVERE = text("symptom.SEVERE_GI")
HEAD = text("walk.head_supplement", klass=KLASS, day=SHORT_DAY, round=ROUND)
LINE = entry_line(
    Entry("p", Attendance.SICK, 385, Method.FOREHEAD, symptoms=(Symptom.SEVERE_GI,), where=Where.COLLECTED), 45
)
MADE = text("receipt.made", time=MADE_AT, by=TEACHER, timely=text("receipt.on_time"))
SUMS = Sums(expected=60, present=57, sick=1, personal=1, unknown=1, fever=1, unwell=1, listed=3)
ZERO = Sums(expected=60, present=57, personal=3, listed=3)
OBSERVED = text("observation.days", n=12, of=14, until=SHORT_DAY)
CASE = text("observation.line", pupil=PUPIL, what=OBSERVED)
WALK: Mapping[str, Value] = {"head": HEAD, "lines": (), "note": NOTHING, "pupil": PUPIL}
RECEIPT: Mapping[str, Value] = {
    "klass": KLASS,
    "day": SHORT_DAY,
    "round": ROUND,
    "expected": SUMS.expected,
    "present": SUMS.present,
    "away": away(SUMS),
    "made": MADE,
    "told": (),
    "added": NOTHING,
}
CARD: Mapping[str, Value] = {"klass": KLASS, "day": DAY, "round": ROUND, "n": 60, "deadline": "08:30"}
ALERT: Mapping[str, Value] = {
    "kind": text("alert.open", kind=text("alert.kind.fever")),
    "klass": KLASS,
    "seat": 45,
    "temperature": TEMPERATURE,
    "symptoms": SEVERE,
    "where": text("where.collected"),
    "time": "07:51",
    "by": TEACHER,
    "phone": PHONE,
    "revised": NOTHING,
    "state": text("alert.acknowledged", time="07:54", by=OFFICER),
    "todo": text("alert.todo_acknowledged", step=text("alert.recheck")),
}
SCHOOL = "第十二中学高中部"
UNANSWERED: Mapping[str, Value] = {"school": SCHOOL, "klass": KLASS, "seat": 45, "minutes": 30}
PHONES = listed([text("alert.phone", who=one, phone=PHONE) for one in (OFFICER, TEACHER)])
OF_WHOM: Mapping[str, Value] = {
    "school": SCHOOL,
    "lines": (text("alert.line", **ALERT),),
    "which": text("alert.of_whom", klass=KLASS, seat=45),
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
POST: Mapping[str, Value] = {
    "kind": ALERT["kind"],
    "school": SCHOOL,
    "many": NOTHING,
    "lines": (text("alert.line", **ALERT),),
    "clusters": (),
    "told": text("alert.told", who=listed([text("duty.reporter"), text("duty.nurse"), text("duty.principal")])),
    "lost": NOTHING,
}
STAND_IN: Mapping[str, Value] = {
    "title": TEACHER,
    "by": TEACHER,
    "klass": KLASS,
    "span": SPAN,
    "absent": text("substitute.is_away", who=TEACHER),
}
ENTRY_HEAD = text("ledger.head", klass=KLASS, day=DAY, round=ROUND, kind=text("ledger.kind.contradiction"))
EXPLAINED = text("ledger.explained", time=MADE_AT, what=text("ledger.reason.teaching"))
JUDGED = text("ledger.state.counts_by", why=text("ledger.why.platform"), by=TEACHER)
TOMORROW: Mapping[str, Value] = {
    "day": DAY,
    "why": listed(
        [text("tomorrow.first", name=text("settings.vacation")), text("tomorrow.extra", name="国庆节中秋节")]
    ),
    "n": 3500,
    "opens": "07:30",
    "round": ROUND,
    "changed": text("tomorrow.changed", time="18:59", by=TEACHER),
}


@dataclass(frozen=True)
class Form:
    """What a message says at its longest, and whether what it offers are options instead of buttons."""

    values: Mapping[str, Value]
    options: bool = False


LATE: Mapping[str, Value] = {
    "school": "第十二中学",
    "round": ROUND,
    "time": "08:45",
    "due": 9,
    "reported": 8,
    "missing": 1,
    "outage": NOTHING,
    "lines": (text("late.line", n=1, klass=KLASS, who=f"{TEACHER} {PHONE}", state=text("late.reminded", n=2)),),
    "more": NOTHING,
    "turn": text("late.yours", who=TEACHER),
    "then": text("late.phone", summary="09:00"),
}
FORMS: Mapping[str, Form] = {
    "answer.card_over": Form({}),
    "card.prompt": Form(CARD),
    "card.cases": Form({"prompt": Text("card.prompt_cases", CARD), "n": 12, "lines": (CASE,) * 12}, options=True),
    "card.again": Form({**CARD, "earlier": ROUND, "time": "07:40", "lines": (LINE,)}),
    "card.observed": Form({**CARD, "lines": (CASE,)}),
    "card.off": Form({**CARD, "why": text("settings.vacation")}),
    "enrol.welcome": Form({"title": TEACHER, "place": "第十二中学高中部", "classes": KLASS}),
    **{f"follow.{key}": Form(FOLLOW, options=True) for key in ("open", "back", "due", "none")},
    "late.list": Form(LATE),
    "observation.over": Form({"n": 10, "lines": (LINE, LINE)}, options=True),
    "substitute.list_emptied": Form({"klass": KLASS}),
    "receipt.zero": Form({**RECEIPT, "away": away(ZERO), "found": findings(ZERO), "lines": ()}),
    "receipt.listed": Form({**RECEIPT, "found": findings(SUMS), "lines": (LINE,)}),
    "walk.list": Form(
        {
            **WALK,
            "lines": (LINE,),
            "sums": text("walk.sums", expected=60, present=57, away=away(SUMS), found=findings(SUMS)),
            "mismatch": NOTHING,
            "unread": NOTHING,
            "on_leave": (),
            "ask": text("walk.ask_more"),
        }
    ),
    "walk.temperature": Form({**WALK, "method": text("method.forehead")}, options=True),
    "walk.recheck": Form(
        {
            "klass": KLASS,
            "seat": 45,
            "time": "07:51",
            "first": TEMPERATURE,
            "method": text("method.forehead"),
            "note": NOTHING,
        }
    ),
    "walk.recheck_put_off": Form({"klass": KLASS, "seat": 45}),
    "walk.symptoms": Form({**WALK, "so_far": TEMPERATURE}, options=True),
    "walk.where": Form({**WALK, "so_far": TEMPERATURE, "symptoms": SEVERE}),
    "walk.reason": Form(WALK),
    "walk.how": Form(WALK),
    "walk.health": Form({**WALK, "n": 60}),
    "alert.private": Form(ALERT),
    "alert.group": Form(POST),
    "alert.office": Form(POST),
    "alert.unanswered": Form({**UNANSWERED, "phone": PHONE}),
    "alert.unanswered_private": Form({**UNANSWERED, "who": PHONES}),
    "alert.unanswered_over": Form({**UNANSWERED, "state": text("alert.acknowledged", time="07:54", by=OFFICER)}),
    "alert.undelivered": Form({**OF_WHOM, "who": PHONES}),
    "alert.arrived": Form(OF_WHOM),
    "alert.undelivered_over": Form(OF_WHOM),
    "alert.late_post": Form(OF_WHOM),
    "ledger.told_you": Form(
        {
            "head": ENTRY_HEAD,
            "title": TEACHER,
            "what": text("ledger.what.late", due="08:30", at=text("day.hour", day=SHORT_DAY, time=MADE_AT)),
            "explained": (EXPLAINED,),
            "state": JUDGED,
        }
    ),
    "ledger.ask_why": Form({"head": ENTRY_HEAD, "klass": KLASS, "day": "12月30日"}),
    "observation.came": Form({"who": text("observation.pupil", klass=KLASS, pupil=PUPIL), "what": OBSERVED}),
    "substitute.asked": Form(STAND_IN),
    "substitute.you_accepted": Form(
        {
            **STAND_IN,
            "time": MADE_AT,
            "open": (text("substitute.reported", round=ROUND, time=MADE_AT, by=TEACHER, found=findings(SUMS)),),
        }
    ),
    "substitute.you_declined": Form(STAND_IN),
    "substitute.you_ended": Form(STAND_IN),
    "substitute.absent": Form({**STAND_IN, "state": text("substitute.waiting", who=TEACHER)}),
    "substitute.emptied": Form({"klass": KLASS, "day": SHORT_DAY, "round": ROUND}),
    "tomorrow.asks": Form(TOMORROW),
    "tomorrow.nobody": Form(TOMORROW),
}
AGAIN: Sequence[tuple[str, Form]] = (
    (
        "ledger.told_you",
        Form(
            {
                "head": ENTRY_HEAD,
                "title": TEACHER,
                "what": text(
                    "ledger.what.added", pupil=PUPIL, at=MADE_AT, added="10:00", known=text("ledger.known.known")
                ),
                "explained": (),
                "state": text("ledger.state.waiting_look", until=text("day.hour", day=SHORT_DAY, time="09:00")),
            }
        ),
    ),
    ("alert.private", Form({**ALERT, "state": text("alert.passed", time="08:21", who=text("duty.liaison"))})),
)  # what is as long in another state

SHORT_LABEL = re.compile(
    r"face\.(button|where|reason)\..*|button\.(send|back|cancel|correct)|where\.home|reason\.other"
)


def said(language: str, key: str, values: Mapping[str, Value]) -> str:
    return Words(language).render(Text(key, values), name=lambda _: None, author=None, short=True).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_form_is_measured(language: str) -> None:
    assert {key[5:-6] for key in table(language) if re.fullmatch(r"face\..*\.title", key)} == FORMS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("key", "form"), [*FORMS.items(), *AGAIN])
def test_a_message_fits_a_card_with_the_longest_names(key: str, form: Form, language: str) -> None:
    words = Words(language)
    most = LIMITS.options_sub if form.options else LIMITS.sub
    title = said(language, f"face.{key}.title", form.values)
    kinds = [one for one in ("sub", "short", "changed") if words.has(f"face.{key}.{one}")]
    subs = [said(language, f"face.{key}.{one}", form.values) for one in kinds]
    assert len(title) <= LIMITS.title, f"{len(title)}: {title}"
    assert any(len(one) <= most for one in subs), f"{[len(one) for one in subs]}: {subs}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("label", [key for key in table("zh") if SHORT_LABEL.fullmatch(key)])
def test_a_button_of_a_main_message_fits_a_card(label: str, language: str) -> None:
    words = Words(language).say(label, {"earlier": ROUND, "pupil": "45号", "who": "45号"})
    assert len(words) <= LIMITS.label, f"{len(words)}: {words}"


@pytest.mark.parametrize(("name", "stands"), [("王小明", False), (None, True)])
def test_a_label_that_names_a_child_is_on_no_card(name: str | None, stands: bool) -> None:
    """A card is no 保密消息: such choices are numbered under a text, which is."""
    pick = choice(text("return.pick", klass=KLASS, pupil=PUPIL), "cert", "c", "f")
    button = Button(Words("zh").render(pick.label, name=lambda _: name, author=None), pick.does)
    body = Body(text("return.whose"), ((pick,),))
    face, _ = on_card(Words("zh"), body, [[button]], DUE, LIMITS, "", named=False)
    assert (face is not None) is stands


@pytest.mark.parametrize(("key", "stands"), [("alert.group", True), ("alert.office", False)])
def test_without_a_group_no_card_leaves_out_how_each_child_is(key: str, stands: bool) -> None:
    ack = choice(text("button.ack"), "seen", "p", 3)
    body = Body(Text(key, {**POST, "lines": (text("alert.line", **ALERT),) * 3}), ((ack,),))
    face, _ = on_card(Words("zh"), body, [[Button("已知悉", ack.does)]], DUE, LIMITS, "", named=False)
    assert (face is not None) is stands


def test_a_label_that_has_a_form_for_a_card_says_a_seat_there() -> None:
    release = choice(text("button.release", who=text("observation.pupil", klass=KLASS, pupil=PUPIL)), "release", "o")
    button = Button(Words("zh").render(release.label, name=lambda _: "王小明", author=None), release.does)
    body = Body(text("observation.nobody"), ((release,),))
    face, choices = on_card(Words("zh"), body, [[button]], DUE, LIMITS, "", named=False)
    assert face is not None
    assert [one.label for one in choices] == [f"解除 {KLASS} 45号"]
