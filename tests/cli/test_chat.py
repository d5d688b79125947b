"""The chat through a pipe, as scripts use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from asked import GOOD
from running import Run
from scripted_server import ScriptedServer, says

import replyguide
from replyguide.chat import COMMANDS
from replyguide.index import Index

ASKED = "有发票吗"
# The package as it stands here, also where PYTHONPATH was given relative to another folder.
HERE = {"PYTHONPATH": str(Path(replyguide.__file__).parents[1])}


def piped(run: Run, *lines: str, options: tuple[str, ...] = ()) -> Any:
    return run("chat", *options, stdin="".join(f"{line}\n" for line in lines).encode("utf-8"))


def suggested(run: Run, *lines: str, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    outcome = piped(run, *lines, options=("--json", *options))
    return [json.loads(line) for line in outcome.out.splitlines() if line.startswith("{")]


def test_each_line_is_a_message_of_the_buyer(run: Run) -> None:
    told = suggested(run, ASKED, "包邮吗")
    assert [one["question"] for one in told] == [ASKED, "包邮吗"]
    assert {one["asker"] for one in told} == {"buyer"}


def test_an_earlier_turn_counts(run: Run) -> None:
    alone, after = suggested(run, "那怎么开呢")[0], suggested(run, ASKED, "/已发", "那怎么开呢")[-1]
    assert alone["topics"] != ["invoice"]
    assert after["topics"] == ["invoice"]


def test_a_new_buyer_begins_without_the_old_ones_words(run: Run, tmp_path: Path) -> None:
    piped(run, ASKED, "/已发", "/设 shop.cod true", "/设 buyer_verified true", "/新", "/保存 saved.json")
    assert json.loads((tmp_path / "saved.json").read_text("utf-8")) == {"shop": {"cod": True}, "history": []}


def test_what_was_saved_can_be_loaded(run: Run, tmp_path: Path) -> None:
    piped(run, ASKED, "/sent 亲，您好，发票有的哦，谢谢您", "/set shop.cod true", "/save saved.json")
    piped(run, "/load saved.json", "/save again.json")
    assert json.loads((tmp_path / "again.json").read_text("utf-8")) == json.loads(
        (tmp_path / "saved.json").read_text("utf-8")
    )


def test_a_fact_that_is_set_changes_the_answer(run: Run) -> None:
    unknown, told = (
        suggested(run, "包邮吗")[0],
        suggested(run, "/设 shop.free_shipping all", "包邮吗")[0],
    )
    assert unknown["reply"] != told["reply"]


def test_a_fact_that_is_cleared_is_unknown_again(run: Run) -> None:
    unknown = suggested(run, "包邮吗")[0]["reply"]
    lines = ("/设 shop.free_shipping all", "/清 shop.free_shipping", "包邮吗")
    assert suggested(run, *lines)[0]["reply"] == unknown


def test_another_wording_keeps_the_answer(run: Run) -> None:
    first, second = suggested(run, ASKED, "/换")
    assert first["reply"] != second["reply"]
    assert first["topics"] == second["topics"]


def test_ones_own_reply_is_checked_against_the_buyers_message(run: Run) -> None:
    assert "不能发" in piped(run, ASKED, "/检查 亲，这个没有的哦，抱歉").out


def test_what_an_agent_asks_himself_is_no_part_of_the_conversation(run: Run) -> None:
    outcome = piped(run, "/同事 帮买家关单扣几分", "/记录", "/复制")
    assert "内部参考" in outcome.out
    assert "买家：" not in outcome.out
    assert "不能发给买家" in outcome.err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/nix", "没有 /nix 这个命令"),
        ("/换", "还没有买家的消息"),
        ("/复制", "请先贴上买家的消息"),
        ("/设 shop.colour red", "没有 shop.colour 这一项"),
        ("/设 shop.cod", "后面要写值"),
        ("/", "没有 / 这个命令"),
        ("/保存 nowhere/x.json", "写不了"),
        ("/设 shop.free_shipping perhaps", "不对"),
        ("/检查", "后面要写"),
        ("/载入 nowhere.yaml", "没有这个文件"),
        ("/语气 rude", "没有 rude 这种语气"),
    ],
)
def test_a_bad_line_costs_one_word_and_loses_nothing(run: Run, line: str, told: str) -> None:
    outcome = piped(run, line, ASKED)
    assert told in outcome.err
    assert "发票" in outcome.out
    assert "Traceback" not in outcome.err
    assert outcome.status == 2


def test_approved_wording_is_shown_before_the_models_draft(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer([says(GOOD)]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        told = suggested(run, ASKED, options=("--model", "openai:scripted"))
    assert [one["is_final"] for one in told] == [False, True]
    assert (told[0]["origin"], told[1]["origin"], told[1]["reply"]) == ("script", "model", GOOD)


def test_two_messages_in_a_row_are_read_together(run: Run) -> None:
    assert suggested(run, ASKED, "那怎么开呢")[-1]["topics"] == ["invoice"]


def test_a_reply_that_was_copied_counts_once_as_sent(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _clipboard(tmp_path, monkeypatch)
    piped(run, ASKED, "/复制", "/copy", "那怎么开呢", "/保存 saved.json")
    assert [turn["role"] for turn in _saved(tmp_path)["history"]] == ["buyer", "agent", "buyer"]


def test_what_was_really_sent_takes_the_place_of_what_was_copied(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _clipboard(tmp_path, monkeypatch)
    own = "亲，您好，发票有的哦，谢谢您"
    piped(run, ASKED, "/复制", f"/已发 {own}", "/保存 saved.json")
    assert _saved(tmp_path)["history"] == [{"role": "buyer", "text": ASKED}, {"role": "agent", "text": own}]


def test_a_program_of_the_desktop_gets_the_reply(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = _clipboard(tmp_path, monkeypatch)
    reply = suggested(run, ASKED)[0]["reply"]
    started = time.monotonic()
    outcome = piped(run, ASKED, "/复制")
    assert (outcome.status, taken.read_text("utf-8")) == (0, reply)
    # Such a program leaves a process behind; nobody may wait for that.
    assert time.monotonic() - started < 2


def test_where_nothing_can_take_a_copy_it_is_told_and_does_not_count(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = piped(run, ASKED, "/复制", "/保存 saved.json")
    assert "复制不了" in outcome.err
    assert [turn["role"] for turn in _saved(tmp_path)["history"]] == ["buyer"]


def _clipboard(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program named `xclip` in the way that behaves as it does: it takes the text and leaves a child behind."""
    programs, taken = folder / "bin", folder / "taken"
    programs.mkdir()
    program = programs / "xclip"
    program.write_text(f"#!/bin/sh\n/bin/cat > {taken}\n/bin/sleep 4 &\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    return taken


def _saved(folder: Path) -> Any:
    return json.loads((folder / "saved.json").read_text("utf-8"))


def test_the_reason_of_a_check_can_be_seen(run: Run) -> None:
    outcome = piped(run, ASKED, "/理由 亲，这个没有的哦，抱歉", "/why")
    assert "INV-" in outcome.out
    assert "试过的放行理由" in outcome.out
    assert outcome.status == 0


def test_the_rules_are_told_with_what_they_say_and_their_sources(run: Run) -> None:
    out = piped(run, ASKED, "/规则").out
    assert "invoice-have" in out
    assert "INV-07" in out
    assert "来源 000" in out


def test_what_is_known_is_told_in_words(run: Run) -> None:
    out = piped(run, "/set shop.free_shipping mainland", "/set buyer_verified true", "/context").out
    assert "店铺包邮范围：大陆包邮（shop.free_shipping）" in out
    assert "已确认是下单账号：是（buyer_verified）" in out


def test_a_wide_blank_and_a_wide_slash_do_as_well(run: Run) -> None:
    assert "大陆包邮" in piped(run, "／设　shop.free_shipping　mainland").out


@pytest.mark.parametrize(
    ("line", "question"), [("/:^_^ 有发票吗", "/:^_^ 有发票吗"), ("//help 有发票吗", "/help 有发票吗")]
)
def test_a_buyers_message_may_begin_with_a_slash(run: Run, line: str, question: str) -> None:
    assert [one["question"] for one in suggested(run, line)] == [question]


def test_a_line_that_is_not_utf_8_costs_one_word_and_loses_nothing(run: Run) -> None:
    outcome = run("chat", stdin="\ufeff有发票吗\n".encode() + "有货吗\n".encode("gbk") + "包邮吗\n".encode())
    assert "第 2 行不是 UTF-8" in outcome.err
    assert (outcome.out.count("可以发送"), outcome.status) == (2, 2)


def test_a_tone_takes_a_model(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "没有用模型" in piped(run, ASKED, "/语气 brief").err
    with ScriptedServer([says(GOOD)]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        told = suggested(run, ASKED, "/语气 brief", options=("--model", "openai:scripted"))
        assert "更简短" in server.requests[-1].text
    assert told[-1]["reply"] == GOOD


def test_after_a_bad_line_the_last_reply_is_still_there(run: Run) -> None:
    outcome = piped(run, ASKED, "字" * 6000, "/已发", "/记录")
    assert "6000 个字" in outcome.err
    assert [line[:3] for line in outcome.out.splitlines()[-2:]] == ["买家：", "客服："]


def test_every_command_is_told_in_the_help(run: Run) -> None:
    told = piped(run, "/help").out
    assert all(f"/{chinese}" in told and f"/{name}" in told for name, (chinese, *_) in COMMANDS.items())


def test_nothing_for_the_terminal_goes_down_a_pipe(run: Run) -> None:
    assert "\x1b" not in piped(run, ASKED, "/规则", "/帮助").out


def test_a_program_gets_each_answer_before_it_writes_the_next_line(packaged: Index, shared_data_dir: Path) -> None:
    command = [sys.executable, "-m", "replyguide", "chat", "--json", "--data-dir", str(shared_data_dir)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **HERE}
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for question in (ASKED, "包邮吗"):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.stdin.close()
        assert process.wait(timeout=20) == 0
