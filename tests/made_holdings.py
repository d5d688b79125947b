"""Documents and entries of a shop's index, made up for tests."""

from __future__ import annotations

from typing import Any

from replyguide.index.shop.holding import Entry, HeldDocument


def make_document(key: str = "/shop/手册.docx", **changes: Any) -> HeldDocument:
    """Return a document of the shop with some fields changed."""
    fields: dict[str, Any] = {
        "key": key,
        "root": "/shop",
        "name": key.rpartition("/")[2],
        "title": "客服手册",
        "digest": "0" * 64,
        "pages": None,
        "authority": "merchant",
        "platform": "merchant",
        "effective_from": None,
        "superseded_by": None,
        "dropped": {},
    }
    return HeldDocument(**{**fields, **changes})


def make_entry(text: str, document: str = "/shop/手册.docx", **changes: Any) -> Entry:
    """Return an entry of a document with some fields changed."""
    fields: dict[str, Any] = {
        "document": document,
        "kind": "item",
        "text": text,
        "question": "",
        "heading": "",
        "original": text,
        "page": None,
    }
    return Entry(**{**fields, **changes})
