"""The second layer: what resembles known violations is found, with the nearest of them as its reason."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from replyguide.checker import Checker, load_checker
from replyguide.checker.language.reading import Reading
from replyguide.checker.likeness.resemblance import Resemblance
from replyguide.checker.rules.packs import example_context
from replyguide.context import Context, Shop
from replyguide.errors import PackError
from replyguide.resources import learned_folder

RULES_ALONE = load_checker(second_layer=False)
BOTH = load_checker()
TREE = Path(__file__).resolve().parents[3]

# No rule finds these; none of them is among the lessons.
UNREACHED = [
    ("几点能走货", "亲，您付完款得过个四五天仓库才轮得到呢"),
    ("发票啥时候给", "亲亲，咱家走的是特惠价，凭证这类就请您多担待一下不另附啦"),
]


@pytest.mark.parametrize(("question", "reply"), UNREACHED)
def test_it_finds_what_no_rule_reaches(question: str, reply: str) -> None:
    context = Context(question=question)
    assert RULES_ALONE.check(reply, context).verdict == "pass"
    result = BOTH.check(reply, context)
    assert result.verdict == "block"
    assert {finding.layer for finding in result.findings} == {"resemblance"}


def test_a_finding_names_a_rule_the_nearest_violation_and_characters_of_the_reply() -> None:
    question, reply = UNREACHED[0]
    found = BOTH.check(reply, Context(question=question)).findings[0]
    rule = BOTH.packs.rule(found.rule)
    assert rule is not None
    assert found.topic == rule.spec.topic == "ship-time"
    assert found.nearest is not None
    assert found.nearest in found.why
    assert reply[found.start : found.end] == found.matched


def test_it_stays_silent_where_the_facts_allow_the_act() -> None:
    question, reply = UNREACHED[0]
    presale = Context(question=question, shop=Shop(ships_within_hours=240))
    assert BOTH.check(reply, presale).verdict == "pass"


@pytest.mark.parametrize(("question", "reply"), UNREACHED)
def test_politeness_changes_nothing(question: str, reply: str) -> None:
    layer, lexicon = Resemblance(learned_folder()), BOTH.packs.lexicon
    asked, bare = Reading(question, lexicon), reply.removeprefix("亲，").removeprefix("您好，").rstrip("呢")
    polite = (reply, bare, f"亲亲，{bare}哦，谢谢您的理解~")
    likenesses = [layer.of(Reading(text, lexicon), asked) for text in polite]
    assert len({likeness.score for likeness in likenesses if likeness is not None}) == 1
    assert None not in likenesses


@pytest.mark.parametrize("gap", ["，，", "。 。", "？，？"])
def test_an_empty_clause_is_never_what_counts_most(gap: str) -> None:
    question, reply = UNREACHED[0]
    odd = gap.join((reply, "的的的的", reply, ""))
    for finding in BOTH.check(odd, Context(question=question)).findings:
        assert finding.matched == odd[finding.start : finding.end] != ""


def test_a_rule_that_blocks_needs_no_second_opinion() -> None:
    result = BOTH.check("亲，这个没有的哦", Context(question="有发票吗"))
    assert {finding.layer for finding in result.findings} == {"rules"}


def test_no_good_example_of_a_pack_is_flagged() -> None:
    flagged = [
        (rule.spec.id, example.unmarked())
        for rule in BOTH.packs.rules
        for example in rule.spec.examples.passing
        if BOTH.check(example.unmarked(), example_context(example)).verdict == "block"
    ]
    assert flagged == []


def test_what_it_learned_is_not_older_than_the_lessons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TREE / "tools"))
    from lessons import digest_of, lessons

    fitted = json.loads((learned_folder() / "weights.json").read_text("utf-8"))["inputs"]
    stale = "run `python tools/fit_resemblance.py` and commit src/replyguide/checker/learned/"
    assert fitted == digest_of(lessons(RULES_ALONE.packs)), stale
    del sys.modules["lessons"]


@pytest.mark.parametrize("content", [None, "", "{", "{}", '{"inputs": "x", "reply": [], "question": {}}'])
def test_a_layer_that_cannot_be_read_could_not_check(tmp_path: Path, content: str | None) -> None:
    shutil.copytree(learned_folder(), tmp_path / "learned")
    weights = tmp_path / "learned" / "weights.json"
    weights.unlink() if content is None else weights.write_text(content, "utf-8")
    checker = Checker(BOTH.packs, resemblance=Resemblance(tmp_path / "learned"))
    with pytest.raises(PackError, match=r"weights\.json：第二层的文件读不了"):
        checker.check("亲，您拍下就好，我们会尽快安排的哦")
