"""Shows the bot to somebody who has a minute: its pictures, and its chats at phone width, as PNG in a folder.

`make pictures`. The pictures are drawn by the bot's own pen from sample numbers; the chats are those of the practice
district, in real Chromium, with a teacher played by hand.
"""

import argparse
import asyncio
import re
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from playwright.async_api import Locator, expect

from bot.charts import draw_morning
from bot.texts import Words
from tests.browser.opened import PHONE, browsing, faultless
from tests.browser.practice import Visitor, id_of, practice
from tests.charts.samples import samples

PICTURES = ("three_schools", "not_ready", "nobody_reported", "outage", "135_schools", "135_schools_bad_day")
SHARP = replace(PHONE, sharpness=2)
PLAYED = 90_000  # milliseconds: an hour and a half with fifty-four teachers
SOON = 20_000
SCROLL = """(message, block) => {
  message.scrollIntoView({ block });
  document.getElementById("log").scrollBy(0, block === "end" ? 12 : -12);
}"""


class Shoot(Protocol):
    """A photograph of the screen; `show` says which end of the message, or of the newest one, is on it."""

    async def __call__(self, name: str, show: str = "end", message: Locator | None = None) -> None: ...


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("pictures"), help="folder for the pictures")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    draw(out)
    asyncio.run(photograph(out))


def draw(out: Path) -> None:
    """今日晨检一览, in the cases that are hardest to read."""
    for name in PICTURES:
        picture = samples()[name]
        (out / f"summary_{name}.png").write_bytes(draw_morning(picture, Words(picture.language).say))


async def photograph(out: Path) -> None:
    """The chats of one morning, in the order of the day."""
    async with browsing() as browser, faultless(browser, SHARP) as page, practice() as address:
        visitor = Visitor(page)

        async def shoot(name: str, show: str = "end", message: Locator | None = None) -> None:
            await page.mouse.move(0, 0)  # no button looks as if it were pressed
            await expect(page.get_by_test_id("toast")).to_be_hidden()
            await page.wait_for_timeout(400)  # what has just come in is drawn to its end
            message = message or visitor.last()
            if await message.count():
                await message.evaluate(SCROLL, show)
            await page.screenshot(path=out / f"chat_{name}.png", animations="disabled")

        await visitor.arrive(address)
        await visitor.next_event()
        await expect(visitor.teachers_asked().nth(3)).to_be_visible(timeout=SOON)
        await shoot("0_everybody")
        walking, writing = await visitor.with_a_card("全员正常", 2)
        (following,) = await visitor.with_a_card("都同昨日", 1)
        await _a_walk(visitor, walking, shoot)
        await _the_reporter_hears(visitor, shoot)
        await _a_parent_asks(visitor, shoot)
        await _a_sentence(visitor, writing, shoot)
        await _yesterday(visitor, following, shoot)
        await _the_leaders_read(visitor, shoot)


async def _a_walk(visitor: Visitor, teacher: str, shoot: Shoot) -> None:
    """From the card to the receipt of a fever."""
    await visitor.open(teacher)
    await shoot("1_card")
    await visitor.press("有异常")
    pupil = visitor.last().get_by_test_id("btn").filter(has_text=re.compile(r"^7号"))
    await expect(pupil).to_be_visible()
    await shoot("2_walk_names", "start")
    await pupil.click()
    await _asked(visitor, "体温多少", shoot, "3_walk_temperature")
    await visitor.press("38.5")
    await _asked(visitor, "还有什么症状", shoot, "4_walk_symptoms")
    await visitor.press("咳嗽")
    await visitor.press("选好了")
    await _asked(visitor, "孩子现在在哪里", shoot, "5_walk_where")
    await visitor.press("在校留观")
    await expect(visitor.last()).to_contain_text("核对无误请点「发送」", timeout=SOON)
    await shoot("6_walk_review", "start")
    await visitor.press("发送")
    await _asked(visitor, "✅ 已报", shoot, "7_receipt_fever")


async def _asked(visitor: Visitor, words: str, shoot: Shoot, name: str) -> None:
    await expect(visitor.last()).to_contain_text(words, timeout=SOON)
    await shoot(name)


async def _the_reporter_hears(visitor: Visitor, shoot: Shoot) -> None:
    """The 疫情报告人 of the pupil's own school, whichever school's card came first."""
    reporter = visitor.told("疫情报告人", "🔴 发热提醒").first
    await expect(reporter).to_be_attached(timeout=SOON)
    await visitor.open(await id_of(reporter))
    await _asked(visitor, "🔴 发热提醒", shoot, "8_fever_alert")


async def _a_parent_asks(visitor: Visitor, shoot: Shoot) -> None:
    """Whoever is no member of staff gets one sentence and no data."""
    await visitor.page.get_by_test_id("back").click()
    await visitor.people("家长").first.click()
    await visitor.write("请问三(2)班今天有几个发烧的？")
    await _asked(visitor, "不对外提供信息", shoot, "9_refusal")


async def _yesterday(visitor: Visitor, teacher: str, shoot: Shoot) -> None:
    """A card that begins with who was away, and what one tap makes of it."""
    await visitor.page.get_by_test_id("back").click()
    await visitor.open(teacher)
    await shoot("13_card_cases")
    await visitor.press("都同昨日")
    await expect(visitor.last()).not_to_contain_text("昨天还没结束的", timeout=SOON)
    await shoot("14_as_before")


async def _a_sentence(visitor: Visitor, teacher: str, shoot: Shoot) -> None:
    """The line that the card teaches, read back: on a phone its words and 发送 are on the screen together."""
    await visitor.page.get_by_test_id("back").click()
    await visitor.open(teacher)
    await visitor.write("3号同学38.5去医院了，17号同学事假")
    await _asked(visitor, "核对无误", shoot, "10_sentence_review")


async def _the_leaders_read(visitor: Visitor, shoot: Shoot) -> None:
    """The post of 09:00: the picture, then the caption below it."""
    await visitor.page.get_by_test_id("back").click()
    group = await id_of(visitor.people("领导小组").first)
    await visitor.open(group)
    await visitor.jump("09:00")
    await visitor.page.get_by_test_id("more").click()
    post = visitor.page.locator(".message").filter(has=visitor.page.get_by_test_id("photo")).first
    await expect(post).to_be_visible(timeout=PLAYED)
    await post.locator("img").evaluate("image => image.decode()")
    await shoot("11_leaders_picture", "start", post)
    await shoot("12_leaders_caption", "end", post)


if __name__ == "__main__":
    main()
