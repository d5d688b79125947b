"""`replyguide doctor` on the reranker."""

from __future__ import annotations

import pytest
from running import Outcome, Run


def told(outcome: Outcome) -> tuple[str, str, str]:
    (one,) = (entry for entry in outcome.json["diagnoses"] if entry["name"] == "重排模型")
    return one["state"], one["found"], one["mend"]


def test_no_reranker_is_nothing_wrong(run: Run) -> None:
    assert told(run("doctor", "--json")) == ("ok", "没有配置，按检索的分数排", "")


def test_a_reranker_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLYGUIDE_RERANKER", "sentence-transformers:BAAI/bge-reranker-v2-m3")
    monkeypatch.setattr("replyguide.cli.doctor._version", lambda _: "1.0")

    assert told(run("doctor", "--json")) == ("ok", "sentence-transformers/BAAI/bge-reranker-v2-m3", "")


def test_a_reranker_of_an_unknown_kind_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLYGUIDE_RERANKER", "cohere:x")
    outcome = run("doctor", "--json")
    state, found, _ = told(outcome)

    assert (outcome.status, state) == (3, "wrong")
    assert "cohere:x" in found


def test_a_reranker_without_its_package_is_told_with_the_command_that_installs_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLYGUIDE_RERANKER", "sentence-transformers:BAAI/bge-reranker-v2-m3")
    installed = {"sentence-transformers": None}
    monkeypatch.setattr("replyguide.cli.doctor._version", lambda name: installed.get(name, "1.0"))

    assert told(run("doctor", "--json"))[2] == "pip install 'replyguide[sentence-transformers]'"
