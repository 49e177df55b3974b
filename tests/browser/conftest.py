"""A real Chromium for the page's tests: `phone` and `desk` are pages of the two widths it is made for."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Route, async_playwright

from tests.browser import chromium

LOOPBACK = ("127.0.0.1", "localhost")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Fails, never skips, where there is no browser."""
    if (program := chromium.find()) is None:
        pytest.fail(chromium.MISSING, pytrace=False)
    # Chromium's own sandbox refuses to run as root, which is what a container's user is
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        await running.close()


@asynccontextmanager
async def faultless(browser: Browser, *, width: int, height: int) -> AsyncIterator[Page]:
    """A page that must raise no script error and ask nothing of any other machine."""
    faults: list[str] = []

    async def at_home(route: Route) -> None:
        if urlsplit(route.request.url).hostname in LOOPBACK:
            await route.continue_()
        else:
            faults.append(f"asked for {route.request.url}")
            await route.abort()

    page = await browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.route("**/*", at_home)
    yield page
    await page.close()
    assert faults == []


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    async with faultless(browser, width=390, height=844) as page:
        yield page


@pytest.fixture
async def desk(browser: Browser) -> AsyncIterator[Page]:
    async with faultless(browser, width=1280, height=800) as page:
        yield page
