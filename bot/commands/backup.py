"""`backup`: a copy of everything while the bot runs, found whole before it gets its name."""

import asyncio
import filecmp
import os
import re
import shutil
import stat
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from msgspec import Struct

from bot.backup import locking
from bot.backup.archive import DATABASE, Manifest, pack, unpack
from bot.backup.examining import Examined, examined
from bot.backup.workplace import AtWork, workplace
from bot.clock import Clock
from bot.commands import Say
from bot.config import Config, StorageSection
from bot.machine import MachineError
from bot.texts import Words
from bot.vault import Vault
from handlers.plain import stamp
from storage import Storage, Tx, copying, open_storage, progress, wanted
from storage.progress import BACKED_UP

PLAIN, LOCKED = ".tar.gz", ".locked.tar"
NAMED: Final = re.compile(r"zero-report-\d{8}-\d{6}(\.tar\.gz|\.locked\.tar)")
SHORTEST: Final = 12  # characters of a passphrase


class Order(Struct, frozen=True):
    """`to`: a folder, or a file whose name ends in .tar.gz or .tar. `passphrase`: None leaves it in the clear. `keep`:
    so many of the folder's, the newest; None keeps all."""

    to: Path
    passphrase: str | None
    keep: int | None


async def backup(config: Config, clock: Clock, order: Order, words: Words, say: Say) -> None:
    """Raises MachineError, StorageError, OSError; then there is no new backup, and the old ones are all there."""
    now = clock.now()
    target = _target(order, now, config.zone)
    if await asyncio.to_thread(target.exists):
        raise MachineError(words.say("backup.exists", {"file": str(target)}))
    storage = await open_storage(config.storage.url)
    try:
        with workplace(config.storage) as room:
            made = await _made(storage, config.storage, now, room, words)
            file = await asyncio.to_thread(_locked, made.file, order.passphrase, room)
            whole = await _opened(file, order.passphrase, room, words)
            await asyncio.to_thread(_deliver, file, target)
        await storage.run(lambda tx: progress.keep(tx, BACKED_UP, stamp(now)))
    except AtWork as error:
        raise MachineError(words.say("backup.at_work", {"folder": str(error)})) from error
    finally:
        await storage.close()
    counted = {"file": str(target), "facts": whole.facts, "seals": whole.seals, "files": len(made.manifest.files)}
    say(words.say("backup.made" if order.passphrase is None else "backup.made_locked", counted))
    if made.missing:
        say(words.say("backup.missing", {"n": len(made.missing), "folder": str(config.storage.files)}))
    if order.keep is not None:
        gone = await asyncio.to_thread(_prune, target.parent, order.keep)
        say(words.say("backup.pruned", {"n": order.keep, "gone": gone}))


def passphrase_in(file: Path, words: Words) -> str:
    """Raises MachineError where others may read it, too."""
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise MachineError(words.say("backup.open_to_others", {"file": str(file)}))
    return file.read_text(encoding="utf-8").strip()


def strong(passphrase: str, words: Words) -> str:
    """Raises MachineError for one that is too short to keep anybody out."""
    if len(passphrase) < SHORTEST:
        raise MachineError(words.say("backup.weak", {"n": SHORTEST}))
    return passphrase


def _target(order: Order, now: datetime, zone: tzinfo) -> Path:
    if order.to.name.endswith((".tar.gz", ".tar")):
        return order.to
    end = PLAIN if order.passphrase is None else LOCKED
    return order.to / f"zero-report-{now.astimezone(zone):%Y%m%d-%H%M%S}{end}"


class _Made(Struct, frozen=True):
    file: Path
    manifest: Manifest
    missing: frozenset[str]  # certificates that rows speak of and that are not in their folder


async def _made(storage: Storage, section: StorageSection, now: datetime, room: Path, words: Words) -> _Made:
    def copied(tx: Tx) -> Manifest:
        if copying.is_empty(tx):
            raise MachineError(words.say("backup.nothing"))
        copying.into_file(tx, room / DATABASE)
        return Manifest(stamp(now), copying.counts(tx), tuple(sorted(wanted.kept(tx))))

    said = await storage.read(copied)
    file = room / f"made{PLAIN}"
    packed = await asyncio.to_thread(pack, room, said, Vault(section.files), file)
    still = await storage.read(wanted.kept)  # what has been let go meanwhile is not missed
    await asyncio.to_thread((room / DATABASE).unlink)
    return _Made(file, packed, (frozenset(said.files) - frozenset(packed.files)) & still)


def _locked(plain: Path, passphrase: str | None, room: Path) -> Path:
    if passphrase is None:
        return plain
    locked = room / f"made{LOCKED}"
    locking.lock(plain, locked, passphrase, room)
    plain.unlink()
    return locked


async def _opened(file: Path, passphrase: str | None, room: Path, words: Words) -> Examined:
    """As a restore would open it. Raises MachineError."""
    folder = room / "opened"
    manifest = await asyncio.to_thread(opened, file, passphrase, folder)
    found = await examined(folder, manifest)
    await asyncio.to_thread(shutil.rmtree, folder)
    if found.wrong is not None:
        key, values = found.wrong
        raise MachineError(words.say("backup.not_whole", {"what": words.say(f"backup.wrong.{key}", values)}))
    return found


def opened(file: Path, passphrase: str | None, folder: Path) -> Manifest:
    """Unpacked into a new folder. Raises Locked, NotOurs."""
    folder.mkdir(mode=0o700)
    if passphrase is None:
        return unpack(file, folder)
    plain = folder / f"plain{PLAIN}"
    locking.unlock(file, plain, passphrase)
    try:
        return unpack(plain, folder)
    finally:
        plain.unlink()


def _deliver(made: Path, target: Path) -> None:
    """Whole or not at all, for its owner alone from the first byte. Raises OSError."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    with made.open("rb") as source, open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(source, out)
        out.flush()
        os.fsync(out.fileno())
    if not filecmp.cmp(made, part, shallow=False):
        raise OSError(f"{target.parent} does not give back what is written to it.")
    part.rename(target)


def _prune(folder: Path, keep: int) -> int:
    """How many have gone. What is not a backup's name stays."""
    ours = sorted((one for one in folder.iterdir() if NAMED.fullmatch(one.name)), key=lambda one: one.name)
    old = ours[: max(0, len(ours) - keep)]
    for one in old:
        one.unlink()
    return len(old)
