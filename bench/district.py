"""A district for the bench: schools of twenty-five classes with a teacher each, put in as an office does."""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bench.stand_in import ADMIN_CHAT
from bot.clock import AffineClock
from bot.config import Config
from bot.machine import Machine
from bot.seed import started
from handlers.model import Duty
from handlers.rolls import ClassRoll, PupilRow, PupilStatus, SchoolRoll, StaffRow, to_json
from storage import open_storage
from storage.inbox import DISTRICT

ZONE: Final = ZoneInfo("Asia/Shanghai")
DAY: Final = date(2026, 9, 1)
SINCE: Final = date(2026, 8, 3)
EVE: Final = date(2026, 8, 31)
OPENS: Final = datetime(2026, 9, 1, 7, 29, 55, tzinfo=ZONE)  # five seconds before the cards
MADE: Final = OPENS.replace(hour=6)  # so long before them that nobody who is bound gets one: it takes minutes
A_SCHOOL: Final = 25
PUPILS: Final = 45
GRADES: Final = "一二三四五"
PHONE: Final = "13800000000"


def _teachers(number: int, names: Sequence[tuple[str, str, int]]) -> Iterator[StaffRow]:
    for n, one in enumerate(names):
        yield StaffRow(f"师{number:03}{n:02}", f"T{number:03}{n:02}", (Duty.HOMEROOM,), (one[0],), "老师", PHONE)


def school(number: int, classes: int) -> SchoolRoll:
    name = f"{number:03}小学"
    names = [(f"{GRADES[n // 5]}({n % 5 + 1})班", GRADES[n // 5], n % 5 + 1) for n in range(classes)]
    return SchoolRoll(
        name,
        tuple(ClassRoll(*one) for one in names),
        (*_teachers(number, names), StaffRow(f"报{number:03}", f"Z{number:03}", (Duty.REPORTER,), (), "老师", PHONE)),
        tuple(
            PupilRow(f"生{seat:02}", f"{number:03}{n:02}{seat:02}", one[0], seat, None, PupilStatus.ENROLLED, (), ())
            for n, one in enumerate(names)
            for seat in range(1, PUPILS + 1)
        ),
    )


def office() -> SchoolRoll:
    return SchoolRoll("学区", (), (StaffRow("管理员", "A001", (Duty.ADMIN,), (), "老师", PHONE),), ())


async def prepare(path: Path, classes: int, since: date = SINCE, hour: datetime = MADE) -> None:
    """The database of a district of that many classes at that hour, an admin bound to ADMIN_CHAT, the teachers behind,
    and then the 疫情报告人 of each school. `since`: whence teachers have been asked; days on which nobody has reported
    cost most."""
    storage = await open_storage(f"sqlite:///{path}", inline=True)
    try:
        machine = Machine(storage, AffineClock(hour, 1), Config(), {})
        await machine.prepare()
        await storage.run(lambda tx: started(tx, datetime.combine(since, OPENS.time(), ZONE)))
        schools = [school(n // A_SCHOOL, min(A_SCHOOL, classes - n)) for n in range(0, classes, A_SCHOOL)]
        for place, roll in enumerate((*schools, office())):
            await machine.tell([machine.arrival("roster", (str(place), SINCE.isoformat()), to_json(roll))])
        # the admin comes first
        people = await storage.read(lambda tx: tx.all("SELECT id, school FROM person ORDER BY staff_no"))
        await machine.tell(
            [
                machine.arrival("member", ("telegram", str(ADMIN_CHAT + n), row["id"]), lane=row["school"] or DISTRICT)
                for n, row in enumerate(people)
            ]
        )
    finally:
        await storage.close()


def tap(number: int, klass: str, chat: int) -> str:
    """全员正常 on this morning's card, as Telegram says it."""
    who = {"id": chat, "is_bot": False, "first_name": "老师"}
    message = {"message_id": 1, "date": 0, "chat": {"id": chat, "type": "private"}, "text": "…"}
    query = {"id": str(number), "from": who, "message": message, "chat_instance": "1"}
    return json.dumps({"update_id": number, "callback_query": query | {"data": f"zero:{klass}:{DAY:%Y%m%d}:am:0"}})


if __name__ == "__main__":
    asyncio.run(prepare(Path(sys.argv[1]), int(sys.argv[2])))
