"""Databases of both kinds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import postgres_database

from replyguide import Settings
from replyguide.database import Database, open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty database."""
    if request.param == "sqlite":
        yield Settings(data_dir=tmp_path)
        return
    with postgres_database() as url:
        yield Settings(data_dir=tmp_path, database_url=url)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """An empty database."""
    database = open_database(settings)
    yield database
    database.close()
