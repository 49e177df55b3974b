"""The log: one line a thing that happened, on stderr. Never an answer, a name or a token."""

import logging

LIBRARIES = ("aiohttp", "aiosqlite", "apscheduler", "asyncio", "httpcore", "httpx", "matplotlib", "psycopg", "telegram")


def start(level: int) -> None:
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in LIBRARIES:
        # these write addresses at INFO, and Telegram's hold the token
        logging.getLogger(name).setLevel(logging.WARNING)
