"""A database of its own on the PostgreSQL server that the tests were told of."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SETTING = "REPLYGUIDE_TEST_POSTGRES_URL"


@contextmanager
def postgres_database() -> Iterator[str]:
    """Create an empty database and drop it at the end; without a server the test is skipped."""
    import psycopg
    from sqlalchemy.engine import make_url

    told = os.environ.get(SETTING)
    if not told:
        pytest.skip(f"{SETTING} names no PostgreSQL server; .ci/run starts one")
    name = f"replyguide_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(told, autocommit=True) as connection:
        connection.execute(f'create database "{name}"'.encode())
        try:
            yield make_url(told).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'drop database "{name}" with (force)'.encode())
