"""Where the files that travel with the package are: corpus, prompts, eval cases, rule packs.

In a wheel they lie under `replyguide/_data/`; in a checkout (also an editable install) at the top of the tree.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Shelf = Literal["corpus", "prompts", "evals"]

PACKAGE = Path(__file__).resolve().parent


def shelf(name: Shelf) -> Path:
    """Return the folder of packaged files called `name`."""
    packaged = PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / name


def packs_folder() -> Path:
    """Return the folder that holds one folder per built-in rule pack."""
    return PACKAGE / "checker" / "packs"


def learned_folder() -> Path:
    """Return the folder of what the checker's second layer has learned."""
    return PACKAGE / "checker" / "learned"
