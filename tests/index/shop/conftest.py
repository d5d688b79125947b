"""Fixtures for the index of a shop's documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from replyguide.index import Index
from replyguide.index.generation import Generations
from replyguide.index.shop.updating import Updater


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    """An empty place for a shop's index."""
    return Generations(tmp_path / "shop")


@pytest.fixture
def updater(generations: Generations, packaged: Index) -> Updater:
    """What makes generations there."""
    return Updater(generations, packaged.embedder, packaged)
