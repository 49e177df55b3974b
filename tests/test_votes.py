"""What is ticked on a card of WeCom's and sent off: nothing, 选好了 alone, ticks and 取消. All of it is answered."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from bot.channels import Heard
from bot.channels.wecom import WeCom
from bot.channels.wecom.reading import SEVERAL, tapped
from bot.meaning import meant
from sandbox import Message
from storage import Tx
from tests.small_district import PHONES
from tests.stack import Stack, hour

TEACHER = "张敏"
COUGH, RASH = "咳嗽", "皮疹"


class Vote:
    """The card of one pupil's symptoms, in front of its teacher."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    async def begins(self) -> None:
        await self._stack.go(hour("07:31"))
        self.press("有异常")
        await self._stack.settle()
        await self.says("17号")
        await self.says("36.8")

    async def says(self, words: str) -> None:
        self._stack.write(TEACHER, words)
        await self._stack.settle()

    def press(self, label: str) -> None:
        self._stack.phones.press(PHONES[TEACHER], PHONES[TEACHER], label)

    @property
    def card(self) -> Message:
        return [one for one in self._stack.sandbox.wecom.chat(PHONES[TEACHER]) if one.card][-1]

    def ticked(self) -> list[str]:
        box = self.card.card["checkbox"]
        assert isinstance(box, dict)
        return [one["text"] for one in box["option_list"] if one["is_checked"]]

    async def submit(self, *labels: str) -> None:
        """As the phone does: exactly what is ticked now."""
        box = self.card.card["checkbox"]
        assert isinstance(box, dict)
        chosen = [one["id"] for one in box["option_list"] if one["text"].startswith(labels)] if labels else []
        assert len(chosen) == len(labels)
        self._stack.sandbox.wecom.submit(PHONES[TEACHER], self.card.id, chosen)
        await self._stack.settle()

    async def back(self) -> None:
        """To the symptoms, as they were chosen."""
        self.press("返回")
        await self._stack.settle()

    def last(self) -> str:
        return self._stack.chat(TEACHER)[-1].text

    async def drafts(self) -> list[str]:
        return [str(row["body"]) for row in await self._stack.rows("SELECT body FROM draft")]


@pytest.fixture
async def vote(tmp_path: Path) -> AsyncIterator[Vote]:
    stack = Stack(f"sqlite:///{tmp_path}/zero.db", on="wecom")
    try:
        await stack.open()
        vote = Vote(stack)
        await vote.begins()
        yield vote
        assert not await stack.set_aside()
    finally:
        await stack.close()


async def test_nothing_chosen_is_answered_and_the_same_card_can_be_sent_again(vote: Vote) -> None:
    asked = vote.card.id
    await vote.submit()
    assert vote.last().startswith("一项也没选，没有提交任何内容")
    assert vote.card.id == asked
    await vote.submit(COUGH)
    [draft] = await vote.drafts()
    assert "COUGH" in draft


async def test_done_alone_is_none_also_where_some_were_ticked_before(vote: Vote) -> None:
    await vote.submit(COUGH, RASH)
    await vote.back()
    assert vote.ticked() == [COUGH, RASH]
    await vote.submit("选好了")
    [draft] = await vote.drafts()
    assert "COUGH" not in draft
    assert "RASH" not in draft


@pytest.mark.parametrize("leave", ["cancel:k1:3", "health:20260901:0:x::again"])
def test_ticks_with_cancel_are_cancelled(leave: str) -> None:
    """Whoever marks 取消 beside them means it; no row is asked."""
    heard = tapped(Heard("ZhangMin", "ZhangMin", True, ""), SEVERAL, ["sym:k1:3:COUGH", f"!{leave}"])
    said = meant(cast(Tx, None), heard, "wecom", WeCom.can, hour("08:00")).heard
    assert (said.verb, *said.args) == tuple(leave.split(":"))


async def test_ticks_with_back_ask_what_was_asked_before(vote: Vote) -> None:
    await vote.submit(COUGH, "← 返回")
    [draft] = await vote.drafts()
    assert "COUGH" not in draft
    assert "体温" in vote.last()
