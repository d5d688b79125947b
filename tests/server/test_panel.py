"""The agent's panel and the supervisor's page in a real browser."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asked import GOOD
from axe_playwright_python.sync_playwright import Axe
from browsing import browser as chromium
from browsing import page_of
from playwright.sync_api import Browser, Page, expect
from scripted_server import ScriptedServer, streams
from serving import Served, own_data_dir, serving

from replyguide.index import Index

ASKED = "你好，这个有发票吗？"
BAD = "亲，特价的宝贝开不了发票哦，谢谢您"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser, site: Served) -> Iterator[Page]:
    with page_of(browser, site.url, viewport={"width": 400, "height": 900}) as page:
        yield page


def ask(page: Page, question: str = ASKED) -> None:
    page.get_by_label("买家的消息").fill(question)
    page.keyboard.press("Enter")
    expect(page.get_by_label("合规话术", exact=True).get_by_role("status")).to_have_text("✓ 可以发送")


def reply_box(page: Page) -> Any:
    return page.locator(".editor textarea").first


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def verdict(page: Page) -> Any:
    return page.locator(".reply").first.get_by_role("status")


def marked(page: Page) -> list[str]:
    """The underlined characters, once the check of the latest text is there."""
    expect(page.locator(".reply").first).to_have_attribute("aria-busy", "false")
    return page.locator(".mirror mark").all_text_contents()


# The main job


def test_the_main_job_needs_the_keyboard_alone(page: Page) -> None:
    page.keyboard.type(ASKED)  # the message has the focus from the start
    page.keyboard.press("Enter")
    expect(verdict(page)).to_have_text("✓ 可以发送")
    shown = reply_box(page).input_value()
    page.keyboard.press("Alt+c")
    expect(page.get_by_text("已复制")).to_be_visible()
    assert copied(page) == shown
    assert "发票" in shown


def test_a_new_agent_is_shown_what_to_do(page: Page) -> None:
    page.get_by_role("button", name="试一试").click()
    expect(verdict(page)).to_have_text("✓ 可以发送")


def test_a_line_break_does_not_send(page: Page) -> None:
    page.keyboard.type("在吗")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("有发票吗")
    assert page.get_by_label("买家的消息").input_value() == "在吗\n有发票吗"
    expect(page.locator(".reply")).to_have_count(0)


def test_an_input_method_that_composes_keeps_its_enter(page: Page) -> None:
    box = page.get_by_label("买家的消息")
    box.fill("有发")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(page.locator(".reply")).to_have_count(0)


def test_a_reply_that_was_copied_becomes_a_turn_of_the_conversation(page: Page) -> None:
    ask(page)
    page.keyboard.press("Alt+c")
    page.get_by_text("这次对话（2 句）").click()
    expect(page.locator(".turn").first).to_contain_text(ASKED)
    ask(page, "那怎么开呢")
    expect(page.get_by_label("依据的规则")).to_contain_text("发票")


def test_rules_are_told_with_points_and_source(page: Page) -> None:
    ask(page)
    rule = page.get_by_label("依据的规则").locator("details").first
    rule.locator("summary").click()
    expect(rule).to_contain_text("扣 6 分")
    expect(rule).to_contain_text("来源")
    expect(rule.get_by_role("heading", name="规则")).to_be_visible()
    expect(rule).not_to_contain_text("**")


def test_another_wording_comes_with_the_same_key(page: Page) -> None:
    ask(page)
    first = reply_box(page).input_value()
    page.get_by_label("买家的消息").press("Enter")
    expect(reply_box(page)).not_to_have_value(first)


def test_a_question_that_no_rule_covers_is_handed_over(page: Page) -> None:
    page.keyboard.type("给我讲个笑话")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有规则覆盖这个问题")).to_be_visible()
    expect(page.get_by_text("请人工接手")).to_be_visible()


def test_the_answer_to_a_colleague_cannot_be_copied_as_a_reply(page: Page) -> None:
    page.get_by_text("买家、商品和店铺的情况").click()
    page.get_by_label("谁在问").select_option("agent")
    page.get_by_label("买家的消息").fill("帮买家关单扣几分")
    page.keyboard.press("Enter")
    expect(page.get_by_text("内部参考，请勿发给买家", exact=True)).to_be_visible()
    page.keyboard.press("Alt+c")
    expect(page.get_by_text("不能发给买家")).to_be_visible()


# Live checking


def test_exactly_the_offending_characters_are_underlined(page: Page) -> None:
    ask(page)
    reply_box(page).fill(f"🙂{BAD}")
    expect(verdict(page)).to_have_text("✕ 不能发送")
    assert marked(page) == ["开不了发票"]


def test_what_is_blocked_cannot_be_copied(page: Page) -> None:
    ask(page)
    page.evaluate("navigator.clipboard.writeText('before')")
    reply_box(page).fill(BAD)
    expect(verdict(page)).to_have_text("✕ 不能发送")
    page.keyboard.press("Alt+c")
    expect(page.get_by_text("这条不能发送")).to_be_visible()
    assert copied(page) == "before"


def test_a_compliant_wording_is_taken_over_with_one_click(page: Page) -> None:
    ask(page)
    reply_box(page).fill(BAD)
    page.get_by_role("button", name="采用", exact=True).first.click()
    expect(verdict(page)).to_have_text("✓ 可以发送")
    assert "发票" in reply_box(page).input_value()
    page.get_by_role("button", name="还原").click()
    expect(verdict(page)).to_have_text("✓ 可以发送")


def test_the_verdict_follows_the_last_of_many_keystrokes(page: Page) -> None:
    ask(page)
    reply_box(page).fill("亲，您好，")
    reply_box(page).press_sequentially("这款没有发票的哦", delay=10)
    expect(verdict(page)).to_have_text("✕ 不能发送")
    assert "没有发票" in "".join(marked(page))


def test_typing_on_does_not_make_the_page_jump(page: Page) -> None:
    """What was found stays on the page while the next answer is on its way, or it would flash with every key."""
    ask(page)
    reply_box(page).fill(BAD)
    expect(verdict(page)).to_have_text("✕ 不能发送")
    page.evaluate("""() => {
      window.gone = 0;
      new MutationObserver(() => { window.gone += document.querySelector(".finding") === null; })
        .observe(document.body, { childList: true, subtree: true });
    }""")
    reply_box(page).press_sequentially("欢迎您下次光临", delay=30)
    expect(reply_box(page)).to_have_value(f"{BAD}欢迎您下次光临")
    assert (marked(page), page.evaluate("window.gone")) == (["开不了发票"], 0)


def test_what_is_not_checked_yet_cannot_be_copied(page: Page) -> None:
    ask(page)
    page.route("**/v1/check", lambda _: None)
    reply_box(page).fill(f"{GOOD}！")
    page.keyboard.press("Alt+c")
    expect(page.get_by_text("还在检查，请稍等")).to_be_visible()
    expect(verdict(page)).to_have_text("检查中")


@pytest.mark.parametrize(("text", "copies"), [(f"{GOOD}！", True), (BAD, False)])
def test_a_copy_waits_for_the_check_of_the_last_keystroke(page: Page, text: str, copies: bool) -> None:
    ask(page)
    page.evaluate("navigator.clipboard.writeText('')")
    page.route("**/v1/check", lambda route: (time.sleep(0.08), route.continue_()))
    reply_box(page).fill(text)
    page.keyboard.press("Alt+c")
    expect(page.locator(".toast")).to_have_text(re.compile("已复制" if copies else "不能发送"))
    assert copied(page) == (text if copies else "")


def test_a_reply_is_stale_once_the_buyers_message_has_changed(page: Page) -> None:
    ask(page)
    page.get_by_label("买家的消息").fill("包邮吗")
    expect(page.get_by_text("已过期")).to_be_visible()
    page.evaluate("navigator.clipboard.writeText('before')")
    page.keyboard.press("Alt+c")
    expect(page.get_by_text("请先重新生成")).to_be_visible()
    assert copied(page) == "before"


# The library, keys, looks


def test_a_slash_opens_the_library_and_enter_takes_a_phrase(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    library = page.get_by_role("dialog", name="话术库")
    expect(library.get_by_label("找话术")).to_be_focused()
    page.keyboard.type("退货运费")
    expect(library.get_by_role("option").first).to_contain_text("运费")
    page.keyboard.press("ArrowDown")
    expect(library.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    chosen = library.get_by_role("option").nth(1).locator("div").last.inner_text()
    page.keyboard.press("Enter")
    expect(reply_box(page)).to_have_value(chosen)
    expect(verdict(page)).to_have_text("✓ 可以发送")


def test_a_question_mark_shows_the_keys(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="快捷键")).to_have_count(0)


@pytest.mark.parametrize("width", [280, 360, 760, 1400])
def test_nothing_is_cut_off_at_any_width(browser: Browser, site: Served, width: int) -> None:
    with page_of(browser, site.url, viewport={"width": width, "height": 700}) as page:
        ask(page)
        reply_box(page).fill(f"{BAD}，加微信abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz")
        expect(verdict(page)).to_have_text("✕ 不能发送")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.get_by_role("banner").bounding_box()["height"] < 60  # type: ignore[index]  # one line


def offences(page: Page) -> list[str]:
    """What axe-core holds against the page: contrast, names, labels, landmarks, focus."""
    return [f"{one['id']}: {one['help']}" for one in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_is_accessible_in_both_themes(browser: Browser, site: Served, scheme: Any) -> None:
    with page_of(browser, site.url, color_scheme=scheme, viewport={"width": 400, "height": 900}) as page:
        assert offences(page) == []
        ask(page)
        page.get_by_text("买家、商品和店铺的情况").click()
        page.locator(".rule summary").first.click()
        reply_box(page).fill(BAD)
        expect(verdict(page)).to_have_text("✕ 不能发送")
        assert offences(page) == []
        page.keyboard.press("Alt+k")
        expect(page.get_by_role("dialog", name="话术库").get_by_role("option").first).to_be_visible()
        assert offences(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_supervisors_page_is_accessible_in_both_themes(browser: Browser, site: Served, scheme: Any) -> None:
    with page_of(browser, site.url, color_scheme=scheme) as page:
        ask(page)
        page.goto("/supervisor")
        expect(page.get_by_label("合计")).to_be_visible()
        assert offences(page) == []


def test_the_theme_can_be_switched_and_stays(page: Page) -> None:
    page.get_by_role("button", name="换成深色").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_what_people_write_stays_text(page: Page) -> None:
    evil = '<img src=x onerror="document.title=1">有发票吗'
    page.get_by_label("买家的消息").fill(evil)
    page.keyboard.press("Enter")
    expect(page.locator(".reply").first).to_be_visible()
    reply_box(page).fill(f"{evil}，亲，您好")
    expect(verdict(page)).not_to_have_text("检查中")
    if "可以" in verdict(page).inner_text():
        page.keyboard.press("Alt+c")
    assert page.locator("img[src=x]").count() == 0
    assert page.title() == "ReplyGuide 客服回复副驾驶"


def test_nothing_of_a_buyer_outlives_the_tab(page: Page) -> None:
    ask(page, "有发票吗，我电话13812345678")
    page.keyboard.press("Alt+c")
    assert "13812345678" not in str(page.evaluate("JSON.stringify(localStorage)"))
    page.reload()
    expect(page.get_by_label("买家的消息")).to_have_value("有发票吗，我电话13812345678")
    page.get_by_role("button", name="新对话").click()
    page.wait_for_function("!JSON.stringify(sessionStorage).includes('13812345678')")


# What the server hears, and when it is gone


def test_what_the_agent_did_is_told(page: Page, site: Served) -> None:
    ask(page, "好评有红包吗")
    reply_box(page).press("End")
    reply_box(page).type("亲亲")
    expect(verdict(page)).to_have_text("✓ 可以发送")
    with page.expect_response("**/v1/feedback") as told:
        page.keyboard.press("Alt+c")
    assert told.value.status == 201
    assert json.loads(told.value.request.post_data or "")["action"] == "edited"
    with page.expect_response("**/v1/feedback") as told:
        page.get_by_role("button", name="不采用").click()
    assert json.loads(told.value.request.post_data or "")["action"] == "rejected"


def test_a_server_that_is_gone_costs_no_text(page: Page) -> None:
    ask(page)
    page.route("**/v1/**", lambda route: route.abort())
    reply_box(page).fill(BAD)
    expect(page.get_by_text("连不上服务器").first).to_be_visible()
    page.keyboard.press("Alt+c")
    assert reply_box(page).input_value() == BAD
    page.unroute("**/v1/**")
    page.get_by_role("button", name="再试").first.click()
    expect(verdict(page)).to_have_text("✕ 不能发送")


def test_a_draft_is_a_second_offer_and_unchecked_until_it_is_there(
    browser: Browser, packaged: Index, shared_data_dir: Path, tmp_path: Path
) -> None:
    data_dir = own_data_dir(shared_data_dir, tmp_path / "data")
    with ScriptedServer([streams(GOOD[:9], GOOD[9:], delay=1.5)]) as model:
        environment = {"REPLYGUIDE_MODEL": "openai:scripted", "OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": "k"}
        with serving(data_dir, **environment) as served, page_of(browser, served.url) as page:
            ask(page)
            expect(page.get_by_text("未检查，不能复制")).to_be_visible()
            expect(page.get_by_label("模型草稿（已检查）", exact=True).locator("textarea")).to_have_value(GOOD)
            expect(page.get_by_text("未检查，不能复制")).to_have_count(0)
            assert page.locator(".reply").count() == 2
            page.keyboard.press("Alt+c")
            assert copied(page) == reply_box(page).input_value() != GOOD


def test_signing_in_leads_to_the_panel(
    browser: Browser, packaged: Index, shared_data_dir: Path, tmp_path: Path
) -> None:
    data_dir = own_data_dir(shared_data_dir, tmp_path / "data")
    with (
        serving(data_dir, REPLYGUIDE_API_KEYS="toys:agent:some-long-key") as served,
        page_of(browser, served.url) as page,
    ):
        assert offences(page) == []
        page.get_by_label("密钥").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("密钥不对")
        page.get_by_label("密钥").fill("some-long-key")
        page.keyboard.press("Enter")
        ask(page)
        page.goto("/supervisor")
        expect(page.get_by_role("alert")).to_contain_text("需要 supervisor")


def test_the_supervisor_sees_what_became_of_suggestions(page: Page) -> None:
    ask(page, "可以货到付款吗")
    page.keyboard.press("Alt+c")
    expect(page.get_by_text("已复制")).to_be_visible()
    page.goto("/supervisor")
    expect(page.get_by_label("合计")).to_contain_text("原样发出")
    expect(page.get_by_role("img", name="每天的问题")).to_be_visible()
    page.get_by_role("combobox", name="主题").select_option(label="货到付款")
    row = page.get_by_label("最近的问题").get_by_role("row").nth(1)
    expect(row).to_contain_text("可以货到付款吗")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出表格").click()
    assert "可以货到付款吗" in Path(download.value.path()).read_text("utf-8-sig")
