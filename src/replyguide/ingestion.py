"""Taking in a shop's own documents: find, read, judge the scripts in them, drop what is repeated, update the index.

What cannot be read is reported and left out, the rest goes in. A file that was taken in before and cannot be read now
stays as it was. Documents are data: nothing in them changes what this does with them.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from replyguide.context import Context
from replyguide.copilot import Copilot, Progress
from replyguide.corpus.rule import Authority, Platform
from replyguide.documents import (
    Document,
    Found,
    document_digest,
    find_documents,
    near_duplicates,
    read_document,
)
from replyguide.errors import DocumentError
from replyguide.index import open_index
from replyguide.index.places import shop_generations
from replyguide.index.shop.holding import Entry, HeldDocument, Holding
from replyguide.index.shop.holdings_file import HoldingsFile
from replyguide.index.shop.opening import live_shop
from replyguide.index.shop.updating import Updater, is_up_to_date

FileStatus = Literal["added", "changed", "unchanged", "removed", "skipped", "kept"]

# Whoever outranks others comes first: of two near-duplicates the first stays.
_RANK: dict[Authority, int] = {"law": 0, "platform": 1, "policy": 2, "merchant": 3}
# How a sentence to a buyer begins, where no question stands beside it.
_TO_BUYER = re.compile(r"\W{0,2}(?:亲|親|您好|你好|(?:尊敬|亲爱|親愛)的|hi\b|hello\b|dear\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    `rules` and `passages` count what is searched of it, `dropped` what was left out by reason (near-duplicates of other
    documents included), `against` the scripts that the checker blocks. `kept`: it cannot be read any more, and stays
    as it was taken in before; `problem` says why.
    """

    name: str
    status: FileStatus
    pages: int | None = None
    rules: int = 0
    passages: int = 0
    dropped: Mapping[str, int] | None = None
    against: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What a run did: file by file, and what the index of the shop holds now."""

    shop: str
    files: tuple[FileReport, ...]
    documents: int
    passages: int
    embedded: int
    seconds: float

    @property
    def has_problems(self) -> bool:
        """Tell whether a file could not be taken in."""
        return any(file.problem is not None for file in self.files)

    def as_json(self) -> dict[str, Any]:
        """Return the report as an object."""
        return asdict(self)


def ingest(
    copilot: Copilot,
    paths: Sequence[Path],
    *,
    authority: Authority | None = None,
    platform: Platform | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """Take the documents at `paths` into the index of the shop in the copilot's settings.

    `authority` and `platform` hold for documents that do not name their own. A file that is gone from a folder leaves
    the index when the folder is taken in again, and so does a file that is named itself and is gone.
    """
    start = time.perf_counter()
    generations = shop_generations(copilot.settings)
    # An index of the shop that was made by another embedder is no hindrance: it is about to be made anew.
    with closing(open_index(copilot.settings, progress=progress, with_shop=False)) as rules, generations.writing():
        live = live_shop(generations)
        before = HoldingsFile(live[0].path).holdings() if live is not None else []
        plan = _Plan(before, _Reader(copilot, authority, platform))
        plan.take(paths)
        if live is not None and not plan.has_changes and is_up_to_date(live[1], rules.embedder.name):
            holdings, embedded = before, 0
        else:
            holdings = without_duplicates(plan.holdings())
            base = live[0] if live is not None else None
            embedded = Updater(generations, rules.embedder, rules).update(base, holdings, progress)
    by_key = {holding.document.key: holding for holding in holdings}
    return IngestReport(
        shop=copilot.settings.shop_id,
        files=tuple(_completed(report, by_key.get(key)) for key, report in plan.reports),
        documents=len(holdings),
        passages=sum(entry.duplicate_of is None for holding in holdings for entry in holding.entries),
        embedded=embedded,
        seconds=round(time.perf_counter() - start, 3),
    )


def without_duplicates(holdings: Sequence[Holding]) -> list[Holding]:
    """Mark every entry that nearly repeats one of a document that outranks its own or is newer."""
    order = sorted(holdings, key=lambda holding: holding.document.effective_from or "", reverse=True)
    order.sort(key=lambda holding: (holding.document.superseded_by is not None, _RANK[holding.document.authority]))
    entries = [entry for holding in order for entry in holding.entries]
    repeats = near_duplicates([f"{entry.question}\n{entry.text}" for entry in entries])
    first = {
        id(entry): entries[repeated].id if repeated is not None else None
        for entry, repeated in zip(entries, repeats, strict=True)
    }
    return [
        replace(holding, entries=tuple(replace(entry, duplicate_of=first[id(entry)]) for entry in holding.entries))
        for holding in holdings
    ]


class _Plan:
    """What will be held after this run, and the account of it, by the key of each file."""

    def __init__(self, before: Sequence[Holding], reader: _Reader) -> None:
        self._before = {holding.document.key: holding for holding in before}
        self._after = dict(self._before)
        self._reader = reader
        self.reports: list[tuple[str, FileReport]] = []
        self.has_changes = False

    def holdings(self) -> list[Holding]:
        """Return the documents in the order of their names."""
        return sorted(self._after.values(), key=lambda holding: (holding.document.name, holding.document.key))

    def take(self, paths: Sequence[Path]) -> None:
        """Plan for everything at `paths`."""
        for path in paths:
            root = _key(path)
            seen = set()
            for found in find_documents([path]):
                key = _key(found.path)
                seen.add(key)
                if not (found.path == path and not path.exists() and self._was_taken_from(root)):
                    self._take_file(found, key, root)
            for key, holding in list(self._after.items()):
                if holding.document.root == root and (key not in seen or not path.exists()):
                    self._remove(key, holding)

    def _was_taken_from(self, root: str) -> bool:
        return any(holding.document.root == root for holding in self._after.values())

    def _take_file(self, found: Found, key: str, root: str) -> None:
        held = self._after.get(key)
        if found.problem is not None:
            self._skip(key, found.name, found.problem)
            return
        try:
            digest = document_digest(found.path, found.name)
            if held is not None and self._reader.would_repeat(held.document, digest, root):
                self._report(key, FileReport(found.name, "unchanged"))
                return
            self._after[key] = self._reader.read(found, key, root)
        except DocumentError as error:
            self._skip(key, found.name, str(error))
            return
        self.has_changes = True
        self._report(key, FileReport(found.name, "added" if held is None else "changed"))

    def _skip(self, key: str, name: str, problem: str) -> None:
        self._report(key, FileReport(name, "kept" if key in self._after else "skipped", problem=problem))

    def _remove(self, key: str, holding: Holding) -> None:
        del self._after[key]
        self.has_changes = True
        self._report(key, FileReport(holding.document.name, "removed"))

    def _report(self, key: str, report: FileReport) -> None:
        self.reports.append((key, report))


class _Reader:
    """Reads files into holdings; the scripts in them are judged by the checker."""

    def __init__(self, copilot: Copilot, authority: Authority | None, platform: Platform | None) -> None:
        self._copilot = copilot
        self._authority = authority
        self._platform = platform

    def would_repeat(self, held: HeldDocument, digest: str, root: str) -> bool:
        """Tell whether reading the file of that digest would give what is held."""
        same_rank = self._authority in (None, held.authority) and self._platform in (None, held.platform)
        return (held.digest, held.root) == (digest, root) and same_rank

    def read(self, found: Found, key: str, root: str) -> Holding:
        """Read one file; `DocumentError` if it cannot be used."""
        document = read_document(found.path, found.name, authority=self._authority, platform=self._platform)
        return Holding(_held(document, key, root), tuple(self._entries(document, key)))

    def _entries(self, document: Document, key: str) -> Iterator[Entry]:
        for piece in document.pieces:
            yield Entry(
                document=key,
                kind=piece.kind,
                text=piece.text,
                question=piece.question,
                heading=piece.heading,
                original=piece.original,
                page=piece.page,
                against=self._why_not(piece.question, piece.text),
            )

    def _why_not(self, question: str, text: str) -> str | None:
        """Tell why a script must not be sent; what is no script, or may be sent, has no reason."""
        if not question and not _TO_BUYER.match(text):
            return None
        result = self._copilot.checker.check(text, Context(question=question if question else None))
        if result.verdict != "block":
            return None
        return "；".join(dict.fromkeys(finding.why for finding in result.findings if finding.level == "block"))


def _held(document: Document, key: str, root: str) -> HeldDocument:
    return HeldDocument(
        key=key,
        root=root,
        name=document.name,
        title=document.title,
        digest=document.digest,
        pages=document.pages,
        authority=document.authority,
        platform=document.platform,
        effective_from=document.effective_from.isoformat() if document.effective_from is not None else None,
        superseded_by=document.superseded_by,
        dropped=Counter(dropped.reason for dropped in document.dropped),
    )


def _completed(report: FileReport, holding: Holding | None) -> FileReport:
    """Add what is held of the file."""
    if holding is None:
        return report
    searched = [entry for entry in holding.entries if entry.duplicate_of is None]
    rules = sum(entry.is_rule for entry in searched)
    dropped = dict(holding.document.dropped)
    if repeated := len(holding.entries) - len(searched):
        dropped["near-duplicate"] = dropped.get("near-duplicate", 0) + repeated
    return replace(
        report,
        pages=holding.document.pages,
        rules=rules,
        passages=len(searched) - rules,
        dropped=dropped,
        against=sum(entry.against is not None for entry in searched),
    )


def _key(path: Path) -> str:
    """Name a file by where it lies; bytes of a name that are no text are written out."""
    return os.fsencode(Path(os.path.abspath(path))).decode("utf-8", "backslashreplace")  # noqa: PTH100  # keeps links
