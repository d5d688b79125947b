"""The searchable rules: `open_index` builds or updates what has to be, `Index.search` finds.

Nothing heavy is imported before `open_index` is called.
"""

from __future__ import annotations

from replyguide.index.hit import Hit, SearchResult
from replyguide.index.opening import IndexStatus, index_status, open_index, rebuild_index
from replyguide.index.report import BuildReport
from replyguide.index.search import Index

__all__ = [
    "BuildReport",
    "Hit",
    "Index",
    "IndexStatus",
    "SearchResult",
    "index_status",
    "open_index",
    "rebuild_index",
]
