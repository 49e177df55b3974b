"""Whether a phone shows what a conversation says it shows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.texts.table import table
from sandbox import Entry, Message, Tap
from sandbox.entities import veiled
from sandbox.model import Revision
from sandbox.reading import TYPED
from tests.conversations.script import Step
from tests.phones import is_typed

ANY = "*"  # by which sentence it was said is not known
KEY = re.compile(r"[a-z_]+(\.[a-z_0-9]+)+")
GONE = ("blocked", "kicked", "upgraded", "not a member", "terminated by other")


def gone(entry: Entry) -> bool:
    return any(words in (entry.error or "") for words in GONE)


def face(message: Message) -> str:
    keyboard = "".join(f"\n  {' | '.join(button.text for button in row)}" for row in message.keyboard[:4])
    return f"{message.text}{keyboard}{' (picture)' if message.photo else ''}"


def faces(message: Message) -> tuple[Message | Revision, ...]:
    """A message of the bot as it is and as it was before each edit."""
    return (message, *message.revisions) if message.sender == 0 else ()


def labels(shown: Message | Revision) -> str:
    return "".join(button.text for row in shown.keyboard for button in row)


def holds(wanted: str, message: Message, key: str | None, new: bool) -> bool:
    match wanted:
        case "new":
            return new
        case "edited":
            return not new
        case "gone":
            return message.deleted
        case "picture":
            return message.photo is not None
        case "file":
            return message.document is not None
        case "protected":
            return message.protected or bool(message.card)  # there is no 保密消息 that is a card
    if wanted.startswith("!["):
        there = (button.text for row in message.keyboard for button in row if button.data != TYPED)
        return not any(wanted[2:].removesuffix("]") in text for text in there)
    if wanted.startswith("!"):
        return wanted[1:] not in face(message)
    if wanted.startswith("first ["):
        return wanted.removeprefix("first [")[:-1] in message.keyboard[0][0].text
    if wanted.startswith("hidden "):
        words = wanted.removeprefix("hidden ")
        secret = message.protected and not message.entities  # a 保密消息
        secret = secret or (bool(message.card) and words not in str(message.card))
        return words in message.text and (secret or words not in veiled(message.text, message.entities))
    if wanted.startswith("["):
        return _button(wanted[1:], message)
    if KEY.fullmatch(wanted):
        return key in (wanted, ANY)
    return wanted in message.text


def _button(words: str, message: Message) -> bool:
    """A button with these words; the closing bracket may be left out."""
    label = words.removesuffix("]")
    return any(label in button.text or is_typed(button, label) for row in message.keyboard for button in row)


@dataclass(frozen=True)
class Sight:
    """A message that is new or has changed, by which sentence it was said; None for an earlier page or one that was
    sent anew."""

    message: Message
    key: str | None
    new: bool

    def holds(self, expected: Sequence[str], *, edits: bool) -> bool:
        """Where nothing is edited, what is edited elsewhere comes anew, and its picture stays as it was."""
        left_out = ("edited", "picture") if "edited" in expected and not edits else ()
        return all(holds(one, self.message, self.key, self.new) for one in expected if one not in left_out)


def joined(seen: Sequence[Sight]) -> list[Sight]:
    """The pages of a long text are one message, which the last of them is known by; so is a card with its words before
    it."""
    found: list[Sight] = []
    for sight in seen:
        page = found[-1] if found and _is_page(found[-1]) else None
        text = sight.message.text
        if page is None or not sight.new or (sight.message.card and page.message.text not in text):
            found.append(sight)
        else:
            whole = text if sight.message.card else f"{page.message.text}\n{text}"
            found[-1] = replace(sight, message=replace(sight.message, text=whole))
    return found


def _is_page(sight: Sight) -> bool:
    return sight.key is None and sight.new and not sight.message.card


def without_buttons(wanted: Any) -> Any:
    """What a group shows in which nothing can be tapped."""
    if wanted == "*" or not wanted:
        return wanted
    messages = wanted if isinstance(wanted[0], list) else [wanted]
    return [[one for one in message if not one.startswith(("[", "![", "first ["))] for message in messages]


def check_phone(
    name: str,
    seen: Sequence[Sight],
    wanted: Any,
    spare: Sequence[Sight] = (),
    *,
    edits: bool,
    any_order: bool = False,
) -> None:
    """All that is seen is wanted, and all that is wanted is seen, in this order unless `any_order` will do. Without
    `edits` the order is free, and what would be an edit may be left out where it was not worth a message; what is
    `spare` need not be wanted."""
    messages = wanted if wanted and isinstance(wanted[0], list) else [wanted] if wanted else []
    faces = "\n".join(f"[{one.key}] {face(one.message)}" for one in seen) or "nothing"
    if not edits:
        _check_loosely(name, list(seen), messages, spare, faces)
        return
    assert len(seen) == len(messages), f"{name} sees {len(seen)} new or changed, not {len(messages)}:\n{faces}"
    for sight, expected in zip(_as_wanted(seen, messages) if any_order else seen, messages, strict=True):
        for one in expected:
            assert holds(one, sight.message, sight.key, sight.new), (
                f"{name}: {one!r} is not in [{sight.key}]\n{face(sight.message)}"
            )


def _as_wanted(seen: Sequence[Sight], messages: Sequence[Sequence[str]]) -> list[Sight]:
    """In the order of what is wanted; what is not comes last."""
    left, found = list(seen), []
    for expected in messages:
        one = next((one for one in left if one.holds(expected, edits=True)), None)
        if one is not None:
            left.remove(one)
            found.append(one)
    return found + left


def _check_loosely(
    name: str, seen: list[Sight], messages: Sequence[Sequence[str]], spare: Sequence[Sight], faces: str
) -> None:
    """What are two messages where both are edited may be one where it comes anew. What surely comes is found first."""
    matched: list[Sight] = []
    for expected in sorted(messages, key=lambda one: "edited" in one):
        found = next((one for one in seen if one.holds(expected, edits=False)), None)
        if found is not None:
            seen.remove(found)
            matched.append(found)
        elif "edited" not in expected:
            again = "new" not in expected and any(one.holds(expected, edits=False) for one in matched)
            assert again, f"{name}: {list(expected)} is not in\n{faces}"
    more = [one for one in seen if one not in spare]
    left = "\n".join(f"[{one.key}] {face(one.message)}" for one in more)
    assert not more, f"{name} sees more than {messages}:\n{left}"


def check_answer(step: Step, tap: Tap | None) -> None:
    assert tap is not None, "nothing was tapped"
    assert tap.answer is not None, "the tap was not answered"
    assert tap.answer.show_alert == step.loud, f"answered {'loud' if tap.answer.show_alert else 'quietly'}"
    check_words(step, tap.answer.text)


def without_echo(said: str) -> str:
    """What a number meant is said back before the answer."""
    return "\n".join(line for line in said.split("\n") if not line.startswith("收到：")).strip()


def check_words(step: Step, said: str) -> None:
    for wanted in step.answer or ():
        assert _said_by(wanted, said) if KEY.fullmatch(wanted) else wanted in said, f"answered {said!r}, not {wanted}"


def _said_by(key: str, words: str) -> bool:
    """A tap's answer is stored nowhere: its key is told by its words."""
    pattern = re.sub(r"\\\{[^}]*\\\}", ".*", re.escape(table("zh")[key].strip()))
    return re.fullmatch(pattern, words, re.DOTALL) is not None
