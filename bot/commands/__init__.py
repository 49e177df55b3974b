"""What the command line does, a file a subject; bot/__main__.py names the commands and their options."""

import os
from collections.abc import Callable

from bot.texts import Words

Say = Callable[[str], None]


def words() -> Words:
    """Chinese, unless the machine speaks English."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return Words("en" if spoken.startswith("en") else "zh")
