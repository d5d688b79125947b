"""Reading YAML safely, in C where libyaml is there, with the line of a mistake for the error message."""

from __future__ import annotations

from typing import Any


class YamlError(ValueError):
    """A text that is no YAML; `line` counts from 1, `None` if it is not known."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason

    def place(self, *, offset: int = 0) -> str:
        """Tell the place in Chinese; `offset` lines stand before the text in its file."""
        return f"第 {self.line + offset} 行" if self.line is not None else "某处"


def parse_yaml(text: str) -> Any:
    """Return what a YAML text says; `YamlError` if it cannot be read or repeats a key."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return None
        _refuse_repeated_keys(root)
        return loader.construct_document(root)
    except YamlError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", None) or error).splitlines()
        raise YamlError(mark.line + 1 if mark is not None else None, reason[0] if reason else "太深") from None
    finally:
        loader.dispose()


def _refuse_repeated_keys(root: Any) -> None:
    """Refuse keys that YAML would silently let the later one win for."""
    import yaml

    waiting = [root]
    looked_at: set[int] = set()  # an alias leads to the node of its anchor, maybe to the one it stands in
    while waiting:
        node = waiting.pop()
        if id(node) in looked_at:
            continue
        looked_at.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                name = str(key.value)
                if name in seen:
                    raise YamlError(key.start_mark.line + 1, f"键 {name} 写了两次")
                seen.add(name)
                waiting.append(value)
