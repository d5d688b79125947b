"""`replyguide rules`: list the rule packs, show one rule, run every example."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from replyguide.checker import load_checker
from replyguide.checker.packs import Packs, Rule
from replyguide.cli.options import Json
from replyguide.cli.output import VERDICTS, complain, print_json, say
from replyguide.errors import InputError
from replyguide.resources import shelf
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
    """Show everything about one rule."""
    from replyguide.cli.rule_page import page
    from replyguide.corpus.statements import statements

    packs = _packs()
    rule = packs.rule(rule_id)
    if rule is None:
        raise InputError(f"没有编号为 {rule_id} 的规则，运行 replyguide rules list 看全部编号")
    if as_json:
        print_json({**_summary(rule), "examples": rule.spec.examples.model_dump(mode="json", by_alias=True)})
    else:
        for line in page(rule, packs.lexicon, statements(shelf("corpus"), rule.spec.facts)):
            say(line)
    return 0


@app.command("docs", help="从规则包生成 docs/rules.md 的内容，写到标准输出。")
def write_docs() -> int:
    """Print the rule documentation as Markdown."""
    from replyguide.cli.rule_docs import rule_docs

    print(rule_docs(_packs()), end="")
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
    kept = {"id", "topic", "level", "title", "why", "fix", "reword", "disputed", "points", "sources", "facts", "when"}
    return {**rule.spec.model_dump(mode="json", include=kept), "pack": rule.pack, "file": rule.file}
