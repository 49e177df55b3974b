"""What a handler hands back: facts to record, messages to show, walks to keep, updates for other lanes."""

from dataclasses import dataclass

from handlers.facts import Fact
from handlers.model import Answer, Draft, Forget, Message, Put, Text


@dataclass(frozen=True)
class Outcome:
    """Committed whole or not at all. `actor` is filled in by `decide`."""

    facts: tuple[Fact, ...] = ()
    says: tuple[Message, ...] = ()
    answer: Answer | None = None
    drafts: tuple[Draft | Forget, ...] = ()
    puts: tuple[Put, ...] = ()
    actor: str = ""

    def and_say(self, *messages: Message) -> "Outcome":
        return Outcome(self.facts, self.says + messages, self.answer, self.drafts, self.puts, self.actor)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.facts + other.facts,
            self.says + other.says,
            self.answer or other.answer,
            self.drafts + other.drafts,
            self.puts + other.puts,
            self.actor or other.actor,
        )


def pop_up(words: Text) -> Outcome:
    """A tap that counts for nothing: a sentence to its author, to be closed by hand."""
    return Outcome(answer=Answer(words, loud=True))
