"""The prompts of a run: their versions, and what changed since an earlier one."""

from __future__ import annotations

from pathlib import Path

from replyguide.evals.prompt_texts import prompt_diff, read_prompt_texts
from replyguide.resources import shelf


def test_every_packaged_prompt_is_read_with_its_version() -> None:
    prompts = read_prompt_texts(shelf("prompts"))
    assert [prompt.name for prompt in prompts] == ["draft", "repair", "tone"]
    assert [prompt for prompt in prompts if prompt.version < 1] == []


def test_a_prompt_without_a_version_is_version_0(tmp_path: Path) -> None:
    (tmp_path / "draft.md.j2").write_text("写一条回复", "utf-8")
    [prompt] = read_prompt_texts(tmp_path)
    assert (prompt.name, prompt.version, len(prompt.digest)) == ("draft", 0, 12)


def test_the_same_prompts_differ_in_nothing() -> None:
    prompts = read_prompt_texts(shelf("prompts"))
    assert prompt_diff(prompts, {prompt.name: prompt.text for prompt in prompts}) == ""


def test_a_prompt_that_is_new_or_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "new.md.j2").write_text("新的", "utf-8")
    told = prompt_diff(read_prompt_texts(tmp_path), {"old": "旧的"}).splitlines()
    assert ("+新的" in told, "-旧的" in told) == (True, True)
