"""Fixtures for all tests. That this file lies here puts its folder on the import path: `from running import …`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from asked import settings
from chroma_server import chroma_server, free_port
from postgres import postgres_database
from running import Outcome, Run

from replyguide import Copilot, Settings
from replyguide.cli import main
from replyguide.database import Database, open_database
from replyguide.index import Index, open_index

_SETTINGS = (
    "REPLYGUIDE_MODEL",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "REPLYGUIDE_EMBEDDER",
    "REPLYGUIDE_CHROMA_URL",
    "REPLYGUIDE_DATABASE_URL",
    "REPLYGUIDE_RERANKER",
    "REPLYGUIDE_SHOP",
    "REPLYGUIDE_SHOP_ID",
    "REPLYGUIDE_SHOP_PACK",
    "REPLYGUIDE_API_KEYS",
    "REPLYGUIDE_SHOPS",
    "REPLYGUIDE_RATE_LIMIT",
    "REPLYGUIDE_RETENTION_DAYS",
)


@pytest.fixture(scope="session")
def shared_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for all tests that only read the packaged corpus; the first that searches builds its index."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def packaged(shared_data_dir: Path) -> Index:
    """The index over the packaged corpus."""
    return open_index(Settings(data_dir=shared_data_dir))


@pytest.fixture
def shop_settings(packaged: Index, shared_data_dir: Path, tmp_path: Path) -> Settings:  # the index has to be there
    """Settings of a shop with no documents, over a data folder of its own that holds the index of the rules."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    for name in ("cache", "index"):
        (data_dir / name).symlink_to(shared_data_dir / name, target_is_directory=True)
    return Settings(data_dir=data_dir)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Chroma server."""
    with chroma_server(tmp_path_factory.mktemp("server"), free_port()) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty database, of both kinds in turn."""
    if request.param == "sqlite":
        yield Settings(data_dir=tmp_path)
        return
    with postgres_database() as url:
        yield Settings(data_dir=tmp_path, database_url=url)


@pytest.fixture
def database(database_settings: Settings) -> Iterator[Database]:
    """An empty database."""
    database = open_database(database_settings)
    yield database
    database.close()


@pytest.fixture
def offline_copilot(shared_data_dir: Path) -> Copilot:
    """A copilot without a model."""
    return Copilot(settings(shared_data_dir, None))


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine reaches a test, and each test stands in a folder of its own."""
    for name in _SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REPLYGUIDE_DATA_DIR", str(tmp_path / "own-data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(shared_data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """The command line over the shared data folder."""
    monkeypatch.setenv("REPLYGUIDE_DATA_DIR", str(shared_data_dir))

    def run_it(*arguments: str, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        status = main(arguments)
        said = capsys.readouterr()
        return Outcome(status, said.out, said.err)

    return run_it
