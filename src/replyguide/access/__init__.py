"""Who may ask: keys with a shop and a role, kept as digests."""

from replyguide.access.identity import ROLES, Identity, Role, may
from replyguide.access.key_ring import KeyRing
from replyguide.access.key_store import KeyStore, StoredKey

__all__ = ["ROLES", "Identity", "KeyRing", "KeyStore", "Role", "StoredKey", "may"]
