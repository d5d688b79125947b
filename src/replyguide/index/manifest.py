"""Manifests: what a generation holds and what it was made from; the last file that a build writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class RuleManifest:
    """The manifest of an index of the packaged rules.

    `recipe` names the code that cuts words, `fingerprint` the files of the corpus as they lay on disk, `store` the
    place of the vectors (`embedded` or a server's URL). `built_at` is UTC in ISO form.
    """

    #: Goes up with every change of the layout or of the manifest that older code cannot read.
    SCHEMA: ClassVar[int] = 2

    schema: int
    state: Literal["ready"]
    replyguide: str
    corpus: str
    fingerprint: str
    embedder: str
    dimension: int
    recipe: str
    store: str
    rules: int
    passages: int
    built_at: str


@dataclass(frozen=True, slots=True)
class ShopManifest:
    """The manifest of an index of a shop's own documents.

    `pool` names the collection of vectors, to which generations only ever add, and `pooled` tells how many it holds:
    more than `passages`, since what was dropped stays in it until it is made anew.
    """

    SCHEMA: ClassVar[int] = 1

    schema: int
    state: Literal["ready"]
    replyguide: str
    embedder: str
    dimension: int
    recipe: str
    store: str
    pool: str
    pooled: int
    documents: int
    passages: int
    built_at: str
