"""The command line: a thin face on the copilot. Every error leaves as one line and an exit status."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    # Starting makes almost only objects that stay; looking for garbage among them every 700 takes a fifth of the time.
    gc.set_threshold(100_000, 20, 20)
    from replyguide.cli.application import run

    return run(list(sys.argv[1:] if arguments is None else arguments))
