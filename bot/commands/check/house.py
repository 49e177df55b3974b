"""What the bot rests on whatever the platform: words, the folder of certificates, the database, the rules."""

import os
from datetime import date, datetime
from pathlib import Path

from bot.commands.check.found import Found, bad, good, warned
from bot.commands.check.surroundings import backup
from bot.config import Config
from bot.gauges import nearest
from bot.texts import Words
from bot.texts import check as check_texts
from bot.vault import Vault
from handlers.plain import unstamp
from handlers.questions import RulesOn
from storage import StorageError, Tx, audit, open_storage, progress, soundness
from storage.answers import Answers
from storage.progress import BACKED_UP


def texts() -> Found:
    problems = check_texts()
    return bad("texts", "; ".join(problems)) if problems else good("texts", "zh, en")


def files(config: Config, words: Words) -> Found:
    """Certificates are for the bot's own user alone."""
    folder = config.storage.files
    path = Vault(folder).open_to_others()
    if path is not None:
        return bad("files", words.say("check.files_open", {"path": path}))
    if not _writable(folder):
        return bad("files", words.say("check.files_closed", {"path": str(folder)}))
    return good("files", str(folder))


def _writable(folder: Path) -> bool:
    """Where it is not there yet, in what it will be made in."""
    return os.access(nearest(folder), os.R_OK | os.W_OK | os.X_OK)


async def database(config: Config, now: datetime, words: Words) -> list[Found]:
    """Opened and brought up to date, as at a start; then whether it is whole, and when it was last copied."""
    url = config.storage.url
    try:
        storage = await open_storage(url)
    except StorageError as error:
        return [bad("database", str(error))]
    today = now.astimezone(config.zone).date()
    try:
        whole = await storage.read(lambda tx: _whole(tx, url, words))
        backed_up = await storage.read(lambda tx: progress.known(tx, BACKED_UP))
        rules = await storage.read(lambda tx: _rules(tx, today, words))
    except StorageError as error:
        return [bad("database", str(error))]
    finally:
        await storage.close()
    return [*whole, rules, backup(unstamp(backed_up) if backed_up else None, now, words)]


def _whole(tx: Tx, url: str, words: Words) -> list[Found]:
    """Its pages, and what was recorded."""
    if faults := soundness.faults(tx, url):
        return [bad("database", words.say("check.database_damaged", {"what": "; ".join(faults)}))]
    sound, found = good("database", url.partition("://")[0]), audit.verify(tx)
    if found.broken is not None:
        return [sound, bad("seals", words.say("check.seals_broken"))]
    return [sound, good("seals", words.say("check.seals", {"facts": found.facts, "seals": found.seals}))]


def _rules(tx: Tx, today: date, words: Words) -> Found:
    try:
        rules = Answers(tx)(RulesOn(today))
    except KeyError:
        return good("rules", "district.toml")  # before the first start they are still in their file
    except ValueError as error:
        return bad("rules", str(error))
    if not rules.terms:
        return warned("rules", words.say("check.no_terms"))
    if all(last < today for _, last in rules.terms):
        return warned("rules", words.say("check.terms_over"))
    return good("rules", f"{rules.district}, {len(rules.rounds)}")
