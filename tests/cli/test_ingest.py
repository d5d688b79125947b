"""The command `replyguide ingest`, and what `search` and `index` show of a shop's documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Run

from replyguide.index import Index


@pytest.fixture(autouse=True)
def _own_shop(packaged: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The tests share the data folder, and its index of the rules; each has a shop of its own."""
    monkeypatch.setenv("REPLYGUIDE_SHOP_ID", f"cli-{abs(hash(tmp_path)) % 10**9}")


@pytest.fixture
def handbook(tmp_path: Path) -> Path:
    path = tmp_path / "手册.txt"
    path.write_text("1. 荞麦枕一个大约两公斤，竹炭枕一公斤半左右。\n第3页\n", "utf-8")
    return path


def test_it_tells_file_by_file_what_went_in(run: Run, handbook: Path) -> None:
    done = run("ingest", str(handbook))

    assert done.status == 0
    assert done.out.splitlines()[:2] == [
        "新增 手册.txt，规则 1 条，其他 0 段，略去 页眉页脚 1",
        "本店索引：1 份文档，1 段",
    ]


def test_it_tells_scripts_in_json(run: Run, handbook: Path) -> None:
    told = json.loads(run("ingest", str(handbook), "--json").out)

    assert [(file["name"], file["status"], file["rules"]) for file in told["files"]] == [("手册.txt", "added", 1)]


def test_a_file_that_cannot_be_read_is_a_line_and_status_2(run: Run, handbook: Path, tmp_path: Path) -> None:
    (tmp_path / "坏.pdf").write_bytes(b"%PDF")
    done = run("ingest", str(handbook), str(tmp_path / "坏.pdf"), str(tmp_path / "没有.txt"))

    assert done.status == 2
    assert "跳过 坏.pdf，坏.pdf：" in done.out
    assert "没有.txt：没有这个文件或文件夹，请检查路径" in done.out
    assert "新增 手册.txt" in done.out
    assert "Traceback" not in done.out + done.err


def test_what_went_in_is_found_with_its_text(run: Run, handbook: Path) -> None:
    run("ingest", str(handbook))
    done = run("search", "荞麦枕多重")

    assert "来源 手册.txt" in done.out
    assert "荞麦枕一个大约两公斤" in done.out


def test_authority_and_platform_can_be_named(run: Run, handbook: Path) -> None:
    run("ingest", str(handbook), "--authority", "platform", "--platform", "tmall")
    hits = json.loads(run("search", "荞麦枕多重", "--json").out)["hits"]

    (hit,) = (hit for hit in hits if hit["source"] == "手册.txt")
    assert (hit["authority"], hit["platform"]) == ("platform", "tmall")


def test_an_authority_that_is_none_is_told_with_the_choice(run: Run, handbook: Path) -> None:
    done = run("ingest", str(handbook), "--authority", "老板")

    assert done.status == 2
    assert "--authority 老板 不行，可用的有" in done.err


def test_a_shop_id_that_is_none_is_told(run: Run, handbook: Path) -> None:
    done = run("ingest", str(handbook), "--shop-id", "我的店")

    assert done.status == 2
    assert "店铺编号 shop_id 应由小写字母、数字和 - 组成" in done.err


def test_the_status_of_the_index_lists_the_documents(run: Run, handbook: Path) -> None:
    run("ingest", str(handbook))

    assert "本店文档：1 份，1 段" in run("index").out
    status = json.loads(run("index", "status", "--json").out)
    assert [document["name"] for document in status["documents"]] == ["手册.txt"]
