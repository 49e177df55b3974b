"""What the platform says of chats: blocked and back, a group that moved, the bot added to one or put out of it."""

from handlers.admins import admins, tell
from handlers.alerts import missed
from handlers.facts import AddressBack, AddressLost, GroupMoved, LinkKnown
from handlers.model import Message, Person, ToHere, Update, text
from handlers.outcome import Outcome
from handlers.questions import Ask, DeepLinks, GroupHere, Sender

LOST = ("blocked", "gone")


# Said by the machine and by the postman


def link(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`link CHANNEL PREFIX`: the address to which a code is appended, as the channel gave it at its start."""
    channel, prefix = update.args
    return Outcome() if ask(DeepLinks()).get(channel) == prefix else Outcome(facts=(LinkKnown(channel, prefix),))


def lost(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`lost CHANNEL NATIVE blocked|gone`: nothing can be shown there any more."""
    channel, native, why = update.args
    return _lost(update, ask, channel, native, why)


def back(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`back CHANNEL NATIVE`."""
    channel, native = update.args
    return _back(update, ask, channel, native)


def moved(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`moved CHANNEL NATIVE TO`: a group became a supergroup."""
    channel, native, to = update.args
    return _moved(ask, channel, native, to)


# Said by the channel, of the chat that the update came from


def blocked(update: Update, ask: Ask, person: Person | None) -> Outcome:
    return _lost(update, ask, update.channel, update.chat, "blocked")


def unblocked(update: Update, ask: Ask, person: Person | None) -> Outcome:
    return _back(update, ask, update.channel, update.chat)


def migrated(update: Update, ask: Ask, person: Person | None) -> Outcome:
    return _moved(ask, update.channel, update.chat, update.args[0])


def joined(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """One sentence in an unknown group, then silence until an admin binds it."""
    if ask(GroupHere(update.channel, update.chat)) is not None:
        return _back(update, ask, update.channel, update.chat)
    hello = Message(f"joined:{update.channel}:{update.chat}", ToHere(), text("chats.joined"), fresh=True)
    return Outcome(says=(hello,))


def removed(update: Update, ask: Ask, person: Person | None) -> Outcome:
    return _lost(update, ask, update.channel, update.chat, "gone")


def _lost(update: Update, ask: Ask, channel: str, native: str, why: str) -> Outcome:
    """Known already, or nobody's: nothing. The admins hear of a group that was bound; who else would notice?"""
    if ask(Sender(channel, native, update.today)).state != "bound":
        return Outcome()
    facts = (AddressLost(channel, native, why),)
    return Outcome(facts=facts, says=_group_news(update, ask, ask(GroupHere(channel, native)), "chats.group_lost"))


def _back(update: Update, ask: Ask, channel: str, native: str) -> Outcome:
    """Only what was lost comes back: who said 不是我 stays unbound. Alerts that were missed follow."""
    sender = ask(Sender(channel, native, update.today))
    if sender.state not in LOST:
        return Outcome()
    return Outcome(
        facts=(AddressBack(channel, native),),
        says=_group_news(update, ask, ask(GroupHere(channel, native)), "chats.group_back"),
        puts=missed(update, ask, sender.person.id) if sender.person else (),
    )


def _group_news(update: Update, ask: Ask, name: str | None, key: str) -> tuple[Message, ...]:
    """Nothing of a person's own chat."""
    return tell(admins(ask, update.today), f"group:{update.id}", text(key, name=name)) if name else ()


def _moved(ask: Ask, channel: str, native: str, to: str) -> Outcome:
    """The platform tells it twice, in the chat and to the postman; the second time the old chat is not known."""
    if ask(GroupHere(channel, native)) is None:
        return Outcome()
    return Outcome(facts=(GroupMoved(channel, native, to),))
