"""What a conversation file may say: a day in the small district, step by step.

The file is a list of `[[step]]`, with people of tests/small_district.py:

at, day                 the hour (and day) to which time goes first; alone it is a step in which only the clock acts
who, in                 whose phone; in = "leaders" or "other" for a group
writes, taps, on        what is typed; the label of the button, on a message that contains these words
twice                   the tap or the words come two times
forges                  button data that no button has; `{class:…}` is a class's id
sends, caption          a sticker, voice or photo, a certificate, a pdf, a word or a huge file; what stands under it
edits, forwards         new words for the last own message; somebody else's words
does                    blocks, unblocks, kicks the bot from, adds it to the group, migrates it
machine, text           a command line of the office, and what it hands in: `{roll:…}` is a file of small_district.py
fault, bot              what goes wrong at the platform, by Telegram's names; the bot goes "down" or "up"
wait                    seconds that pass before the phones are looked at (4)

and what must come of it, all of it: a phone that is not named must stay silent, a fact that is not named must not be.
phones                  by person: what is new or changed; each message a list of text keys, words, "!words" not there,
                        "hidden words" under a spoiler, "new" or "edited", "gone" from the chat, "picture", "file",
                        "protected" from being forwarded, "[label]" of a button, "![label]" no such button,
                        "first [label]"; "*" for any number of any messages
answer, loud, shown     what the tap is answered with; whether as a pop-up; whether what is shown says it, too: then who
                        sees no pop-up is not told twice
answer, loud            what the tap is answered with; whether as a pop-up
any_order               who gets in any order what two turns have said: what is more urgent may overtake the other
means                   how what a number meant is said back, where it is
facts                   the kinds of the facts recorded; "*" for any
taken_out               whether what `who` wrote last is gone from the chat
calls                   how often each method of the platform was called
standings               by class: how it stands at the close, and why
revisions               by class: each revision of its report, `seat:temperature` of who is listed
marks                   by class: its mark in the picture that was shown last
only_if                 a capability without which a channel leaves the step out; some actions imply one
or_writes               what is typed instead of a tap where numbers answer choices, and only those of the last question

Beside the steps the file says who is `unbound`, whether there is a leaders' `group`, the `privacy` of the channel,
whose phones lie `elsewhere`: what they show is another conversation's matter, and the `only_if` of all its steps.
Where it matters, when the bot `starts` for the first time, and which `rules` hold besides those that are shipped.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.channels import Capabilities
from tests.stack import SETTLED, TUESDAY

FOLDER = Path(__file__).parent
FIRST = datetime.combine(TUESDAY, time(7))


@dataclass(frozen=True)
class Step:
    """One step as the file says it."""

    at: str = ""
    day: date | None = None
    who: str = ""
    group: str = ""  # `in`
    writes: str = ""
    taps: str = ""
    on: str = ""
    twice: bool = False
    forges: str = ""
    sends: str = ""
    caption: str = ""
    edits: str = ""
    forwards: str = ""
    does: str = ""
    machine: tuple[str, ...] = ()
    text: str = ""
    fault: Mapping[str, Any] | None = None
    bot: str = ""
    wait: float = SETTLED.total_seconds()
    phones: Mapping[str, Any] | None = None
    any_order: tuple[str, ...] = ()
    answer: tuple[str, ...] | None = None
    loud: bool = False
    shown: bool = False
    means: str = ""
    facts: tuple[str, ...] | str = ()
    taken_out: bool | None = None
    calls: Mapping[str, int] | None = None
    revisions: Mapping[str, list[str]] | None = None
    standings: Mapping[str, str] | None = None
    marks: Mapping[str, str] | None = None
    only_if: str = ""
    or_writes: str = ""


@dataclass(frozen=True)
class Conversation:
    """A file: its title, what the district is like on that day, its steps."""

    name: str
    title: str
    steps: tuple[Step, ...]
    starts: datetime = FIRST
    rules: Mapping[str, Any] = field(default_factory=dict)
    unbound: tuple[str, ...] = ()
    group: bool = True
    privacy: str = ""
    elsewhere: tuple[str, ...] = ()
    only_if: str = ""


def load(path: Path) -> Conversation:
    """Raises ValueError for a step with a word that is not known: a misspelt expectation would check nothing."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {one.name for one in fields(Step)} - {"group"} | {"in"}
    steps = []
    for place, step in enumerate(said.pop("step"), 1):
        if step.keys() - known:
            raise ValueError(f"{path.name}, step {place}: {sorted(step.keys() - known)}")
        lists = {key: tuple(value) for key, value in step.items() if isinstance(value, list)}
        here = {"group": step["in"]} if "in" in step else {}
        here |= {"only_if": step.get("only_if", said.get("only_if", ""))}
        steps.append(Step(**{key: value for key, value in (step | lists | here).items() if key != "in"}))
    said |= {name: tuple(said.get(name, ())) for name in ("unbound", "elsewhere")}
    return Conversation(path.stem, steps=tuple(steps), **said)


def runs(step: Step, can: Capabilities) -> bool:
    """A step may need something that not every channel can do; what some actions need goes without saying."""
    return all(bool(getattr(can, need)) for need in _needs(step))


def _needs(step: Step) -> Iterator[str]:
    if step.only_if:
        yield step.only_if
    if (step.group and not step.taps) or step.does == "migrates":
        yield "hears_groups"
    if step.forwards or step.edits:
        yield "knows_forwards"
    if step.sends in ("pdf", "word", "huge"):
        yield "hears_documents"
