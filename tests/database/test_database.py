"""The tables on SQLite and PostgreSQL: migrations, append-only, and what goes wrong."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select, text

from replyguide import Settings
from replyguide.database import Database, open_database
from replyguide.database.clock import now
from replyguide.database.tables import api_keys, metadata, suggestions
from replyguide.errors import DatabaseUnavailable, SettingsError

SUGGESTION = {
    "id": "a" * 32,
    "at": now(),
    "day": "2026-11-25",
    "shop_id": "default",
    "key_id": "k",
    "question": "有发票吗",
    "context": {},
    "topic": "invoice",
    "topics": ["invoice"],
    "rules": [],
    "status": "ready",
    "verdict": "pass",
    "attempts": [],
    "drafts_blocked": 0,
    "points_avoided": 0.0,
    "index_label": "i",
}


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_what_was_written_is_there_for_the_next_process(database: Database, database_settings: Settings) -> None:
    with database.writing() as connection:
        connection.execute(insert(suggestions).values(**SUGGESTION))
    other = open_database(database_settings)
    with other.reading() as connection:
        assert connection.execute(select(suggestions.c.question, suggestions.c.topics)).all() == [
            ("有发票吗", ["invoice"])
        ]
    other.close()


def test_a_suggestion_is_never_changed(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(suggestions).values(**SUGGESTION))
    with pytest.raises(DatabaseUnavailable), database.writing() as connection:
        connection.execute(suggestions.update().values(question="anders"))
    with database.reading() as connection:
        assert connection.execute(select(suggestions.c.question)).scalar_one() == "有发票吗"


def test_what_fails_halfway_is_not_kept(database: Database) -> None:
    twice = [SUGGESTION, SUGGESTION]
    with pytest.raises(DatabaseUnavailable), database.writing() as connection:
        connection.execute(insert(suggestions), twice)
    with database.reading() as connection:
        assert connection.execute(select(suggestions.c.id)).all() == []


def test_many_that_open_it_at_once_migrate_it_once(database_settings: Settings) -> None:
    failures: list[Exception] = []

    def use() -> None:
        database = open_database(database_settings)
        try:
            with database.reading() as connection:
                connection.execute(select(api_keys)).all()
        except DatabaseUnavailable as error:
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_database_of_a_newer_version_is_left_alone(database: Database, database_settings: Settings) -> None:
    with database.writing() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    other = open_database(database_settings)
    with pytest.raises(DatabaseUnavailable, match="9999"), other.reading():
        pass
    other.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "postgresql+asyncpg://x/y"])
def test_another_kind_of_database_is_a_wrong_setting(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="database_url"):
        open_database(Settings(data_dir=tmp_path, database_url=url))


def test_an_error_does_not_tell_the_password(tmp_path: Path) -> None:
    database = open_database(Settings(data_dir=tmp_path, database_url="postgresql://me:hunter2@127.0.0.1:9/x"))
    with pytest.raises(DatabaseUnavailable) as caught, database.reading():
        pass
    assert "hunter2" not in str(caught.value)
    assert "127.0.0.1:9" in str(caught.value)


def test_a_full_disk_acknowledges_nothing_and_loses_nothing(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import resource, sys
        from pathlib import Path
        from sqlalchemy import func, insert, select
        from replyguide import Settings
        from replyguide.database import open_database
        from replyguide.database.clock import now
        from replyguide.database.tables import api_keys
        from replyguide.errors import DatabaseUnavailable

        database = open_database(Settings(data_dir=Path(sys.argv[1])))
        kept = 0
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        try:
            while True:
                row = {"id": str(kept), "digest": str(kept), "shop_id": "s", "role": "agent", "label": "x" * 90}
                with database.writing() as connection:
                    connection.execute(insert(api_keys).values(**row, created_at=now()))
                kept += 1
        except DatabaseUnavailable as error:
            print(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        with database.reading() as connection:
            print(kept == connection.execute(select(func.count()).select_from(api_keys)).scalar_one(), kept > 10)
    """)
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "数据库用不了" in done.stdout
    assert done.stdout.splitlines()[-1] == "True True"
