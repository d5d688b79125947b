"""A shop's own pack on the command line: by option, environment or settings file, and closed when it is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Run

PACK = Path(__file__).parents[2] / "docs" / "shop-pack"
REPLY = "亲，别家都是次品，您放心买我们的哦"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = tmp_path / "broken"
    folder.mkdir()
    text = (PACK / "our-shop.yaml").read_text("utf-8").replace("[[别家都是次品]]", "[[别家都不错]]")
    (folder / "our-shop.yaml").write_text(text, "utf-8")
    return folder


def test_check_takes_the_pack_by_option(run: Run) -> None:
    assert run("check", REPLY, "--json").json["verdict"] == "pass"
    found = run("check", REPLY, "--pack", str(PACK), "--json").json
    assert (found["verdict"], [finding["rule"] for finding in found["findings"]]) == ("warn", ["OUR-rivals"])


def test_check_takes_the_pack_from_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLYGUIDE_SHOP_PACK", str(PACK))
    assert run("check", REPLY, "--json").json["verdict"] == "warn"


def test_check_takes_the_pack_from_the_settings_file(run: Run) -> None:
    Path("replyguide.toml").write_text(f"shop_pack = {json.dumps(str(PACK))}\n", "utf-8")
    assert run("check", REPLY, "--json").json["verdict"] == "warn"


def test_suggest_checks_its_reply_by_the_pack_too(run: Run, tmp_path: Path) -> None:
    """A shop that forbids what the approved wording says gets another reply or none, never the forbidden one."""
    folder = tmp_path / "strict"
    folder.mkdir()
    (folder / "ours.yaml").write_text(
        "words: {our_every: ['/./']}\n"
        "rules:\n  - {id: OUR-all, topic: attitude, level: block, title: 全, why: 全, fix: 全, sources: [shop], "
        "forbids: [{act: our_every, asked: [invoice]}], examples: {block: "
        "[{question: 有发票吗, reply: '[[亲，有的哦]]'}], pass: [{question: 有货吗, reply: '亲，您放心拍哦'}]}}\n",
        "utf-8",
    )
    outcome = run("suggest", "有发票吗", "--offline", "--json", "--pack", str(folder))
    assert outcome.json["reply"] is None
    assert outcome.json["status"] == "handover"


def test_the_rules_of_the_pack_are_listed_and_shown(run: Run) -> None:
    listed = run("rules", "list", "--pack", str(PACK), "--json").json["rules"]
    by_id = {rule["id"]: rule for rule in listed}
    assert by_id["OUR-rivals"]["pack"] == "shop"
    assert by_id["MIS-guarantee"]["level"] == "block"
    assert "CTY-short" not in by_id
    assert run("rules", "show", "OUR-rivals", "--pack", str(PACK), "--json").json["examples"]["pass"]


def test_rules_test_proves_the_pack_with_the_built_in_ones(run: Run) -> None:
    alone = run("rules", "test", "--quick", "--json").json
    both = run("rules", "test", "--quick", "--json", "--pack", str(PACK))
    assert (both.status, both.json["holds"]) == (0, True)
    assert both.json["rules"] == alone["rules"] + 2
    assert both.json["examples"]["found"] == alone["examples"]["found"] + 3


@pytest.mark.parametrize(
    "command",
    [
        ["check", REPLY],
        ["suggest", "有发票吗", "--offline"],
        ["rules", "list"],
        ["rules", "test"],
        ["rules", "show", "INV-refuse"],
    ],
    ids=" ".join,
)
def test_a_broken_pack_is_one_clear_line_and_no_verdict(run: Run, broken: Path, command: list[str]) -> None:
    outcome = run(*command, "--pack", str(broken), "--json")
    assert (outcome.status, outcome.out) == (2, "")
    assert len(outcome.err.splitlines()) == 1
    for said in ("our-shop.yaml", "OUR-rivals", "没有查出", "请"):
        assert said in outcome.err


@pytest.mark.parametrize("command", [["check"], ["suggest", "--offline"]], ids=" ".join)
def test_a_broken_pack_ends_a_batch_at_once(run: Run, broken: Path, command: list[str]) -> None:
    lines = "".join(f'{{"id": {number}, "reply": "亲", "question": "亲"}}\n' for number in range(3)).encode()
    lines = lines if command == ["check"] else lines.replace(b'"reply": "\xe4\xba\xb2", ', b"")
    outcome = run(*command, "--batch", "-", "--pack", str(broken), stdin=lines)
    assert (outcome.status, outcome.out, len(outcome.err.splitlines())) == (2, "", 1)


@pytest.mark.parametrize("folder", ["missing", "."])
def test_a_folder_without_a_pack_is_told_with_its_mend(run: Run, folder: str) -> None:
    outcome = run("check", REPLY, "--pack", folder)
    assert (outcome.status, outcome.out) == (2, "")
    assert "请检查 --pack 或 REPLYGUIDE_SHOP_PACK" in outcome.err


def test_doctor_names_the_pack_and_what_is_wrong_with_it(
    run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLYGUIDE_SHOP_PACK", str(PACK))
    assert f"本店规则包 {PACK} 里 2 条" in run("doctor").out
    monkeypatch.setenv("REPLYGUIDE_SHOP_PACK", str(broken))
    outcome = run("doctor", "--json")
    assert outcome.status == 3
    wrong = {each["name"] for each in outcome.json["diagnoses"] if each["state"] == "wrong"}
    assert wrong == {"规则包"}
