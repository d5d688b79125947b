"""How a line that begins with a slash may go on: commands, and for some of them what belongs behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from pydantic import BaseModel

from replyguide.chat.commands import COMMANDS, command_named, is_command
from replyguide.context import FACT_PATHS, Context, Product, Shop
from replyguide.drafting.tone import TONES


@dataclass(frozen=True, slots=True)
class Continuation:
    """A text that may take the place of the last `replaces` characters; `told` says what it is."""

    text: str
    replaces: int
    told: str = ""


def continuations(line: str) -> list[Continuation]:
    """Return how the line up to the cursor may go on; a buyer's message gets none."""
    if not is_command(line):
        return []
    said, *rest = line[1:].split() or [""]
    is_open = line[-1:].isspace()
    if not rest and not is_open:
        return list(_names(said, line))
    known, begun = (rest, "") if is_open else (rest[:-1], rest[-1])
    return [Continuation(text, len(begun)) for text in _words(said, known) if text.startswith(begun)]


def takes_file(line: str) -> str | None:
    """Return the begun name of a file where the line takes one, else `None`."""
    said, *rest = (line[1:].split(maxsplit=1) if is_command(line) else []) or [""]
    if command_named(said) not in ("load", "save") or (not rest and not line[-1:].isspace()):
        return None
    return rest[0] if rest else ""


def _names(said: str, line: str) -> Iterator[Continuation]:
    for name, (chinese, _, does) in COMMANDS.items():
        if chinese.startswith(said):
            yield Continuation(f"/{chinese}", len(line), does)
        if said and name.startswith(said.lower()):
            yield Continuation(f"/{name}", len(line), does)


def _words(said: str, known: list[str]) -> list[str]:
    match command_named(said), known:
        case (("set" | "unset"), []):
            return sorted(FACT_PATHS)
        case "set", [path] if path in FACT_PATHS:
            return list(_values(path))
        case "tone", []:
            return list(TONES)
    return []


def _values(path: str) -> Iterator[str]:
    """Yield the values of a fact that has only so many."""
    room, _, name = path.partition(".")
    rooms: dict[str, type[BaseModel]] = {"shop": Shop, "product": Product}
    annotation = rooms.get(room, Context).model_fields[name or room].annotation
    for kind in (annotation, *get_args(annotation)):
        if get_origin(kind) is Literal:
            yield from get_args(kind)
        elif kind is bool:
            yield from ("true", "false")
