"""Small rule files for tests, and folders to put them in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

BODY = "## 规则\n- **INV-01** 天猫商家对付款买家要给发票，不另收费。（来源 000、002；天猫）\n"


def front(**changes: Any) -> dict[str, Any]:
    """Return a sound front matter with some keys changed; `None` leaves a key out."""
    matter: dict[str, Any] = {
        "id": "invoice-have",
        "topic": "invoice",
        "title": "买家问有没有发票：一律答有",
        "platform": ["tmall"],
        "authority": "platform",
        "sources": ["000", "002"],
        "facts": ["INV-01"],
        "points": [6],
        "brief": "发票是商家的法定义务，一律答有。",
        "asks": ["有发票吗", "能开票不", "单位要报销的"],
        "must_say": [{"point": "明确说有", "any": ["有", "可以开"]}],
        "wordings": [{"say": "发票是有的", "en": "Yes, we issue an invoice"}],
    }
    matter.update(changes)
    return {key: value for key, value in matter.items() if value is not None}


def text(body: str = BODY, **changes: Any) -> str:
    """Return a rule file with some keys of its front matter changed."""
    return f"---\n{yaml.safe_dump(front(**changes), allow_unicode=True, sort_keys=False)}---\n{body}"


def put(folder: Path, body: str = BODY, **changes: Any) -> Path:
    """Write a rule file to its place below `folder`."""
    matter = front(**changes)
    slug = matter["id"].removeprefix(f"{matter['topic']}-")
    path = folder / matter["topic"] / f"{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(body, **changes), encoding="utf-8")
    return path


def put_three(folder: Path) -> None:
    """Write three rules about different things."""
    put(folder)
    put(
        folder,
        id="stock-in-stock",
        topic="stock",
        title="买家问有没有货",
        brief="页面能拍下就是有货。",
        asks=["还有货吗", "现在能买到吗", "库存多不多"],
        facts=[],
    )
    put(
        folder,
        id="logistics-which-courier",
        topic="logistics",
        title="买家问发什么快递",
        brief="按页面写明的快递回答。",
        asks=["发什么快递", "走顺丰还是圆通", "用哪家物流寄"],
        facts=[],
    )
