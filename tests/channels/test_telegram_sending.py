"""What the Telegram channel shows, edits, removes and answers, against the strict sandbox over HTTP."""

from datetime import timedelta

import pytest

from bot.channels import (
    Button,
    ChannelError,
    Command,
    Gone,
    Refused,
    Rendered,
    Shown,
    TryLater,
    Unauthorized,
    Unknown,
    Unreachable,
)
from bot.channels.telegram import Telegram
from bot.clock import SteppedClock
from handlers.values import replace
from sandbox import Fault, Message, Sandbox
from sandbox.faults import Kind
from sandbox.pictures import plain_png
from tests.channels.conftest import LEADERS, TEACHER

BUTTONS = ((Button("✅ 全员正常（零报告）", "zero:k1:2"), Button("有异常", "unwell:k1:2")), ())
CARD = Rendered("三(2)班 · 应到45人", BUTTONS)
RECEIPT = Rendered("✅ 已报 · 三(2)班")
PICTURE = Rendered("【学区晨检】", photo=plain_png(60, 80))
WORKBOOK = Rendered("导出", file=("晨检 9月1日.xlsx", b"PK\x03\x04"))


def last(sandbox: Sandbox, chat: int = TEACHER) -> Message:
    return [message for message in sandbox.chat(chat) if message.sender == 0][-1]


async def test_a_card_is_shown_with_its_buttons_by_one_call(sandbox: Sandbox, telegram: Telegram) -> None:
    before = len(sandbox.journal)
    ref = (await telegram.show(str(TEACHER), CARD, None)).ref
    shown = last(sandbox)
    assert ref == f"{TEACHER}:{shown.id}"
    assert shown.text == CARD.text
    assert [[(button.text, button.data) for button in row] for row in shown.keyboard] == [
        [(button.label, button.does) for button in BUTTONS[0]]
    ]
    assert not shown.silent
    assert not shown.protected
    assert [call.method for call in sandbox.journal[before:]] == ["sendMessage"]


async def test_a_card_becomes_the_receipt_by_one_edit(sandbox: Sandbox, telegram: Telegram) -> None:
    ref = (await telegram.show(str(TEACHER), CARD, None)).ref
    before = len(sandbox.journal)
    assert await telegram.show(str(TEACHER), RECEIPT, ref) == Shown(ref)
    shown = last(sandbox)
    assert (shown.text, shown.keyboard) == (RECEIPT.text, ())
    assert [revision.text for revision in shown.revisions] == [CARD.text]
    assert [call.method for call in sandbox.journal[before:]] == ["editMessageText"]


async def test_words_are_shown_as_they_are_and_no_link_is_unfolded(sandbox: Sandbox, telegram: Telegram) -> None:
    words = "<b>三(2)班</b> *45* _人_ https://example.org &amp;"
    await telegram.show(str(TEACHER), Rendered(words), None)
    assert last(sandbox).text == words
    assert sandbox.journal[-1].params["link_preview_options"] == {"is_disabled": True}


async def test_the_same_once_more_is_no_error(telegram: Telegram) -> None:
    for message in (CARD, PICTURE):
        ref = (await telegram.show(str(TEACHER), message, None)).ref
        assert await telegram.show(str(TEACHER), message, ref) == Shown(ref)


async def test_a_message_can_be_silent_and_protected(sandbox: Sandbox, telegram: Telegram) -> None:
    for message in (CARD, PICTURE, WORKBOOK):
        await telegram.show(
            str(TEACHER), Rendered(message.text, (), message.photo, message.file, silent=True, protected=True), None
        )
        assert last(sandbox).silent
        assert last(sandbox).protected


def under_spoilers(message: Message) -> list[str]:
    wide = message.text.encode("utf-16-le")
    spans = [(2 * one.offset, 2 * (one.offset + one.length)) for one in message.entities if one.kind == "spoiler"]
    return [wide[begin:end].decode("utf-16-le") for begin, end in spans]


