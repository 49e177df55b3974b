"""Finds nginx for the day of several machines; as a program (`make nginx`) installs Debian's where that is allowed."""

import shutil
import sys

from tests.debian import provide

ALSO = "/usr/sbin"  # which is not on everybody's PATH
MISSING = "There is no nginx for the test of the load balancer: install Debian's package `nginx`."


def find() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path=ALSO)


def main() -> int:
    return provide("Load balancer", find, [] if find() else ["nginx"], MISSING)


if __name__ == "__main__":
    sys.exit(main())
