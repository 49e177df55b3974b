"""A backup under a passphrase, in the format of the program `age`, which opens it without us.

age encrypts a stream for a key, and only what fits into memory under a passphrase. So each backup has a key of its own,
which is what the passphrase locks: `tar xf FILE` gives key.age and backup.tar.gz.age, and
`age -d -i key.age backup.tar.gz.age` asks for the passphrase."""

import io
import tarfile
from pathlib import Path
from typing import IO, Final

import pyrage

from bot.backup.archive import put

KEY: Final = "key.age"
CONTENT: Final = "backup.tar.gz.age"
LARGEST_KEY: Final = 64 * 1024  # bytes


class Locked(Exception):
    """The passphrase is not the one, or the file is not whole."""


def lock(plain: Path, locked: Path, passphrase: str, work: Path) -> None:
    """Makes `locked`; `work` is a folder of our own."""
    identity = pyrage.x25519.Identity.generate()
    content = work / CONTENT
    with plain.open("rb") as source, content.open("xb") as target:
        pyrage.encrypt_io(source, target, [identity.to_public()])
    key = pyrage.passphrase.encrypt(str(identity).encode(), passphrase)
    with tarfile.open(locked, "x:") as outside:
        put(outside, KEY, io.BytesIO(key), len(key))
        with content.open("rb") as source:
            put(outside, CONTENT, source, content.stat().st_size)
    content.unlink()


def is_locked(file: Path) -> bool:
    """Whether it wants a passphrase. Raises tarfile.TarError for what is none of ours."""
    with tarfile.open(file) as outside:
        return outside.next() is not None and outside.getnames()[0] == KEY


def unlock(locked: Path, plain: Path, passphrase: str) -> None:
    """Raises Locked."""
    try:
        with tarfile.open(locked) as outside, plain.open("xb") as target:
            key = _member(outside, KEY).read(LARGEST_KEY)
            identity = pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(key, passphrase).decode())
            pyrage.decrypt_io(_member(outside, CONTENT), target, [identity])
    except (pyrage.DecryptError, pyrage.IdentityError, tarfile.TarError, OSError, ValueError) as error:
        raise Locked(type(error).__name__) from error


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(archive.getmember(name))
    if found is None:
        raise tarfile.ReadError(name)
    return found