@pytest.mark.parametrize("shape", [CARD, PICTURE, WORKBOOK], ids=["text", "picture", "file"])
async def test_what_no_locked_screen_may_show_is_under_a_spoiler_when_sent_and_when_edited(
    sandbox: Sandbox, telegram: Telegram, shape: Rendered
) -> None:
    ref = (await telegram.show(str(TEACHER), replace(shape, text="👉学生：17号 𠮷小明", hidden=((9, 4),)))).ref
    assert under_spoilers(last(sandbox)) == ["𠮷小明"]
    both = replace(shape, text="𠮷小明，李雷", hidden=((0, 4), (5, 2)))
    assert await telegram.show(str(TEACHER), both, ref) == Shown(ref)
    assert under_spoilers(last(sandbox)) == ["𠮷小明", "李雷"]
    await telegram.show(str(TEACHER), replace(shape, text="没有人"), ref)
    assert under_spoilers(last(sandbox)) == []


async def test_where_there_are_more_names_than_telegram_keeps_entities_none_is_left_bare(
    sandbox: Sandbox, telegram: Telegram
) -> None:
    names = [f"王{chr(0x4E00 + n)}" for n in range(130)]
    await telegram.show(str(TEACHER), Rendered("，".join(names), hidden=tuple((3 * n, 2) for n in range(130))), None)
    covered = "".join(under_spoilers(last(sandbox)))
    assert len(last(sandbox).entities) == 100
    assert all(name in covered for name in names)


async def test_a_picture_and_its_caption_are_edited_in_one_call(sandbox: Sandbox, telegram: Telegram) -> None:
    ref = (await telegram.show(str(LEADERS), PICTURE, None)).ref
    first = last(sandbox, LEADERS)
    assert ref == f"{LEADERS}:{first.id}:p"
    before = len(sandbox.journal)
    newer = Rendered("更新于 09:12", BUTTONS, photo=plain_png(90, 80))
    assert await telegram.show(str(LEADERS), newer, ref) == Shown(ref)
    shown = last(sandbox, LEADERS)
    assert (shown.id, shown.text) == (first.id, "更新于 09:12")
    assert shown.photo is not None
    assert sandbox.file(shown.photo) == newer.photo
    assert shown.button("有异常").data == "unwell:k1:2"
    assert [call.method for call in sandbox.journal[before:]] == ["editMessageMedia"]


async def test_a_workbook_keeps_its_chinese_name(sandbox: Sandbox, telegram: Telegram) -> None:
    ref = (await telegram.show(str(TEACHER), WORKBOOK, None)).ref
    assert ref.endswith(":d")
    await telegram.show(str(TEACHER), Rendered("更新", file=("晨检 9月1日.xlsx", b"PK\x03\x04 newer")), ref)
    document = last(sandbox).document
    assert document is not None
    assert sandbox.stored(document).name == "晨检 9月1日.xlsx"
    assert sandbox.file(document) == b"PK\x03\x04 newer"


@pytest.mark.parametrize(("first", "second"), [(CARD, PICTURE), (PICTURE, CARD), (PICTURE, WORKBOOK)])
async def test_a_text_does_not_become_a_picture(telegram: Telegram, first: Rendered, second: Rendered) -> None:
    ref = (await telegram.show(str(TEACHER), first, None)).ref
    with pytest.raises(Gone):
        await telegram.show(str(TEACHER), second, ref)


async def test_a_ref_of_another_chat_is_gone(sandbox: Sandbox, telegram: Telegram) -> None:
    ref = (await telegram.show(str(LEADERS), CARD, None)).ref
    moved = sandbox.migrate(LEADERS)
    with pytest.raises(Gone):
        await telegram.show(str(moved), CARD, ref)


async def test_an_edit_of_a_message_that_is_gone_says_so(telegram: Telegram) -> None:
    ref = (await telegram.show(str(TEACHER), CARD, None)).ref
    await telegram.remove(ref)
    with pytest.raises(Gone):
        await telegram.show(str(TEACHER), RECEIPT, ref)


