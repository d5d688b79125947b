"""Searching an embedded Chroma without importing its Python half.

`import chromadb` costs 0.8 s, most of the time to the first answer of a command, and all that a search takes from it
is one call that it passes on to its Rust half. That half opens the same files in 30 ms. It is no public interface: it
is used with the versions that our tests ran with, in all others and whenever it fails the public client does the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from replyguide.errors import IndexUnavailable
from replyguide.index.store import embedded_store, readable

if TYPE_CHECKING:
    from replyguide.index.store import Vector

_KNOWN_VERSIONS = ("1.5.",)
_TENANT, _DATABASE = "default_tenant", "default_database"
# Graphs kept open: there are two.
_GRAPHS = 8


class VectorSearch(Protocol):
    """What a search needs of a store."""

    def near(self, name: str, vectors: Sequence[Vector], count: int) -> list[dict[str, float]]: ...

    def close(self) -> None: ...


def embedded_search(folder: Path) -> VectorSearch:
    """Open the embedded Chroma in `folder` for searching."""
    if version("chromadb").startswith(_KNOWN_VERSIONS):
        try:
            return _RustSearch(readable(folder))
        except Exception:  # noqa: BLE001, S110  # whatever it was, the public client does it or tells it
            pass
    return embedded_store(folder)


class _RustSearch:
    """A Chroma folder through the Rust bindings; opening raises whatever these raise."""

    def __init__(self, folder: Path) -> None:
        import chromadb_rust_bindings as rust  # type: ignore[import-untyped]

        self._folder = folder
        self._bindings = rust.Bindings(
            allow_reset=False,
            sqlite_db_config=rust.SqliteDBConfig(
                # The defaults of the public client.
                hash_type=rust.MigrationHash.MD5,
                migration_mode=rust.MigrationMode.Apply,
                url=str(folder / "chroma.sqlite3"),
            ),
            persist_path=str(folder),
            hnsw_cache_size=_GRAPHS,
        )
        self._ids = {
            collection.name: str(collection.id)
            for collection in self._bindings.list_collections(None, None, _TENANT, _DATABASE)
        }

    def near(self, name: str, vectors: Sequence[Vector], count: int) -> list[dict[str, float]]:
        """Return for each vector its nearest ids; a store that breaks is `IndexUnavailable`."""
        try:
            return self._query(name, [vector.tolist() for vector in vectors], count)
        except Exception as error:  # noqa: BLE001  # the bindings raise errors of classes that only Chroma knows
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise IndexUnavailable(
                f"{self._folder}：向量库用不了（{reason}），请运行 replyguide index rebuild"
            ) from None

    def close(self) -> None:
        """Give back the files."""
        del self._bindings

    def _query(self, name: str, vectors: list[Any], count: int) -> list[dict[str, float]]:
        answer = self._bindings.query(
            self._ids[name], None, vectors, count, None, None, ["distances"], _TENANT, _DATABASE
        )
        return [
            # Cosine distance is 1 - cosine.
            {one: 1.0 - distance for one, distance in zip(ids, distances, strict=True)}
            for ids, distances in zip(answer.ids, answer.distances, strict=True)
        ]
