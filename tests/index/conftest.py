"""Fixtures for the index: data folders that share one cache of the built-in model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rule_files import put_three

from replyguide.index import open_index
from replyguide.index.builtin_embedder import BuiltinEmbedder
from replyguide.settings import Settings


@pytest.fixture(scope="session")
def model_cache(shared_data_dir: Path) -> Path:
    """A folder with the model's cache, made once: it is 80 MB."""
    cache = shared_data_dir / "cache"
    BuiltinEmbedder(cache).load()
    return cache


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Path:
    """A folder with a corpus of three rules and an index of it, to be copied."""
    folder = tmp_path_factory.mktemp("sample")
    put_three(folder / "corpus")
    (folder / "data").mkdir()
    (folder / "data" / "cache").symlink_to(model_cache, target_is_directory=True)
    open_index(Settings(data_dir=folder / "data"), corpus=folder / "corpus")
    return folder


@pytest.fixture
def corpus(tmp_path: Path, sample: Path) -> Path:
    """A corpus of three rules that a test may change."""
    return Path(shutil.copytree(sample / "corpus", tmp_path / "corpus"))


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path) -> Settings:
    """Settings with an empty data folder of the test's own."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "cache").symlink_to(model_cache, target_is_directory=True)
    return Settings(data_dir=data_dir)


@pytest.fixture
def built(settings: Settings, sample: Path) -> Settings:
    """Settings with a data folder that holds the index of `corpus`."""
    shutil.copytree(sample / "data" / "index", settings.data_dir / "index")
    return settings
