"""Vectors in Chroma, in named collections.

Vectors are only ever added. Deleting and replacing in Chroma's graph is not safe as of 1.5.9: a query may still return
what was deleted (seen here in one update of 25), and no longer return what is there (chroma-core/chroma#7758).
Chroma is used directly: on the way of a question its LangChain wrapper costs 0.7 s of import and gives nothing.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from replyguide.errors import IndexUnavailable, SettingsError

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

_DATABASE = "chroma.sqlite3"
# Bytes. Chroma tells a full disk in many words; with less free than this it is the likely cause of whatever it tells.
_LITTLE_SPACE = 20_000_000
# How many records go to Chroma at once. It rewrites its graph at every `sync_threshold` records or once a batch, so
# large batches keep a build linear; a low threshold leaves no records outside of the graph, which the first query of
# every process would have to insert (measured with 4,000 vectors: 22 ms instead of 250).
_BATCH = 4000
_SYNC = 16
# Neighbours looked at: recall of the nearest 40 on the corpus is above .99.
_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "batch_size": _SYNC, "sync_threshold": _SYNC}


@dataclass(frozen=True, slots=True)
class Held:
    """A vector in the store, and the digest of the text that it was made from (see `Passage.digest`)."""

    digest: str
    vector: Vector


class VectorStore:
    """Collections of vectors, each by its id. Whatever Chroma fails at is an `IndexUnavailable` that names `place`.

    `prefix` goes before the names of all collections: a server is shared by many.
    """

    def __init__(self, client: ClientAPI, *, place: str, prefix: str = "") -> None:
        self._client = client
        self._place = place
        self._prefix = prefix
        self._opened: dict[str, Collection] = {}

    def close(self) -> None:
        """Give back files and sockets; the store cannot be used any more."""
        close_client(self._client)

    def create(self, *names: str) -> None:
        """Make empty collections."""
        with reported(self._place):
            for name in names:
                self._opened[name] = self._client.create_collection(
                    self._prefix + name, embedding_function=None, configuration=cast("Any", {"hnsw": _HNSW})
                )

    def held(self, name: str) -> dict[str, Held]:
        """Return everything of a collection, by id."""
        with reported(self._place):
            return dict(self._pages(name))

    def put(self, name: str, entries: Mapping[str, Held]) -> None:
        """Add vectors, by id; ids that are there already are left as they are."""
        ids = list(entries)
        with reported(self._place):
            for start in range(0, len(ids), _BATCH):
                part = ids[start : start + _BATCH]
                self._collection(name).add(
                    ids=part,
                    embeddings=cast("Any", [entries[one].vector for one in part]),
                    metadatas=[{"digest": entries[one].digest} for one in part],
                )

    def near(self, name: str, vectors: Sequence[Vector], count: int) -> list[dict[str, float]]:
        """Return for each vector the ids nearest to it with their cosines, at most `count`, nearest first."""
        with reported(self._place):
            found = self._collection(name).query(
                query_embeddings=cast("Any", list(vectors)), n_results=count, include=["distances"]
            )
            # Cosine distance is 1 - cosine.
            return [
                {one: 1.0 - distance for one, distance in zip(ids, distances, strict=True)}
                for ids, distances in zip(found["ids"], found["distances"] or [], strict=True)
            ]

    def _collection(self, name: str) -> Collection:
        if name not in self._opened:
            self._opened[name] = self._client.get_collection(self._prefix + name, embedding_function=None)
        return self._opened[name]

    def _pages(self, name: str) -> Iterator[tuple[str, Held]]:
        collection = self._collection(name)
        for offset in range(0, collection.count(), _BATCH):
            page = collection.get(include=["embeddings", "metadatas"], limit=_BATCH, offset=offset)
            vectors: Any = page["embeddings"]
            for one, vector, data in zip(page["ids"], vectors, page["metadatas"] or [], strict=True):
                yield one, Held(str(data["digest"]), vector)


def embedded_store(folder: Path) -> VectorStore:
    """Open the embedded Chroma in `folder`, creating the folder if need be."""
    import chromadb
    from chromadb.config import Settings

    with reported(str(folder)):
        client = chromadb.PersistentClient(str(readable(folder)), settings=Settings(anonymized_telemetry=False))
    return VectorStore(client, place=str(folder))


def server_client(url: str) -> ClientAPI:
    """Connect to the Chroma server at `url`; one that does not answer is `IndexUnavailable`."""
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.hostname is None:
        raise SettingsError(f"chroma_url 应是 http://主机:端口 的形式，现在是 {url}")
    secure = parts.scheme == "https"
    port = parts.port if parts.port is not None else (443 if secure else 8000)
    with reported(url):
        return chromadb.HttpClient(parts.hostname, port, secure, settings=Settings(anonymized_telemetry=False))


@contextmanager
def connected(url: str) -> Iterator[ClientAPI]:
    """Connect to the Chroma server at `url` for a while; what fails meanwhile is `IndexUnavailable`."""
    client = server_client(url)
    try:
        with reported(url):
            yield client
    finally:
        close_client(client)


def close_client(client: Any) -> None:
    """Give back the files or sockets of a client."""
    client.close()
    # Chroma forgets the HTTP sessions of its client and of the second one that this makes for itself.
    for one in (client, getattr(client, "_admin_client", None)):
        session = getattr(getattr(one, "_server", None), "_session", None)
        if session is not None:
            session.close()


def copy_embedded(source: Path, target: Path) -> None:
    """Copy an embedded Chroma, which may be open, to a new folder; what is read-only becomes writable."""
    target.mkdir(parents=True)
    for path in sorted(source.rglob("*")):
        if path.is_dir():
            (target / path.relative_to(source)).mkdir()
        elif not path.name.startswith(_DATABASE):
            shutil.copyfile(path, target / path.relative_to(source))
    read_only = f"{(source / _DATABASE).as_uri()}?mode=ro"
    with closing(sqlite3.connect(read_only, uri=True)) as old, closing(sqlite3.connect(target / _DATABASE)) as new:
        old.backup(new)


def readable(folder: Path) -> Path:
    """Return a folder in which Chroma can read the database of `folder`.

    Chroma writes to its database even to read from it: where it must not, it gets a copy in the temporary folder,
    which goes with the process.
    """
    return folder if not folder.exists() or _writable(folder) else _temporary_copy(folder)


def _writable(folder: Path) -> bool:
    return all(os.access(path, os.W_OK) for path in (folder, folder / _DATABASE) if path.exists())


def _temporary_copy(folder: Path) -> Path:
    home = Path(tempfile.mkdtemp(prefix="replyguide-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    copy_embedded(folder, home / "chroma")
    return home / "chroma"


@contextmanager
def reported(place: str) -> Iterator[None]:
    """Within, turn what Chroma, its wire or the disk fails at into one line."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, httpx.HTTPError, OSError, ValueError, sqlite3.Error) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise IndexUnavailable(f"{place}：向量库用不了（{reason}），{_mend(place)}") from None


def _mend(place: str) -> str:
    if place.startswith("http"):
        return "请确认 Chroma 服务器在运行，或取消 REPLYGUIDE_CHROMA_URL 改用内置的"
    if is_nearly_full(Path(place)):
        return "磁盘快满了：请腾出空间，或用 --data-dir 换一个文件夹"
    return "请运行 replyguide index rebuild"


def is_nearly_full(folder: Path) -> bool:
    """Tell whether the disk of a folder, which need not exist, is the likely cause of whatever failed there."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(there).free < _LITTLE_SPACE
