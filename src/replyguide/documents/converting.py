"""From a file to text with light Markdown (headings, lists, tables), page by page where the format has pages.

markitdown converts docx, pptx and html. Two formats go to the libraries that it uses itself, since its own way there
loses what rules are made of: of a workbook pandas makes 0.3 out of 30 % and 6.0 out of 6, so openpyxl gives the cells
as they are shown; of a pdf its text has no page numbers, so pdfplumber gives it page by page. Text files are decoded
here and need no converter at all.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from replyguide.documents.decoding import decoded
from replyguide.documents.guarding import PACKAGES, check_package, check_pdf
from replyguide.errors import DocumentError

_SLIDE = re.compile(r"<!-- Slide number: [0-9]+ -->\n?")
_NOTES = re.compile(r"^### Notes:$", re.MULTILINE)
# Parts of a web page that are about the site; a converter keeps them as if they were text.
_SITE_PARTS = ("nav", "footer", "aside", "script", "style", "noscript", "template", "iframe", "button", "select")


@dataclass(frozen=True, slots=True)
class Converted:
    """The pages of a document, one for formats without pages; `site_parts` are texts of a web page left out."""

    pages: tuple[str, ...]
    has_pages: bool
    site_parts: tuple[str, ...] = ()


def convert(content: bytes, suffix: str, name: str) -> Converted:
    """Return the text of a file by its suffix, which must be a known one; `DocumentError` if it cannot be had."""
    suffix = suffix.lower()
    if suffix in PACKAGES:
        check_package(content, suffix, name)
    with _quiet():
        return _CONVERTERS.get(suffix, _plain)(content, name)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the warnings and the logging of converters about odd files off the user's terminal."""
    logger = logging.getLogger("pdfminer")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _plain(content: bytes, name: str) -> Converted:
    pages = decoded(content, name).split("\f")
    return Converted(tuple(pages), has_pages=len(pages) > 1)


def _web_page(content: bytes, name: str) -> Converted:
    from bs4 import BeautifulSoup

    text = decoded(content, name)
    try:
        page = BeautifulSoup(text, "html.parser")
        parts = [part.extract() for part in page(_SITE_PARTS) if not part.decomposed]
        left_out = [part.get_text(" ", strip=True) for part in parts if part.name in _SITE_PARTS[:3]]
        cleaned = str(page).encode("utf-8", "replace")
    except (RecursionError, ValueError, AssertionError):
        raise DocumentError(f"{name}：网页嵌套太深或已损坏，请另存为 txt 或 docx") from None
    return Converted((_markdown(cleaned, ".html", name),), has_pages=False, site_parts=tuple(filter(None, left_out)))


def _word(content: bytes, name: str) -> Converted:
    return Converted((_markdown(content, ".docx", name),), has_pages=False)


def _slides(content: bytes, name: str) -> Converted:
    text = _NOTES.sub("备注:", _markdown(content, ".pptx", name))
    before, *slides = _SLIDE.split(text)
    return Converted(tuple(slides) or (before,), has_pages=bool(slides))


def _markdown(content: bytes, suffix: str, name: str) -> str:
    from markitdown import MarkItDown, StreamInfo

    stream = StreamInfo(extension=suffix, charset="utf-8" if suffix == ".html" else None)
    try:
        return MarkItDown(enable_plugins=False).convert_stream(io.BytesIO(content), stream_info=stream).markdown
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  a converter may fail in any way on a broken file
        raise _broken(name, error) from None


def _broken(name: str, error: Exception) -> DocumentError:
    return DocumentError(f"{name}：文件已损坏，转换失败（{type(error).__name__}），请用原来的软件重新保存一份")


def _pdf(content: bytes, name: str) -> Converted:
    check_pdf(content, name)
    from replyguide.documents.pdf import pages_of

    try:
        return Converted(pages_of(content), has_pages=True)
    except PermissionError:
        raise DocumentError(f"{name}：pdf 加了密码，请去掉密码再试") from None
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  likewise
        raise _broken(name, error) from None


def _workbook(content: bytes, name: str) -> Converted:
    from replyguide.documents.sheets import workbook

    try:
        return Converted((workbook(content),), has_pages=False)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  likewise
        raise _broken(name, error) from None


def _separated(content: bytes, name: str) -> Converted:
    from replyguide.documents.sheets import separated

    return Converted((separated(decoded(content, name), name),), has_pages=False)


_CONVERTERS: dict[str, Callable[[bytes, str], Converted]] = {
    ".html": _web_page,
    ".htm": _web_page,
    ".docx": _word,
    ".pptx": _slides,
    ".pdf": _pdf,
    ".xlsx": _workbook,
    ".csv": _separated,
    ".tsv": _separated,
}
