"""The wheel: it carries everything it needs, and works where nothing else of the project is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import replyguide

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "replyguide"

pytestmark = pytest.mark.skipif(
    find_spec("hatchling") is None or find_spec("pip") is None,
    reason="needs pip and hatchling, to build without the network",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    [built] = folder.glob("replyguide-*.whl")
    return built


@pytest.fixture(scope="module")
def carried(wheel: Path) -> frozenset[str]:
    """The names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel's package alone."""
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wheel-data")


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def python(target: Path, data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in an empty folder with `target` first on its path."""
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(target),
        "PYTHONUTF8": "1",
        "REPLYGUIDE_DATA_DIR": str(data_dir),
    }
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        encoding="utf-8",
        env=surroundings,
        cwd=data_dir,
    )


def answer(target: Path, data_dir: Path, *arguments: str) -> Any:
    """Return what `replyguide ARGUMENTS` prints as JSON."""
    done = python(target, data_dir, "-m", "replyguide", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def files_in(folder: Path, pattern: str) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob(pattern) if path.is_file())


@pytest.mark.parametrize(("folder", "known"), [("corpus", ".md"), ("prompts", ".md.j2"), ("evals", ".jsonl")])
def test_every_file_of_a_shelf_is_carried(carried: frozenset[str], folder: str, known: str) -> None:
    expected = {f"replyguide/_data/{folder}/{name}" for name in files_in(ROOT / folder, "*")}
    assert [name for name in expected if name.endswith(known)]
    assert expected - carried == set()


@pytest.mark.parametrize("pattern", ["*.py", "*.yaml", "*.txt", "*.j2"])
def test_every_file_of_the_package_is_carried(carried: frozenset[str], pattern: str) -> None:
    expected = {f"replyguide/{name}" for name in files_in(PACKAGE, pattern)}
    assert expected
    assert expected - carried == set()


def test_the_table_of_scripts_is_carried(carried: frozenset[str]) -> None:
    assert "replyguide/script_table.txt" in carried


def test_nothing_else_is_carried(carried: frozenset[str]) -> None:
    assert {name.partition("/")[0].partition("-")[0] for name in carried} == {"replyguide"}
    assert [name for name in carried if "__pycache__" in name or "/tests/" in name] == []


def test_the_installed_package_is_the_one_that_runs(installed: Path, data_dir: Path) -> None:
    done = python(installed, data_dir, "-c", "import replyguide; print(replyguide.__file__)")
    assert Path(done.stdout.strip()).is_relative_to(installed)
    assert not Path(replyguide.__file__).is_relative_to(installed)


def test_the_installed_packs_prove_themselves(installed: Path, data_dir: Path) -> None:
    proof = answer(installed, data_dir, "rules", "test", "--json")
    assert (proof["holds"], proof["failures"]) == (True, [])
    assert proof["rules"] > 0


def test_the_installed_copilot_answers_from_its_own_corpus(installed: Path, data_dir: Path) -> None:
    told = answer(installed, data_dir, "suggest", "有发票吗", "--json", "--offline")
    assert (told["status"], told["origin"], told["topics"]) == ("ready", "script", ["invoice"])
    assert "发票" in told["reply"]


def test_the_installed_command_names_its_version(installed: Path, data_dir: Path) -> None:
    done = python(installed, data_dir, "-m", "replyguide", "--version")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert (done.returncode, done.stdout.strip()) == (0, f"replyguide {version}")
