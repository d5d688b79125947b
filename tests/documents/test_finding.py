"""Finding documents in files and folders."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from replyguide.documents import find_documents


def names(*paths: Path) -> list[str]:
    return [found.name for found in find_documents(paths)]


def test_folders_are_walked_in_order_and_hidden_files_and_sidecars_are_left_alone(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.md", ".hidden.txt", "~$a.docx", "a.txt.meta.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")

    assert names(tmp_path) == ["a.txt", "b.txt", "sub/c.md"]


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", "utf-8")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)

    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "reason"), [("a.doc", "另存为 docx"), ("a.exe", "不支持 .exe"), ("noending", "没有扩展名")]
)
def test_unknown_kinds_are_given_with_the_reason(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / name).write_text("x", "utf-8")
    (found,) = find_documents([tmp_path])

    assert found.problem is not None
    assert reason in found.problem


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    (found,) = find_documents([tmp_path / "nothing.txt"])

    assert found.problem == "nothing.txt：没有这个文件或文件夹，请检查路径"


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such names")
def test_odd_names_can_be_printed(tmp_path: Path) -> None:
    (tmp_path / "a\nb 规则.txt").write_text("x", "utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_text("x", "utf-8")

    found = names(tmp_path)
    assert found == ["a\\x0ab 规则.txt", "\\xff.txt"]
    assert json.dumps(found).encode("utf-8")
