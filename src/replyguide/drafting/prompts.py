"""The prompts for a model, read from `prompts/*.md.j2` and filled in for one question."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from replyguide.context import Context
from replyguide.drafting.facts import identity, known_facts
from replyguide.drafting.fence import fenced, one_line
from replyguide.drafting.language import Language, language_of
from replyguide.drafting.limits import CLAUSE_LENGTH, DRAFT_LENGTH, QUESTION_LENGTH, TURN_LENGTH, TURNS_TOLD
from replyguide.drafting.tone import TONES, Tone
from replyguide.drafting.wording import approved
from replyguide.errors import PromptError
from replyguide.resources import shelf

if TYPE_CHECKING:
    from jinja2 import Template

    from replyguide.corpus.rule import Rule

PromptName = Literal["draft", "repair", "tone"]

_VERSION = re.compile(r"^\{#\s*version:\s*(\d+)\b")
_BLOCKS = ("system", "user")
_VARIABLES: dict[PromptName, frozenset[str]] = {
    "draft": frozenset({"rules", "facts", "identity", "script", "history", "question"}),
    "repair": frozenset(
        {"rules", "facts", "identity", "script", "history", "question", "draft", "findings", "missing"}
    ),
    "tone": frozenset({"tone", "script", "question", "reply"}),
}
_SCRIPTS: dict[Language, str] = {
    "simplified": "简体中文",
    "traditional": "繁体中文（买家用繁体提问）",
    "english": "英文（买家用英文提问）：以“您好, ”开头，以“感谢您的支持”结尾，中间用英文",
}


class Mendable(Protocol):
    """What a repair needs of a finding: the words that break the rule, why they do, and how to mend them."""

    @property
    def matched(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def fix(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a model. `digest` is the prompt file's, `question` the buyer's message as it came.

    `system` holds the standing duties alone, `user` the material of this question.
    """

    name: PromptName
    version: int
    digest: str
    system: str
    user: str
    question: str

    @property
    def text(self) -> str:
        """Return the whole prompt as one text."""
        return f"{self.system}\n\n{self.user}"


@dataclass(frozen=True, slots=True)
class _RuleView:
    id: str
    title: str
    brief: str
    points: tuple[str, ...]
    approved: str | None


@dataclass(frozen=True, slots=True)
class _FindingView:
    clause: str
    why: str
    fix: str


@dataclass(frozen=True, slots=True)
class _PromptFile:
    path: Path
    version: int
    digest: str
    template: Template


def draft_prompt(rules: Sequence[Rule], question: str, context: Context, *, folder: Path | None = None) -> Prompt:
    """Return the prompt for a first draft; `folder` replaces the packaged prompts.

    Raises PromptError if the prompt file is missing, has no version or uses a variable that nobody fills.
    """
    return _prompt("draft", _material(rules, question, context), question, folder)


def repair_prompt(
    rules: Sequence[Rule],
    question: str,
    context: Context,
    draft: str,
    findings: Sequence[Mendable],
    missing: Sequence[str] = (),
    *,
    folder: Path | None = None,
) -> Prompt:
    """Return the prompt that mends `draft`: what `findings` say against it, and the points that it leaves out."""
    views = [
        _FindingView(one_line(finding.matched, limit=CLAUSE_LENGTH), finding.why, finding.fix) for finding in findings
    ]
    values = _material(rules, question, context)
    values |= {"draft": fenced("初稿", draft, limit=DRAFT_LENGTH), "findings": views, "missing": tuple(missing)}
    return _prompt("repair", values, question, folder)


def tone_prompt(reply: str, tone: Tone, question: str, *, folder: Path | None = None) -> Prompt:
    """Return the prompt that rewords an approved `reply`."""
    values: dict[str, object] = {
        "tone": TONES[tone],
        "script": _SCRIPTS[language_of(question)],
        "question": fenced("买家消息", question, limit=QUESTION_LENGTH),
        "reply": fenced("核准回复", reply, limit=DRAFT_LENGTH),
    }
    return _prompt("tone", values, question, folder)


def _material(rules: Sequence[Rule], question: str, context: Context) -> dict[str, object]:
    language = language_of(question)
    return {
        "rules": [_rule_view(rule, context, english=language == "english") for rule in rules],
        "facts": known_facts(context),
        "identity": identity(context),
        "script": _SCRIPTS[language],
        "history": _history(context),
        "question": fenced("买家消息", question, limit=QUESTION_LENGTH),
    }


def _rule_view(rule: Rule, context: Context, *, english: bool) -> _RuleView:
    said = approved(rule, context, english=True) if english else None
    points = tuple(must_say.point for must_say in rule.must_say)
    return _RuleView(rule.id, rule.title, rule.brief, points, approved(rule, context) if said is None else said)


def _history(context: Context) -> str | None:
    """Return the last turns, one line each so that no turn can pose as the next one."""
    speakers = {"buyer": "买家", "agent": "客服"}
    turns = context.history[-TURNS_TOLD:]
    lines = [f"{speakers[turn.role]}：{one_line(turn.text, limit=TURN_LENGTH)}" for turn in turns]
    return fenced("对话", "\n".join(lines), limit=TURNS_TOLD * (TURN_LENGTH + 40)) if lines else None


def _prompt(name: PromptName, values: Mapping[str, object], question: str, folder: Path | None) -> Prompt:
    file = _read(name, shelf("prompts") if folder is None else folder)
    system, user = (_rendered(file, block, values) for block in _BLOCKS)
    return Prompt(name, file.version, file.digest, system, user, question)


def _rendered(file: _PromptFile, block: str, values: Mapping[str, object]) -> str:
    from jinja2 import TemplateError

    context = file.template.new_context(dict(values))
    try:
        return "".join(file.template.blocks[block](context)).strip()
    except (TemplateError, TypeError) as error:
        raise PromptError(f"{file.path}：{block} 段填不出来（{error}），请改正这个提示词文件") from None


@lru_cache(maxsize=16)
def _read(name: PromptName, folder: Path) -> _PromptFile:
    path = folder / f"{name}.md.j2"
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        mend = "请恢复这个提示词文件，或重新安装 replyguide"
        raise PromptError(f"{path}：读不了这个提示词文件（{type(error).__name__}），{mend}") from None
    version = _VERSION.match(source)
    if version is None:
        raise PromptError(f"{path}：第一行没有版本，请写成 {{# version: 1 … #}}")
    digest = hashlib.sha256(source.encode("utf-8")).hexdigest()[:12]
    return _PromptFile(path, int(version[1]), digest, _compiled(name, path, source))


def _compiled(name: PromptName, path: Path, source: str) -> Template:
    from jinja2 import StrictUndefined, TemplateSyntaxError, meta
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    try:
        unknown = meta.find_undeclared_variables(environment.parse(source)) - _VARIABLES[name]
        template = environment.from_string(source)
    except TemplateSyntaxError as error:
        raise PromptError(f"{path}：第 {error.lineno} 行写法不对（{error.message}），请改正") from None
    if unknown:
        known = "、".join(sorted(_VARIABLES[name]))
        raise PromptError(f"{path}：没有人填写变量 {'、'.join(sorted(unknown))}，可用的有 {known}")
    missing = [block for block in _BLOCKS if block not in template.blocks]
    if missing:
        raise PromptError(f"{path}：缺少 {'、'.join(missing)} 段，请用 {{% block {missing[0]} %}} 补上")
    return template
