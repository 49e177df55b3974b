"""What the bot rests on whatever the platform: words, the folder of certificates, the database, the rules."""

import os
from datetime import date
from pathlib import Path

from bot.commands.check.found import Found, bad, good, warned
from bot.config import Config
from bot.texts import Words
from bot.texts import check as check_texts
from bot.vault import Vault
from handlers.questions import RulesOn
from handlers.rulebook import Rules
from storage import StorageError, open_storage
from storage.answers import Answers


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
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return os.access(there, os.R_OK | os.W_OK | os.X_OK)


async def database(config: Config, today: date, words: Words) -> list[Found]:
    try:
        storage = await open_storage(config.storage.url)
    except StorageError as error:
        return [bad("database", str(error))]
    found = good("database", config.storage.url.partition("://")[0])
    try:
        return [found, _rules(await storage.read(lambda tx: Answers(tx)(RulesOn(today))), today, words)]
    except KeyError:
        return [found, good("rules", "district.toml")]  # before the first start they are still in their file
    except (StorageError, ValueError) as error:
        return [found, bad("rules", str(error))]
    finally:
        await storage.close()


def _rules(rules: Rules, today: date, words: Words) -> Found:
    if not rules.terms:
        return warned("rules", words.say("check.no_terms"))
    if all(last < today for _, last in rules.terms):
        return warned("rules", words.say("check.terms_over"))
    return good("rules", f"{rules.district}, {len(rules.rounds)}")
