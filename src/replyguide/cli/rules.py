"""`replyguide rules`: list the rule packs, show one rule, run every example."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from replyguide.checker import Checker, load_checker
from replyguide.checker.packs import Rule
from replyguide.cli.options import Json, Pack
from replyguide.cli.output import VERDICTS, complain, print_json, say
from replyguide.cli.session import Session
from replyguide.errors import InputError
from replyguide.topics import TOPICS

app = typer.Typer(help="规则包：列出、查看、自检。", invoke_without_command=True)


@app.callback()
def _default(context: typer.Context) -> int | None:
    return list_rules() if context.invoked_subcommand is None else None


@app.command("list", help="列出全部规则。")
def list_rules(as_json: Json = False, pack: Pack = None) -> int:
    """List every rule of every pack."""
    checker = _checker(pack)
    rules = _rules(checker)
    if as_json:
        print_json({"rules": [_summary(rule) for rule in rules], "digest": checker.packs.digest})
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
    """Show one rule with its reasons and examples."""
    rule = next((rule for rule in _rules(_checker(pack)) if rule.spec.id == rule_id), None)
    if rule is None:
        raise InputError(f"没有编号为 {rule_id} 的规则，运行 replyguide rules list 看全部编号")
    if as_json:
        print_json({**_summary(rule), "examples": rule.spec.examples.model_dump(mode="json", by_alias=True)})
    else:
        _show(rule)
    return 0


@app.command("test", help="运行规则自带的全部示例，逐项删改、伪装再验。退出码：0 全部成立，1 有不成立的。")
def prove_rules(
    as_json: Json = False,
    pack: Pack = None,
    quick: Annotated[bool, typer.Option("--quick", help="只运行示例，不做删改和伪装。")] = False,
) -> int:
    """Run every example that stands beside a rule, delete every form in turn, disguise every violation."""
    from replyguide.checker.proving import joined, prove

    checker = _checker(pack)
    proofs = [prove(load_checker(), is_quick=quick)]  # the built-in packs prove themselves without the shop's
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


def _rules(checker: Checker) -> list[Rule]:
    """Return the rules in force: the built-in ones, then those that a shop adds, and what it adds to a built-in one."""
    return [*checker.packs.rules, *(checker.own.packs.rules if checker.own is not None else ())]


def _summary(rule: Rule) -> dict[str, Any]:
    kept = {"id", "topic", "level", "title", "why", "fix", "points", "sources", "facts"}
    return {**rule.spec.model_dump(mode="json", include=kept), "pack": rule.pack, "file": rule.file}


def _show(rule: Rule) -> None:
    spec = rule.spec
    say(f"{spec.id} {spec.title}（{VERDICTS[spec.level]} · {TOPICS[spec.topic]} · 规则包 {rule.pack}）")
    say(f"为什么：{spec.why}")
    say(f"怎么改：{spec.fix}")
    if spec.points:
        say(f"扣分：{'/'.join(f'{value:g}' for value in spec.points)}")
    say(f"来源：{'、'.join(spec.sources)}　依据：{'、'.join(spec.facts) if spec.facts else '见回复政策'}")
    examples = spec.examples
    for name, entries in (
        ("违规", (*examples.block, *examples.warn)),
        ("合规", examples.passing),
        ("已知遗漏", examples.known_gaps),
    ):
        for example in entries:
            say(f"{name}：{example.reply}")
