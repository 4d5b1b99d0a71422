"""Sentences for people: every code has one in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aggregator.model import Problem
from aggregator.problems import SENTENCES, sentence
from aggregator.swedish import Told

PACKAGE = Path(__file__).parent.parent / "aggregator"
CODES = re.compile(r"(?:Problem|RuleRefused|_Refused|_refused|_error)\(\s*\"([a-z][a-z0-9-]+)\"")


def test_every_code_that_readers_use_has_a_sentence() -> None:
    sources = [
        *PACKAGE.glob("formats/*.py"),
        *(PACKAGE / f"{name}.py" for name in ("normalize", "rules", "recurrence")),
    ]
    used = {code for path in sources for code in CODES.findall(path.read_text())}
    assert len(used) > 20
    assert used - SENTENCES.keys() == set()


@pytest.mark.parametrize("code", SENTENCES)
def test_sentence_is_whole_in_both_languages(code: str) -> None:
    for language in ("sv", "en"):
        told = sentence(Problem(code, "Konsert", "3"), language)
        assert told[0].isupper() or told[0] == "3"
        assert told.endswith((".", "?"))
        assert "{" not in told
    assert sentence(Problem(code), "sv") != sentence(Problem(code), "en")


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("fraction", "”6/3” är kanske inget datum"),
        ("hour, year", "klockslaget är oklart, året är oklart"),
        ("3", "3 tider står"),
        ("1", "dagen står bara i texten, utan klockslag"),
    ],
)
def test_what_is_doubtful_about_a_time_is_told_in_words(detail: str, told: str) -> None:
    assert f": {told}." in sentence(Problem("date-unsure", "Konsert", detail), "sv")


def test_every_doubt_of_the_prose_has_words() -> None:
    doubts = set(re.findall(r'"(\w+)"', Told.__doc__ or ""))
    assert len(doubts) > 6
    for doubt in doubts:
        assert doubt not in sentence(Problem("date-unsure", "Konsert", doubt), "sv")


def test_unknown_code_is_told_as_it_is() -> None:
    assert sentence(Problem("något-nytt", detail="x")) == "något-nytt: x"
