"""Misspelt words: what was typed → the word that is meant, among the words of a town."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.spelling import nearest

TOLD = (
    "konsert konst konserten julmarknad julmarknaden julkonsert teater heter meter teatern gudstjänst gudstjänster "
    "utställning utställningar beställning språkcafe språk bibliotek fika får far öl marknad torghandel kör barn björn"
)
KNOWN = TOLD.split()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("konsrt", "konsert"),
        ("julmarkand", "julmarknad"),
        ("teter", "teater"),
        ("gudstjanst", "gudstjänst"),
        ("utstalning", "utställning"),
        ("bibliotekk", "bibliotek"),
        ("sprakcafe", "språkcafe"),
    ],
)
def test_the_word_that_is_meant_is_the_nearest(typed: str, meant: str) -> None:
    assert nearest(typed, KNOWN)[0] == meant


@pytest.mark.parametrize("typed", ["xyzzy", "fix", "ko", "", "kalasbuffé"])
def test_what_is_far_from_all_has_no_nearest(typed: str) -> None:
    assert nearest(typed, KNOWN) == []


@given(st.sampled_from([word for word in KNOWN if len(word) > 6]), st.integers(0, 20))
def test_a_letter_left_out_is_forgiven(word: str, at: int) -> None:
    at %= len(word)
    assert word in nearest(word[:at] + word[at + 1 :], KNOWN, 20)
