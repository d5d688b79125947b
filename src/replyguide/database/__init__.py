"""The database of the server: keys, suggestions, and what became of them. SQLite by default, PostgreSQL by URL."""

from replyguide.database.database import FILE, Database, open_database

__all__ = ["FILE", "Database", "open_database"]
