"""Make the screenshots of the documentation: `python tools/make_screenshots.py URL`, of a server without keys.

The server's database should be a fresh one: the supervisor's page shows what is asked here.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
BLOCKED = "亲，特价的宝贝开不了发票哦，加微信abc123说吧"
ASKED = ("有发票吗", "包邮吗", "什么时候发货", "退货运费谁出", "可以货到付款吗", "能便宜点吗", "给我讲个笑话")


def _ask(page: Page, question: str) -> None:
    page.get_by_label("买家的消息").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".reply").first.get_by_role("status")).to_have_text("✓ 可以发送")


def make(url: str) -> None:
    """Write the three pictures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 380, "height": 640})
        page.goto(url)
        for question in ASKED:
            _ask(page, question)
            page.keyboard.press("Alt+c")
            page.get_by_text("已复制").wait_for()
            page.wait_for_timeout(300)
        page.get_by_role("button", name="新对话").click()
        _ask(page, "你好，这个有发票吗？")
        page.wait_for_timeout(2600)  # until the last notice has gone
        page.screenshot(path=FOLDER / "panel.png")
        page.locator(".editor textarea").first.fill(BLOCKED)
        expect(page.locator(".reply").first.get_by_role("status")).to_have_text("✕ 不能发送")
        page.screenshot(path=FOLDER / "blocked.png")
        page.set_viewport_size({"width": 960, "height": 720})
        page.goto(f"{url}/supervisor")
        page.get_by_label("合计").wait_for()
        page.wait_for_timeout(500)
        page.screenshot(path=FOLDER / "supervisor.png")
        browser.close()


if __name__ == "__main__":
    make(sys.argv[1].rstrip("/"))
