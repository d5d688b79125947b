"""The keys in the database: created, listed, revoked. The key itself is told once and kept nowhere."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from replyguide.access.identity import Identity, Role, digest_of
from replyguide.database import Database
from replyguide.database.clock import now
from replyguide.database.tables import api_keys
from replyguide.errors import InputError

_PREFIX = "rg"


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key of the database; `digest` is what is kept of it. Times are UTC."""

    identity: Identity
    digest: str
    label: str
    created_at: datetime.datetime
    revoked_at: datetime.datetime | None


class KeyStore:
    """Keys in the database. Every method raises `DatabaseUnavailable` where it cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, shop_id: str, role: Role, label: str = "") -> tuple[str, str]:
        """Create a key and return its id and the key itself, which nobody can ask for again."""
        key_id = secrets.token_hex(4)
        key = f"{_PREFIX}_{key_id}_{secrets.token_urlsafe(32)}"
        values = {"id": key_id, "digest": digest_of(key), "shop_id": shop_id, "role": role, "label": label}
        with self._database.writing() as connection:
            connection.execute(insert(api_keys).values(**values, created_at=now()))
        return key_id, key

    def all(self) -> tuple[StoredKey, ...]:
        """Return every key there ever was, revoked ones too, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)).all()
        return tuple(
            StoredKey(Identity(row.id, row.shop_id, row.role), row.digest, row.label, row.created_at, row.revoked_at)
            for row in rows
        )

    def revoke(self, key_id: str) -> None:
        """Revoke a key; one that is unknown or revoked already is an `InputError`."""
        with self._database.writing() as connection:
            changed = connection.execute(
                update(api_keys)
                .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
                .values(revoked_at=now())
            ).rowcount
        if not changed:
            raise InputError(f"没有编号为 {key_id} 的有效密钥，运行 replyguide keys list 看全部编号")
