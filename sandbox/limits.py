"""Telegram's limits: sizes of what is sent, and how much of it may be sent in a while.

Sizes: core.telegram.org/bots/api. Rates: "about 30 messages a second over all, one a second in one chat with
short bursts, 20 a minute in one group" (core.telegram.org/bots/faq); the exact windows are not published, these
are on the strict side. Edits count over all and in groups, not against a private chat's second.
"""

import math
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.errors import bad_request, too_many

TEXT = 4096  # UTF-16 units
CAPTION = 1024  # UTF-16 units
RAW_TEXT = 1 << 15  # bytes, before entities are parsed
ENTITIES = 100
CALLBACK_DATA = 64  # bytes
BUTTONS = 100
BUTTONS_A_ROW = 8
MARKUP = 10_240  # bytes of its JSON
ANSWER_TEXT = 200
PHOTO = 10 << 20  # bytes
DOCUMENT = 50 << 20  # bytes
DOWNLOAD = 20 << 20  # bytes
PHOTO_SIDES = 10_000  # width + height, pixels
PHOTO_RATIO = 20
COMMANDS = 100
COMMAND_NAME = 32
COMMAND_DESCRIPTION = 256

MESSAGE_LIFE = timedelta(hours=24)
PLACE_LIFE = timedelta(hours=1)  # of what getFile told: core.telegram.org/bots/api#getfile
TAP_LIFE = timedelta(seconds=150)
DELETABLE = timedelta(hours=48)
ACCESSIBLE = timedelta(hours=48)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Window:
    """At most `count` in any `seconds`."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    overall: Window = Window(30, 1)
    private: Window = Window(5, 5)
    group: Window = Window(20, 60)


TELEGRAM = Limits()


class Sliding:
    """Counts what was let through under each key, in sliding windows on the clock that is passed in."""

    def __init__(self) -> None:
        self._passed: dict[Hashable, deque[datetime]] = {}

    def wait(self, key: Hashable, window: Window, now: datetime) -> float:
        """Seconds until there is room; 0 when there is."""
        passed = self._passed.setdefault(key, deque())
        span = timedelta(seconds=window.seconds)
        while passed and passed[0] <= now - span:
            passed.popleft()
        if len(passed) < window.count:
            return 0.0
        return (passed[0] + span - now).total_seconds()

    def count(self, key: Hashable, now: datetime) -> None:
        self._passed.setdefault(key, deque()).append(now)


class Flood:
    """What Telegram lets a bot send."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._sent = Sliding()

    def spend(self, chat: int, now: datetime, *, edit: bool) -> None:
        """Raises 429 with the whole seconds to wait; what is refused is not counted."""
        windows = [(0, self.limits.overall)]
        if chat < 0:
            windows.append((chat, self.limits.group))
        elif not edit:
            windows.append((chat, self.limits.private))
        wait = max(self._sent.wait(key, window, now) for key, window in windows)
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        for key, _ in windows:
            self._sent.count(key, now)


def check_picture(width: int, height: int) -> None:
    """Telegram refuses pictures it cannot read, long strips, and more than 10,000 px of width plus height."""
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
