"""Generations: every build of the index is a folder of its own, and one of them is live.

    index/CURRENT                    the name of the live generation
    index/20261122-053100-1a2b3c/    manifest.json  rules.json  chroma/  lexical/

A generation is never changed once it is live. A build, and an update too, prepares a new folder and switches to it with
one rename, so whoever reads sees the old index or the new one, and a build that is killed leaves nothing but a folder
that nobody names. The generation that was just replaced is kept until the next switch, for processes that have it open.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from replyguide.errors import IndexUnavailable

#: Goes up with every change of the layout or of the manifest that older code cannot read.
SCHEMA = 1
#: Seconds to wait for another process that is building.
PATIENCE = 600.0

_CURRENT = "CURRENT"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds and what it was made from; the last file that a build writes.

    `recipe` names the code that cuts words, `fingerprint` the files of the corpus as they lay on disk, `store` the
    place of the vectors (`embedded` or a server's URL). `built_at` is UTC in ISO form.
    """

    schema: int
    state: Literal["ready"]
    replyguide: str
    corpus: str
    fingerprint: str
    embedder: str
    dimension: int
    recipe: str
    store: str
    rules: int
    passages: int
    built_at: str


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

    @property
    def lexical(self) -> Path:
        """The folder of the lexical index."""
        return self.path / "lexical"

    @property
    def rules(self) -> Path:
        """The snapshot of the rules."""
        return self.path / "rules.json"

    def manifest(self) -> Manifest | None:
        """Read the manifest; `None` if it is missing, damaged or of another schema (see `schema`)."""
        try:
            data = json.loads((self.path / _MANIFEST).read_bytes())
            return Manifest(**data) if data["schema"] == SCHEMA else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def schema(self) -> int | None:
        """Read the number of the schema alone, which every version of the manifest has."""
        try:
            schema = json.loads((self.path / _MANIFEST).read_bytes())["schema"]
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return schema if isinstance(schema, int) else None

    def seal(self, manifest: Manifest) -> None:
        """Write the manifest in one step."""
        _write(self.path / _MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=2))


class Generations:
    """The folder that holds the generations. Whoever writes does so within `writing`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> Generation | None:
        """Return the live generation, `None` if there is none."""
        try:
            name = (self.folder / _CURRENT).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        path = self.folder / name
        return Generation(path) if name and path.is_dir() else None

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

    def draft(self) -> Generation:
        """Create the folder of a generation that nobody sees yet."""
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        generation = Generation(self.folder / name)
        generation.path.mkdir()
        return generation

    def switch(self, generation: Generation) -> tuple[str, ...]:
        """Make `generation` live, then remove all others but the one it replaces; return the removed names."""
        replaced = self.current()
        _write(self.folder / _CURRENT, generation.name)
        kept = {generation.name} | ({replaced.name} if replaced is not None else set())
        removed = [path for path in self.folder.iterdir() if path.is_dir() and path.name not in kept]
        for path in removed:
            # On Windows a file that another process has open stays; the next switch tries again.
            shutil.rmtree(path, ignore_errors=True)
        return tuple(path.name for path in removed)

    def refresh(self, generation: Generation, fingerprint: str) -> None:
        """Note that the corpus files changed in nothing but name or time; where nothing can be written, do without."""
        manifest = generation.manifest()
        if manifest is not None:
            try:
                generation.seal(replace(manifest, fingerprint=fingerprint))
            except OSError:
                return


def unwritable(folder: Path, error: OSError) -> IndexUnavailable:
    """Return the error for a folder that takes no index."""
    reason = error.strerror or str(error)
    return IndexUnavailable(f"{folder}：不能在这里建立索引（{reason}），请改正权限，或用 --data-dir 换一个可写的文件夹")


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
