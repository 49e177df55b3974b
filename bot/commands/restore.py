"""`restore`: a backup into a database that is empty; then what it cannot know must be asked again."""

import asyncio
import tarfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.backup import locking
from bot.backup.archive import DATABASE, FILES, Manifest, NotOurs
from bot.backup.examining import Examined, examined, held_against
from bot.backup.locking import Locked
from bot.backup.workplace import AtWork, workplace
from bot.clock import Clock
from bot.commands import Say
from bot.commands.backup import opened
from bot.config import Config
from bot.listener import gap
from bot.machine import MachineError
from bot.texts import Words
from bot.vault import Vault
from handlers.outages import RESTORED
from handlers.plain import stamp, unstamp
from storage import Storage, Tx, copying, open_storage, progress
from storage.connected import transact
from storage.inbox import put
from storage.sqlite import open_writer
from storage.vitals import touched


async def restore(
    config: Config, clock: Clock, file: Path, passphrase: Callable[[], str], words: Words, say: Say
) -> None:
    """`passphrase` is asked where the file wants one. Raises MachineError, StorageError, OSError; then the database is
    as empty as before."""
    try:
        locked = await asyncio.to_thread(locking.is_locked, file)
    except (tarfile.TarError, EOFError) as error:
        raise MachineError(words.say("backup.not_ours", {"file": str(file), "why": type(error).__name__})) from error
    storage = await open_storage(config.storage.url)
    try:
        await storage.read(lambda tx: _insist_on_empty(tx, words))
        with workplace(config.storage) as room:
            folder = room / "opened"
            manifest = await _unpacked(file, passphrase() if locked else None, folder, words)
            _insist(await examined(folder, manifest), words)
            await _put_back(storage, Vault(config.storage.files), folder, manifest, clock.now(), words)
        _insist(await storage.read(lambda tx: held_against(tx, _more(tx, manifest))), words)
    except AtWork as error:
        raise MachineError(words.say("backup.at_work", {"folder": str(error)})) from error
    finally:
        await storage.close()
    made = unstamp(manifest.made_at).astimezone(config.zone)
    say(words.say("backup.restored", {"file": str(file), "made": f"{made:%Y-%m-%d %H:%M}"}))
    say(words.say("backup.next", {"made": f"{made:%Y-%m-%d %H:%M}"}))


async def _unpacked(file: Path, passphrase: str | None, folder: Path, words: Words) -> Manifest:
    try:
        return await asyncio.to_thread(opened, file, passphrase, folder)
    except Locked as error:
        raise MachineError(words.say("backup.passphrase_wrong", {"file": str(file)})) from error
    except NotOurs as error:
        raise MachineError(words.say("backup.not_ours", {"file": str(file), "why": str(error)})) from error


async def _put_back(
    storage: Storage, vault: Vault, folder: Path, manifest: Manifest, now: datetime, words: Words
) -> None:
    """The certificates first: those that no row speaks of yet are nobody's, rows without theirs would be wrong."""
    await asyncio.to_thread(_keep_files, vault, folder, manifest)

    def rows(tx: Tx) -> None:
        _insist_on_empty(tx, words)
        source = open_writer(folder / DATABASE)
        try:
            transact(source, lambda copy: copying.pour(copy, tx))
        finally:
            source.close()
        _tell(tx, now)

    await storage.run(rows)


def _keep_files(vault: Vault, folder: Path, manifest: Manifest) -> None:
    for id in manifest.files:
        vault.keep(id, (folder / FILES / id).read_bytes())


def _tell(tx: Tx, now: datetime) -> None:
    """What came in since the backup was confirmed to the platforms, which do not send it again: it is told of and asked
    for as after a time in which nobody listened. From now on the platforms' own gap counts."""
    last = touched(tx)
    put(tx, [gap(channel, since, now, RESTORED) for channel, since in last.items()], now)
    for channel in last:
        progress.keep(tx, f"{progress.TOUCH}{channel}", stamp(now))


def _more(tx: Tx, manifest: Manifest) -> Manifest:
    """With the rows of what is told."""
    told = len(touched(tx))
    rows = {**manifest.rows}
    for table in ("inbox", "seen"):
        rows[table] += told
    return Manifest(manifest.made_at, rows, manifest.files)


def _insist_on_empty(tx: Tx, words: Words) -> None:
    if not copying.is_empty(tx):
        raise MachineError(words.say("backup.not_empty"))


def _insist(found: Examined, words: Words) -> None:
    if found.wrong is not None:
        key, values = found.wrong
        raise MachineError(words.say("backup.not_whole", {"what": words.say(f"backup.wrong.{key}", values)}))
