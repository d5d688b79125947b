"""Reading the corpus: one Markdown file a rule, with YAML front matter, validated before anything else sees it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replyguide.corpus.rule import Rule
from replyguide.errors import CorpusError
from replyguide.yaml_source import YamlError, parse_yaml

if TYPE_CHECKING:
    from replyguide.corpus.front_matter import FrontMatter

# A note for the people who write rules; the only Markdown file of the folder that is no rule.
NOTE = "README.md"
_FRONT = re.compile(r"---\n(?P<front>.*?\n)---[ ]*(?:\n(?P<body>.*))?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Corpus:
    """All rules sorted by id, and a digest (64 hex digits) that changes with any byte of any rule file."""

    rules: tuple[Rule, ...]
    digest: str


def rule_files(folder: Path) -> list[Path]:
    """Return the rule files of `folder` and of the folders in it, sorted by path."""
    return sorted(path for path in folder.rglob("*.md") if path.name != NOTE)


def read_corpus(folder: Path) -> Corpus:
    """Read every rule file below `folder`; the first broken one raises `CorpusError`.

    A folder without rules is an empty corpus, a missing folder is an error.
    """
    contents = _contents(folder)
    rules = [read_rule(content, name) for name, content in contents.items()]
    return Corpus(tuple(sorted(rules, key=lambda rule: rule.id)), _digest(contents))


def corpus_digest(folder: Path) -> str:
    """Return the digest that `read_corpus` would give, in a tenth of the time."""
    return _digest(_contents(folder))


def read_rule(content: bytes, name: str) -> Rule:
    """Read one rule from the bytes of its file; `name` is the file's path in the corpus, for errors and `Rule.path`."""
    from replyguide.corpus.front_matter import validated

    front, body = _split(_text(content, name), name)
    matter = validated(_yaml(front, name), name)
    _check_place(matter, name)
    return matter.rule(body=body.strip(), path=name)


def _contents(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise CorpusError(f"{folder}：没有这个规则文件夹，请检查路径或重新安装 replyguide")
    names = {path.relative_to(folder).as_posix(): path for path in rule_files(folder)}
    return {name: _content(path, name) for name, path in names.items()}


def _digest(contents: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _content(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{name}：读不了这个规则文件（{error.strerror}），请检查权限") from None


def _text(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{name}：第 {error.start + 1} 个字节不是 UTF-8，请另存为 UTF-8 编码") from None
    return text.replace("\r\n", "\n")


def _split(text: str, name: str) -> tuple[str, str]:
    match = _FRONT.match(text)
    if match is None:
        raise CorpusError(f"{name}：开头应是两行 --- 之间的说明区，请补上")
    body = match["body"] or ""
    if not body.strip():
        raise CorpusError(f"{name}：说明区后面没有正文，请写上“## 规则”和规则内容")
    return match["front"], body


def _yaml(front: str, name: str) -> dict[str, Any]:
    try:
        data = parse_yaml(front)
    except YamlError as problem:
        # The front matter begins on the second line of the file.
        raise CorpusError(f"{name}：{problem.place(offset=1)}不是正确的 YAML（{problem.reason}），请改正") from None
    if not isinstance(data, dict):
        raise CorpusError(f"{name}：说明区应是“键: 值”的形式，请改正")
    return data


def _check_place(matter: FrontMatter, name: str) -> None:
    """Hold id, topic and path together: whoever sees an id finds its file, and no id can be used twice."""
    expected = f"{matter.topic}/{matter.id.removeprefix(matter.topic + '-')}.md"
    if not matter.id.startswith(f"{matter.topic}-"):
        raise CorpusError(f"{name}：键 id 应以“{matter.topic}-”开头，现在是 {matter.id}，请改正")
    if name != expected:
        raise CorpusError(f"{name}：id {matter.id} 的文件应放在 {expected}，请移动文件或改 id")
