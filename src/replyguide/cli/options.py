"""The options that several commands share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="只输出 JSON（UTF-8）。")]
ContextFile = Annotated[
    Path | None, typer.Option("--context", help="上下文文件（JSON 或 YAML）：历史、店铺、商品等。", show_default=False)
]
ShopFile = Annotated[Path | None, typer.Option("--shop", help="店铺资料文件（JSON 或 YAML）。", show_default=False)]
ProductFile = Annotated[
    Path | None, typer.Option("--product", help="商品资料文件（JSON 或 YAML）。", show_default=False)
]
Pack = Annotated[Path | None, typer.Option("--pack", help="本店规则包的文件夹。", show_default=False)]
RulesOnly = Annotated[bool, typer.Option("--rules-only", help="只用规则检查，不用第二层（与已知违规说法的相近程度）。")]
Offline = Annotated[bool, typer.Option("--offline", help="不调用模型。")]
Model = Annotated[str | None, typer.Option("--model", help="模型，如 openai:qwen-plus。", show_default=False)]
Embedder = Annotated[str | None, typer.Option("--embedder", help="向量模型，如 builtin。", show_default=False)]
DataDir = Annotated[Path | None, typer.Option("--data-dir", help="数据文件夹。", show_default=False)]
Batch = Annotated[str | None, typer.Option("--batch", help="逐行 JSON 的文件，- 表示标准输入。", show_default=False)]
ShopId = Annotated[str | None, typer.Option("--shop-id", help="哪家店铺的文档（默认 default）。", show_default=False)]
