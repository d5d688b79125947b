"""Brings the tables up to date with Alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from replyguide.errors import DatabaseUnavailable

FOLDER = Path(__file__).parent / "migrations"


def migrate(connection: Connection) -> None:
    """Run the migrations that are missing; a database of a newer ReplyGuide is a `DatabaseUnavailable`."""
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision == scripts.get_current_head():
        return
    if revision is not None and revision not in {script.revision for script in scripts.walk_revisions()}:
        raise DatabaseUnavailable(f"数据库的结构 {revision} 由更新版本的 ReplyGuide 建立，请升级 replyguide")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
