"""Every reason that a pair's table can hold has words in both languages."""

import pytest

from aggregator import reasons
from tests.matching import RULES


@pytest.mark.parametrize("name", [*sorted(RULES.weights), "staff-same", "staff-different"])
def test_each_reason_is_told_in_swedish_and_english(name: str) -> None:
    assert reasons.words(name, "sv") != name
    assert reasons.words(name, "en") not in (name, reasons.words(name, "sv"))


def test_no_words_for_reasons_that_are_gone() -> None:
    assert set(reasons.WORDS) == {*RULES.weights, "staff-same", "staff-different"}
