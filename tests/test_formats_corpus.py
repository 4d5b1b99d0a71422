"""Over the corpus of real answers, where it is checked out beside the project: nothing crashes, and structured pages
read as the usual libraries read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import agreement, formats_corpus

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="left out: the corpus of real files is not beside the project"),
]


@pytest.fixture(scope="module")
def rows() -> list[formats_corpus.Row]:
    return formats_corpus.rows(CORPUS)


def test_no_file_crashes_a_reader(rows: list[formats_corpus.Row]) -> None:
    assert [row for row in rows if row.crashed] == []


def test_every_file_that_gives_nothing_says_why(rows: list[formats_corpus.Row]) -> None:
    silent = [
        row.file
        for row in rows
        if not (row.events or row.suggestions or row.refused or row.failure or row.format == "rss")
    ]
    assert [name for name in silent if not name.startswith("html/")] == []


@pytest.fixture(scope="module")
def pages() -> list[agreement.Page]:
    return agreement.pages(CORPUS)


def test_every_page_that_tells_an_event_in_json_ld_gives_it_but_those_without_a_start(
    pages: list[agreement.Page],
) -> None:
    told = [page for page in pages if page.kind == "json-ld"]
    assert len(told) == 25
    assert [page.file for page in told if not page.ours and page.file not in agreement.REASONS] == []
    assert sum(bool(page.ours) for page in told) == 21


@pytest.mark.parametrize("kind", agreement.KINDS)
def test_nine_in_ten_agree_with_the_usual_libraries(pages: list[agreement.Page], kind: str) -> None:
    """Those apart that have a reason; without one at most one in ten."""
    told = [page for page in pages if page.kind == kind and page.theirs and page.file not in agreement.REASONS]
    assert len(told) >= 8
    wrong = [(page.file, page.reason) for page in told if not page.agrees]
    assert 10 * len(wrong) <= len(told), wrong
