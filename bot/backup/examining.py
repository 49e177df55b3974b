"""Whether a backup that has been unpacked is whole: opened, counted, and its seals checked."""

from pathlib import Path

from msgspec import Struct

from bot.backup.archive import DATABASE, Manifest
from storage import Tx, audit, copying, open_storage, soundness


class Examined(Struct, frozen=True):
    """`wrong`: what is not as it should be, a key of backup.wrong with its values; None where all is well."""

    facts: int
    seals: int
    wrong: tuple[str, dict[str, object]] | None = None


async def examined(folder: Path, manifest: Manifest) -> Examined:
    """Raises StorageError where it cannot even be opened."""
    url = f"sqlite:///{folder / DATABASE}"
    storage = await open_storage(url)
    try:
        return await storage.read(lambda tx: _examined(tx, url, manifest))
    finally:
        await storage.close()


def _examined(tx: Tx, url: str, manifest: Manifest) -> Examined:
    if faults := soundness.faults(tx, url):
        return Examined(0, 0, ("unsound", {"what": "; ".join(faults)}))
    return held_against(tx, manifest)


def held_against(tx: Tx, manifest: Manifest) -> Examined:
    """The rows of an open database."""
    found = audit.verify(tx)
    if found.broken is not None:
        return Examined(found.facts, found.seals, ("seals", {"seal": found.broken.seal, "lane": found.broken.lane}))
    there = copying.counts(tx)
    for table, many in manifest.rows.items():
        if there.get(table) != many:
            return Examined(
                found.facts, found.seals, ("rows", {"table": table, "n": many, "found": there.get(table, 0)})
            )
    return Examined(found.facts, found.seals)
