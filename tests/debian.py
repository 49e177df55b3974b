"""Installs Debian's packages for tests, where this account may."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence


def apt_get() -> list[str] | None:
    """How this account calls apt-get, if it may install without being asked for a password."""
    if not (program := shutil.which("apt-get")):
        return None
    if os.geteuid() == 0:
        return [program]
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", program]
    return None


def install(packages: list[str]) -> None:
    if (apt := apt_get()) is None:
        return
    print("Installing", *packages, flush=True)
    # a server that comes with a package is not to be started: to Debian's invoke-rc.d this is a machine at rest
    quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run([*apt, "-qq", *command], env=quietly, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            return


def provide(name: str, find: Callable[[], str | None], packages: Sequence[str], missing: str) -> int:
    """Installs what is lacking and says where it is. 0 when the tests may start. Without CI they start anyway: only
    those that need it will fail."""
    if packages:
        install([*packages])
    if found := find():
        print(f"{name}:", found)
        return 0
    print(missing, file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0
