"""The text of a pdf page by page, its ruled tables as Markdown tables."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from replyguide.documents.sheets import table


def pages_of(content: bytes) -> tuple[str, ...]:
    """Return the text of every page; `PermissionError` if the file wants a password, any other error if it is broken.

    A file that may be opened without a password is read, also if its owner forbade to print it.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            return tuple(_text(page) for page in document.pages)
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (*error.args, error.__cause__, error.__context__)):
            raise PermissionError from None
        raise


def _text(page: Any) -> str:
    """Return the text of one page with its tables where they stand, and forget what was cached for it."""
    try:
        return "\n".join(_parts(page))
    finally:
        page.close()


def _parts(page: Any) -> Iterator[str]:
    left, top, right, bottom = page.bbox
    for found in sorted(page.find_tables(), key=lambda found: float(found.bbox[1])):
        if found.bbox[1] < top:  # overlaps the one before
            continue
        rows = [["" if cell is None else cell for cell in row] for row in found.extract()]
        if len(rows) < 2 or max(map(len, rows)) < 2:  # a frame around text
            continue
        yield (
            page.crop((left, top, right, max(top, found.bbox[1])), strict=False).extract_text()
            if found.bbox[1] > top
            else ""
        )
        yield f"\n{table(rows)}\n"
        top = min(bottom, found.bbox[3])
    if top < bottom:
        yield page.crop((left, top, right, bottom), strict=False).extract_text()
