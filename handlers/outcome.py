"""What a handler hands back: facts to record, messages to show, walks to keep, updates for other lanes."""

from msgspec import Struct

from handlers.facts import Fact
from handlers.model import Answer, Draft, Fetch, Forget, Message, Put, Text
from handlers.values import replace


class Outcome(Struct, frozen=True):
    """Committed whole or not at all. `actor` and `language` are the sender's, filled in by `decide`."""

    facts: tuple[Fact, ...] = ()
    says: tuple[Message, ...] = ()
    answer: Answer | None = None
    drafts: tuple[Draft | Forget, ...] = ()
    puts: tuple[Put, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    takes_out: bool = False  # what was written is to be taken out of the chat again
    takes_back: tuple[str, ...] = ()  # what we showed about these subjects is to be taken out of the chats
    actor: str = ""
    language: str = "zh"

    def and_say(self, *messages: Message) -> "Outcome":
        return replace(self, says=self.says + messages)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.facts + other.facts,
            self.says + other.says,
            self.answer or other.answer,
            self.drafts + other.drafts,
            self.puts + other.puts,
            self.fetches + other.fetches,
            self.takes_out or other.takes_out,
            self.takes_back + other.takes_back,
            self.actor or other.actor,
            self.language,
        )


def pop_up(words: Text) -> Outcome:
    """A tap that counts for nothing: a sentence to its author, to be closed by hand."""
    return Outcome(answer=Answer(words, loud=True))
