"""The practice district as a program of its own, and a person in front of its page."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, Page, expect

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(rb"http://127\.0\.0\.1:\d+/")
MOVING_IN = 60  # real seconds
ASKED = 30  # classes whose cards have come: enough of them begin with nobody left over
SOON = 20_000
A_DAY = 300_000  # milliseconds: a day of fifty-four teachers goes by
STARTED_AT = re.compile(r"07:\d\d")


@asynccontextmanager
async def practice() -> AsyncIterator[str]:
    """`python -m bot demo`, on a port that is free; the address that it prints."""
    program = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "demo", cwd=ROOT, stdout=PIPE)
    try:
        yield await asyncio.wait_for(_address(program), MOVING_IN)
    finally:
        if program.returncode is None:
            program.terminate()
        await program.communicate()


async def _address(program: Process) -> str:
    assert program.stdout is not None
    async for line in program.stdout:
        if found := ADDRESS.search(line):
            return found[0].decode()
    raise AssertionError(f"the demo ended with {await program.wait()} before it said where it is")


class Visitor:
    """Opens chats, presses, writes and moves time, by what the page shows."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def arrive(self, address: str) -> None:
        await self.page.goto(address)
        await expect(self.page.get_by_test_id("clock")).to_have_text(STARTED_AT)

    def people(self, words: str) -> Locator:
        """The rows of the list with these words."""
        return self.page.locator(".person").filter(has_text=words)

    def told(self, who: str, words: str) -> Locator:
        """The rows of people with this duty in whose chat the last that was said has these words."""
        return self.people(who).filter(has=self.page.locator(".person-last", has_text=words))

    def teachers_joined(self) -> Locator:
        """班主任 whose chats are bound."""
        return self.told("班主任", "您已绑定")

    def teachers_asked(self) -> Locator:
        """班主任 in whose chat today's card is the last word."""
        return self.told("班主任", "）晨检")

    async def with_a_card(self, words: str, wanted: int) -> list[str]:
        """The first so many 班主任 whose card says these words: 全员正常 where nobody is left over from the days before
        the practice, 都同昨日 where somebody is."""
        await expect(self.teachers_asked().nth(ASKED)).to_be_attached(timeout=SOON)
        found: list[str] = []
        for teacher in await ids_of(self.teachers_asked()):
            await self.open(teacher)
            if await self.last().get_by_text(words).count():
                found.append(teacher)
            if len(found) == wanted:
                return found
        raise AssertionError(f"only {len(found)} cards say {words}")

    async def open(self, chat: str) -> None:
        """A row by its test id; at phone width the list is a screen of its own."""
        if not await self.page.get_by_test_id(chat).is_visible():
            await self.page.get_by_test_id("back").click()
        await self.page.get_by_test_id(chat).click()

    def last(self) -> Locator:
        """The newest message of the bot in the open chat."""
        return self.page.locator(".message.theirs").last

    async def press(self, label: str | re.Pattern[str]) -> None:
        """The button of that name under the newest message; it may have to be waited for. What comes of it is looked
        at, as people do: another button of the old card would be one that holds no more."""
        button = self.last().get_by_test_id("btn").filter(has_text=label).first
        await button.wait_for()
        before = await self.last().text_content() or ""
        await button.click()
        await expect(self.last()).not_to_have_text(before, timeout=SOON)

    async def write(self, words: str) -> None:
        await self.page.get_by_test_id("composer").fill(words)
        await self.page.get_by_test_id("send").click()

    async def next_event(self) -> None:
        await self.page.get_by_test_id("clock-next").click()

    async def jump(self, hour: str) -> None:
        if not await self.page.get_by_test_id("jump-to").is_visible():
            await self.page.get_by_test_id("more").click()
        await self.page.get_by_test_id("jump-to").fill(hour)
        await self.page.get_by_test_id("jump").click()

    async def leave_until(self, address: str, hour: str) -> None:
        """A day goes by while nobody looks: to show each of its events would be most of the work."""
        await self.page.goto("about:blank")
        jump = {"action": "jump", "to": hour}
        gone = await self.page.request.post(f"{address}api/clock", data=jump, timeout=A_DAY)
        assert gone.ok, await gone.text()
        await self.page.goto(address)
        await expect(self.page.get_by_test_id("clock")).to_have_text(re.compile(hour))

    async def fits(self) -> bool:
        """Nothing scrolls sideways."""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


async def ids_of(rows: Locator) -> list[str]:
    """All at one moment: the list of chats moves while cards still arrive."""
    ids: list[str] = await rows.evaluate_all("rows => rows.map(row => row.dataset.testid)")
    return ids


async def id_of(row: Locator) -> str:
    return await row.get_attribute("data-testid") or ""
