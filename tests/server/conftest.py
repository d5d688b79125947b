"""A server for the tests that leave nothing behind which another would trip over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from serving import Served, own_data_dir, serving

from replyguide.index import Index


@pytest.fixture(scope="module")
def site(packaged: Index, shared_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server without keys and without a model, one for each module."""
    with serving(own_data_dir(shared_data_dir, tmp_path_factory.mktemp("site") / "data")) as served:
        yield served


@pytest.fixture
def client(site: Served) -> Iterator[httpx.Client]:
    """A client of it."""
    with site.client() as client:
        yield client


@pytest.fixture
def data_dir(packaged: Index, shared_data_dir: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own, with the index of the packaged rules."""
    return own_data_dir(shared_data_dir, tmp_path / "data")
