"""Generations that several machines share over a Chroma server.

    replyguide.SHELF                      its metadata name the live generation and the one before it
    replyguide.SHELF.GENERATION-files     the files of a generation, packed, in pieces
    replyguide.SHELF.…                    vectors, as the generations name their collections
    replyguide.SHELF.lock                 exists while somebody writes

The server holds everything; the folder of a machine is only a copy of the generation that it used last. A reader asks
the server which one is live, and fetches it once. So a machine that starts with an empty disk finds what others
ingested, and all of them answer alike.
"""

from __future__ import annotations

import base64
import io
import os
import secrets
import shutil
import tarfile
import threading
import time
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from replyguide.errors import IndexUnavailable
from replyguide.index.chroma_reader import VectorSearch
from replyguide.index.generation import PATIENCE, Generation, Generations
from replyguide.index.store import VectorStore, close_client, connected, reported, server_client

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection as ChromaCollection

# Bytes of a packed generation in one record, and records in one request.
_PIECE = 1_000_000
_PIECES_A_REQUEST = 8
# Seconds between two signs of life of whoever holds the lock, and after how many without one he counts as dead. Every
# machine measures by its own clock.
_BEAT = 5.0
_DEAD = 30.0
# Chroma wants a vector with every record; these are never searched.
_NO_VECTOR = [1.0]
_PACKED_LEVEL = 1
# Seconds between two tries for the lock.
_LOOK_AGAIN = 0.2


@dataclass(frozen=True, slots=True)
class _Live:
    """What the server says is live, and what was before it, with their collections."""

    generation: str
    collections: tuple[str, ...]
    before: str
    before_collections: tuple[str, ...]

    @classmethod
    def of(cls, metadata: Mapping[str, Any] | None) -> _Live | None:
        """Read it from the metadata of the pointer; `None` if nothing was ever live."""
        told = {name: str(value) for name, value in (metadata or {}).items()}
        if not told.get("generation"):
            return None
        own, before = (tuple(told.get(name, "").split("\n")) for name in ("collections", "before_collections"))
        return cls(told["generation"], own, told.get("before", ""), before)

    def as_metadata(self) -> dict[str, str]:
        """Return what `of` reads."""
        return {
            "generation": self.generation,
            "collections": "\n".join(self.collections),
            "before": self.before,
            "before_collections": "\n".join(self.before_collections),
        }


