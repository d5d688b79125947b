"""Finds personal data of every kind in a text; of what overlaps the longer is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from replyguide.drafting.masking.accounts import accounts
from replyguide.drafting.masking.addresses import addresses
from replyguide.drafting.masking.kinds import PersonalKind
from replyguide.drafting.masking.names import name_after, names
from replyguide.drafting.masking.numbers import numbers
from replyguide.script import to_simplified

_RECOGNISERS: Final = (accounts, numbers, addresses, names)
#: Characters that are looked at in one go: patterns that look ahead cost more the longer the stretch.
_STRETCH, _OVERLAP = 2000, 100


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of personal data at `start:end` of the text."""

    kind: PersonalKind
    start: int
    end: int


def personal_data(text: str) -> list[Found]:
    """Return all personal data of a text in its order, none overlapping another; never raises."""
    simplified = to_simplified(text)
    read = simplified if len(simplified) == len(text) else text  # offsets have to stay
    found = {
        Found(kind, at + start, at + end)
        for at in range(0, max(len(read), 1), _STRETCH - _OVERLAP)
        for recogniser in _RECOGNISERS
        for kind, start, end in recogniser(read[at : at + _STRETCH])
    }
    beside = (name_after(read, one.end) for one in found if one.kind in ("address", "phone"))
    found |= {Found("name", *span) for span in beside if span is not None}
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start, one.kind)):
        if one.end > one.start and not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
