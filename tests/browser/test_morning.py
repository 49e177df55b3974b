"""A morning on the chat page, in real Chromium: teachers report, the leaders see it, the clerk sees who is missing."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.practice import Visitor, id_of, practice

PLAYED = 240_000  # milliseconds: an hour and a half with fifty-four teachers


@pytest.mark.timeout(480)
async def test_teachers_report_and_the_leaders_see_the_picture(phone: Page, tmp_path: Path) -> None:
    async with practice() as address:
        visitor = Visitor(phone)
        await visitor.arrive(address)
        await a_slow_press(phone)
        well, ill = await visitor.with_a_card("全员正常", 2)
        assert await visitor.fits()

        await one_tap(visitor, well)
        klass, seat, name = await a_walk(visitor, ill)
        await phone.screenshot(path=tmp_path / "receipt.png")

        group = await id_of(visitor.people("领导小组").first)
        await the_group_hears(visitor, group, klass, seat, name)
        await visitor.jump("09:00")
        await the_picture_is_there(visitor)
        await phone.screenshot(path=tmp_path / "picture.png")
        assert name not in await phone.get_by_test_id("log").inner_text()

        await the_clerk_asks(visitor)
        await phone.screenshot(path=tmp_path / "late.png")


async def a_slow_press(page: Page) -> None:
    """下一事件, while the page draws the button's words anew under the finger: it counts all the same."""
    words = page.locator(".next-at")
    async with asyncio.timeout(20):
        while (box := await words.bounding_box()) is None:
            pass  # drawn anew just then
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.down()
    await words.evaluate("words => { words.dataset.old = 'yes' }")
    await expect(page.locator(".next-at[data-old]")).to_have_count(0, timeout=20_000)
    await page.mouse.up()


async def one_tap(visitor: Visitor, teacher: str) -> None:
    """全员正常 turns the very message into the receipt."""
    await visitor.open(teacher)
    card = await id_of(visitor.last())
    before = await visitor.page.locator(".message").count()

    await visitor.press("全员正常")

    await expect(visitor.page.get_by_test_id(card)).to_contain_text("✅ 已报")
    await expect(visitor.page.get_by_test_id(card)).to_contain_text("零报告")
    await expect(visitor.page.get_by_test_id(card).get_by_test_id("btn").filter(has_text="订正")).to_be_visible()
    assert await visitor.page.locator(".message").count() == before
    assert await visitor.fits()


async def a_walk(visitor: Visitor, teacher: str) -> tuple[str, str, str]:
    """A pupil with 38.5, from the picker to the receipt: class, seat and name as the buttons say them."""
    await visitor.open(teacher)
    card = await id_of(visitor.last())
    klass = (re.search(r"(\S+) · ", await visitor.last().inner_text()) or ["", ""])[1].removeprefix("【演练】")
    await visitor.press("有异常")
    pupil = visitor.last().get_by_test_id("btn").filter(has_text=re.compile(r"^7号")).first
    seat, _, name = (await pupil.inner_text()).partition(" ")
    assert name
    assert await visitor.fits()

    await pupil.click()
    await visitor.press("38.5")
    await visitor.press("没有其他症状")
    await visitor.press("在校留观")
    await visitor.press("发送")

    await expect(visitor.page.get_by_test_id(card)).to_contain_text("✅ 已报")
    await expect(visitor.page.get_by_test_id(card)).to_contain_text("38.5℃")
    return klass, seat, name


async def the_group_hears(visitor: Visitor, group: str, klass: str, seat: str, name: str) -> None:
    """Class and seat, and never a name."""
    await visitor.open(group)
    alert = visitor.page.locator(".message").filter(has_text="发热提醒").filter(has_text=klass).filter(has_text=seat)
    await expect(alert.first).to_be_visible(timeout=20_000)
    assert name not in await visitor.page.get_by_test_id("log").inner_text()


async def the_picture_is_there(visitor: Visitor) -> None:
    """Loaded, sharp enough to read, with its caption."""
    post = visitor.page.locator(".message").filter(has=visitor.page.get_by_test_id("photo"))
    await expect(post.first).to_be_visible(timeout=PLAYED)
    await expect(post.first).to_contain_text("应报53班")  # one is closed at a quarter to eight
    picture = post.first.locator("img")
    await picture.evaluate("image => image.decode()")
    assert await picture.evaluate("image => image.naturalWidth") > 1000
    assert await visitor.fits()


async def the_clerk_asks(visitor: Visitor) -> None:
    """/late, with who is to be phoned."""
    await visitor.page.get_by_test_id("back").click()
    await visitor.open(await id_of(visitor.people("疫情报告人").first))
    await expect(visitor.last()).to_be_visible()
    lists = visitor.page.locator(".message.theirs").filter(has_text=re.compile(r"应报\d+班，已报\d+班，还差\d+班"))
    before = await lists.count()

    await visitor.write("/late")

    await expect(lists).to_have_count(before + 1, timeout=20_000)
    await expect(visitor.page.locator(".message.mine").last).to_contain_text("/late")
    assert await visitor.fits()
