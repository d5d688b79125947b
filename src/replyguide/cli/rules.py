"""`replyguide rules`: list the rule packs, show one rule, run every example."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from replyguide.checker import Checker, load_checker
from replyguide.checker.language.lexicon import Lexicon
from replyguide.checker.listing import rules_of, summary_of
from replyguide.cli.options import Json, Pack
from replyguide.cli.output import VERDICTS, complain, print_json, say
from replyguide.cli.session import Session
from replyguide.errors import InputError
from replyguide.resources import shelf
from replyguide.topics import TOPICS

app = typer.Typer(help="规则包：列出、查看、自检。", invoke_without_command=True)


@app.callback()
def _default(context: typer.Context) -> int | None:
    return list_rules() if context.invoked_subcommand is None else None


@app.command("list", help="列出全部规则。")
def list_rules(as_json: Json = False, pack: Pack = None) -> int:
    """List every rule of every pack."""
    checker = _checker(pack)
    rules = rules_of(checker)
    if as_json:
        print_json({"rules": [summary_of(rule) for rule in rules], "digest": checker.packs.digest})
        return 0
    for rule in rules:
        spec = rule.spec
        say(f"{spec.id:<28} {VERDICTS[spec.level]} {TOPICS[spec.topic]} · {spec.title}")
    say(f"共 {len(rules)} 条规则")
    return 0


@app.command("show", help="查看一条规则。")
def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="规则编号，如 INV-refuse。")],
    as_json: Json = False,
    pack: Pack = None,
) -> int:
    """Show everything about one rule."""
    from replyguide.cli.rule_page import page
    from replyguide.corpus.statements import statements

    checker = _checker(pack)
    rule = next((rule for rule in rules_of(checker) if rule.spec.id == rule_id), None)
    if rule is None:
        raise InputError(f"没有编号为 {rule_id} 的规则，运行 replyguide rules list 看全部编号")
    if as_json:
        print_json({**summary_of(rule), "examples": rule.spec.examples.model_dump(mode="json", by_alias=True)})
    else:
        for line in page(rule, _lexicon(checker), statements(shelf("corpus"), rule.spec.facts)):
            say(line)
    return 0


@app.command("docs", help="从规则包生成 docs/rules.md 的内容，写到标准输出。")
def write_docs() -> int:
    """Print the rule documentation as Markdown."""
    from replyguide.cli.rule_docs import rule_docs

    print(rule_docs(load_checker().packs), end="")
    return 0


@app.command("test", help="运行规则自带的全部示例，逐项删改、伪装再验。退出码：0 全部成立，1 有不成立的。")
def prove_rules(
    as_json: Json = False,
    pack: Pack = None,
    quick: Annotated[bool, typer.Option("--quick", help="只运行示例，不做删改和伪装。")] = False,
) -> int:
    """Run every example that stands beside a rule, delete every form in turn, disguise every violation."""
    from replyguide.checker.proof.proving import joined, prove

    checker = _checker(pack)
    # The built-in packs prove themselves without the shop's, all rules without the layer that learned the examples.
    proofs = [prove(load_checker(second_layer=False), is_quick=quick)]
    if checker.own is not None:
        proofs.append(prove(checker, checker.own, is_quick=quick))
    proof = joined(proofs)
    if as_json:
        print_json(proof.as_json())
        return 0 if proof.holds else 1
    for failure in proof.failures:
        complain(failure.message)
    say(
        f"{proof.rules} 条规则：{proof.found} 个违规示例、{proof.passing} 个合规示例、{proof.known_gaps} 个已知遗漏，"
        f"{len(proof.failures)} 个不成立"
    )
    if not quick:
        techniques = "、".join(f"{each.technique} {each.found}/{each.of}" for each in proof.disguises)
        say(f"逐项删改 {proof.deletions} 项；伪装后仍查出：{techniques}")
    return 0 if proof.holds else 1


def _checker(pack: Path | None) -> Checker:
    settings = Session(shop_pack=pack).settings
    return load_checker(shop_pack=settings.shop_pack)  # without a cache: the examples are wanted


def _lexicon(checker: Checker) -> Lexicon:
    return (checker.own if checker.own is not None else checker).packs.lexicon
