"""What of a message stands on a card, where a channel has such; else its choices by number under its words."""

from collections.abc import Sequence

from bot.channels import Button, Cards, Face
from bot.numbering import numbers
from bot.texts import Words
from handlers.bodies import Body
from handlers.model import Text
from handlers.values import replace
from storage.mail import Due


def by_itself(words: Words, label: Text) -> Text:
    """In the form for a row of its own, where it has one: short, and it says of whom it is, which beside others the
    first of them says."""
    key = f"face.{label.key}"
    return Text(key, label.values) if words.has(key) else label


def on_card(
    words: Words, body: Body, buttons: Sequence[Sequence[Button]], due: Due, can: Cards, mark: str, *, named: bool
) -> tuple[Face | None, Sequence[Button]]:
    """Its face and what can be tapped there; no face for what is said in words. What answers by its own label, such as
    a temperature, is typed. `mark` stands before the title; `named`: somebody is named in the words."""
    every = list({one.does: one for row in buttons for one in row if one.number != 0}.values())
    if not due.private or body.in_words or body.attaches or not (every or (due.ref and not due.fresh)):
        return None, ()
    typed = len(every) > can.options and any(one.number for one in every)
    kept = [one for one in every if one.number is None or not typed]  # a seat can be typed
    labels = {one.does: one.label for row in body.choices for one in row}
    choices = [there for one in kept if (there := _nameless(words, labels[one.does], one)) is not None]
    if len(choices) < len(kept):
        return None, ()
    ticks = any(one.ticked is not None for one in choices)
    if ticks:
        choices = choices[: can.options]  # what is last, 返回 and 取消, can be typed
    options = ticks or len(choices) > can.buttons or any(len(one.label) > can.label for one in choices)
    most = can.options_sub if options else can.sub
    said = _said(words, body.text, most, due, named=named)
    if said is None or len(choices) > can.options or len(mark + said[0]) > can.title or len(said[1]) > most:
        return None, ()
    return Face(mark + said[0], said[1], options, typed), choices


def _said(words: Words, text: Text, most: int, due: Due, *, named: bool) -> tuple[str, str] | None:
    """Title and what is under it: the sentence's own form, where that is too long a shorter one; else its first line
    and the others, where they name nobody. An older card that is not worth another message has one form more."""
    key = f"face.{text.key}"
    if words.has(f"{key}.title"):
        changes = due.quiet and due.ref is not None
        forms = [Text(f"{key}.{one}", text.values) for one in ("sub", "short", *(("changed",) if changes else ()))]
        subs = [_in_short(words, one.key, one) for one in forms if words.has(one.key) and not _hides(words, one, due)]
        if not subs:
            return None
        return _in_short(words, f"{key}.title", text), next((one for one in subs if len(one) <= most), subs[-1])
    title, _, sub = _in_short(words, text.key, text).partition("\n")
    return None if named else (title, sub.strip())


def _hides(words: Words, form: Text, due: Due) -> bool:
    """What somebody has typed themselves stands on no card of theirs, and they are to read it."""
    own = words.render(form, name=lambda _: None, author=due.person, short=True)
    return own.strip() != _in_short(words, form.key, form)


def _nameless(words: Words, label: Text, button: Button) -> Button | None:
    """None where a child's name is in the label, or what somebody typed, and it has no form for a card, which says a
    seat instead: a card is no 保密消息."""
    here = by_itself(words, label)
    bare = _in_short(words, here.key, here)
    return None if here is label and bare != button.label else replace(button, label=bare)


def _in_short(words: Words, key: str, text: Text) -> str:
    """Nobody is named, and nothing is there of what somebody typed."""
    return words.render(Text(key, text.values), name=lambda _: None, author=None, short=True).strip()


def numbered(words: Words, buttons: Sequence[Sequence[Button]]) -> str:
    """Each choice with its number, which of a seat is in its label, and how it is answered."""
    marked = [(number, f"✓ {one.label}" if one.ticked else one.label, one) for number, one in numbers(buttons)]
    lines = [label if one.number else f"{number} {label}" for number, label, one in marked]
    how = "number.how_several" if any(one.ticked is not None for row in buttons for one in row) else "number.how"
    return "\n".join((*lines, words.say(how)))
