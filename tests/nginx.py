"""Finds nginx for the day of several machines; as a program (`make nginx`) installs Debian's where that is allowed.
Where there is none the bench balances by itself."""

import shutil

from tests.debian import provide

ALSO = "/usr/sbin"  # which is not on everybody's PATH
MISSING = "There is no nginx: the bench's own load balancer is tested alone. Debian's package is `nginx`."


def find() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path=ALSO)


def main() -> None:
    provide("Load balancer", find, [] if find() else ["nginx"], MISSING)


if __name__ == "__main__":
    main()
