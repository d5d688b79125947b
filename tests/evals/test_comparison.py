"""The difference to an earlier run, against values that are known elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replyguide.errors import CaseError
from replyguide.evals.comparison import Difference, compare, mcnemar, paired_interval
from replyguide.evals.metrics import Outcomes

COUNT = st.integers(0, 60)


def outcomes(name: str = "found", *, right: str = "", wrong: str = "", wanted: bool = True) -> Outcomes:
    """One case a letter."""
    held = {**dict.fromkeys(right, wanted), **dict.fromkeys(wrong, not wanted)}
    return Outcomes(name, held, wanted)


def only(found: tuple[Difference, ...]) -> Difference:
    [difference] = found
    return difference


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [
        # M. W. Fagerland, S. Lydersen, P. Laake, BMC Medical Research Methodology 13 (2013) 91: two studies
        (1, 7, 0.0703),
        (6, 16, 0.0525),
        # By hand: 2 / 2**5, 2 / 2**6, and what is as likely either way
        (0, 5, 0.0625),
        (0, 6, 0.03125),
        (4, 4, 1.0),
        (0, 0, 1.0),
    ],
)
def test_the_p_is_that_of_the_textbook(gained: int, lost: int, p: float) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p, abs=5e-5)
    assert mcnemar(lost, gained) == mcnemar(gained, lost)


@pytest.mark.parametrize(
    ("both", "gained", "lost", "neither", "low", "high"),
    [
        # D. G. Altman and others, Statistics with Confidence (2000), table 6.2
        (14, 5, 0, 22, 0.011, 0.226),
        # Fagerland, Lydersen, Laake, Statistics in Medicine 33 (2014) 2850
        (1, 1, 7, 12, -0.507, -0.026),
    ],
)
def test_the_interval_is_that_of_the_textbook(
    both: int, gained: int, lost: int, neither: int, low: float, high: float
) -> None:
    assert paired_interval(both, gained, lost, neither) == pytest.approx((low, high), abs=2e-3)


@given(COUNT, COUNT, COUNT, COUNT)
def test_the_interval_holds_the_difference_and_turns_with_it(both: int, gained: int, lost: int, neither: int) -> None:
    low, high = paired_interval(both, gained, lost, neither)
    total = both + gained + lost + neither
    assert low - 1e-9 <= ((gained - lost) / total if total else 0.0) <= high + 1e-9
    turned = paired_interval(both, lost, gained, neither)
    assert turned == pytest.approx((-high, -low))


def test_cases_are_paired_by_their_id() -> None:
    found = only(compare([outcomes(right="abc", wrong="de")], {"found": outcomes(right="abd", wrong="ce").right()}))
    assert (found.compared, found.gained, found.lost, found.value) == (5, 1, 1, 0.0)


def test_new_and_removed_cases_are_counted_and_left_out() -> None:
    found = only(compare([outcomes(right="ab", wrong="xyz")], {"found": outcomes(right="abu", wrong="v").right()}))
    assert (found.compared, found.lost, found.new, found.removed) == (2, 0, 3, 2)


@pytest.mark.parametrize(("lost", "is_worse"), [("abcde", False), ("abcdef", True)])
def test_a_share_is_worse_if_more_went_wrong_than_chance_allows(lost: str, is_worse: bool) -> None:
    found = only(compare([outcomes(right="xyz", wrong=lost)], {"found": outcomes(right=f"xyz{lost}").right()}))
    assert found.is_worse is is_worse


def test_a_share_that_got_better_is_not_worse() -> None:
    found = only(compare([outcomes(right="abcdefghxyz")], {"found": outcomes(right="xyz", wrong="abcdefgh").right()}))
    assert (found.p < 0.05, found.is_worse) == (True, False)


def test_false_alarms_that_went_up_are_worse() -> None:
    before, after = outcomes(right="abcdefghxyz", wanted=False), outcomes(right="xyz", wrong="abcdefgh", wanted=False)
    assert only(compare([after], {"found": before.right()})).is_worse


def test_a_share_that_the_baseline_lacks_is_left_out() -> None:
    assert compare([outcomes(right="a"), outcomes("new", right="a")], {"found": {"a": True}})[0].metric == "found"


def test_a_share_that_is_no_longer_scored_is_an_error_that_names_it() -> None:
    with pytest.raises(CaseError, match="gone"):
        compare([outcomes(right="a")], {"found": {"a": True}, "gone": {"a": True}})


def test_no_common_case_at_all_is_an_error() -> None:
    with pytest.raises(CaseError, match="共同"):
        compare([outcomes(right="a")], {"found": {"b": True}})


def test_no_baseline_is_no_difference() -> None:
    assert compare([outcomes(right="a")], {}) == ()
