"""A real Chromium for the page's tests: `phone` and `desk` are pages of the two widths it is made for."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from tests.browser.opened import DESK, PHONE, browsing, faultless
from tests.sandbox.conftest import app, callbacks, clock, sandbox

__all__ = ["app", "browser", "callbacks", "clock", "desk", "phone", "sandbox"]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Fails, never skips, where there is no browser."""
    async with browsing() as running:
        yield running


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    async with faultless(browser, PHONE) as page:
        yield page


@pytest.fixture
async def desk(browser: Browser) -> AsyncIterator[Page]:
    async with faultless(browser, DESK) as page:
        yield page
