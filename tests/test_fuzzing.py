"""The fuzzer runs and finds nothing in a short while. `tools/fuzz_checker.py` alone runs as long as it is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import replyguide

TOOL = Path(__file__).parents[1] / "tools" / "fuzz_checker.py"


def test_a_short_run_of_the_fuzzer_finds_nothing(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris has no wheel for this platform or Python")
    surroundings = {**os.environ, "PYTHONPATH": str(Path(replyguide.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, str(TOOL), "-runs=3000", "-seed=1", "-rss_limit_mb=0", f"-artifact_prefix={tmp_path}/"],
        capture_output=True,
        env=surroundings,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    assert b"Done 3000 runs" in done.stderr
    assert list(tmp_path.glob("crash-*")) == []
