"""The vectors in Chroma, embedded and on a server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from replyguide.errors import IndexUnavailable, SettingsError
from replyguide.index import Index, chroma_reader
from replyguide.index import store as store_module
from replyguide.index.builder import collections_of
from replyguide.index.chroma_reader import embedded_search
from replyguide.index.generation import Generation, Generations
from replyguide.index.store import Held, VectorStore, copy_embedded, embedded_store, server_client


def unit(rows: Any) -> Any:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def held(*vector: float) -> Held:
    return Held("d", np.array(vector, np.float32))


@pytest.fixture
def live(packaged: Index, shared_data_dir: Path) -> Generation:
    """The generation of the packaged rules."""
    current = Generations(shared_data_dir / "index").current()
    assert current is not None
    return current


@pytest.fixture
def store(live: Generation) -> Iterator[VectorStore]:
    """The packaged passages, opened by Chroma's public client."""
    with closing(embedded_store(live.chroma)) as opened:
        yield opened


def test_the_graph_finds_what_an_exact_search_finds_on_the_packaged_passages(
    store: VectorStore, live: Generation
) -> None:
    passages = collections_of(live).passages
    vectors = {name: held.vector for name, held in store.held(passages).items()}
    names, matrix = list(vectors), np.stack(list(vectors.values()))
    noise = np.random.default_rng(7).standard_normal((100, matrix.shape[1])).astype(np.float32)
    queries = unit(matrix[:: len(matrix) // 100][:100] + 0.02 * noise)

    found = store.near(passages, list(queries), 40)
    exact = np.argsort(-(queries @ matrix.T), axis=1)[:, :40]
    shared = [len(near.keys() & {names[n] for n in row}) for near, row in zip(found, exact, strict=True)]

    assert np.mean(shared) / 40 > 0.99


def test_similarity_is_the_cosine(tmp_path: Path) -> None:
    store = embedded_store(tmp_path / "chroma")
    store.create("vectors")
    store.put("vectors", {"one": held(1, 0), "two": held(0.6, 0.8)})

    (near,) = store.near("vectors", [np.array([1, 0], np.float32)], 5)

    assert near == {"one": pytest.approx(1), "two": pytest.approx(0.6)}


def test_collections_do_not_see_each_other(tmp_path: Path) -> None:
    store = embedded_store(tmp_path / "chroma")
    store.create("here", "there")
    store.put("here", {"one": held(1, 0)})

    assert (set(store.held("here")), set(store.held("there"))) == ({"one"}, set())


def test_what_is_put_twice_stays_as_it_was(tmp_path: Path) -> None:
    store = embedded_store(tmp_path / "chroma")
    store.create("vectors")
    store.put("vectors", {"one": held(1, 0)})
    store.put("vectors", {"one": held(0, 1), "two": held(0, 1)})

    assert {name: held.vector.tolist() for name, held in store.held("vectors").items()} == {
        "one": [1, 0],
        "two": [0, 1],
    }


def test_a_copy_of_an_open_store_holds_the_same_passages(tmp_path: Path) -> None:
    store = embedded_store(tmp_path / "chroma")
    store.create("vectors")
    store.put("vectors", {"one": held(1, 0)})
    copy_embedded(tmp_path / "chroma", tmp_path / "copy")
    store.put("vectors", {"two": held(0, 1)})

    copy = embedded_store(tmp_path / "copy").held("vectors")
    assert {name: (held.digest, held.vector.tolist()) for name, held in copy.items()} == {"one": ("d", [1, 0])}


def test_a_failure_on_a_full_disk_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(embedded_store(tmp_path / "chroma")) as store:
        with pytest.raises(IndexUnavailable, match="请运行 replyguide index rebuild"):
            store.held("vectors")
        monkeypatch.setattr(store_module, "_LITTLE_SPACE", 10**18)
        with pytest.raises(IndexUnavailable, match="磁盘快满了：请腾出空间"):
            store.held("vectors")


def test_chroma_sends_no_telemetry(store: VectorStore) -> None:
    assert store._client.get_settings().anonymized_telemetry is False


def test_searching_without_chromas_python_half_finds_what_its_public_client_finds(
    store: VectorStore, live: Generation
) -> None:
    queries = [held.vector for held in store.held(collections_of(live).passages).values()][::400]
    for name in collections_of(live):
        with closing(embedded_search(live.chroma)) as fast:
            found = fast.near(name, queries, 20)
            assert type(fast).__name__ == "_RustSearch"

        expected = store.near(name, queries, 20)
        assert [near.keys() for near in found] == [near.keys() for near in expected]
        for one, other in zip(found, expected, strict=True):
            assert one == pytest.approx(other, abs=1e-5)


@pytest.mark.parametrize("harm", ["unknown version", "other signature", "missing"])
def test_where_the_rust_half_cannot_be_used_the_public_client_searches(
    live: Generation, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    if harm == "unknown version":
        monkeypatch.setattr(chroma_reader, "version", lambda _: "1.6.0")
    else:
        double = SimpleNamespace(Bindings=lambda: None) if harm == "other signature" else None
        monkeypatch.setitem(sys.modules, "chromadb_rust_bindings", double)
    with closing(embedded_search(live.chroma)) as search:
        assert isinstance(search, VectorStore)


def test_a_search_imports_neither_chromas_python_half_nor_bm25s(shared_data_dir: Path, packaged: Index) -> None:
    script = (
        "import sys; from pathlib import Path; from replyguide.index import open_index;"
        "from replyguide.settings import Settings;"
        "print(open_index(Settings(data_dir=Path(sys.argv[1]))).search('有发票吗').concerns);"
        "print(sorted({'chromadb', 'bm25s', 'langchain_core', 'pandas', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script, shared_data_dir], capture_output=True, text=True, check=True)

    assert done.stdout == "('invoice-have',)\n[]\n"


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host", "http://"])
def test_a_url_that_is_none_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(SettingsError, match="chroma_url 应是 http://主机:端口 的形式"):
        server_client(url)
