"""What people type is shown as they typed it, and is never part of the page."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.practice import Visitor, id_of, practice

TYPED = "<img src=x onerror=\"document.title='out'\"><b>3号</b> & <script>document.title='out'</script>"


@pytest.mark.timeout(150)
async def test_html_that_a_teacher_types_stays_text_and_is_covered_until_it_is_tapped(desk: Page) -> None:
    async with practice() as address:
        visitor = Visitor(desk)
        await visitor.arrive(address)
        title = await desk.title()
        await visitor.open(await id_of(visitor.teachers_joined().first))

        await visitor.write(TYPED)

        mine = desk.locator(".message.mine").last
        await expect(mine).to_contain_text(TYPED)
        await expect(visitor.last()).to_contain_text(
            "<b>3号</b>", timeout=20_000
        )  # the bot quotes what it did not read
        cover = visitor.last().get_by_test_id("spoiler")
        await expect(cover.locator(".spoiler-text")).to_be_hidden()
        await cover.click()
        await expect(cover.locator(".spoiler-text")).to_be_visible()
        assert await desk.locator(".message img, .message b, .message script, .list img, .list script").count() == 0
        assert await desk.title() == title
