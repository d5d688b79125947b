"""Every setting can be given in the environment, under the name that people expect."""

from __future__ import annotations

from dataclasses import fields

import pytest

from replyguide.settings import ENVIRONMENT, Settings

#: The two that the official client reads itself.
_OPENAIS = {"openai_api_key", "openai_base_url"}


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_a_setting_is_named_after_its_field(name: str) -> None:
    assert ENVIRONMENT[name] == (name.upper() if name in _OPENAIS else f"REPLYGUIDE_{name.upper()}")
