"""What the open indexes of one process hold in common."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from replyguide import Copilot, Settings
from replyguide.errors import IndexUnavailable
from replyguide.index import Index, open_index, opening
from replyguide.index.sharing import Shared


class Part:
    """Counts how often it was opened and closed."""

    opened = 0
    closed = 0

    def __init__(self) -> None:
        Part.opened += 1

    def close(self) -> None:
        Part.closed += 1


def test_it_is_opened_by_the_first_and_closed_by_the_last() -> None:
    shared: Shared[Part] = Shared()
    Part.opened = Part.closed = 0
    with ThreadPoolExecutor(8) as threads:
        parts = list(threads.map(lambda _: shared.borrow("rules", Part), range(50)))
    assert (Part.opened, len(set(parts))) == (1, 1)
    for _ in range(49):
        shared.give_back("rules")
    assert Part.closed == 0
    shared.give_back("rules")
    assert Part.closed == 1
    assert shared.borrow("rules", Part) is not parts[0]


def test_what_cannot_be_opened_is_tried_again_by_the_next() -> None:
    shared: Shared[Part] = Shared()

    def fails() -> Part:
        raise OSError("disk")

    for _ in range(2):
        with pytest.raises(OSError, match="disk"):
            shared.borrow("rules", fails)
    assert isinstance(shared.borrow("rules", Part), Part)


def test_a_shop_that_is_closed_leaves_the_others_searching(packaged: Index, shared_data_dir: Path) -> None:
    settings = Settings(data_dir=shared_data_dir)
    first, second = (Copilot(replace(settings, shop_id=name)) for name in ("first", "second"))
    before = second.search("有发票吗")
    assert first.search("有发票吗") == before
    first.close()
    first.close()
    assert second.search("有发票吗") == before
    assert first.search("有发票吗") == before


def users() -> int:
    """How many indexes hold rules in this process."""
    gc.collect()
    return sum(opening._RULES._users.values())


def test_an_index_that_cannot_be_opened_holds_nothing(
    packaged: Index, shared_data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise IndexUnavailable("the shop's documents")

    before = users()
    monkeypatch.setattr(opening, "open_shop", fails)
    with pytest.raises(IndexUnavailable):
        open_index(Settings(data_dir=shared_data_dir))
    assert users() == before


def test_an_index_that_is_let_go_gives_back_as_well(packaged: Index, shared_data_dir: Path) -> None:
    before = users()
    index = open_index(Settings(data_dir=shared_data_dir))
    assert users() == before + 1
    del index
    assert users() == before
