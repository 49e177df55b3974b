"""What is in a backup: the database as one SQLite file, whatever kind it was, the certificates, and what there is to
count. Packed as tar.gz."""

import io
import json
import shutil
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from msgspec import Struct
from msgspec.structs import asdict

from bot.vault import NAME, Vault
from handlers.values import replace

DATABASE: Final = "database.db"
MANIFEST: Final = "manifest.json"
FILES: Final = "files"


class NotOurs(Exception):
    """No backup of this program's, or not a whole one."""


class Manifest(Struct, frozen=True):
    """`made_at`: the instant of which the rows tell. `rows`: table → how many. `files`: the certificates."""

    made_at: str
    rows: Mapping[str, int]
    files: tuple[str, ...]


def pack(folder: Path, manifest: Manifest, vault: Vault, archive: Path) -> Manifest:
    """`folder` holds the database, `manifest` names the certificates that are wanted; those that are there are packed,
    and named in what is returned. Raises OSError."""
    there = []
    with tarfile.open(archive, "x:gz") as packed:
        packed.add(folder / DATABASE, DATABASE, filter=_nobodys)
        for id in manifest.files:
            with suppress(FileNotFoundError):
                _put(packed, f"{FILES}/{id}", vault.read(id))
                there.append(id)
        whole = replace(manifest, files=tuple(there))
        _put(packed, MANIFEST, json.dumps(asdict(whole), indent=2).encode())
    return whole


def unpack(archive: Path, folder: Path) -> Manifest:
    """Only what may be in one, each file for this user alone. Raises NotOurs."""
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for member in packed:
                _take(packed, member, folder)
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(str(said["made_at"]), dict(said["rows"]), tuple(said["files"]))
    except (tarfile.TarError, OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise NotOurs(type(error).__name__) from error
    there = [path.name for path in folder.glob(f"{FILES}/*")]
    if not (folder / DATABASE).exists() or sorted(there) != sorted(manifest.files):
        raise NotOurs("something of it is missing")
    return manifest


def put(packed: tarfile.TarFile, name: str, source: IO[bytes], size: int) -> None:
    """A file for its owner alone."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    packed.addfile(member, source)


def _put(packed: tarfile.TarFile, name: str, data: bytes) -> None:
    put(packed, name, io.BytesIO(data), len(data))


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """It does not matter whose it was here."""
    member.uid, member.gid, member.uname, member.gname, member.mode = 0, 0, "", "", 0o600
    return member


def _take(packed: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """A name is never a path that leads elsewhere."""
    above, _, name = member.name.rpartition("/")
    known = (above == "" and name in (DATABASE, MANIFEST)) or (above == FILES and NAME.fullmatch(name))
    source = packed.extractfile(member) if known and member.isfile() else None
    if source is None:
        raise NotOurs(f"{member.name!r} is in it")
    path = folder / member.name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("xb") as target:
        shutil.copyfileobj(source, target)
