"""What people type into a shop's chat that no rule is about: small talk, homework, attempts on the machine.

Each theme of `decoys.txt` is indexed like a rule and never shown. A rule only covers a message if it fits better than
every decoy: that tells talk about other things from an unusual way to ask about a rule, which a bare threshold on the
score cannot.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from replyguide.corpus.passages import Passage

_FILE = Path(__file__).with_name("decoys.txt")
# No rule id begins with it.
_MARK = "~"


@dataclass(frozen=True, slots=True)
class Decoy:
    """A theme and ways to bring it up; `id` looks like no rule's."""

    id: str
    asks: tuple[str, ...]

    def passages(self) -> tuple[Passage, ...]:
        """Return a passage for each ask, as a rule does."""
        digests = [hashlib.sha256(ask.encode()).hexdigest()[:16] for ask in self.asks]
        return tuple(
            Passage(f"{self.id}#ask-{digest}", self.id, "ask", ask, digest)
            for ask, digest in zip(self.asks, digests, strict=True)
        )

    def searched_text(self) -> str:
        """Return what lexical search looks at."""
        return "\n".join(self.asks)


def decoys() -> tuple[Decoy, ...]:
    """Read the packaged themes: `# name`, then a line for each ask."""
    themes: dict[str, list[str]] = {}
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("# "):
            asks = themes.setdefault(f"{_MARK}{line[2:].strip().replace(' ', '-')}", [])
        elif line.strip():
            asks.append(line.strip())
    return tuple(Decoy(name, tuple(asks)) for name, asks in themes.items())


def decoys_digest() -> str:
    """Return 8 hex digits that change with the packaged themes."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()[:8]
