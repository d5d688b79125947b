"""Generations: every build of the index is a folder of its own, and one of them is live.

    index/CURRENT                    the name of the live generation
    index/20261122-053100-1a2b3c/    manifest.json  chroma/  lexical/  and what else its kind of index holds

A generation is never changed once it is live. A build, and an update too, prepares a new folder and switches to it with
one rename, so whoever reads sees the old index or the new one, and a build that is killed leaves nothing but a folder
that nobody names. The generation that was just replaced is kept until the next switch, for processes that have it open.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from replyguide.errors import IndexUnavailable
from replyguide.index.chroma_reader import VectorSearch, embedded_search
from replyguide.index.manifest import RuleManifest, ShopManifest
from replyguide.index.store import VectorStore, copy_embedded, embedded_store, is_nearly_full

#: The place of vectors that lie in the generation's own folder.
EMBEDDED = "embedded"
#: Seconds to wait for another process that is building.
PATIENCE = 600.0

_CURRENT = "CURRENT"
_MANIFEST = "manifest.json"

AnyManifest = TypeVar("AnyManifest", RuleManifest, ShopManifest)


@dataclass(frozen=True, slots=True)
class Generation:
    """A folder of the index."""

    path: Path

    @property
    def name(self) -> str:
        """The folder's name, unique also across machines that share a Chroma server."""
        return self.path.name

    @property
    def chroma(self) -> Path:
        """The folder of the embedded Chroma."""
        return self.path / "chroma"

    def collection(self, kind: str) -> str:
        """Name a collection of vectors that belongs to this generation alone."""
        return f"{self.name}-{kind}"

    @property
    def lexical(self) -> Path:
        """The folder of the lexical index."""
        return self.path / "lexical"

    def manifest(self, kind: type[AnyManifest]) -> AnyManifest | None:
        """Read the manifest; `None` if it is missing, damaged or of another schema (see `schema`)."""
        try:
            data = json.loads((self.path / _MANIFEST).read_bytes())
            return kind(**data) if data["schema"] == kind.SCHEMA else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def schema(self) -> int | None:
        """Read the number of the schema alone, which every version of the manifest has."""
        try:
            schema = json.loads((self.path / _MANIFEST).read_bytes())["schema"]
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return schema if isinstance(schema, int) else None

    def seal(self, manifest: AnyManifest) -> None:
        """Write the manifest in one step; without one a generation counts as unfinished."""
        _write(self.path / _MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=2))


class Generations:
    """The folder that holds the generations, vectors included. Whoever writes does so within `writing`.

    `place` tells where the vectors lie.
    """

    place = EMBEDDED

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def live_name(self) -> str | None:
        """Return the name of the live generation, `None` if there is none."""
        try:
            name = (self.folder / _CURRENT).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name if name and (self.folder / name).is_dir() else None

    def current(self) -> Generation | None:
        """Return the live generation, ready to be read, `None` if there is none."""
        name = self.live_name()
        return Generation(self.folder / name) if name is not None else None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writers' lock; waits `PATIENCE` seconds for another process, then raises `IndexUnavailable`.

        The folder is created. The operating system frees the lock of a process that dies.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / ".lock", timeout=PATIENCE)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise IndexUnavailable(
                f"{self.folder}：另一个进程正在建立索引，等了 {PATIENCE:.0f} 秒还没有结束，请等它完成后再试"
            ) from None
        except OSError as error:
            raise unwritable(self.folder, error) from None
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def drafting(self) -> Iterator[Generation]:
        """Give the folder of a generation that nobody sees yet; it is removed again if what is done with it fails.

        A folder that takes no files is `IndexUnavailable`.
        """
        draft: Generation | None = None
        try:
            draft = self.draft()
            yield draft
        except BaseException as error:
            if draft is not None:
                self.discard(draft)
            if isinstance(error, OSError | sqlite3.Error):
                raise unwritable(self.folder, error) from None
            raise

    def draft(self) -> Generation:
        """Create the folder of a draft."""
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        generation = Generation(self.folder / name)
        generation.path.mkdir()
        return generation

    def switch(self, generation: Generation, collections: Collection[str]) -> None:  # noqa: ARG002  # for servers
        """Make `generation` live, then remove all others but the one it replaces.

        `collections` are those that it reads its vectors from.
        """
        replaced = self.current()
        self._name_live(generation)
        kept = {generation.name} | ({replaced.name} if replaced is not None else set())
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in kept:
                # On Windows a file that another process has open stays; the next switch tries again.
                shutil.rmtree(path, ignore_errors=True)

    def discard(self, draft: Generation) -> None:
        """Remove a draft that did not come to its end."""
        shutil.rmtree(draft.path, ignore_errors=True)

    def store(self, generation: Generation) -> VectorStore:
        """Open the vectors of a generation for writing."""
        return embedded_store(generation.chroma)

    def vectors(self, generation: Generation) -> VectorSearch:
        """Open the vectors of a generation for searching."""
        return embedded_search(generation.chroma)

    def carry_vectors(self, base: Generation, draft: Generation) -> None:
        """Let `draft` begin with the vectors of `base`."""
        copy_embedded(base.chroma, draft.chroma)

    def _name_live(self, generation: Generation) -> None:
        _write(self.folder / _CURRENT, generation.name)


def unwritable(folder: Path, error: OSError | sqlite3.Error) -> IndexUnavailable:
    """Return the error for a folder that takes no index."""
    reason = getattr(error, "strerror", None) or str(error)
    mend = "磁盘快满了，请腾出空间" if is_nearly_full(folder) else "请改正权限"
    return IndexUnavailable(f"{folder}：不能在这里建立索引（{reason}），{mend}，或用 --data-dir 换一个可写的文件夹")


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
