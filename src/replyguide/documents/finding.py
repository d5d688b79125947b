"""Finding the documents in the files and folders that someone names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from replyguide.documents.front_matter import SIDECAR
from replyguide.documents.guarding import unknown_suffix

_LEFT_ALONE = (".", "~$", ".~")  # hidden files, lock files of Word and of WPS
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, or a `problem`: why it cannot be, in one Chinese line that begins with the name.

    `name` is the path below the folder that was given, with `/`; it can be printed and put in JSON whatever the file
    is called: characters that would break a line or are no text are written as `\\x..` and `\\u....`.
    """

    path: Path
    name: str
    problem: str | None = None


def find_documents(paths: Sequence[Path]) -> Iterator[Found]:
    """Give every file below `paths`, sorted, each once; a file of an unknown kind is given with its problem.

    A folder that is reached twice, also through a link, is walked once, so that no loop has an end to look for.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        try:
            if path.is_dir():
                yield from _in_folder(path, path, seen)
            elif path.exists():
                yield from _file(path, path.name, seen)
            else:
                yield _problem(path, path.name, "没有这个文件或文件夹，请检查路径")
        except (OSError, ValueError):  # ValueError: a null character in the path
            yield _problem(path, path.name, "打不开这个路径，请检查名字和权限")


def safe_name(name: str) -> str:
    """Return a name that can be printed and encoded; ordinary names stay as they are."""
    return "".join(character if character.isprintable() else _escaped(character) for character in name) or "?"


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # how Python passes on a byte that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _in_folder(folder: Path, root: Path, seen: set[tuple[int, int]]) -> Iterator[Found]:
    if not _is_new(folder, seen):
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield _problem(folder, _below(folder, root) or folder.name, "打不开这个文件夹，请检查权限")
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith(_LEFT_ALONE) or entry.name.lower() in _SYSTEM_FILES:
            continue
        if _is_folder(entry):
            yield from _in_folder(path, root, seen)
        elif not entry.name.endswith(SIDECAR):
            yield from _file(path, _below(path, root), seen)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _file(path: Path, name: str, seen: set[tuple[int, int]]) -> Iterator[Found]:
    if not path.exists():
        yield _problem(path, name, "是失效的链接，请删掉或改正")
    elif _is_new(path, seen):
        reason = unknown_suffix(path.suffix)
        yield Found(path, safe_name(name)) if reason is None else _problem(path, name, reason)


def _is_new(path: Path, seen: set[tuple[int, int]]) -> bool:
    status = path.stat()
    identity = (status.st_dev, status.st_ino)
    if identity in seen:
        return False
    seen.add(identity)
    return True


def _problem(path: Path, name: str, reason: str) -> Found:
    shown = safe_name(name)
    return Found(path, shown, f"{shown}：{reason}")


def _below(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
