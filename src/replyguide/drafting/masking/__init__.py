"""Personal data out of what a model sees, and back into its draft where the reply may carry it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

PersonalKind = Literal["name", "phone", "address", "order", "tracking", "card", "id-card", "email", "account"]
NOTHING: frozenset[PersonalKind] = frozenset()
OWN_DATA: frozenset[PersonalKind] = frozenset({"name", "phone", "address", "order", "tracking"})


@dataclass(frozen=True, slots=True)
class Restored:
    text: str
    withheld: tuple[PersonalKind, ...]


class Masking:
    def __init__(self) -> None:
        self._held: dict[str, str] = {}

    def hide(self, text: str) -> str:
        return re.sub(
            r"(?<!\d)1[3-9]\d{9}(?!\d)", lambda m: self._held.setdefault(m[0], f"[电话{len(self._held) + 1}]"), text
        )

    def restored(self, text: str, allowed: Collection[PersonalKind]) -> Restored:
        withheld = []
        for value, mark in self._held.items():
            if mark in text:
                if "phone" in allowed:
                    text = text.replace(mark, value)
                else:
                    withheld.append("phone")
        return Restored(text, tuple(withheld))
