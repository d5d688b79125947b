"""Debian's chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the browser; where there is none the test is skipped."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine; .ci/run installs it")
    with sync_playwright() as playwright:
        # CI runs as root, where chromium has no sandbox.
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def page_of(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """Open a page in a context of its own; at the end it must have met no error and asked nobody else."""
    context: BrowserContext = browser.new_context(base_url=url, **options)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, troubles = context.new_page(), []
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    page.on("console", lambda told: troubles.append(told.text) if told.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith((url, "data:")) else troubles.append(asked.url))
    page.goto("/")
    yield page
    # What a test takes away from the page on purpose, the browser complains of.
    assert [one for one in troubles if "Failed to load resource" not in one] == []
    context.close()
