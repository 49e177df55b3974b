"""A real Chromium, and pages in it of the widths that the chat page is made for."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, Route, async_playwright

from tests.browser import chromium

LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Screen:
    """CSS pixels, and how many real ones each has."""

    width: int
    height: int
    sharpness: float = 1


PHONE, DESK = Screen(390, 844), Screen(1280, 800)


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Raises FileNotFoundError where there is no browser."""
    if (program := chromium.find()) is None:
        raise FileNotFoundError(chromium.MISSING)
    # Chromium's own sandbox refuses to run as root, which is what a container's user is
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        await running.close()


@asynccontextmanager
async def faultless(browser: Browser, screen: Screen) -> AsyncIterator[Page]:
    """A page that must raise no script error and ask nothing of any other machine."""
    faults: list[str] = []

    async def at_home(route: Route) -> None:
        if urlsplit(route.request.url).hostname in LOOPBACK:
            await route.continue_()
        else:
            faults.append(f"asked for {route.request.url}")
            await route.abort()

    page = await browser.new_page(
        viewport={"width": screen.width, "height": screen.height},
        device_scale_factor=screen.sharpness,
        locale="zh-CN",
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.route("**/*", at_home)
    yield page
    await page.close()
    assert faults == []
