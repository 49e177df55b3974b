"""`rules`: what the district has decided, shown, or changed by a file like bot/district.toml from a day on."""

import json
from datetime import date
from pathlib import Path

from bot.commands import Say
from bot.config import DistrictSection
from bot.machine import Machine, MachineError
from bot.seed import rules_of
from bot.texts import Words
from handlers.questions import RulesOn
from handlers.settings.ruling import written
from storage.answers import Answers


async def show(machine: Machine, day: date | None, say: Say) -> None:
    rules = await machine.storage.read(lambda tx: written(Answers(tx)(RulesOn(day or machine.today()))))
    for key, (value, source) in sorted(rules.items()):
        say(f"{key} = {value}  # {source}")


async def change(machine: Machine, file: Path, since: date | None, words: Words, say: Say) -> None:
    """Raises MachineError naming the rule that is wrong; then nothing has changed."""
    day = since or machine.today()
    said = _read(file, day)
    arrival = machine.arrival("rules", words=said)
    if not await machine.try_out(machine.update(arrival, "rules", words=said)):
        say(words.say("machine.rules_same"))
        return
    await machine.tell([arrival])
    say(words.say("machine.rules_set", {"day": day.isoformat()}))


def _read(file: Path, day: date) -> str:
    try:
        rules = rules_of(file.read_text(encoding="utf-8"), day)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MachineError(f"{file}: {error!r}. It is written like bot/district.toml.") from error
    for rule in rules:
        if rule["key"] in DistrictSection.model_fields:
            raise MachineError(f"{file}: {rule['key']} is set in config.toml, under [district].")
    return json.dumps(rules, ensure_ascii=False)
