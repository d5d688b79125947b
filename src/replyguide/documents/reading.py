"""Reading one file: convert, clean, split, and say what came of it."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

from replyguide.corpus.rule import Authority, Platform
from replyguide.documents.cleaning import clean
from replyguide.documents.converting import convert
from replyguide.documents.document import Document, Dropped
from replyguide.documents.front_matter import FrontMatter, read_sidecar, split_front_matter
from replyguide.documents.guarding import TEXT_SUFFIXES, content_of
from replyguide.documents.splitting import split
from replyguide.documents.stretch import Source
from replyguide.errors import DocumentError

_IN_FORCE = re.compile(
    r"自?\s*(?P<year>20[0-9]{2})\s*[年.-]\s*(?P<month>[0-9]{1,2})\s*[月.-]\s*(?P<day>[0-9]{1,2})\s*日?\s*(?:起|开始|開始)?\s*(?:正式)?"
    r"(?:施行|实施|實施|生效|执行|執行|启用|啟用)"
)
_TITLE_MARK = re.compile(r"^[#\s*]+|[*\s]+$")
_LONGEST_TITLE = 60


def document_digest(path: Path, name: str) -> str:
    """Return the digest that `read_document` would give, without converting anything."""
    return _digest(content_of(path, name), read_sidecar(path, name)[1])


def read_document(
    path: Path, name: str, *, authority: Authority | None = None, platform: Platform | None = None
) -> Document:
    """Read a file; `name` is what it is called in reports. One that cannot be used is a `DocumentError`.

    What the document says of itself goes before `authority` and `platform`.
    """
    content = content_of(path, name)
    sidecar, sidecar_bytes = read_sidecar(path, name)
    converted = convert(content, path.suffix, name)
    pages = list(converted.pages)
    said = FrontMatter()
    if path.suffix.lower() in TEXT_SUFFIXES and pages:
        said, begin = split_front_matter(pages[0], name)
        pages[0] = pages[0][begin:]
    said = sidecar.over(said)
    source = Source.of_pages(pages) if converted.has_pages else Source("\n".join(pages), ())
    cleaned = clean(source)
    pieces, scraps = split(cleaned.lines, source.text)
    dropped = (*(Dropped.of(part, "furniture") for part in converted.site_parts), *cleaned.dropped, *scraps)
    if not pieces:
        raise DocumentError(f"{name}：里面没有可用的文字，请检查内容（扫描件请先做文字识别）")
    return Document(
        name=name,
        title=said.title if said.title is not None else _title(source, path),
        digest=_digest(content, sidecar_bytes),
        pages=len(pages) if converted.has_pages else None,
        authority=said.authority or authority or "merchant",
        platform=said.platform or platform or "merchant",
        effective_from=said.effective_from if said.effective_from is not None else _in_force(source.text),
        superseded_by=said.superseded_by,
        pieces=tuple(pieces),
        dropped=dropped,
    )


def _digest(content: bytes, sidecar: bytes) -> str:
    return hashlib.sha256(b"%d\0" % len(content) + content + sidecar).hexdigest()


def _title(source: Source, path: Path) -> str:
    first = next((line.text for line in source.lines() if not line.is_row), "")
    title = _TITLE_MARK.sub("", first)
    return title if 0 < len(title) <= _LONGEST_TITLE else path.stem


def _in_force(text: str) -> date | None:
    found = _IN_FORCE.search(text)
    if found is None:
        return None
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
