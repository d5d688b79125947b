"""The vectors in Chroma, embedded and on a server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from rule_files import put

from replyguide.errors import IndexUnavailable, SettingsError
from replyguide.index import Index, chroma_reader, index_status, open_index, rebuild_index
from replyguide.index import store as store_module
from replyguide.index.chroma_reader import embedded_search
from replyguide.index.generation import Generations
from replyguide.index.store import Held, VectorStore, copy_embedded, embedded_store, server_store
from replyguide.settings import Settings


def unit(rows: Any) -> Any:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def held(*vector: float) -> Held:
    return Held("d", np.array(vector, np.float32))


@pytest.fixture
def store(packaged: Index, shared_data_dir: Path) -> Iterator[VectorStore]:
    """The packaged passages, opened by Chroma's public client."""
    current = Generations(shared_data_dir / "index").current()
    assert current is not None
    with closing(embedded_store(current.chroma)) as opened:
        yield opened


def test_the_graph_finds_what_an_exact_search_finds_on_the_packaged_passages(store: VectorStore) -> None:
    vectors = {name: held.vector for name, held in store.held().items()}
    names, matrix = list(vectors), np.stack(list(vectors.values()))
    noise = np.random.default_rng(7).standard_normal((100, matrix.shape[1])).astype(np.float32)
    queries = unit(matrix[:: len(matrix) // 100][:100] + 0.02 * noise)

    found = store.near(list(queries), passages=40, rules=1)
    exact = np.argsort(-(queries @ matrix.T), axis=1)[:, :40]
    shared = [len(near.passages.keys() & {names[n] for n in row}) for near, row in zip(found, exact, strict=True)]

    assert np.mean(shared) / 40 > 0.99


def test_similarity_is_the_cosine(tmp_path: Path) -> None:
    store = embedded_store(tmp_path / "chroma")
    store.create()
    passages = {"one": held(1, 0), "two": held(0.6, 0.8)}
    store.put_passages(passages, {"one": "r", "two": "r"})
    store.put_rules({"r": np.array([0, 1], np.float32)})

    (near,) = store.near([np.array([1, 0], np.float32)], passages=5, rules=5)

    assert near.passages == {"one": pytest.approx(1), "two": pytest.approx(0.6)}
    assert near.rules == {"r": pytest.approx(0, abs=1e-6)}


def test_a_copy_of_an_open_store_holds_the_same_passages(tmp_path: Path) -> None:
    store = embedded_store(tmp_path / "chroma")
    store.create()
    store.put_passages({"one": held(1, 0)}, {"one": "r"})
    copy_embedded(tmp_path / "chroma", tmp_path / "copy")
    copy = embedded_store(tmp_path / "copy")
    store.remove()

    assert copy.held()["one"].digest == "d"
    assert copy.held()["one"].vector.tolist() == [1, 0]


def test_a_failure_on_a_full_disk_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(embedded_store(tmp_path / "chroma")) as store:
        with pytest.raises(IndexUnavailable, match="请运行 replyguide index rebuild"):
            store.held()
        monkeypatch.setattr(store_module, "_LITTLE_SPACE", 10**18)
        with pytest.raises(IndexUnavailable, match="磁盘快满了：请腾出空间"):
            store.held()


def test_chroma_sends_no_telemetry(store: VectorStore) -> None:
    assert store._client.get_settings().anonymized_telemetry is False


def test_searching_without_chromas_python_half_finds_what_its_public_client_finds(
    store: VectorStore, shared_data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = Generations(shared_data_dir / "index").current()
    assert current is not None
    queries = [held.vector for held in store.held().values()][::400]
    with closing(embedded_search(current.chroma)) as fast:
        found = fast.near(queries, passages=40, rules=20)
        assert type(fast).__name__ == "_RustSearch"

    expected = store.near(queries, passages=40, rules=20)
    assert [list(near.rules) for near in found] == [list(near.rules) for near in expected]
    assert [near.passages.keys() for near in found] == [near.passages.keys() for near in expected]
    for one, other in zip(found, expected, strict=True):
        assert one.passages == pytest.approx(other.passages, abs=1e-5)


@pytest.mark.parametrize("harm", ["unknown version", "other signature", "missing"])
def test_where_the_rust_half_cannot_be_used_the_public_client_searches(
    shared_data_dir: Path, packaged: Index, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    if harm == "unknown version":
        monkeypatch.setattr(chroma_reader, "version", lambda _: "1.6.0")
    else:
        double = SimpleNamespace(Bindings=lambda: None) if harm == "other signature" else None
        monkeypatch.setitem(sys.modules, "chromadb_rust_bindings", double)
    current = Generations(shared_data_dir / "index").current()
    assert current is not None

    with closing(embedded_search(current.chroma)) as search:
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Chroma server on loopback."""
    port = free_port()
    arguments = ["chroma", "run", "--path", str(tmp_path_factory.mktemp("server")), "--port", str(port)]
    script = f"import sys; from chromadb.cli.cli import app; sys.argv = {arguments!r}; app()"
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


def names_on(url: str) -> set[str]:
    with closing(server_store(url, prefix="")) as store:
        return {collection.name for collection in store._client.list_collections()}


def test_a_server_holds_the_vectors_instead_of_the_data_folder(settings: Settings, corpus: Path, server: str) -> None:
    remote = replace(settings, chroma_url=server)
    with closing(open_index(remote, corpus=corpus)) as index:
        assert index.search("有发票吗").concerns == ("invoice-have",)
    with closing(open_index(remote, corpus=corpus)) as again:
        assert again.built is None
    assert not list((settings.data_dir / "index").rglob("chroma.sqlite3"))

    put(corpus, asks=["给个票呗", "能开票不"])
    with closing(open_index(remote, corpus=corpus)) as updated:
        assert updated.built is not None
        assert updated.built.embedded == 1
        assert updated.search("给个票呗").hits[0].id == "invoice-have"


def test_generations_that_go_take_their_collections_from_the_server(
    settings: Settings, corpus: Path, server: str
) -> None:
    before = names_on(server)
    remote = replace(settings, chroma_url=server)
    for _ in range(3):
        rebuild_index(remote, corpus=corpus)

    assert len(names_on(server) - before) == 2 * 2


def test_changing_between_server_and_folder_builds_anew(built: Settings, corpus: Path) -> None:
    elsewhere = replace(built, chroma_url="http://127.0.0.1:1")

    assert index_status(elsewhere, corpus=corpus).state == "stale"


def test_an_absent_server_is_told_in_one_line_with_its_url(settings: Settings, corpus: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(IndexUnavailable, match="REPLYGUIDE_CHROMA_URL") as caught:
        open_index(replace(settings, chroma_url=url), corpus=corpus)

    assert url in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host", "http://"])
def test_a_url_that_is_none_is_a_wrong_setting(settings: Settings, corpus: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="chroma_url 应是 http://主机:端口 的形式"):
        open_index(replace(settings, chroma_url=url), corpus=corpus)
