"""Facts of the corpus by their ids."""

from __future__ import annotations

from pathlib import Path

from rule_files import put

from replyguide.checker import load_checker
from replyguide.corpus.statements import statements
from replyguide.resources import shelf


def test_a_fact_is_found_by_its_id_with_its_sources(tmp_path: Path) -> None:
    put(tmp_path)
    found = statements(tmp_path, ["INV-01", "INV-99"])
    assert found == {"INV-01": "天猫商家对付款买家要给发票，不另收费。（来源 000、002；天猫）"}


def test_every_fact_that_a_rule_of_the_checker_cites_is_in_the_corpus() -> None:
    cited = {fact for rule in load_checker().packs.rules for fact in rule.spec.facts}
    assert cited - set(statements(shelf("corpus"), cited)) == set()
