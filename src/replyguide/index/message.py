"""A buyer's message, read for search: the whole, its parts, and what it leans on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from replyguide.context import Turn
from replyguide.index.embedder import Embedder
from replyguide.index.orders import gives_orders
from replyguide.index.parts import asks, bounded, parts
from replyguide.index.reading import TextRead, read_texts
from replyguide.index.words import fold, words

# A question of so few content words leans on what was said before if it is not clear by itself (`要多久`) or has this
# form (`那运费呢`).
_FEW_WORDS = 2
_ELLIPTIC = re.compile(r"^那|呢[\s？?。~～!！]*$")
_LETTER = re.compile(r"\w")
# A single letter (`1`, `嗯`) asks nothing.
_FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says.

    `parts` are its questions if it asks several. `joint` is a short question together with the buyer's turn before it,
    which it may lean on; `is_elliptic` tells that it does by its form. `gives_orders`: it orders the machine about.
    `asks_something`: it is more than a single letter.
    """

    whole: TextRead
    parts: tuple[TextRead, ...]
    joint: TextRead | None
    is_elliptic: bool
    gives_orders: bool
    asks_something: bool


def has_letters(question: str) -> bool:
    """Tell whether there is anything to read in a message."""
    return _LETTER.search(question) is not None


def read_message(question: str, history: Sequence[Turn], embedder: Embedder) -> Message:
    """Read a message, all its texts in one go."""
    pieces = parts(question)
    of_parts = pieces if len(pieces) > 1 else ()
    before = _asked_before(question, history)
    joint = [f"{before} {question}"] if before is not None else []
    whole, *others = read_texts([bounded(question), *of_parts, *joint], embedder)
    return Message(
        whole=whole,
        parts=tuple(others[: len(of_parts)]),
        joint=others[-1] if joint else None,
        is_elliptic=_ELLIPTIC.search(question) is not None,
        gives_orders=gives_orders(fold(question)),
        asks_something=len(_LETTER.findall(question)) >= _FEWEST_LETTERS,
    )


def _asked_before(question: str, history: Sequence[Turn]) -> str | None:
    """Return the buyer's last turn if `question` may lean on it: a short question, no thanks and no yes."""
    said = [turn.text for turn in history if turn.role == "buyer"]
    if not said or len(words(question)) > _FEW_WORDS or not asks(question):
        return None
    return bounded(said[-1])
