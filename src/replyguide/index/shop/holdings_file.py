"""The file of a generation that keeps documents and entries: SQLite, so that a search reads the few rows it shows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from replyguide.errors import IndexUnavailable
from replyguide.index.shop.holding import Entry, HeldDocument, Holding

_NAME = "holdings.sqlite3"
_DOCUMENT = [field.name for field in fields(HeldDocument)]
_ENTRY = [field.name for field in fields(Entry)]
_SCHEMA = f"""
CREATE TABLE documents ({", ".join(_DOCUMENT)});
CREATE TABLE entries (place INTEGER UNIQUE, vector_id TEXT, {", ".join(_ENTRY)});
CREATE TABLE pooled (vector_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_INDEXES = "CREATE INDEX by_vector ON entries (vector_id) WHERE place IS NOT NULL;"


class HoldingsFile:
    """The holdings of one generation, for reading. Whatever SQLite fails at is an `IndexUnavailable`.

    Entries that are searched have a `place`, their number in the lexical index.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME

    def holdings(self) -> list[Holding]:
        """Return every document with its entries."""
        with self._connected() as database:
            entries: dict[str, list[Entry]] = {}
            for row in database.execute(f"SELECT {', '.join(_ENTRY)} FROM entries ORDER BY rowid"):  # noqa: S608
                entry = Entry(**dict(zip(_ENTRY, row, strict=True)))
                entries.setdefault(entry.document, []).append(entry)
            return [Holding(document, tuple(entries.get(document.key, ()))) for document in _documents(database)]

    def documents(self) -> list[HeldDocument]:
        """Return the documents alone."""
        with self._connected() as database:
            return list(_documents(database))

    def pooled(self) -> set[str]:
        """Return the ids of the vectors that the pool holds."""
        with self._connected() as database:
            return {name for (name,) in database.execute("SELECT vector_id FROM pooled")}

    def at(self, places: Collection[int]) -> dict[int, Entry]:
        """Return the entries at these places."""
        marks = ", ".join("?" * len(places))
        query = f"SELECT place, {', '.join(_ENTRY)} FROM entries WHERE place IN ({marks})"  # noqa: S608
        with self._connected() as database:
            return {
                place: Entry(**dict(zip(_ENTRY, row, strict=True)))
                for place, *row in database.execute(query, list(places))
            }

    def places_of(self, vector_ids: Collection[str]) -> dict[str, list[int]]:
        """Return the places that share each of these vectors; a vector that nothing uses any more has none."""
        found: dict[str, list[int]] = {}
        with self._connected() as database:
            marks = ", ".join("?" * len(vector_ids))
            query = f"SELECT vector_id, place FROM entries WHERE place IS NOT NULL AND vector_id IN ({marks})"  # noqa: S608
            for vector_id, place in database.execute(query, list(vector_ids)):
                found.setdefault(vector_id, []).append(place)
        return found

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        # A connection each: it costs 0.1 ms, and threads cannot share one.
        try:
            with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
                yield database
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise IndexUnavailable(
                f"{self._path}：本店文档的索引读不了（{error}），请重新运行 replyguide ingest"
            ) from None


def write_holdings(folder: Path, holdings: Iterable[Holding], pooled: Collection[str]) -> list[Entry]:
    """Write the file into the folder of a generation; return the entries that are searched, in the order of places."""
    searched: list[Entry] = []
    with closing(sqlite3.connect(folder / _NAME)) as database, database:
        database.executescript(_SCHEMA)
        for holding in holdings:
            database.execute(_insert("documents", _DOCUMENT), _document_row(holding.document))
            for entry in holding.entries:
                place = None if entry.duplicate_of is not None else len(searched)
                if place is not None:
                    searched.append(entry)
                row = [getattr(entry, name) for name in _ENTRY]
                database.execute(_insert("entries", ["place", "vector_id", *_ENTRY]), [place, entry.vector_id, *row])
        database.executemany("INSERT INTO pooled VALUES (?)", ((name,) for name in sorted(pooled)))
        database.executescript(_INDEXES)
    return searched


def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608


def _document_row(document: HeldDocument) -> list[Any]:
    row = {name: getattr(document, name) for name in _DOCUMENT}
    row["dropped"] = json.dumps(dict(document.dropped), ensure_ascii=False)
    return [row[name] for name in _DOCUMENT]


def _documents(database: sqlite3.Connection) -> Iterator[HeldDocument]:
    for row in database.execute(f"SELECT {', '.join(_DOCUMENT)} FROM documents ORDER BY rowid"):  # noqa: S608
        values = dict(zip(_DOCUMENT, row, strict=True))
        values["dropped"] = json.loads(values["dropped"])
        yield HeldDocument(**values)
