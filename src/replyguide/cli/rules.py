"""`replyguide rules`: list the rule packs, show one rule, run every example."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from replyguide.checker import load_checker
from replyguide.checker.packs import Packs, Rule
from replyguide.cli.options import Json
from replyguide.cli.output import VERDICTS, complain, print_json, say
from replyguide.errors import InputError
from replyguide.topics import TOPICS

app = typer.Typer(help="规则包：列出、查看、自检。", invoke_without_command=True)


@app.callback()
def _default(context: typer.Context) -> int | None:
    return list_rules() if context.invoked_subcommand is None else None


@app.command("list", help="列出全部规则。")
def list_rules(as_json: Json = False) -> int:
    """List every rule of every pack."""
    packs = _packs()
    if as_json:
        print_json({"rules": [_summary(rule) for rule in packs.rules], "digest": packs.digest})
        return 0
    for rule in packs.rules:
        spec = rule.spec
        say(f"{spec.id:<28} {VERDICTS[spec.level]} {TOPICS[spec.topic]} · {spec.title}")
    say(f"共 {len(packs.rules)} 条规则")
    return 0


@app.command("show", help="查看一条规则。")
def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="规则编号，如 INV-refuse。")],
    as_json: Json = False,
) -> int:
    """Show one rule with its reasons and examples."""
    rule = _packs().rule(rule_id)
    if rule is None:
        raise InputError(f"没有编号为 {rule_id} 的规则，运行 replyguide rules list 看全部编号")
    if as_json:
        print_json({**_summary(rule), "examples": rule.spec.examples.model_dump(mode="json", by_alias=True)})
    else:
        _show(rule)
    return 0


@app.command("test", help="运行规则自带的全部示例。退出码：0 全部成立，1 有不成立的。")
def prove_rules(as_json: Json = False) -> int:
    """Run every example that stands beside a rule."""
    from replyguide.checker.proving import prove

    proof = prove(load_checker())
    if as_json:
        print_json(
            {
                "holds": proof.holds,
                "rules": proof.rules,
                "examples": {"found": proof.found, "pass": proof.passing, "known_gaps": proof.known_gaps},
                "failures": [{"rule": failure.rule, "message": failure.message} for failure in proof.failures],
            }
        )
        return 0 if proof.holds else 1
    for failure in proof.failures:
        complain(failure.message)
    say(
        f"{proof.rules} 条规则：{proof.found} 个违规示例、{proof.passing} 个合规示例、{proof.known_gaps} 个已知遗漏，"
        f"{len(proof.failures)} 个不成立"
    )
    return 0 if proof.holds else 1


def _packs() -> Packs:
    return load_checker().packs  # without a cache: the examples are wanted


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
