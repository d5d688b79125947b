"""All keys in force, from the settings and the database, looked up by every request."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from replyguide.access.configured import configured_keys
from replyguide.access.identity import Identity, digest_of
from replyguide.access.key_store import KeyStore
from replyguide.errors import DatabaseUnavailable
from replyguide.settings import Settings

_LOOK_AGAIN = 2.0  # seconds; as long may a revoked key still be taken
_LAST_KNOWN = "keys.json"


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database last told: whether there was ever a key, and the valid ones by digest."""

    any: bool
    valid: Mapping[str, Identity]


class KeyRing:
    """Tells whom a key stands for; threads may share it.

    While the database is away the keys last seen go on being valid, also after a restart: their digests are kept in
    the data folder. Once there was a key, no request without one is let in, even if all have been revoked since.
    """

    def __init__(self, settings: Settings, store: KeyStore) -> None:
        self._configured = configured_keys(settings)
        self._store = store
        self._path = settings.data_dir / _LAST_KNOWN
        self._lock = threading.Lock()
        self._known: _Known | None = None
        self._look_again = 0.0

    @property
    def is_required(self) -> bool:
        """Tell whether a request needs a key at all."""
        return bool(self._configured) or self._of_database().any

    def identity(self, key: str) -> Identity | None:
        """Return whom a key stands for, `None` if it is wrong or revoked."""
        digest = digest_of(key)
        found = self._configured.get(digest)
        return found if found is not None else self._of_database().valid.get(digest)

    def _of_database(self) -> _Known:
        with self._lock:
            if self._known is None or time.monotonic() > self._look_again:
                self._known = self._looked_up(self._known)
                self._look_again = time.monotonic() + _LOOK_AGAIN
            return self._known

    def _looked_up(self, before: _Known | None) -> _Known:
        try:
            keys = self._store.all()
        except DatabaseUnavailable:
            return before if before is not None else _read(self._path)
        valid = {key.digest: key.identity for key in keys if key.revoked_at is None}
        known = _Known(bool(keys), valid)
        if known != before:
            _write(self._path, known)
        return known


def _read(path: Path) -> _Known:
    """Read the keys last seen; a file that is damaged means that there were keys: nobody is let in without one."""
    try:
        data = json.loads(path.read_text("utf-8"))
        return _Known(bool(data["any"]), {digest: Identity(**found) for digest, found in data["valid"].items()})
    except FileNotFoundError:
        return _Known(any=False, valid={})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _Known(any=True, valid={})


def _write(path: Path, known: _Known) -> None:
    """Keep the keys for a start without the database; where nothing can be written, do without."""
    if not known.any and not path.exists():
        return
    data = {"any": known.any, "valid": {digest: asdict(identity) for digest, identity in known.valid.items()}}
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.touch(mode=0o600)
        beside.write_text(json.dumps(data), "utf-8")
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
