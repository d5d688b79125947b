"""Workbooks and comma-separated files as Markdown tables, every cell as a person sees it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from replyguide.errors import DocumentError

_SPACE = re.compile(r"\s+")
_DELIMITERS = ",\t;|，"
_SAMPLE = 64 * 1024


def table(rows: Sequence[Sequence[str]]) -> str:
    """Write rows as a Markdown table, the first as its header; cells are made one line each."""
    width = max(map(len, rows))
    full = [[*map(_cell, row), *[""] * (width - len(row))] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in full]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])


def _cell(text: str) -> str:
    return _SPACE.sub(" ", text).strip().replace("\\", "\\\\").replace("|", "\\|")


def workbook(content: bytes) -> str:
    """Return the sheets of a workbook under their names; hidden ones, which nobody means to be read, are left out."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in sheets:
            sheet.reset_dimensions()  # some writers state too few cells
        return "\n\n".join(
            part for sheet in sheets for part in _sheet(sheet.title, ([_shown(c) for c in row] for row in sheet.rows))
        )
    finally:
        book.close()


def _shown(cell: Any) -> str:
    """Return a cell as it is shown: a share in per cent, a whole number without a point, a date without midnight."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{value * 100:.10g}%" if "%" in str(cell.number_format) else f"{value:.15g}"
    if isinstance(value, datetime):
        return str(value.date() if value.time() == datetime.min.time() else value)
    return str(value.isoformat() if isinstance(value, date) else value)


def separated(text: str, name: str) -> str:
    """Return a comma-, tab- or semicolon-separated file as one table."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error:
        raise DocumentError(f"{name}：表格格式不对，请用表格软件打开，另存为 csv 或 xlsx") from None
    return "\n\n".join(_sheet("", rows))


def _delimiter(text: str) -> str:
    """Return the separator that the first lines agree on best; quoted parts are no witness."""
    lines = re.sub(r'"[^"]*"', "", text[:_SAMPLE]).splitlines()[:20]
    filled = [line for line in lines if line.strip()]
    counts = {mark: sorted(line.count(mark) for line in filled) for mark in _DELIMITERS}
    common = {mark: (count[len(count) // 2] if count else 0) for mark, count in counts.items()}
    best = max(common, key=lambda mark: (common[mark] > 0, counts[mark][:1] > [0], mark != "，", common[mark]))
    return best if common[best] else ","


def _sheet(title: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give the parts of one sheet: its name, lines above the table, and the table, from a row of several cells on."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    first = next((place for place, row in enumerate(filled) if sum(bool(c.strip()) for c in row) > 1), len(filled))
    if title and filled and not re.fullmatch(r"(?:Sheet|工作表|Tabelle)\s*[0-9]*", title, re.IGNORECASE):
        yield f"# {title}"
    yield from (" ".join(cell.strip() for cell in row if cell.strip()) for row in filled[:first])
    if first < len(filled):
        yield table(_without_empty_columns(filled[first:]))


def _without_empty_columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max(map(len, rows))
    full = [[*row, *[""] * (width - len(row))] for row in rows]
    kept = [place for place in range(width) if any(row[place].strip() for row in full)]
    return [[row[place] for place in kept] for row in full]
