"""The vectors of one generation in Chroma: those of the passages, and one for each rule made from them.

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
from replyguide.index.generation import Generation

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

#: The place of vectors that lie in the generation's own folder.
EMBEDDED = "embedded"

PASSAGES = "passages"
RULES = "rules"
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
    """A passage in the store: the digest of its text (see `Passage.digest`) and its vector."""

    digest: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class Nearest:
    """What lies near a vector: ids of passages and of rules, each with its cosine."""

    passages: dict[str, float]
    rules: dict[str, float]


class VectorStore:
    """The two collections of a generation. Whatever Chroma fails at is an `IndexUnavailable` that names `place`."""

    def __init__(self, client: ClientAPI, *, place: str, prefix: str = "") -> None:
        self._client = client
        self._place = place
        self._prefix = prefix
        self._opened: dict[str, Collection] = {}

    def close(self) -> None:
        """Give back files and sockets; the store cannot be used any more."""
        client: Any = self._client
        client.close()
        # Chroma forgets the HTTP sessions of its client and of the second one that this makes for itself.
        for one in (client, getattr(client, "_admin_client", None)):
            session = getattr(getattr(one, "_server", None), "_session", None)
            if session is not None:
                session.close()

    def create(self) -> None:
        """Make empty collections."""
        with _reported(self._place):
            for name in (PASSAGES, RULES):
                self._create(name)

    def remove(self) -> None:
        """Remove the collections."""
        with _reported(self._place):
            for name in (PASSAGES, RULES):
                self._client.delete_collection(self._prefix + name)

    def held(self) -> dict[str, Held]:
        """Return every passage, by id."""
        with _reported(self._place):
            return dict(self._pages())

    def put_passages(self, passages: Mapping[str, Held], rule_ids: Mapping[str, str]) -> None:
        """Add passages, by id; `rule_ids` tells the rule of each."""
        data = {name: {"rule_id": rule_ids[name], "digest": held.digest} for name, held in passages.items()}
        with _reported(self._place):
            self._put(PASSAGES, {name: held.vector for name, held in passages.items()}, data)

    def put_rules(self, vectors: Mapping[str, Vector]) -> None:
        """Add the vectors of rules, by id."""
        with _reported(self._place):
            self._put(RULES, vectors, {name: {"rule_id": name} for name in vectors})

    def near(self, vectors: Sequence[Vector], *, passages: int, rules: int) -> list[Nearest]:
        """Return for each vector its nearest passages and rules, at most as many as asked for, nearest first."""
        with _reported(self._place):
            found = zip(self._query(PASSAGES, vectors, passages), self._query(RULES, vectors, rules), strict=True)
            return [Nearest(passages=near_passages, rules=near_rules) for near_passages, near_rules in found]

    def _query(self, name: str, vectors: Sequence[Vector], count: int) -> Iterator[dict[str, float]]:
        found = self._collection(name).query(
            query_embeddings=cast("Any", list(vectors)), n_results=count, include=["distances"]
        )
        for ids, distances in zip(found["ids"], found["distances"] or [], strict=True):
            # Cosine distance is 1 - cosine.
            yield {one: 1.0 - distance for one, distance in zip(ids, distances, strict=True)}

    def _create(self, name: str) -> None:
        self._opened[name] = self._client.create_collection(
            self._prefix + name, embedding_function=None, configuration=cast("Any", {"hnsw": _HNSW})
        )

    def _collection(self, name: str) -> Collection:
        if name not in self._opened:
            self._opened[name] = self._client.get_collection(self._prefix + name, embedding_function=None)
        return self._opened[name]

    def _pages(self) -> Iterator[tuple[str, Held]]:
        collection = self._collection(PASSAGES)
        for offset in range(0, collection.count(), _BATCH):
            page = collection.get(include=["embeddings", "metadatas"], limit=_BATCH, offset=offset)
            vectors: Any = page["embeddings"]
            for name, vector, data in zip(page["ids"], vectors, page["metadatas"] or [], strict=True):
                yield name, Held(str(data["digest"]), vector)

    def _put(self, name: str, vectors: Mapping[str, Vector], data: Mapping[str, Mapping[str, str]]) -> None:
        ids = list(vectors)
        for start in range(0, len(ids), _BATCH):
            part = ids[start : start + _BATCH]
            self._collection(name).add(
                ids=part,
                embeddings=cast("Any", [vectors[one] for one in part]),
                metadatas=[dict(data[one]) for one in part],
            )


def open_store(place: str, generation: Generation) -> VectorStore:
    """Open the vectors of `generation`, which lie embedded or on the server whose URL is `place`."""
    if place == EMBEDDED:
        return embedded_store(generation.chroma)
    return server_store(place, prefix=f"replyguide-{generation.name}-")


def embedded_store(folder: Path) -> VectorStore:
    """Open the embedded Chroma in `folder`, creating the folder if need be."""
    import chromadb
    from chromadb.config import Settings

    with _reported(str(folder)):
        client = chromadb.PersistentClient(str(readable(folder)), settings=Settings(anonymized_telemetry=False))
    return VectorStore(client, place=str(folder))


def server_store(url: str, *, prefix: str) -> VectorStore:
    """Open the collections that begin with `prefix` on the Chroma server at `url`."""
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.hostname is None:
        raise SettingsError(f"chroma_url 应是 http://主机:端口 的形式，现在是 {url}")
    secure = parts.scheme == "https"
    port = parts.port if parts.port is not None else (443 if secure else 8000)
    with _reported(url):
        client = chromadb.HttpClient(parts.hostname, port, secure, settings=Settings(anonymized_telemetry=False))
    return VectorStore(client, place=url, prefix=prefix)


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
def _reported(place: str) -> Iterator[None]:
    """Turn what Chroma, its wire or the disk fails at into one line."""
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
    folder = next(path for path in (Path(place), *Path(place).parents) if path.exists())
    if shutil.disk_usage(folder).free < _LITTLE_SPACE:
        return "磁盘快满了：请腾出空间，或用 --data-dir 换一个文件夹"
    return "请运行 replyguide index rebuild"