class SharedGenerations(Generations):
    """The generations of one shelf on the Chroma server at `url`; `folder` keeps copies of their files."""

    def __init__(self, folder: Path, url: str, shelf: str) -> None:
        super().__init__(folder)
        self.place = url
        self._prefix = f"replyguide.{shelf}"

    def live_name(self) -> str | None:
        """Return the name of the generation that the server says is live."""
        live = self._live()
        return live.generation if live is not None else None

    def current(self) -> Generation | None:
        """Return the live generation, fetched if this machine has no copy of it."""
        name = self.live_name()
        if name is None:
            return None
        generation = Generation(self.folder / name)
        if generation.schema() is None:
            self._fetch(generation)
        return generation

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writers' lock of this machine, then that of the server."""
        with super().writing(), self._server_lock():
            yield

    def switch(self, generation: Generation, collections: Collection[str]) -> None:
        """Publish `generation`, make it live, and remove from the server what neither it nor its forerunner needs."""
        before = self._live()
        live = _Live(
            generation.name,
            tuple(collections),
            before.generation if before is not None else "",
            before.collections if before is not None else (),
        )
        self._publish(generation)
        with connected(self.place) as client:
            pointer = client.get_or_create_collection(self._prefix, embedding_function=None)
            pointer.modify(metadata=live.as_metadata())
        self._clean_server(live)
        self._clean_folder(live)

    def discard(self, draft: Generation) -> None:
        """Remove a draft and what it has on the server; a server that is gone keeps it until the next switch."""
        super().discard(draft)
        with suppress(IndexUnavailable), connected(self.place) as client:
            _delete(client, [name for name in self._own(client) if name.startswith(f"{self._prefix}.{draft.name}-")])

    def store(self, generation: Generation) -> VectorStore:  # noqa: ARG002  # collections name their generation
        """Open the vectors of the shelf."""
        return VectorStore(server_client(self.place), place=self.place, prefix=f"{self._prefix}.")

    def vectors(self, generation: Generation) -> VectorSearch:
        """Open the vectors of the shelf."""
        return self.store(generation)

    def carry_vectors(self, base: Generation, draft: Generation) -> None:
        """Do nothing: generations share the collections that they only add to."""

    def _live(self) -> _Live | None:
        from chromadb.errors import NotFoundError

        with connected(self.place) as client:
            try:
                return _Live.of(client.get_collection(self._prefix, embedding_function=None).metadata)
            except NotFoundError:
                return None

    def _publish(self, generation: Generation) -> None:
        packed = _packed(generation.path)
        pieces = [base64.b64encode(packed[start : start + _PIECE]).decode() for start in range(0, len(packed), _PIECE)]
        with connected(self.place) as client:
            files = client.create_collection(self._files(generation.name), embedding_function=None)
            for start in range(0, len(pieces), _PIECES_A_REQUEST):
                part = pieces[start : start + _PIECES_A_REQUEST]
                files.add(
                    ids=[f"{start + number:06}" for number in range(len(part))],
                    documents=part,
                    embeddings=cast("Any", [_NO_VECTOR] * len(part)),
                )

    def _fetch(self, generation: Generation) -> None:
        from chromadb.errors import NotFoundError

        with connected(self.place) as client:
            try:
                files = client.get_collection(self._files(generation.name), embedding_function=None)
                packed = b"".join(base64.b64decode(piece) for piece in _documents(files))
            except NotFoundError:
                # Two switches went by between the two requests.
                raise IndexUnavailable(f"{self.place}：索引刚被别的进程换掉，请再试一次") from None
        _unpack(packed, generation.path)

    @contextmanager
    def _server_lock(self) -> Iterator[None]:
        name = f"{self._prefix}.lock"
        stop = threading.Event()
        client = server_client(self.place)
        try:
            lock = self._acquired(client, name)
            beating = threading.Thread(target=_beat, args=(lock, stop), daemon=True)
            beating.start()
            try:
                yield
            finally:
                stop.set()
                beating.join()
                with suppress(IndexUnavailable), reported(self.place):
                    _delete(client, [name])
        finally:
            close_client(client)

    def _acquired(self, client: ClientAPI, name: str) -> ChromaCollection:
        """Create the collection that is the lock; of two machines that try, Chroma lets one."""
        from chromadb.errors import ChromaError

        start = seen_at = time.monotonic()
        seen: object = None
        while True:
            with reported(self.place):
                with suppress(ChromaError):
                    return client.create_collection(name, embedding_function=None, metadata=_sign_of_life())
                beat = _beat_of(client, name)
                now = time.monotonic()
                if beat != seen:
                    seen, seen_at = beat, now
                if now - seen_at > _DEAD:
                    _delete(client, [name])
            if now - start > PATIENCE:
                raise IndexUnavailable(
                    f"{self.place}：另一台机器正在更新索引，等了 {PATIENCE:.0f} 秒还没有结束，请等它完成后再试"
                )
            time.sleep(_LOOK_AGAIN)

    def _clean_server(self, live: _Live) -> None:
        kept = {self._prefix, f"{self._prefix}.lock", self._files(live.generation), self._files(live.before)}
        kept |= {f"{self._prefix}.{name}" for name in (*live.collections, *live.before_collections)}
        with suppress(IndexUnavailable), connected(self.place) as client:
            _delete(client, [name for name in self._own(client) if name not in kept])

    def _clean_folder(self, live: _Live) -> None:
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in (live.generation, live.before):
                shutil.rmtree(path, ignore_errors=True)

    def _own(self, client: ClientAPI) -> list[str]:
        """Return the names of the collections of this shelf."""
        names = [collection.name for collection in client.list_collections()]
        return [name for name in names if name.startswith(f"{self._prefix}.")]

    def _files(self, generation: str) -> str:
        return f"{self._prefix}.{generation}-files"


def _delete(client: ClientAPI, names: Collection[str]) -> None:
    from chromadb.errors import NotFoundError

    for name in names:
        with suppress(NotFoundError):
            client.delete_collection(name)


def _sign_of_life() -> dict[str, str]:
    return {"beat": secrets.token_hex(8)}


def _beat_of(client: ClientAPI, lock: str) -> object:
    """Return the last sign of life on the lock, `None` if it is free."""
    from chromadb.errors import NotFoundError

    try:
        return (client.get_collection(lock, embedding_function=None).metadata or {}).get("beat")
    except NotFoundError:
        return None


def _beat(lock: ChromaCollection, stop: threading.Event) -> None:
    while not stop.wait(_BEAT):
        # A sign of life that does not come through is made up for by the next.
        with suppress(Exception):
            lock.modify(metadata=_sign_of_life())


def _documents(files: ChromaCollection) -> Iterator[str]:
    for start in range(0, files.count(), _PIECES_A_REQUEST):
        names = [f"{start + number:06}" for number in range(_PIECES_A_REQUEST)]
        page = files.get(ids=names, include=["documents"])
        found = dict(zip(page["ids"], page["documents"] or [], strict=True))
        yield from (found[name] for name in names if name in found)


def _packed(folder: Path) -> bytes:
    """Return the files of `folder` as a compressed tar archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=_PACKED_LEVEL) as archive:
        archive.add(folder, arcname=".")
    return packed.getvalue()


def _unpack(packed: bytes, folder: Path) -> None:
    """Unpack beside `folder`, then move into place whole; another process may be faster."""
    draft = folder.with_name(f".{folder.name}.{os.getpid()}-{secrets.token_hex(3)}")
    try:
        draft.mkdir(parents=True)
        with closing(tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz")) as archive:
            archive.extractall(draft, filter="data")
        with suppress(OSError):
            draft.replace(folder)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise IndexUnavailable(f"{folder}：索引传过来是坏的（{error}），请重新运行 replyguide index rebuild") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
