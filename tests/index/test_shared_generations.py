"""Several machines on one Chroma server: what one builds the others find."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from chroma_server import chroma_server, free_port, names_on
from rule_files import put

from replyguide.errors import IndexUnavailable
from replyguide.index import index_status, open_index, rebuild_index
from replyguide.index import shared_generations as shared_module
from replyguide.index.generation import Generation
from replyguide.index.manifest import RuleManifest
from replyguide.index.shared_generations import SharedGenerations
from replyguide.settings import Settings


@pytest.fixture
def remote(settings: Settings, server: str) -> Settings:
    """Settings of one machine that uses the server."""
    return replace(settings, chroma_url=server)


@pytest.fixture
def other(remote: Settings, tmp_path: Path, model_cache: Path) -> Settings:
    """Settings of a second machine with an empty disk."""
    data_dir = tmp_path / "other"
    data_dir.mkdir()
    (data_dir / "cache").symlink_to(model_cache, target_is_directory=True)
    return replace(remote, data_dir=data_dir)


def sealed(generations: SharedGenerations, name: str) -> Generation:
    """A finished generation with one file."""
    draft = generations.draft()
    (draft.path / "content.txt").write_text(name, encoding="utf-8")
    draft.seal(RuleManifest(RuleManifest.SCHEMA, "ready", "1", "c", "f", "e", 2, "r", generations.place, 1, 1, "now"))
    return draft


def test_what_one_machine_builds_another_finds_without_building(
    remote: Settings, other: Settings, corpus: Path
) -> None:
    with closing(open_index(remote, corpus=corpus)) as index:
        first = index.search("有发票吗")
    with closing(open_index(other, corpus=corpus)) as again:
        assert again.built is None
        assert again.search("有发票吗") == first
    assert not list(other.data_dir.rglob("chroma.sqlite3"))


def test_two_versions_of_the_rules_stand_side_by_side(remote: Settings, other: Settings, corpus: Path) -> None:
    with closing(open_index(remote, corpus=corpus)) as before:
        put(corpus, asks=["给个票呗", "能开票不"])
        with closing(open_index(other, corpus=corpus)) as after:
            assert after.search("给个票呗").hits[0].id == "invoice-have"
        assert before.is_live()
        assert before.search("有发票吗").concerns == ("invoice-have",)


def test_generations_that_go_take_their_collections_from_the_server(
    remote: Settings, corpus: Path, server: str
) -> None:
    put(corpus, asks=["这一版只有这个测试有"])
    before = names_on(server)
    for _ in range(3):
        rebuild_index(remote, corpus=corpus)

    # The live generation and the one before it, three collections each, and the pointer.
    assert len(names_on(server) - before) == 2 * 3 + 1


def test_changing_between_server_and_folder_builds_anew(built: Settings, corpus: Path, server: str) -> None:
    put(corpus, asks=["没有别的测试用这一版"])

    assert index_status(replace(built, chroma_url=server), corpus=corpus).state == "missing"


def test_an_absent_server_is_told_in_one_line_with_its_url(settings: Settings, corpus: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(IndexUnavailable, match="REPLYGUIDE_CHROMA_URL") as caught:
        open_index(replace(settings, chroma_url=url), corpus=corpus)

    assert url in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_server_that_goes_while_it_is_searched_is_told_and_may_come_back(
    settings: Settings, corpus: Path, tmp_path: Path
) -> None:
    port = free_port()
    with chroma_server(tmp_path / "server", port) as url:
        index = open_index(replace(settings, chroma_url=url), corpus=corpus)
        expected = index.search("有发票吗")
    with pytest.raises(IndexUnavailable, match="请确认 Chroma 服务器在运行"):
        index.search("有发票吗")
    assert index.is_live(), "a server that is gone is no reason to open anything anew"
    with chroma_server(tmp_path / "server", port), closing(index):
        assert index.search("有发票吗") == expected


def test_a_reader_sees_that_another_machine_switched(tmp_path: Path, server: str) -> None:
    here, there = (SharedGenerations(tmp_path / name, server, "switch") for name in ("here", "there"))
    with here.writing():
        here.switch(sealed(here, "one"), [])
    first = there.current()
    with here.writing():
        here.switch(sealed(here, "two"), [])
    second = there.current()

    assert first is not None
    assert second is not None
    assert [(g.path / "content.txt").read_text("utf-8") for g in (first, second)] == ["one", "two"]


def test_only_one_machine_writes_at_a_time(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = (SharedGenerations(tmp_path / name, server, "lock") for name in ("here", "there"))
    monkeypatch.setattr(shared_module, "PATIENCE", 0.3)
    with here.writing(), pytest.raises(IndexUnavailable, match="另一台机器正在更新索引"), there.writing():
        pass
    with there.writing():
        pass


def test_the_lock_of_a_machine_that_died_is_broken(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import sys, time; from pathlib import Path;"
        "from replyguide.index.shared_generations import SharedGenerations;"
        "lock = SharedGenerations(Path(sys.argv[1]), sys.argv[2], 'died').writing(); lock.__enter__();"
        "print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "here"), server], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    monkeypatch.setattr(shared_module, "_DEAD", 1.0)

    start = time.monotonic()
    with SharedGenerations(tmp_path / "there", server, "died").writing():
        assert time.monotonic() - start >= 1.0


def test_shops_whose_names_begin_alike_keep_their_collections(tmp_path: Path, server: str) -> None:
    short, long = (SharedGenerations(tmp_path / name, server, name) for name in ("shop-a", "shop-a-b"))
    for shelf in (long, short, short, short):
        with shelf.writing():
            shelf.switch(sealed(shelf, "x"), [])

    assert SharedGenerations(tmp_path / "elsewhere", server, "shop-a-b").current() is not None


def test_a_draft_that_fails_leaves_nothing_behind(tmp_path: Path, server: str) -> None:
    shelf = SharedGenerations(tmp_path / "here", server, "fails")
    with shelf.writing():
        draft = shelf.draft()
        with closing(shelf.store(draft)) as store:
            store.create(draft.collection("passages"))
        shelf.discard(draft)

    assert not {name for name in names_on(server) if name.startswith("replyguide.fails")}
    assert not draft.path.exists()


def test_an_archive_cannot_write_outside_of_its_folder(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo("../outside.txt")
        entry.size = 2
        archive.addfile(entry, io.BytesIO(b"no"))

    with pytest.raises(IndexUnavailable, match="索引传过来是坏的"):
        shared_module._unpack(packed.getvalue(), tmp_path / "folder")
    assert not (tmp_path / "outside.txt").exists()


def test_what_is_published_comes_back_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    monkeypatch.setattr(shared_module, "_PIECE", 1000)
    here = SharedGenerations(tmp_path / "here", server, "bytes")
    content = json.dumps([os.urandom(16).hex() for _ in range(2000)])
    with here.writing():
        draft = sealed(here, "x")
        (draft.path / "deep").mkdir()
        (draft.path / "deep" / "file.json").write_text(content, encoding="utf-8")
        here.switch(draft, [])
    fetched = SharedGenerations(tmp_path / "there", server, "bytes").current()

    assert fetched is not None
    assert (fetched.path / "deep" / "file.json").read_text("utf-8") == content
