"""Whom a key stands for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, Literal, get_args

Role = Literal["agent", "supervisor", "admin"]
#: Each may do what those before it may.
ROLES: Final[tuple[Role, ...]] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a key stands for: a shop and a role in it. `key_id` names the key without telling it."""

    key_id: str
    shop_id: str
    role: Role


def may(identity: Identity, needed: Role) -> bool:
    """Tell whether the role of `identity` is `needed` or one above it."""
    return ROLES.index(identity.role) >= ROLES.index(needed)


def digest_of(key: str) -> str:
    """Return what is kept of a key.

    A plain SHA-256: the keys made here carry 256 random bits, which no slow hash makes safer, and every request is
    looked up by it.
    """
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
