"""Building the index in a process of its own: what that takes, some 300 MB, goes with it and is not kept for good."""

from __future__ import annotations

import multiprocessing

from replyguide.errors import ReplyGuideError
from replyguide.index import index_status, open_index
from replyguide.settings import Settings


def build_beside(settings: Settings) -> None:
    """Bring the index up to date if it is not; whatever fails is told by the first search, which tries it again."""
    try:
        if not index_status(settings).stale:
            return
    except ReplyGuideError:
        return
    beside = multiprocessing.get_context("spawn").Process(target=_build, args=(settings,))
    beside.start()
    beside.join()


def _build(settings: Settings) -> None:
    try:
        open_index(settings).close()
    except ReplyGuideError:
        return
