"""Somebody is erased: the row stays, for others name its id, and says nobody's name any more."""

import json

from handlers import facts as f
from storage import retention
from storage.transaction import Tx

NOBODY = "（已离任）"  # the 称呼 that old receipts then show


def erased(tx: Tx, fact: f.PersonErased) -> None:
    if fact.kind == "pupil":
        _pupil(tx, fact.id)
    else:
        _staff(tx, fact.id)


def _pupil(tx: Tx, id: str) -> None:
    row = tx.one("SELECT name FROM pupil WHERE id = :id", id=id)
    _forget_said(tx, [id, *_spelled(row["name"] if row else "")])
    retention.forget_pupil(tx, id)
    tx.run(
        "UPDATE pupil SET name = '', student_no = NULL, sex = NULL, initials = '', pinyin = '' WHERE id = :id", id=id
    )


def _staff(tx: Tx, id: str) -> None:
    row = tx.one("SELECT name FROM person WHERE id = :id", id=id)
    chats = [str(one["native"]) for one in tx.all("SELECT native FROM address WHERE person = :id", id=id)]
    _forget_said(tx, [id, *_spelled(row["name"] if row else "")])
    for chat in chats:
        _forget_heard(tx, chat)
    for sql in (
        "DELETE FROM message WHERE person = :id",
        "DELETE FROM address WHERE person = :id",
        "DELETE FROM draft WHERE person = :id",
        "DELETE FROM invite WHERE person = :id",
        "DELETE FROM staff_health WHERE person = :id",
    ):
        tx.run(sql, id=id)
    tx.run(
        "UPDATE person SET name = :nobody, title = :nobody, phone = NULL, staff_no = NULL WHERE id = :id",
        nobody=NOBODY,
        id=id,
    )


def _spelled(name: str) -> list[str]:
    """As it is, and as JSON of a platform may write it."""
    return [name, json.dumps(name)[1:-1]] if name else []


def _forget_said(tx: Tx, words: list[str]) -> None:
    """What came in and what was said, wherever one of these words is in it."""
    for one in words:
        tx.run(
            "UPDATE inbox SET body = '', meant = NULL WHERE state = 'done' AND replace(body, :word, '') <> body",
            word=one,
        )
        tx.run("DELETE FROM message WHERE state <> 'due' AND replace(body, :word, '') <> body", word=one)


def _forget_heard(tx: Tx, chat: str) -> None:
    """What came from a chat, as platforms write its id: a number or a word, with or without a space before it."""
    for spelled in (f'"id":{chat},', f'"id": {chat},', f'"{chat}"'):
        tx.run(
            """UPDATE inbox SET body = '', meant = NULL WHERE state = 'done'
               AND (replace(body, :id, '') <> body OR replace(meant, :id, '') <> meant)""",
            id=spelled,
        )
