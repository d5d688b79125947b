"""Whether an index still fits what it was made from, told as cheaply as possible."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from replyguide.corpus.reader import Corpus, corpus_digest, read_corpus, rule_files
from replyguide.index import words
from replyguide.index.decoys import decoys_digest
from replyguide.index.manifest import RuleManifest

# Goes up when the same corpus gives other passages, other vectors of rules or another snapshot.
_CUTTING = 2


@dataclass(frozen=True)
class Sources:
    """What an index is made from: the corpus folder, the embedder's name, the place for vectors, and our own code."""

    folder: Path
    embedder: str
    store: str

    @cached_property
    def fingerprint(self) -> str:
        """A digest of the names, sizes and times of the rule files; some 2 ms where reading them all takes 500."""
        digest = hashlib.sha256()
        for path in rule_files(self.folder) if self.folder.is_dir() else ():
            status = path.stat()
            digest.update(f"{path.relative_to(self.folder)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
        return digest.hexdigest()[:16]

    @cached_property
    def digest(self) -> str:
        """The digest of the corpus (see `Corpus.digest`), without parsing it."""
        return corpus_digest(self.folder)

    @cached_property
    def key(self) -> str:
        """16 hex digits that tell everything which decides the content of an index."""
        return hashlib.sha256("\0".join((self.digest, self.embedder, self.recipe)).encode()).hexdigest()[:16]

    @cached_property
    def recipe(self) -> str:
        """A name for the code that cuts passages and words, and for the decoys."""
        return f"{_CUTTING}, bm25s {version('bm25s')}, {words.recipe()}, decoys {decoys_digest()}"

    @cached_property
    def corpus(self) -> Corpus:
        """The corpus, read on first use."""
        return read_corpus(self.folder)

    def made(self, manifest: RuleManifest) -> bool:
        """Tell whether `manifest` is of an index of these sources, by looking at the corpus files from outside."""
        return self._same_code(manifest) and manifest.fingerprint == self.fingerprint

    def equal(self, manifest: RuleManifest) -> bool:
        """Tell the same by reading the corpus: files that were only touched or moved are no change."""
        return self._same_code(manifest) and manifest.corpus == self.digest

    def _same_code(self, manifest: RuleManifest) -> bool:
        return (manifest.embedder, manifest.store, manifest.recipe) == (self.embedder, self.store, self.recipe)
