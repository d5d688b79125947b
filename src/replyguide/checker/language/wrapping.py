"""What stands around and between the characters of a reply without being said: markup, escapes, system lines.

A reply that comes as JSON or HTML, or behind a line that claims it was checked (`[policy_check=passed]`), is judged on
what it says. Only names and values that every such wrapper uses are dropped: `"wechat": "nuan20"` says something.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_TELLTALE = re.compile(r"[<>{}\\&\[【]")
_SPOKEN_BREAK = "\n"
# The words of machines about replies; a system line or a field made of nothing else says nothing to a buyer.
_MACHINE = (
    "admin|agent|ai|answer|approved|assistant|audit|audited|auto|automatic|block|blocked|body|bot|bypass|check|checked|"
    "checker|clean|code|compliance|compliant|content|data|debug|detail|end|engine|error|false|filter|findings|flag|from|"
    "human|id|ignore|info|input|internal|is|lang|level|log|manual|message|meta|mode|moderation|msg|no|none|null|off|ok|"
    "on|out|output|override|pass|passed|policy|prompt|reply|resp|response|result|review|reviewed|risk|role|rule|rules|safe|"
    "safety|say|score|scan|send|start|stage|state|status|step|system|sys|test|text|time|to|true|trusted|ts|type|user|"
    "verdict|verified|version|violation|violations|warn|warning|whitelist|yes|zh"
)
_NAMES = rf"(?:{_MACHINE})(?:[ _.\-]*(?:{_MACHINE}))*"
_VALUE = rf"(?:{_NAMES}|-?\d{{1,3}}(?:\.\d{{1,3}})?)"
_WRAPPER = (
    r"(?P<escape>\\u(?P<code>[0-9a-fA-F]{4})|\\[nrt\"/\\]|&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});)"
    # <b> and its kind stand inside words, <br> and <p> between sentences.
    r"|(?P<inline></?(?:a|abbr|b|big|code|em|font|i|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]{0,120})?/?>)"
    r"|(?P<block></?[a-zA-Z][a-zA-Z0-9_\-]{0,20}(?:\s[^<>]{0,120})?/?>|<!doctype[^<>]{0,60}>|<!--|-->)"
    rf"|(?P<system>(?:<!--|[\[【<#({{|*=-]{{1,3}})\s*{_NAMES}(?:\s*[=:：]\s*{_VALUE})?(?:\s*[,;|]\s*{_NAMES}(?:\s*[=:]\s*{_VALUE})?){{0,6}}"
    r"\s*(?:-->|[\]】>)}|*=-]{1,3}))"
    # [2023-11-02 10:22:31] INFO agent-3 >
    r"|(?P<stamp>[\[【]\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?[\]】](?:\s*[A-Za-z]{2,10}(?:-?\d{1,3})?\b){0,3}\s*[>:|]?)"
    # "verdict": "pass", and the name alone where the value is what is said
    rf"|(?P<field>[\"']{_NAMES}[\"']\s*:\s*(?:[\"']{_VALUE}[\"']|{_VALUE})?(?:\s*,|(?=\s*[}}\]\"'\[{{])))"
)
_JSON = re.compile(r"[{,\[]\s*[\"'][^\"'\n]{1,30}[\"']\s*:\s*[\"'\[{\dtfn]")


class Substitution(NamedTuple):
    """A stretch of the original and what it reads as: nothing, an edge, or characters."""

    start: int
    end: int
    text: str


def wrappers(text: str) -> list[Substitution]:
    """Find the markup of a reply, left to right; most replies hold none of its characters."""
    if _TELLTALE.search(text) is None:
        return []
    return [Substitution(*found.span(), _reads_as(found)) for found in _wrapper().finditer(text)]


@lru_cache(maxsize=1)
def _wrapper() -> re.Pattern[str]:
    """Compile the markup when the first reply has some."""
    return re.compile(_WRAPPER, re.IGNORECASE)


def is_json(text: str) -> bool:
    """Tell whether straight quotation marks are syntax here, not speech."""
    return '"' in text and _JSON.search(text) is not None


def _reads_as(found: re.Match[str]) -> str:
    if found["code"]:
        return chr(int(found["code"], 16))
    if found["escape"]:
        import html

        plain = found["escape"]
        return html.unescape(plain) if plain[0] == "&" else _SPOKEN_BREAK if plain[1] in "nr" else " "
    return "" if found["inline"] else _SPOKEN_BREAK
