"""What people type and tap, the same on every platform: commands, and the data of our own buttons."""

import re

from msgspec import Struct

# said by a channel's own reading: neither a command nor a button may pretend to be one of these
OURS = frozenset(
    {
        "text",
        "file",
        "unreadable",
        "forwarded",
        "edited",
        "forged",
        "chosen",
        "unticked",
        "unchosen",
        "unasked",
        "entered",
        "joined",
        "removed",
        "blocked",
        "unblocked",
        "migrated",
    }
)
FORGED = ("forged",)  # what no button of ours has
BUTTON = re.compile(r"[a-z_]+(:[A-Za-z0-9_.-]*)*")
COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


class Typed(Struct, frozen=True):
    """A command. `addressed`: to whom, where it names one of several bots in a group."""

    verb: str
    rest: str
    addressed: str | None


def command(words: str) -> Typed | None:
    found = COMMAND.fullmatch(words.strip())
    if found is None:
        return None
    verb = found[1].lower()
    if not verb.isascii() or verb in OURS:
        return None
    return Typed(verb, (found[3] or "").strip(), found[2])


def button(data: object) -> tuple[str, ...]:
    """Verb and arguments, or FORGED."""
    if not isinstance(data, str) or not BUTTON.fullmatch(data):
        return FORGED
    parts = tuple(data.split(":"))
    return FORGED if parts[0] in OURS else parts
