"""The file that keeps documents and entries."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_holdings import make_document, make_entry

from replyguide.errors import IndexUnavailable
from replyguide.index.shop.holding import Holding
from replyguide.index.shop.holdings_file import HoldingsFile, write_holdings

DOCUMENT = make_document(pages=3, effective_from="2025-01-01", dropped={"furniture": 2})
FIRST = make_entry("第一条 “引号'和;分号”", topic="invoice", page=1, heading="一、发票")
REPEATED = make_entry("第二条", topic="invoice", duplicate_of=FIRST.id)
LAST = make_entry("可以水洗的", topic="product-info", question="能洗吗", kind="answer", against="说错了")


@pytest.fixture
def held(tmp_path: Path) -> HoldingsFile:
    write_holdings(tmp_path, [Holding(DOCUMENT, (FIRST, REPEATED, LAST))], ["v1", "v2"])
    return HoldingsFile(tmp_path)


def test_what_is_written_is_read(held: HoldingsFile) -> None:
    assert held.holdings() == [Holding(DOCUMENT, (FIRST, REPEATED, LAST))]
    assert held.documents() == [DOCUMENT]
    assert held.pooled() == {"v1", "v2"}


def test_only_what_is_searched_has_a_place(held: HoldingsFile) -> None:
    assert held.at([0, 1, 2]) == {0: FIRST, 1: LAST}


def test_a_vector_leads_to_all_places_that_share_it(tmp_path: Path) -> None:
    twin = make_entry(FIRST.text, "/shop/b.txt", heading="一、发票", topic="invoice")
    write_holdings(tmp_path, [Holding(DOCUMENT, (FIRST,)), Holding(make_document("/shop/b.txt"), (twin,))], [])

    assert FIRST.vector_id == twin.vector_id
    assert HoldingsFile(tmp_path).places_of([FIRST.vector_id, "gone"]) == {FIRST.vector_id: [0, 1]}


@pytest.mark.parametrize("content", [None, b"", b"nonsense" * 500])
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "holdings.sqlite3").write_bytes(content)
    with pytest.raises(IndexUnavailable, match="请重新运行 replyguide ingest"):
        HoldingsFile(tmp_path).holdings()
