"""What may be typed beside a buyer's message: a slash, a name in Chinese or English, and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from replyguide.errors import InputError

Name = Literal[
    "copy", "sent", "check", "again", "tone", "rules", "why", "context", "set", "unset", "agent", "load", "save",
    "history", "new", "help", "quit",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was typed; `rest` is what stands behind its name."""

    name: Name
    rest: str


#: Every command with its Chinese name, what belongs to it, and what it does.
COMMANDS: Final[dict[Name, tuple[str, str, str]]] = {
    "copy": ("复制", "", "复制建议的回复（也可以按 F2）；买家再来消息时算已发送"),
    "sent": ("已发", "[文字]", "记下实际发出的话；不写就是建议的回复"),
    "check": ("检查", "文字", "检查自己写的回复"),
    "again": ("换", "", "换一种说法"),
    "tone": ("语气", "warm|brief|formal|soothing", "让模型换一种语气：亲切、简短、正式、安抚"),
    "rules": ("规则", "", "看这次依据的规则和来源"),
    "why": ("理由", "[文字]", "看检查的理由；不写就是建议的回复"),
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
_SLASHES: Final = ("/", "／")
_NEEDS = frozenset({"check", "tone", "set", "unset", "agent", "load", "save"})


def is_command(line: str) -> bool:
    """Tell whether a line gives a command: a slash, alone or before a letter. `/:^_^` is an emoticon of the buyer's."""
    return line in _SLASHES or (line.startswith(_SLASHES) and line[1:2].isalpha())


def message(line: str) -> str:
    """Return the buyer's message of a line that gives no command; one that begins with a slash is written with two."""
    return line[1:] if line.startswith(_SLASHES) and line[1:2] in _SLASHES else line


def command_named(said: str) -> Name | None:
    """Return the command of a Chinese or English name."""
    return next((name for name, (chinese, *_) in COMMANDS.items() if said.lower() in (name, chinese)), None)


def read_command(line: str) -> Command | None:
    """Return the command of a line, `None` where it is a buyer's message; an unknown one is an `InputError`."""
    if not is_command(line):
        return None
    said, *rest = line[1:].split(maxsplit=1) or [""]  # at any blank, also the wide one of a Chinese keyboard
    name = command_named(said)
    if name is None:
        raise InputError(f"没有 /{said} 这个命令，输入 /帮助 看全部命令；买家的话以 / 开头时多写一个 /")
    if name in _NEEDS and not rest:
        chinese, takes, does = COMMANDS[name]
        raise InputError(f"/{chinese} 后面要写 {takes}：{does}")
    return Command(name, rest[0].strip() if rest else "")
