"""Keys from the setting `api_keys`: as they are, or as digests, in the setting itself or in a file that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from replyguide.access.identity import ROLES, Identity, digest_of
from replyguide.errors import SettingsError
from replyguide.settings import SHOP_ID, Settings

_SEPARATOR = re.compile(r"[\s,;]+")
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_FORM = "应写成 KEY、SHOP:ROLE:KEY 或 SHOP:ROLE:sha256:摘要，多个用逗号隔开，或写成 @文件，文件里一行一个"


def configured_keys(settings: Settings) -> Mapping[str, Identity]:
    """Return the identities by the digest of their key; a key without shop and role is an admin's of `shop_id`."""
    return dict(_read(written, settings.shop_id) for written in _written(settings))


def _written(settings: Settings) -> list[str]:
    said = (settings.api_keys or "").strip()
    if said.startswith("@"):
        path = Path(said[1:]).expanduser()
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{path}：读不了密钥文件（{type(error).__name__}），请检查 REPLYGUIDE_API_KEYS"
            ) from None
        said = " ".join(line.partition("#")[0] for line in lines)
    return [key for key in _SEPARATOR.split(said) if key]


def _read(written: str, shop_id: str) -> tuple[str, Identity]:
    shop, role, key = shop_id, "admin", written
    if written.count(":") >= 2:
        shop, role, key = written.split(":", 2)
    if role not in ROLES or not SHOP_ID.fullmatch(shop) or not key:
        raise SettingsError(f"设置 api_keys 里有一个密钥的写法不对：{_FORM}")
    digest = _DIGEST.fullmatch(key)
    known = digest[1] if digest is not None else digest_of(key)
    return known, Identity(f"env-{known[:8]}", shop, next(each for each in ROLES if each == role))
