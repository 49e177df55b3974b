"""Whatever is kept of one pupil or of one member of staff, table by table: what they may ask to see."""

from collections.abc import Mapping
from typing import Final

from handlers.questions import Somebody
from storage import retention
from storage.transaction import Row, Tx

# of a member of staff; a pupil's are in storage/retention.py
OF_STAFF: Final = {
    "person": "SELECT * FROM person WHERE id = :id",
    "duty": "SELECT * FROM duty WHERE person = :id ORDER BY since",
    "address": "SELECT channel, native, state, since FROM address WHERE person = :id",
    "report": "SELECT day, round, class, rev, at, kind FROM report WHERE person = :id ORDER BY at",
    "message": """SELECT put_at, body AS said FROM message
                  WHERE person = :id AND body NOT LIKE '%"menu"%' ORDER BY put_at""",
    "fact": "SELECT id, kind, at, body FROM fact WHERE body LIKE :mention ORDER BY at",
}
PUPIL: Final = {
    "pupil": "SELECT * FROM pupil WHERE id = :id",
    "enrolment": "SELECT * FROM enrolment WHERE pupil = :id ORDER BY since",
    "fact": "SELECT id, kind, at, actor FROM fact WHERE body LIKE :mention ORDER BY at",
}


def kept_of(tx: Tx, one: Somebody) -> Mapping[str, list[Row]]:
    own = PUPIL if one.kind == "pupil" else OF_STAFF
    found = {table: tx.all(sql, **_values(sql, one)) for table, sql in own.items()}
    if one.kind == "pupil":
        found |= retention.of_pupil(tx, one.id)
        found["message"] = [{"put_at": row["put_at"], "said": row["body"]} for row in found["message"]]
    return found


def _values(sql: str, one: Somebody) -> dict[str, str]:
    known = {"id": one.id, "mention": retention.mention(one.id)}
    return {name: value for name, value in known.items() if f":{name}" in sql}


def erased_facts(tx: Tx) -> int:
    row = tx.one("SELECT count(*) AS n FROM fact WHERE body = ''")
    return int(row["n"]) if row else 0
