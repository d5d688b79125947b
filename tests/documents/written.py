"""Documents in every format, written by real writers."""

from __future__ import annotations

import csv
import html
from collections.abc import Sequence
from pathlib import Path

Row = tuple[str, ...]


def write_docx(path: Path, lines: Sequence[str], rows: Sequence[Row] = ()) -> None:
    """Write paragraphs and a table; a line that begins with # is a heading."""
    import docx

    document = docx.Document()
    for line in lines:
        if line.startswith("# "):
            document.add_heading(line[2:], 1)
        else:
            document.add_paragraph(line)
    if rows:
        table = document.add_table(0, len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.save(str(path))


def write_pptx(path: Path, slides: Sequence[Sequence[str]]) -> None:
    """Write slides, a text box each, a paragraph a line."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    for lines in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        frame = slide.shapes.add_textbox(Inches(0.5), Inches(0.5), Inches(9), Inches(6)).text_frame
        frame.text = "\n".join(lines)
    deck.save(str(path))


def write_pdf(path: Path, pages: Sequence[Sequence[str]]) -> None:
    """Write pages line by line in a font that has Chinese."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path))
    for lines in pages:
        canvas.setFont("STSong-Light", 11)
        for number, line in enumerate(lines):
            canvas.drawString(60, 780 - 18 * number, line)
        canvas.showPage()
    canvas.save()


def write_xlsx(path: Path, rows: Sequence[Row]) -> None:
    """Write one sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)


def write_csv(path: Path, rows: Sequence[Row], encoding: str = "utf-8") -> None:
    """Write a comma-separated file."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)


def write_html(path: Path, lines: Sequence[str], rows: Sequence[Row] = ()) -> None:
    """Write a web page with what sites put around a text."""
    titled = [f"<h1>{html.escape(x[2:])}</h1>" if x.startswith("# ") else f"<p>{html.escape(x)}</p>" for x in lines]
    table = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    page = f"<nav>首页 登录 购物车</nav>{''.join(titled)}<table>{table}</table><footer>版权所有</footer>"
    path.write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
