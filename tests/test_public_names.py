"""The names that others may import."""

from __future__ import annotations

import replyguide


def test_the_public_names_are_these() -> None:
    assert replyguide.__all__ == [
        "Attempt",
        "CheckResult",
        "Checker",
        "Context",
        "Copilot",
        "Finding",
        "Product",
        "ReplyGuideError",
        "Settings",
        "Shop",
        "Suggestion",
        "Turn",
        "load_checker",
        "read_settings",
    ]


def test_every_public_name_is_there() -> None:
    assert [name for name in replyguide.__all__ if not hasattr(replyguide, name)] == []
