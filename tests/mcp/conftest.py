"""A server of the protocol over the packaged corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp_agent import Agent, connected

from replyguide.index import Index


@pytest.fixture(scope="module")
def data(packaged: Index, shared_data_dir: Path) -> Path:  # the index has to be there
    return shared_data_dir


@pytest.fixture(scope="module")
def agent(data: Path) -> Iterator[Agent]:
    """An agent on a server without a model or facts of a shop."""
    with connected(data) as agent:
        yield agent
