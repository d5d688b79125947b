"""Two server processes on one Chroma server and one PostgreSQL database: whichever is asked, the answer is the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from postgres import postgres_database
from serving import Served, serving

QUESTIONS = ("有发票吗", "包邮吗", "退货运费谁出", "好评有红包吗", "给我讲个笑话", "赠品是什么")
CHANGING = ("suggestion_id", "timings_ms")
GIFT = "赠品是星空投影灯"


def command(data_dir: Path, environment: dict[str, str], *arguments: str) -> str:
    line = [sys.executable, "-m", "replyguide", *arguments, "--data-dir", str(data_dir)]
    done = subprocess.run(
        line, capture_output=True, text=True, timeout=300, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def pair(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served, str]]:
    """Two servers with data folders of their own, and a key that was created on the machine of the first."""
    folder = tmp_path_factory.mktemp("pair")
    here, there = folder / "here", folder / "there"
    handbook = folder / "handbook.md"
    handbook.write_text(f"# 赠品\n\n## 买家问赠品是什么\n\n{GIFT}，随包裹寄出。\n", "utf-8")
    for data_dir in (here, there):
        data_dir.mkdir()
    with postgres_database() as url:
        shared = {"REPLYGUIDE_CHROMA_URL": server, "REPLYGUIDE_DATABASE_URL": url}
        key = json.loads(command(here, shared, "keys", "create", "--role", "supervisor", "--json"))["key"]
        command(here, shared, "ingest", str(handbook))
        with serving(here, **shared) as first, serving(there, **shared) as second:
            yield first, second, key


def answers(served: Served, key: str) -> list[dict[str, Any]]:
    with served.client(key) as client:
        told = [client.post("/v1/suggest", json={"question": question}).json() for question in QUESTIONS]
    return [{name: value for name, value in one.items() if name not in CHANGING} for one in told]


def test_both_answer_alike(pair: tuple[Served, Served, str]) -> None:
    first, second, key = pair
    assert answers(first, key) == answers(second, key)


def test_what_one_took_in_the_other_finds(pair: tuple[Served, Served, str]) -> None:
    _, second, key = pair
    assert GIFT in json.dumps(answers(second, key)[-1], ensure_ascii=False)


def test_feedback_may_go_to_either(pair: tuple[Served, Served, str]) -> None:
    first, second, key = pair
    with first.client(key) as here, second.client(key) as there:
        suggestion = here.post("/v1/suggest", json={"question": "有发票吗"}).json()["suggestion_id"]
        body = {"suggestion_id": suggestion, "action": "sent"}
        assert there.post("/v1/feedback", json=body).status_code == 201
        assert here.get("/v1/report").json()["totals"] == there.get("/v1/report").json()["totals"]


def test_neither_answers_without_the_key(pair: tuple[Served, Served, str]) -> None:
    for served in pair[:2]:
        with served.client() as client:
            assert client.get("/v1/me").status_code == 401
