"""Eleven days of a municipality's events guide, each at its own clock: ids stay, and nothing is taken off wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import days
from tests.design.tree import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="left out: the corpus of real files is not beside the project"),
]


def test_days_of_a_guide_keep_their_ids_and_lose_nothing_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the guide itself left out for a whole day is withdrawn, and comes back under its old id."""
    for name in ("EVENEMANG_DATABASE_URL", "EVENEMANG_NOW"):
        monkeypatch.setenv(name, "")  # `replay` sets them; they are what they were when the test is over
    told = days.answers(CORPUS)
    found = days.replay(told, tmp_path)
    assert len(found) == 11
    assert found[0].new > 400
    assert all(day.published for day in found)
    assert days.moved(found) == []
    assert days.wronged(found, told) == []
    assert days.returned(found, told)
