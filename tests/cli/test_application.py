"""What holds for every command: help, usage errors, faults of our own, a reader that goes away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import Run

import replyguide

COMMANDS = ("suggest", "check", "search", "index", "rules", "eval", "doctor")


def test_help_names_every_command(run: Run) -> None:
    outcome = run("--help")
    assert (outcome.status, [name for name in COMMANDS if name not in outcome.out]) == (0, [])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    outcome = run(command, "--help")
    assert (outcome.status, outcome.err) == (0, "")
    assert "--data-dir" in outcome.out or command in ("index", "rules")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["suggests", "x"], "没有 suggests 这个命令，是不是想用 suggest"),
        (["frobnicate"], "没有 frobnicate 这个命令"),
        (["--colour"], "没有 --colour 这个选项"),
        (["search", "有发票吗", "-k", "0"], "-k 不能小于 1"),
        (["search", "有发票吗", "-k", "three"], "-k 应是整数"),
        (["search", "有发票吗", "没有"], "多出了 没有，带空格的文字请加引号"),
        (["check", "亲，有的哦", "--context"], "选项 --context 后面缺少内容"),
        (["rules", "show"], "缺少 rule_id"),
    ],
)
def test_wrong_usage_is_one_chinese_line_and_status_2(run: Run, arguments: list[str], problem: str) -> None:
    outcome = run(*arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == f"replyguide: 命令用法不对：{problem}（运行 replyguide --help 看用法）\n"


def test_a_missing_argument_is_one_line_and_status_2(run: Run) -> None:
    outcome = run("check")
    assert (outcome.status, outcome.out, len(outcome.err.splitlines())) == (2, "", 1)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checker that fails in a way that nobody foresaw."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("nobody\nforesaw this")

    monkeypatch.setattr("replyguide.copilot.copilot.load_checker", fail)


@pytest.mark.usefixtures("broken")
def test_a_fault_of_our_own_is_one_line_and_status_3(run: Run) -> None:
    outcome = run("check", "亲，有的哦")
    assert (outcome.status, len(outcome.err.splitlines())) == (3, 1)
    assert "--debug" in outcome.err


@pytest.mark.usefixtures("broken")
def test_debug_shows_the_traceback_and_still_ends_with_the_line(run: Run) -> None:
    outcome = run("check", "亲，有的哦", "--debug")
    assert "Traceback" in outcome.err
    assert "RuntimeError" in outcome.err.splitlines()[-1]


def test_an_interruption_leaves_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("replyguide.copilot.copilot.load_checker", interrupt)
    outcome = run("check", "亲，有的哦")
    assert (outcome.status, "Traceback" in outcome.err) == (130, False)


def test_the_state_of_an_index_that_is_not_there_is_told_and_nothing_is_built(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "never-used"
    assert run("index", "status", "--json", "--data-dir", str(folder)).json["state"] == "missing"
    assert not folder.exists()


@pytest.mark.skipif(os.name != "posix", reason="a closed pipe is told differently elsewhere")
def test_a_reader_that_goes_away_is_no_error() -> None:
    surroundings = {**os.environ, "PYTHONPATH": str(Path(replyguide.__file__).parents[1])}
    command = [sys.executable, "-m", "replyguide", "rules", "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.wait(timeout=60), process.stderr.read()) == (0, b"")
