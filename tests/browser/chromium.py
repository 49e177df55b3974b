"""Finds the browser for the page's tests; as a program (`make chromium`) installs Debian's where that is allowed."""

import os
import shutil
import subprocess
import sys

from tests.debian import provide

NAMES = ("chromium", "chromium-browser", "google-chrome")
# what a font must be able to write → Debian's package of one: Chinese, and the red dot of an alert
FONTS = {":lang=zh": "fonts-noto-cjk", ":charset=1f534": "fonts-noto-color-emoji"}
MISSING = "There is no Chromium for the browser tests: install Debian's package `chromium` or let CHROMIUM name one."


def find() -> str | None:
    """The path of a Chromium: the one that CHROMIUM names, else the first on PATH."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def missing_fonts() -> list[str]:
    """Debian's packages for what would be empty boxes on screenshots; all of them where nothing can tell."""
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        return ["fontconfig", *FONTS.values()]
    return [
        package
        for pattern, package in FONTS.items()
        if not subprocess.run([fc_list, pattern], capture_output=True, check=False).stdout
    ]


def main() -> int:
    return provide("Browser", find, [*([] if find() else ["chromium"]), *missing_fonts()], MISSING)


if __name__ == "__main__":
    sys.exit(main())
