"""What the platform says of chats: blocked and back, opened for the first time, a group that moved, the bot added to
one or put out of it."""

from handlers.admins import admins, tell
from handlers.alerts import missed
from handlers.enrol.binding import cards_of_today, stranger
from handlers.facts import AddressBack, AddressLost, GroupMoved, LinkKnown
from handlers.leaders import posts_again
from handlers.model import Message, Person, Put, ToHere, Update, text
from handlers.outcome import Outcome
from handlers.questions import Ask, DeafGroup, DeepLinks, GroupHere, RulesOn, Sender, SenderView, WhoIs

UNHEARD = "unheard"
LOST = ("blocked", "gone", UNHEARD)


# Said by the machine and by the postman


def link(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`link CHANNEL PREFIX`: the address to which a code is appended, as the channel gave it at its start."""
    channel, prefix = update.args
    return Outcome() if ask(DeepLinks()).get(channel) == prefix else Outcome(facts=(LinkKnown(channel, prefix),))


def lost(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`lost CHANNEL NATIVE blocked|gone|unheard`: nothing can be shown there any more, or not yet."""
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


def entered(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """Somebody has opened our chat and written nothing. Who has to write before they can be written to is told so."""
    if person is None:
        return stranger(update, ask)
    if ask(Sender(update.channel, update.chat, update.today)).state != UNHEARD:
        return Outcome()
    words = text("chats.write_first", title=person.title)
    return Outcome(says=(Message(f"entered:{update.id}", ToHere(), words, fresh=True),))


def acted(update: Update, ask: Ask, view: SenderView) -> Outcome:
    """Who does anything in their own chat can be written to there."""
    return _back(update, ask, update.channel, update.chat) if update.private and view.state in LOST else Outcome()


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
    """Known already, or nobody's: nothing. The admins hear of a group that was bound, and have today's post in its
    place; who else would notice?"""
    if ask(Sender(channel, native, update.today)).state != "bound":
        return Outcome()
    group = ask(GroupHere(channel, native))
    key = "chats.group_lost_deaf" if ask(DeafGroup(channel)) == native else "chats.group_lost"
    return Outcome(
        facts=(AddressLost(channel, native, why),),
        says=_group_news(update, ask, group, key),
        puts=posts_again(update, ask) if group else (),
    )


def _back(update: Update, ask: Ask, channel: str, native: str) -> Outcome:
    """Only what was lost comes back: who said 不是我 stays unbound. Alerts that were missed follow, and today's cards
    that could not be sent."""
    sender = ask(Sender(channel, native, update.today))
    if sender.state not in LOST:
        return Outcome()
    facts = (AddressBack(channel, native),)
    if sender.person is None:
        return Outcome(facts, _group_news(update, ask, ask(GroupHere(channel, native)), "chats.group_back"))
    # in a turn of its own: what is being said just now may be today's report
    cards = Put(update.lane, f"cards:{update.id}", "cards_due", (sender.person.id,))
    return Outcome(facts, puts=(cards, *missed(update, ask, sender.person.id)))


def cards_due(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`cards_due PERSON`: those of today that could not be sent."""
    back = ask(WhoIs(update.args[0], update.today))
    rules = ask(RulesOn(update.today))
    return Outcome(says=cards_of_today(update, ask, back, rules, fresh=False) if back else ())


def _group_news(update: Update, ask: Ask, name: str | None, key: str) -> tuple[Message, ...]:
    """Nothing of a person's own chat."""
    return tell(admins(ask, update.today), f"group:{update.id}", text(key, name=name)) if name else ()


def _moved(ask: Ask, channel: str, native: str, to: str) -> Outcome:
    """The platform tells it twice, in the chat and to the postman; the second time the old chat is not known."""
    if ask(GroupHere(channel, native)) is None:
        return Outcome()
    return Outcome(facts=(GroupMoved(channel, native, to),))
