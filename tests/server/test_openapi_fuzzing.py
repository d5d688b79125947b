"""Requests made from the OpenAPI document by schemathesis, with and without keys."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from serving import serving

# A text may be valid by its schema and still hold nothing that can be read: JSON Schema has no words for that.
EXCLUDED = "positive_data_acceptance"


@pytest.mark.parametrize("key", [None, "schemathesis-key"])
def test_every_answer_is_one_that_the_document_names(data_dir: Path, key: str | None) -> None:
    environment = {} if key is None else {"REPLYGUIDE_API_KEYS": key}
    options = [] if key is None else ["-H", f"Authorization: Bearer {key}"]
    with serving(data_dir, **environment) as served:
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{served.url}/openapi.json", *options]
        command += ["--max-examples", "25", "--exclude-checks", EXCLUDED, "--seed", "20261125", "--no-color"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=data_dir)
        assert served.process.poll() is None
        assert done.returncode == 0, done.stdout[-6000:]
