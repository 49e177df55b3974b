"""gettoken: one token a secret, the same one as long as it is good."""

import random
from dataclasses import dataclass
from datetime import datetime

from sandbox.wecom.errors import WecomError
from sandbox.wecom.limits import TOKEN_LIFE


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    secret: str
    until: datetime


class Tokens:
    """Old tokens stay known, so that an expired one (42001) can be told from a wrong one (40014)."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._of: dict[str, Token] = {}
        self._known: dict[str, Token] = {}

    def give(self, secret: str, now: datetime) -> Token:
        token = self._of.get(secret)
        if token is None or token.until <= now:
            token = Token(f"{self._dice.getrandbits(856):0214x}", secret, now + TOKEN_LIFE)
            self._of[secret] = self._known[token.text] = token
        return token

    def secret_of(self, text: str, now: datetime) -> str:
        if not text:
            raise WecomError(41001, "access_token missing")
        token = self._known.get(text)
        if token is None:
            raise WecomError(40014, "invalid access_token")
        if token.until <= now:
            raise WecomError(42001, "access_token expired")
        return token.secret

    def invalidate(self) -> None:
        """All of them, before their time: WeCom may do so whenever it likes."""
        self._of.clear()
        self._known.clear()