async def test_an_old_picture_taken_for_a_text_is_sent_anew(telegram: Telegram) -> None:
    """A tap on a message older than two days does not tell what the message holds."""
    ref = (await telegram.show(str(TEACHER), PICTURE, None)).ref
    with pytest.raises(Gone):
        await telegram.show(str(TEACHER), RECEIPT, ref.removesuffix(":p"))


async def test_removing_twice_is_no_error_and_after_two_days_is_refused(
    sandbox: Sandbox, telegram: Telegram, clock: SteppedClock
) -> None:
    ref = (await telegram.show(str(TEACHER), CARD, None)).ref
    kept = (await telegram.show(str(TEACHER), CARD, None)).ref
    await telegram.remove(ref)
    await telegram.remove(ref)
    assert [message.deleted for message in sandbox.chat(TEACHER) if message.sender == 0] == [True, False]
    await clock.advance_to(clock.now() + timedelta(hours=49))
    with pytest.raises(Refused):
        await telegram.remove(kept)


@pytest.mark.parametrize(
    "message",
    [
        Rendered("字" * 4097),
        Rendered("😀" * 2049),
        Rendered("字" * 1025, photo=plain_png(60, 80)),
    ],
)
async def test_what_is_too_long_is_refused_without_a_call(
    sandbox: Sandbox, telegram: Telegram, message: Rendered
) -> None:
    before = len(sandbox.journal)
    with pytest.raises(Refused):
        await telegram.show(str(TEACHER), message, None)
    assert len(sandbox.journal) == before


@pytest.mark.parametrize(
    "message",
    [
        Rendered(""),
        Rendered("x", ((Button("label", "d" * 65),),)),
        Rendered("x", ((Button("", "data"),),)),
        Rendered("x", photo=b"no picture"),
    ],
)
async def test_what_telegram_refuses_for_good_is_refused(telegram: Telegram, message: Rendered) -> None:
    with pytest.raises(Refused):
        await telegram.show(str(TEACHER), message, None)


@pytest.mark.parametrize("words", ["字" * 4096, "😀" * 2048])
async def test_the_longest_text_is_shown(sandbox: Sandbox, telegram: Telegram, words: str) -> None:
    await telegram.show(str(TEACHER), Rendered(words), None)
    assert last(sandbox).text == words


async def test_who_cannot_be_written_to_is_unreachable(sandbox: Sandbox, telegram: Telegram) -> None:
    sandbox.add_person(102, "陈老师")
    sandbox.add_group(-600, "别的群", [TEACHER], bot_in=False)
    ref = (await telegram.show(str(TEACHER), CARD, None)).ref
    sandbox.block(TEACHER)
    for native, known in ((str(TEACHER), None), (str(TEACHER), ref), ("102", None), ("103", None), ("-600", None)):
        with pytest.raises(Unreachable) as caught:
            await telegram.show(native, RECEIPT, known)
        assert caught.value.moved_to is None
    sandbox.kick_bot(LEADERS, TEACHER)
    with pytest.raises(Unreachable):
        await telegram.show(str(LEADERS), CARD, None)


async def test_a_group_that_moved_tells_its_new_id(sandbox: Sandbox, telegram: Telegram) -> None:
    ref = (await telegram.show(str(LEADERS), CARD, None)).ref
    moved = sandbox.migrate(LEADERS)
    for known in (None, ref):
        with pytest.raises(Unreachable) as caught:
            await telegram.show(str(LEADERS), RECEIPT, known)
        assert caught.value.moved_to == str(moved)
    assert (await telegram.show(str(moved), CARD, None)).ref.startswith(f"{moved}:")


async def test_too_many_messages_are_told_to_wait(telegram: Telegram) -> None:
    for _ in range(20):
        await telegram.show(str(LEADERS), CARD, None)
    with pytest.raises(TryLater) as caught:
        await telegram.show(str(LEADERS), CARD, None)
    assert 0 < caught.value.seconds <= 60
    assert not caught.value.whole


