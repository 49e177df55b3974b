"""Two loops of which neither goes on without the other."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def both(one: Coroutine[Any, Any, None], other: Coroutine[Any, Any, None]) -> None:
    """Until one of them ends; raises what ended it."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(one)
            group.create_task(other)
    except ExceptionGroup as ended:
        raise ended.exceptions[0] from None
