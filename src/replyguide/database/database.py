"""Opening the database, bringing its tables up to date, and turning its failures into one error."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from replyguide.errors import DatabaseUnavailable, SettingsError
from replyguide.settings import Settings

FILE = "replyguide.sqlite3"
_WAIT = 3  # seconds for a server to answer, a pool to have a connection free
_WRITER = 5000  # milliseconds for another process that is writing to SQLite
# Any number, the same in every process: who migrates a PostgreSQL database holds this lock.
_MIGRATING = 7_230_412
_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


def open_database(settings: Settings) -> Database:
    """Return the database that the settings name; nothing is connected yet. A bad URL is a `SettingsError`."""
    if settings.database_url is None:
        return Database(URL.create("sqlite", database=str(settings.data_dir / FILE)), settings)
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        raise SettingsError("设置 database_url 不是数据库地址，应像 postgresql://用户:密码@主机/库名") from None
    if url.drivername not in _SCHEMES:
        raise SettingsError(f"设置 database_url 只支持 postgresql://，现在是 {url.drivername}://")
    return Database(url.set(drivername="postgresql+psycopg"), settings)


class Database:
    """Connections to the tables of `tables.py`, which the first use brings up to date. Threads may share it."""

    def __init__(self, url: URL, settings: Settings) -> None:
        self._url = url
        self._settings = settings
        self._lock = threading.Lock()
        self._is_current = False

    @property
    def place(self) -> str:
        """Where the data lies, without the password."""
        return self._url.database or "" if self._is_sqlite else self._url.render_as_string(hide_password=True)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction, committed at the end; whatever fails is a `DatabaseUnavailable` and nothing is kept."""
        with self._translated():
            self._bring_up_to_date()
            with self._engine.begin() as connection:
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection for reading."""
        with self._translated():
            self._bring_up_to_date()
            with self._engine.connect() as connection:
                yield connection

    def close(self) -> None:
        """Give back all connections; the next use opens new ones."""
        self._engine.dispose()

    @property
    def _is_sqlite(self) -> bool:
        return self._url.drivername == "sqlite"

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            self._is_current = False  # what comes back may be another database: its tables are looked at anew
            # The driver's words may hold the password of the URL.
            kind = type(getattr(error, "orig", None) or error).__name__
            raise DatabaseUnavailable(f"{self.place}：数据库用不了（{kind}），请检查磁盘空间、权限和连接") from None

    @cached_property
    def _engine(self) -> Engine:
        if self._is_sqlite:
            # Opened for each use, a third of a millisecond: a file that was deleted or moved away must not go on
            # taking, unseen, what nobody will ever find again.
            engine = create_engine(self._url, poolclass=NullPool, connect_args={"timeout": _WRITER / 1000})
            event.listen(engine, "connect", _prepare_sqlite)
            return engine
        return create_engine(self._url, pool_pre_ping=True, pool_timeout=_WAIT, connect_args={"connect_timeout": _WAIT})

    def _bring_up_to_date(self) -> None:
        with self._lock:
            if self._is_current:
                return
            from replyguide.database.migrating import migrate

            self._settings.data_dir.mkdir(parents=True, exist_ok=True)
            with self._migrating_alone() as connection:
                migrate(connection)
            self._is_current = True

    @contextmanager
    def _migrating_alone(self) -> Iterator[Connection]:
        if self._is_sqlite:
            with FileLock(self._settings.data_dir / f"{FILE}.lock"), self._engine.begin() as connection:
                yield connection
            return
        with self._engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            yield connection


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Let readers and one writer work side by side; a killed process loses nothing that was committed."""
    cursor = connection.cursor()
    for pragma in ("journal_mode = wal", "synchronous = normal", f"busy_timeout = {_WRITER}", "foreign_keys = on"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()
