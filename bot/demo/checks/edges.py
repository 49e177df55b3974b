"""What should not have been: people who were stuck, outsiders who learned something, calls that were refused, words
without the mark of a rehearsal, a child's name in the group."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.demo import truth
from bot.demo.checks.played import Played
from sandbox.crowd import MARK

NO_SUCH_GROUP: Final = "86003"
WANTED: Final[Mapping[str, re.Pattern[str]]] = {
    "a stranger's question": re.compile(r"^\D*不对外提供信息\D*$"),
    "a button that was not given": re.compile("没有提交任何内容"),
    "a correction after the close": re.compile("^17:00已封存，没有改动。.*疫情报告人 "),
}


def troubles(played: Played) -> Iterator[str]:
    yield from (f"somebody was stuck: {line}" for line in played.record.troubles)


def outsiders(played: Played) -> Iterator[str]:
    """A stranger gets one sentence and no data; a button that was not given does nothing and says so; after the close
    the 报告人 alone corrects."""
    for who, answer in played.record.odd:
        if not WANTED[who].search(answer):
            yield f"{who}: the answer was {answer!r}"


def refusals(played: Played) -> Iterator[str]:
    """Calls that the platform refused: on a day without faults there are none, but for the one by which the program
    finds that WeCom does not have the leaders' group yet."""
    refused = [entry for entry in played.witness.calls if not entry.ok]
    made = any(entry.method == "appchat/create" for entry in played.witness.calls)
    for entry in refused:
        if made and (entry.error or "").startswith(NO_SUCH_GROUP):
            made = False
        else:
            yield f"the platform refused {entry.method} at {truth.hour(entry.at)}: {entry.error}"


def limits(played: Played) -> Iterator[str]:
    """Nobody was sent more than the platform shows, by its own count of what it drops and cuts in silence."""
    yield from (f"the platform lost without a word: {line}" for line in played.witness.platform.losses)


def marked(played: Played) -> Iterator[str]:
    """Everything that is said in a rehearsal begins with its mark, and nothing else does."""
    for chat in played.witness.chats:
        for message in played.witness.from_bot(chat):
            for text in (*(one.text for one in message.revisions), message.text):
                if text.startswith(MARK) is not played.rehearsal:
                    yield f"chat {chat}: {'without' if played.rehearsal else 'with'} {MARK}: {text[:20]!r}"


def nameless(played: Played) -> Iterator[str]:
    """The group hears of classes and seats."""
    names = re.compile("|".join({pupil.name for klass in played.people.classes for pupil in klass.pupils}))
    for face in played.witness.faces(played.witness.group):
        if names.search(face.text):
            yield f"the group at {truth.hour(face.at)}: it names a child"
