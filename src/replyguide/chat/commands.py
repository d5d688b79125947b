"""What may be typed beside a buyer's message: a slash, a name in Chinese or English, and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from replyguide.errors import InputError

Name = Literal[
    "copy", "sent", "check", "again", "tone", "rules", "context", "set", "unset", "agent", "load", "save", "history",
    "new", "help", "quit",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was typed; `rest` is what stands behind its name."""

    name: Name
    rest: str


#: Every command with its Chinese name, what belongs to it, and what it does.
COMMANDS: Final[dict[Name, tuple[str, str, str]]] = {
    "copy": ("复制", "", "复制建议的回复，并记为已发送"),
    "sent": ("已发", "[文字]", "记下实际发出的话；不写就是建议的回复"),
    "check": ("检查", "文字", "检查自己写的回复"),
    "again": ("换", "", "换一种说法"),
    "tone": ("语气", "warm|brief|formal|soothing", "让模型换一种语气"),
    "rules": ("规则", "", "看这次依据的规则和来源"),
    "context": ("情况", "", "看已知的情况"),
    "set": ("设", "项 值", "设一项，如 /设 shop.free_shipping mainland"),
    "unset": ("清", "项", "清掉一项"),
    "agent": ("同事", "文字", "自己想问的（如扣几分），不是买家的话"),
    "load": ("载入", "文件", "载入上下文文件"),
    "save": ("保存", "文件", "把对话存成上下文文件"),
    "history": ("记录", "", "看这次对话"),
    "new": ("新", "", "换一位买家，重新开始"),
    "help": ("帮助", "", "看这张表"),
    "quit": ("退出", "", "退出"),
}
_NEEDS = frozenset({"check", "tone", "set", "unset", "agent", "load", "save"})


def read_command(line: str) -> Command | None:
    """Return the command of a line, `None` where it is a buyer's message; an unknown one is an `InputError`."""
    if not line.startswith(("/", "／")):
        return None
    said, _, rest = line[1:].strip().partition(" ")
    name = next((name for name, (chinese, *_) in COMMANDS.items() if said.lower() in (name, chinese)), None)
    if name is None:
        raise InputError(f"没有 /{said} 这个命令，输入 /帮助 看全部命令")
    if name in _NEEDS and not rest.strip():
        chinese, takes, does = COMMANDS[name]
        raise InputError(f"/{chinese} 后面要写 {takes}：{does}")
    return Command(name, rest.strip())
