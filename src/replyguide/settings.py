"""What the user configured: command option, environment, `replyguide.toml` here, then in the user's config folder."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

import platformdirs

from replyguide.errors import SettingsError

SHOP_ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")
CONFIG_NAME = "replyguide.toml"
ENVIRONMENT = {
    "model": "REPLYGUIDE_MODEL",
    "openai_api_key": "OPENAI_API_KEY",
    "openai_base_url": "OPENAI_BASE_URL",
    "embedder": "REPLYGUIDE_EMBEDDER",
    "chroma_url": "REPLYGUIDE_CHROMA_URL",
    "database_url": "REPLYGUIDE_DATABASE_URL",
    "data_dir": "REPLYGUIDE_DATA_DIR",
    "second_layer": "REPLYGUIDE_SECOND_LAYER",
    "reranker": "REPLYGUIDE_RERANKER",
    "shop": "REPLYGUIDE_SHOP",
    "shop_id": "REPLYGUIDE_SHOP_ID",
    "shop_pack": "REPLYGUIDE_SHOP_PACK",
    "shops": "REPLYGUIDE_SHOPS",
    "api_keys": "REPLYGUIDE_API_KEYS",
    "rate_limit": "REPLYGUIDE_RATE_LIMIT",
    "retention_days": "REPLYGUIDE_RETENTION_DAYS",
    "model_timeout": "REPLYGUIDE_MODEL_TIMEOUT",
    "model_retries": "REPLYGUIDE_MODEL_RETRIES",
    "model_output": "REPLYGUIDE_MODEL_OUTPUT",
    "model_price_in": "REPLYGUIDE_MODEL_PRICE_IN",
    "model_price_out": "REPLYGUIDE_MODEL_PRICE_OUT",
    "model_budget_yuan": "REPLYGUIDE_MODEL_BUDGET_YUAN",
    "model_budget_tokens": "REPLYGUIDE_MODEL_BUDGET_TOKENS",
}


#: How a reply is asked for: as JSON where the endpoint can, always, or never.
ModelOutput = Literal["auto", "structured", "text"]
_MODEL_OUTPUTS: tuple[ModelOutput, ...] = ("auto", "structured", "text")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. `model` is `PROVIDER:NAME` or `None` for no model; times are seconds.

    Prices are yuan for a million tokens sent and answered, budgets yuan and tokens a day, `None` without.

    `shop_id` tells whose documents are searched, `shop` is the file of the shop's facts, `shop_pack` the folder of its
    own rules. `shops` is a folder that holds the same for several shops: `SHOP_ID/shop.yaml`, `SHOP_ID/pack/`.
    `rate_limit` is what one key may ask the server, `200/second` or `off`; `retention_days` how long the audit keeps.
    """

    data_dir: Path
    model: str | None = None
    openai_api_key: str | None = field(default=None, repr=False)
    openai_base_url: str | None = None
    embedder: str = "builtin"
    chroma_url: str | None = None
    database_url: str | None = field(default=None, repr=False)
    reranker: str | None = None
    shop_id: str = "default"
    shop: Path | None = None
    shop_pack: Path | None = None
    shops: Path | None = None
    second_layer: bool = True
    api_keys: str | None = field(default=None, repr=False)
    rate_limit: str = "200/second"
    retention_days: int = 180
    model_timeout: float = 30.0
    model_retries: int = 2
    model_output: ModelOutput = "auto"
    model_price_in: float | None = None
    model_price_out: float | None = None
    model_budget_yuan: float | None = None
    model_budget_tokens: float | None = None


def read_settings(
    options: Mapping[str, object] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Merge the four sources, the first that names a setting wins; an empty text counts as not set."""
    environ = os.environ if environment is None else environment
    merged: dict[str, object] = {"data_dir": platformdirs.user_data_path("replyguide", appauthor=False)}
    for folder in (platformdirs.user_config_path("replyguide", appauthor=False), Path.cwd()):
        merged.update(_from_file(folder / CONFIG_NAME))
    merged.update({name: environ[key] for name, key in ENVIRONMENT.items() if environ.get(key)})
    merged.update({name: value for name, value in (options or {}).items() if value not in (None, "")})
    return _typed(merged)


def _from_file(path: Path) -> dict[str, object]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path}：读不了这个配置文件（{error}），请改正后再试") from None
    known = {entry.name for entry in fields(Settings)}
    for name in data:
        if name not in known:
            raise SettingsError(f"{path}：不认识的设置 {name}，可用的有 {'、'.join(sorted(known))}")
    return data


def _typed(merged: dict[str, object]) -> Settings:
    values = dict(merged)
    for name in ("data_dir", "shop", "shop_pack", "shops"):
        if values.get(name) is not None:
            values[name] = Path(str(values[name])).expanduser()
    if "shop_id" in values:
        values["shop_id"] = _shop_id(str(values["shop_id"]))
    if "second_layer" in values:
        values["second_layer"] = _switch("second_layer", values["second_layer"])
    for name, kind in (("model_timeout", float), ("model_retries", int)):
        if name in values:
            values[name] = _number(name, values[name], kind)
    for name in ("model_price_in", "model_price_out", "model_budget_yuan", "model_budget_tokens"):
        if name in values:
            values[name] = _number(name, values[name], float, most=1e12)
    if "retention_days" in values:
        values["retention_days"] = _number("retention_days", values["retention_days"], int, most=36_500)
    if "model_output" in values and values["model_output"] not in _MODEL_OUTPUTS:
        known = "、".join(_MODEL_OUTPUTS)
        raise SettingsError(f"设置 model_output 应是 {known} 之一，现在是 {values['model_output']!r}")
    return Settings(**values)  # type: ignore[arg-type]  # names were checked, values typed above


def _switch(name: str, value: object) -> bool:
    known = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
    if (said := str(value).strip().lower()) not in known:
        raise SettingsError(f"设置 {name} 应是 on 或 off，现在是 {value!r}")
    return known[said]


def _shop_id(said: str) -> str:
    # It becomes the name of a folder and of collections on a server.
    if not SHOP_ID.fullmatch(said):
        raise SettingsError(f"店铺编号 shop_id 应由小写字母、数字和 - 组成，1 到 60 个字符，现在是 {said!r}")
    return said


def _number(name: str, value: object, kind: type[float] | type[int], *, most: float = 3600) -> float:
    try:
        number = kind(str(value))
    except ValueError:
        raise SettingsError(f"设置 {name} 应是数字，现在是 {value!r}") from None
    if not 0 <= number <= most:
        raise SettingsError(f"设置 {name} 应在 0 到 {most:g} 之间，现在是 {value!r}")
    return number
