"""The app's menu (document/path/90231): at most three buttons, each with at most five under it, for all members."""

from collections.abc import Sequence
from typing import Any, Final

from bot.channels import Command
from bot.texts import Words

TOP, UNDER = 3, 5
UNDER_BYTES: Final = 40


def menu(commands: Sequence[Command]) -> dict[str, Any]:
    """The commands in their order, five a head; the others are typed."""
    words = Words("zh")
    groups = [commands[at : at + UNDER] for at in range(0, min(len(commands), TOP * UNDER), UNDER)]
    return {
        "button": [
            {"name": words.say(f"menu.head_{place}"), "sub_button": [_button(one) for one in group]}
            for place, group in enumerate(groups, 1)
        ]
    }


def _button(command: Command) -> dict[str, str]:
    return {"type": "click", "name": _cut(command.description, UNDER_BYTES), "key": f"/{command.name}"}


def _cut(name: str, most: int) -> str:
    """At the border of a character."""
    return name.encode()[:most].decode(errors="ignore")
