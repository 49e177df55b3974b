"""What a message says, as the text of one row: encode before it is stored, decode before it is shown."""

import msgspec
from msgspec import Struct

from handlers.model import Choices, Message, Paper, Text, Workbook
from handlers.pictures import Picture
from handlers.plain import read


class Body(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The part of a Message that is shown; when and to whom are columns of their own."""

    text: Text
    choices: Choices = ()
    picture: Picture | None = None
    workbook: Workbook | None = None
    paper: tuple[str, Paper] | None = None
    menu: tuple[str, ...] = ()
    in_words: bool = False
    in_full: bool = False

    @property
    def attaches(self) -> bool:
        """It has a picture or a file beside its words."""
        return self.picture is not None or self.workbook is not None or self.paper is not None


def encode(message: Message | Body) -> str:
    """Order is kept, and with it the order in which a picture shows its groups."""
    body = {name: getattr(message, name) for name in Body.__struct_fields__}
    return msgspec.json.encode(Body(**body)).decode()


def decode(stored: str) -> Body:
    """Raises ValueError for a text that `encode` did not write."""
    return read(Body, stored)
