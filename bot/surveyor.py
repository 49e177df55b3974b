"""Surveys are made in a helper process with a connection of its own, so that no tap waits for the interpreter while a
whole district is decided upon. `python -m bot.surveyor` is what runs in it."""

import pickle
from functools import cache, partial

from bot.helper import Helper, serve
from bot.surveys import Found, Question, beside, look
from storage import Storage, StorageError, connected, transact
from storage.connected import Connected


class Surveyor:
    """`url`: of the same database as `storage`."""

    def __init__(self, url: str, storage: Storage) -> None:
        self._url = url
        self._beside = beside(storage)
        self._helper = Helper("bot.surveyor")

    async def __call__(self, question: Question) -> Found | None:
        """What goes wrong in the helper is found out here. Raises StorageError."""
        said = await self._helper.ask(pickle.dumps((self._url, question)))
        if not said:
            return await self._beside(question)
        found: Found | StorageError | None = pickle.loads(said)  # noqa: S301 - our own process's words
        if isinstance(found, StorageError):
            raise found
        return found

    async def close(self) -> None:
        await self._helper.close()


def _answer(said: bytes) -> bytes:
    url, question = pickle.loads(said)  # noqa: S301 - our own program's words
    try:
        found: Found | StorageError | None = transact(_connected(url), partial(look, question=question))
    except StorageError as error:
        found = error
    return pickle.dumps(found)


@cache
def _connected(url: str) -> Connected:
    return connected(url, writes=False)


if __name__ == "__main__":
    serve(_answer)
