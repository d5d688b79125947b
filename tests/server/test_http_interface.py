"""The HTTP interface as others script it, against a real server."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from serving import Served

ASKED = "有发票吗"
BLOCKED = "亲，特价的宝贝开不了发票哦，谢谢您"
SUGGESTION = {"question", "status", "reply", "origin", "check", "topics", "rules", "attempts", "handover_reason"}
SUGGESTION |= {"timings_ms", "model", "index", "suggestion_id"}


def events(response: httpx.Response) -> list[tuple[str, Any]]:
    told = [block.split("\n") for block in response.text.split("\n\n") if block.startswith("event: ")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in told]


def suggested(client: httpx.Client, **body: Any) -> dict[str, Any]:
    response = client.post("/v1/suggest", json={"question": ASKED, **body})
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told


# Suggesting and checking


def test_a_suggestion_is_the_object_of_the_interface(client: httpx.Client) -> None:
    told = suggested(client)
    assert set(told) >= SUGGESTION
    assert (told["status"], told["check"]["verdict"], told["topics"], told["recorded"]) == (
        "ready",
        "pass",
        ["invoice"],
        True,
    )


def test_a_program_shows_a_buyers_message_unless_it_says_otherwise(client: httpx.Client) -> None:
    question = "帮买家关单扣几分"
    assert suggested(client, question=question)["asker"] == "buyer"
    assert suggested(client, question=question, context={"asker": "agent"})["asker"] == "agent"


def test_the_facts_of_the_request_change_the_reply(client: httpx.Client) -> None:
    unknown = suggested(client, question="包邮吗")["reply"]
    assert suggested(client, question="包邮吗", context={"shop": {"free_shipping": "all"}})["reply"] != unknown


def test_another_wording_can_be_asked_for(client: httpx.Client) -> None:
    assert suggested(client)["reply"] != suggested(client, again=1)["reply"]


def test_events_come_with_rules_and_approved_wording_first(client: httpx.Client) -> None:
    response = client.post("/v1/suggest", json={"question": ASKED}, headers={"Accept": "text/event-stream"})
    told = events(response)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert [name for name, _ in told] == ["rules", "phrase", "suggestion"]
    assert told[0][1]["rules"][0]["topic"] == "invoice"
    assert told[1][1]["reply"] == told[2][1]["reply"]
    assert len({data["suggestion_id"] for _, data in told}) == 1


def test_an_event_stream_that_fails_ends_with_a_problem(client: httpx.Client) -> None:
    response = client.post("/v1/suggest", json={"question": " \u200b "}, headers={"Accept": "text/event-stream"})
    assert [(name, data["status"]) for name, data in events(response)] == [("problem", 422)]


def test_a_check_names_the_characters(client: httpx.Client) -> None:
    told = client.post("/v1/check", json={"reply": f"😀{BLOCKED}", "question": ASKED}).json()
    finding = told["findings"][0]
    assert (told["verdict"], finding["topic"]) == ("block", "invoice")
    assert f"😀{BLOCKED}"[finding["start"] : finding["end"]] == finding["matched"]


def test_the_question_supplies_what_the_reply_leaves_out(client: httpx.Client) -> None:
    reply = {"reply": "亲，这个没有的哦，抱歉"}
    assert client.post("/v1/check", json=reply).json()["verdict"] != "block"
    assert client.post("/v1/check", json={**reply, "question": ASKED}).json()["verdict"] == "block"


# Rules and phrases


def test_rules_are_listed_and_shown_by_either_kind_of_id(client: httpx.Client) -> None:
    rules = client.get("/v1/rules").json()["rules"]
    assert client.get("/v1/rules/INV-refuse").json() in rules
    assert client.get("/v1/rules/invoice-have").json()["topic"] == "invoice"
    assert client.get("/v1/rules/nix").status_code == 404


def test_phrases_are_found_and_all_may_be_sent(client: httpx.Client) -> None:
    found = client.get("/v1/phrases", params={"q": "退货运费"}).json()["phrases"]
    library = client.get("/v1/phrases", params={"limit": 200}).json()["phrases"]
    assert found[0]["topic"] == "return-freight"
    assert len(library) > 100
    for phrase in library[::7]:
        assert client.post("/v1/check", json={"reply": phrase["text"]}).json()["verdict"] != "block"


# Feedback and reports


def test_what_became_of_a_suggestion_is_kept_and_reported(client: httpx.Client) -> None:
    told = suggested(client, question="有发票吗，我电话13812345678")
    body = {"suggestion_id": told["suggestion_id"], "action": "edited", "final_text": BLOCKED}
    kept = client.post("/v1/feedback", json=body)
    assert (kept.status_code, kept.json()["check"]["verdict"]) == (201, "block")
    report = client.get("/v1/report", params={"days": 7}).json()
    assert (report["totals"]["sent_against_advice"], report["totals"]["points_at_risk"]) == (1, 6)
    entry = next(one for one in report["recent"] if one["suggestion_id"] == told["suggestion_id"])
    assert (entry["question"], entry["final_text"], entry["verdict"]) == ("有发票吗，我电话[电话1]", BLOCKED, "block")


def test_feedback_on_what_was_never_suggested_is_not_found(client: httpx.Client) -> None:
    body = {"suggestion_id": "0" * 32, "action": "sent"}
    assert client.post("/v1/feedback", json=body).status_code == 404


def test_the_export_runs_no_formula(client: httpx.Client) -> None:
    suggested(client, question='=HYPERLINK("http://evil.example")')
    lines = client.get("/v1/report.csv").text.splitlines()
    assert lines[0].startswith("\ufeff时间,")
    assert any("'=HYPERLINK" in line for line in lines)


# What a server tells of itself


def test_health_and_readiness(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["parts"] == {"rules": "ok", "index": "ok", "database": "ok"}


def test_metrics_count_by_route_and_hold_no_text(client: httpx.Client) -> None:
    suggested(client, question="独一无二的问题呀有发票吗")
    text = client.get("/metrics").text
    assert 'replyguide_http_requests_total{method="POST",path="/v1/suggest",status="200"}' in text
    assert 'replyguide_suggestions_total{origin="script",status="ready",topic="invoice"}' in text
    assert "独一无二" not in text


def test_the_log_is_json_without_what_people_wrote(client: httpx.Client, site: Served) -> None:
    client.post("/v1/check", json={"reply": "我的电话13912345678"}, headers={"X-Request-ID": "log-me"})
    lines = [line for line in site.log.read_text("utf-8").splitlines() if line.startswith("{")]
    entry = next(json.loads(line) for line in lines if "log-me" in line)
    assert (entry["path"], entry["status"], entry["shop"]) == ("/v1/check", 200, "default")
    assert "13912345678" not in site.log.read_text("utf-8")


def test_every_answer_has_an_id_and_guards_the_browser(client: httpx.Client) -> None:
    headers = client.get("/healthz", headers={"X-Request-ID": "mine-1"}).headers
    assert headers["x-request-id"] == "mine-1"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert "access-control-allow-origin" not in headers


def test_an_id_that_could_forge_a_log_line_is_replaced(client: httpx.Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "a b{"}).headers["x-request-id"] != "a b{"


def test_the_interface_is_documented_whole(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert set(document["paths"]) >= {
        "/v1/suggest",
        "/v1/check",
        "/v1/rules",
        "/v1/rules/{rule_id}",
        "/v1/feedback",
        "/v1/chat/completions",
        "/v1/models",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    assert "securitySchemes" not in document["components"]


# Bad input


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 422, "缺少"),
        (b"{", 400, "JSON"),
        (b'{"question": "\xff"}', 400, "UTF-8"),
        (b'{"question": "a", "question": "b"}', 400, "两次"),
        (b'{"question": NaN}', 400, "NaN"),
        (b'{"question": ' + b"9" * 5000 + b"}", 400, "数字太长"),
        (b"[" * 100_000, 400, "嵌套太深"),
        (b'{"question": ' + b"[" * 40 + b"]" * 40 + b"}", 400, "嵌套太深"),
        (b'{"question": ""}', 422, "空"),
        (b'{"question": "  "}', 422, "空"),
        (b'{"question": 7}', 422, "文字"),
        (b'{"question": "a", "colour": 1}', 422, "colour"),
        (b'{"question": "a", "offline": "yes"}', 422, "offline"),
        (b'{"question": "a", "context": {"shop": {"free_shipping": "maybe"}}}', 422, "free_shipping"),
        (b'{"question": "a", "context": {"product": {"price_yuan": 1e999}}}', 422, "price_yuan"),
        (b'{"question": "' + b"a" * 5001 + b'"}', 422, "5000"),
        (b'{"question": "' + b"a" * 1_000_001 + b'"}', 413, "1000 kB"),
    ],
)
def test_bad_input_is_a_problem_in_one_line(client: httpx.Client, body: bytes, status: int, words: str) -> None:
    response = client.post("/v1/suggest", content=body, headers={"Content-Type": "application/json"})
    told = response.json()
    assert (response.status_code, told["status"]) == (status, status)
    assert response.headers["content-type"].startswith("application/problem+json")
    assert words in told["detail"]
    assert "\n" not in told["detail"]


def test_a_body_of_unknown_length_is_limited_as_well(client: httpx.Client) -> None:
    pieces = (b"a" * 100_000 for _ in range(20))
    response = client.post("/v1/suggest", content=pieces, headers={"Content-Type": "application/json"})
    assert response.status_code == 413


def test_a_body_that_is_no_json_is_refused(client: httpx.Client) -> None:
    assert client.post("/v1/check", data={"reply": "亲"}).status_code == 415


def test_unknown_addresses_and_methods_are_problems(client: httpx.Client) -> None:
    assert client.get("/v1/nix").json()["status"] == 404
    assert client.delete("/v1/suggest").json()["status"] == 405


def test_pages_of_other_sites_are_refused(client: httpx.Client) -> None:
    body = {"reply": "亲"}
    assert client.post("/v1/check", json=body, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/v1/check", json=body, headers={"Host": "evil.example"}).status_code == 421


def test_no_file_beside_the_pages_is_served(client: httpx.Client) -> None:
    for path in ("/assets/../app.py", "/assets/%2e%2e/app.py", "/assets//etc/passwd", "/assets/nix.js"):
        assert client.get(path).status_code == 404
