"""Finds systemd-analyze for the test of the units; as a program (`make systemd`) installs Debian's where that is
allowed."""

import os
import shutil
import sys

from tests.debian import install

MISSING = "There is no systemd-analyze for the test of deploy/: install Debian's package `systemd`."


def find() -> str | None:
    return shutil.which("systemd-analyze")


def main() -> int:
    """0 when the tests may start. Without CI they start anyway: only that of the units will fail."""
    if not find():
        install(["systemd"])
    if found := find():
        print("Units:", found)
        return 0
    print(MISSING, file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
