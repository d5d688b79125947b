"""Placeholders for personal data while a model words a reply, and their way back."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from replyguide.drafting.masking.kinds import KINDS, NAMES, PersonalKind
from replyguide.drafting.masking.recognising import personal_data

# As the model was given it, or as it may copy it: with other brackets, blanks, a number in full width.
_PLACEHOLDER = re.compile(
    rf"[\[［【(（]\s*(?P<name>{'|'.join(NAMES.values())})\s*(?P<number>[0-9０-９]{{1,3}})\s*[\]］】)）]"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """A draft with its data back; `withheld` names the kinds that stand in it and may not be told."""

    text: str
    withheld: tuple[PersonalKind, ...]


class Masking:
    """The placeholders of one conversation: the same data gets the same one, in question, history and facts alike."""

    def __init__(self) -> None:
        self._given: dict[tuple[PersonalKind, str], str] = {}
        self._held: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """Return `text` with a placeholder such as `[电话1]` for everything personal."""
        parts, last = [], 0
        for found in personal_data(text):
            parts += [text[last : found.start], self._placeholder(found.kind, text[found.start : found.end])]
            last = found.end
        return "".join([*parts, text[last:]])

    def restored(self, text: str, allowed: Collection[PersonalKind]) -> Restored:
        """Put the data back where its kind is `allowed`; a placeholder that nobody gave out is withheld as well."""
        withheld: list[PersonalKind] = []

        def data(found: re.Match[str]) -> str:
            kind = KINDS[found["name"]]
            held = self._held.get(_written(kind, int(found["number"])))
            if held is not None and kind in allowed:
                return held
            withheld.append(kind)
            return found[0]

        whole = _PLACEHOLDER.sub(data, text)
        return Restored(whole, tuple(dict.fromkeys(withheld)))

    def _placeholder(self, kind: PersonalKind, data: str) -> str:
        key = (kind, re.sub(r"[\s\-.·]", "", data))
        if key not in self._given:
            number = 1 + sum(other == kind for other, _ in self._given)
            self._given[key] = _written(kind, number)
            self._held[self._given[key]] = data
        return self._given[key]


def masked(text: str) -> str:
    """Return a text for a log: everything personal is a placeholder, and there is no way back."""
    return Masking().hide(text)


def _written(kind: PersonalKind, number: int) -> str:
    return f"[{NAMES[kind]}{number}]"
