"""Finds systemd-analyze for the test of the units; as a program (`make systemd`) installs Debian's where that is
allowed."""

import shutil
import sys

from tests.debian import provide

MISSING = "There is no systemd-analyze for the test of deploy/: install Debian's package `systemd`."


def find() -> str | None:
    return shutil.which("systemd-analyze")


def main() -> int:
    return provide("Units", find, [] if find() else ["systemd"], MISSING)


if __name__ == "__main__":
    sys.exit(main())