@pytest.mark.parametrize(
    ("kind", "when", "error"),
    [
        ("500", "before", Unknown),
        ("500", "after", Unknown),
        ("502", "after", Unknown),
        ("drop", "before", Unknown),
        ("drop", "after", Unknown),
        ("timeout", "after", Unknown),
        ("401", "before", Unauthorized),
        ("429", "before", TryLater),
        ("403", "before", Unreachable),
    ],
)
async def test_a_call_that_may_have_worked_is_unknown(
    sandbox: Sandbox, telegram: Telegram, kind: Kind, when: str, error: type[ChannelError]
) -> None:
    sandbox.faults.append(Fault(kind, when="after" if when == "after" else "before", times=1))
    with pytest.raises(error):
        await telegram.show(str(TEACHER), CARD, None)
    assert (last(sandbox).text == CARD.text) if when == "after" else len(sandbox.chat(TEACHER)) == 1


async def test_a_tap_is_answered(sandbox: Sandbox, telegram: Telegram) -> None:
    await telegram.show(str(TEACHER), CARD, None)
    taps = [sandbox.tap(TEACHER, TEACHER, last(sandbox).id, "zero:k1:2") for _ in range(3)]
    await telegram.answer(str(taps[0].id), None, loud=False)
    await telegram.answer(str(taps[1].id), "已报", loud=False)
    await telegram.answer(str(taps[2].id), "😀" * 200, loud=True)
    answers = [tap.answer for tap in taps]
    assert [answer and (answer.text, answer.show_alert) for answer in answers] == [
        ("", False),
        ("已报", False),
        ("😀" * 99 + "…", True),
    ]


async def test_a_tap_that_is_too_old_is_gone(sandbox: Sandbox, telegram: Telegram, clock: SteppedClock) -> None:
    await telegram.show(str(TEACHER), CARD, None)
    tap = sandbox.tap(TEACHER, TEACHER, last(sandbox).id, "zero:k1:2")
    await clock.advance_to(clock.now() + timedelta(seconds=151))
    with pytest.raises(Gone):
        await telegram.answer(str(tap.id), "已报", loud=False)


async def test_menus_are_set_for_one_chat_or_for_all_of_a_kind(sandbox: Sandbox, telegram: Telegram) -> None:
    menu = {"zh": [Command("report", "报告")], "en": [Command("report", "Report")]}
    await telegram.menus(str(TEACHER), True, menu)
    await telegram.menus(None, True, menu)
    await telegram.menus(None, False, {"zh": []})
    assert sandbox.world.menus == {
        ("chat", TEACHER, 0, ""): (("report", "报告"),),
        ("chat", TEACHER, 0, "en"): (("report", "Report"),),
        ("all_private_chats", 0, 0, ""): (("report", "报告"),),
        ("all_private_chats", 0, 0, "en"): (("report", "Report"),),
        ("all_group_chats", 0, 0, ""): (),
    }


async def test_time_stands_still_while_a_call_is_on_its_way(
    sandbox: Sandbox, telegram: Telegram, clock: SteppedClock
) -> None:
    begun = clock.now()
    sandbox.faults.append(Fault("slow", delay=0.05, times=1))
    clock.speed = 3600
    await telegram.show(str(TEACHER), CARD, None)
    assert last(sandbox).date - begun < timedelta(hours=1)
    assert sandbox.journal[-1].at == last(sandbox).date


async def test_the_platforms_hour_is_known_after_a_call(
    sandbox: Sandbox, telegram: Telegram, clock: SteppedClock
) -> None:
    await clock.advance_to(clock.now() + timedelta(minutes=7))
    await telegram.show(str(TEACHER), CARD, None)
    assert telegram.platform_time == clock.now()
    assert telegram.ahead == timedelta(0)
