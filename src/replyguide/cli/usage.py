"""What typer finds wrong with a command line, in Chinese; typer itself speaks only English."""

from __future__ import annotations

import re

_PROBLEMS = (
    (r"No such command '(.+?)'\. Did you mean '(.+?)'\?", "没有 {} 这个命令，是不是想用 {}"),
    (r"No such command '(.+?)'\..*", "没有 {} 这个命令"),
    (r"No such option: (\S+?)\.? Did you mean (.+?)\?", "没有 {} 这个选项，是不是想用 {}"),
    (r"No such option: (\S+).*", "没有 {} 这个选项"),
    (r"Option '(.+?)' requires an argument\.", "选项 {} 后面缺少内容"),
    (r"Option '(.+?)' does not take a value\.", "选项 {} 后面不能带内容"),
    (r"Got unexpected extra arguments?\(?s?\)? \((.+)\)", "多出了 {}，带空格的文字请加引号"),
    (r"Missing parameter: (\S+)", "缺少 {}"),
    (r"Missing command\.", "缺少命令"),
    (r"Value error, '(.*)' is not one of (.+)", "{} 不行，可用的有 {}"),
    (r"Input should be a valid integer.*", "应是整数"),
    (r"Input should be greater than or equal to (\S+)", "不能小于 {}"),
    (r"Input should be less than or equal to (\S+)", "不能大于 {}"),
)
_OF_A_VALUE = ("Input ", "Value error")


def usage_problem(error: Exception) -> str:
    """Tell a usage error of typer in Chinese; one that this table does not know stays as it is."""
    message = " ".join(str(getattr(error, "message", "") or error).split())
    parameter = getattr(error, "param", None)
    # A bad value is told without its option.
    option = f"{parameter.opts[0]} " if parameter is not None and message.startswith(_OF_A_VALUE) else ""
    for pattern, chinese in _PROBLEMS:
        found = re.fullmatch(pattern, message)
        if found is not None:
            return option + chinese.format(*found.groups())
    return option + message if message else "缺少命令"
