"""A PostgreSQL connection as a transaction; one that the server has dropped is made anew."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from storage.connected import savepoint, the_only
from storage.errors import Busy
from storage.postgres_errors import translate
from storage.postgres_server import connect, examine
from storage.statement import for_psycopg
from storage.transaction import Param, Row

BEGIN_WRITING = b"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
# one snapshot for all its statements, as a reader of SQLite has
BEGIN_READING = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Postgres:
    """Made anew when the next work begins, if the server has dropped it."""

    def __init__(self, url: str, *, writes: bool, lets_go: bool = False) -> None:
        self._url = url
        self._lets_go = lets_go
        self._begins = BEGIN_WRITING if writes else BEGIN_READING
        self._connection = connect(url, lets_go=lets_go)

    def all(self, sql: str, /, **params: Param) -> list[Row]:
        cursor = self._execute(sql, params)
        return list(cursor.fetchall()) if cursor.description else []

    def one(self, sql: str, /, **params: Param) -> Row | None:
        return the_only(self.all(sql, **params), sql)

    def locked(self, sql: str, /, *, skip: bool = False, **params: Param) -> list[Row]:
        return self.all(f"{sql} FOR UPDATE{' SKIP LOCKED' if skip else ''}", **params)

    def run(self, sql: str, /, **params: Param) -> int:
        return max(self._execute(sql, params).rowcount, 0)

    def many(self, sql: str, rows: Iterable[Mapping[str, Param]]) -> None:
        self._insist()
        try:
            with self._connection.cursor() as cursor:
                cursor.executemany(for_psycopg(sql), rows)
        except psycopg.Error as error:
            translate(error, lost=self._connection.closed)

    def savepoint(self) -> AbstractContextManager[None]:
        return savepoint(self)

    def begin(self) -> None:
        """A connection that was lost while nothing ran is nobody's trouble: a new one takes its place."""
        try:
            self._connection.execute(self._begins)
        except psycopg.Error as error:
            if not self._connection.closed:
                translate(error, lost=False)
            self._begin_anew()

    def commit(self) -> None:
        self._insist()
        if self._connection.info.transaction_status == TransactionStatus.INERROR:
            # the server would answer this COMMIT with a rollback and no error
            raise RuntimeError("The work went on after a failed statement: only a savepoint allows that.")
        try:
            self._connection.commit()
        except psycopg.Error as error:
            translate(error, lost=self._connection.closed)

    def rollback(self) -> None:
        if not self.alive():
            return
        try:
            self._connection.rollback()
        except psycopg.Error:
            self._connection.close()

    def alive(self) -> bool:
        return self._connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    def examine(self) -> None:
        examine(self._connection)

    def close(self) -> None:
        self._connection.close()

    def _begin_anew(self) -> None:
        try:
            self._connection = connect(self._url, lets_go=self._lets_go)
            self._connection.execute(self._begins)
        except psycopg.Error as error:
            translate(error, lost=True)

    def _execute(self, sql: str, params: Mapping[str, Param]) -> psycopg.Cursor[dict[str, Any]]:
        self._insist()
        try:
            return self._connection.execute(for_psycopg(sql), params)
        except psycopg.Error as error:
            translate(error, lost=self._connection.closed)

    def _insist(self) -> None:
        """Without its transaction a statement would be committed by itself."""
        if not self.alive():
            raise Busy("The connection to the database server was lost in the middle of the work.")
