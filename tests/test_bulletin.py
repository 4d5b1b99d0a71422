"""What everyone reads of a source: a word, what is wrong, what it means; in either language, and nothing of ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator import outages, problems
from aggregator.bulletin import TROUBLED, Bulletin, bulletin, failure
from aggregator.model import Counts, Problem, Source
from aggregator.state import Absent, Drop, Held, Shift, SourceState
from tests.facts import NOW, SOURCE, ZONE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GOOD = SourceState(id=SOURCE.id, tried=NOW, good=NOW, due=NOW + HOUR, counts=Counts(inside=9))
YESTERDAY = NOW - DAY
FAILED: dict[str, Any] = {
    "good": YESTERDAY,
    "failures": 3,
    "failing_since": NOW - 2 * HOUR,
    "error": "10.0.0.7 said no",
    "error_code": "not-found",
}
STATES: dict[str, SourceState] = {
    "fine": GOOD,
    "new": SourceState(id=SOURCE.id),
    "failing": replace(GOOD, **FAILED),
    "paused": replace(GOOD, paused="staff:3 said that it is spam"),
    "quarantined": replace(GOOD, held=Held("too-many-new", YESTERDAY, "x", "5000")),
    "waiting": replace(GOOD, drop=Drop.ALL, absent=(Absent(1, YESTERDAY, NOW), Absent(2, YESTERDAY, NOW))),
    "late": replace(GOOD, tried=NOW - 2 * DAY),
    "degraded": replace(GOOD, damaged=True, problems=(Problem("damaged-cut"),)),
}


def told(state: SourceState | None, language: str = "sv", *, source: Source = SOURCE, **clock: int) -> Bulletin:
    offsets = {f"{source.id} {season}": minutes for season, minutes in clock.items()}
    return bulletin(source, state, NOW, ZONE, language, offsets)


@pytest.mark.parametrize("word", STATES)
def test_each_state_has_its_word(word: str) -> None:
    assert told(STATES[word]).word == word
    assert told(STATES[word]).troubled is (word in TROUBLED)
    assert told(None).word == "new"
    assert told(STATES[word], source=replace(SOURCE, enabled=False)).word == "disabled"


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("word", STATES)
def test_everyone_reads_whole_sentences_of_their_language_and_nothing_of_ours(word: str, language: str) -> None:
    found = told(STATES[word], language)
    for text in (found.headline, found.why, found.told):
        assert not {"{", "}"} & set(text)
        assert "staff:3" not in text
        assert "10.0.0.7" not in text
    for sentence in (found.why, found.told):
        assert not sentence or (sentence[0].isupper() and sentence[-1] in ".?")
    other = told(STATES[word], "en" if language == "sv" else "sv")
    assert found.headline != other.headline


def test_a_failure_says_since_when_what_is_shown_and_when_it_is_tried_again() -> None:
    found = told(STATES["failing"])
    assert found.headline == "Går inte att läsa sedan måndag 1 mars"
    assert found.why == "Kalendern finns inte längre på sin adress (404). Har den flyttat?"
    assert found.told == "Det som lästes i går kl. 12.00 visas fortfarande. Vi försöker igen i dag kl. 13.00."
    never = told(replace(STATES["failing"], good=None, due=NOW - HOUR))
    assert never.why == "Det finns inget på adressen längre (404). Har kalendern flyttat?"
    assert never.told == "Inget har gått att läsa än. Vi försöker igen inom kort."


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("code", [*outages.SENTENCES, *problems.SENTENCES, "unexpected", "never-heard-of"])
def test_every_failure_has_a_sentence(code: str, language: str) -> None:
    found = failure(replace(STATES["failing"], error_code=code), language)
    assert found
    assert "10.0.0.7" not in found


def test_a_calendar_that_is_empty_says_when_its_events_go() -> None:
    found = told(STATES["waiting"])
    assert found.headline == "Tom sedan söndag 28 februari"
    assert found.why.startswith("Kalendern svarar, men det finns inget kommande i den längre. 2 evenemang")
    assert "Är kalendern lika tom onsdag 3 mars kl. 12.00 tas de bort." in found.told


def test_a_few_that_stay_away_are_how_every_calendar_changes() -> None:
    assert told(replace(STATES["waiting"], drop=Drop.FEW)).word == "fine"


def test_times_that_moved_and_times_that_are_off() -> None:
    moved = told(replace(GOOD, shifted=Shift(-60, NOW - HOUR)))
    assert moved.why.startswith("Alla tider flyttades en timme bakåt samtidigt, i dag kl. 11.00.")
    assert moved.needs == ("hour",)
    off = told(GOOD, summer=120)
    assert off.why.startswith("Tiderna ligger två timmar senare än vad andra berättar om samma evenemang på sommaren.")
    assert told(GOOD, winter=-60, summer=-60).why.startswith(
        "Tiderna ligger en timme tidigare än vad andra berättar om samma evenemang."
    )
    assert told(GOOD, winter=0).word == "fine"


def test_new_numbers_are_told_and_harm_nobody() -> None:
    once, always = told(replace(GOOD, churn=1)), told(replace(GOOD, churn=2, content_keyed=True))
    assert once.why.startswith("Alla evenemang har fått nya nummer (UID)")
    assert always.why.startswith("Kalendern ger sina evenemang nya nummer (UID) varje gång")
    assert "inget visas dubbelt" in once.told.lower()


def test_what_helps_is_named_where_something_does() -> None:
    needs = {
        code: told(replace(STATES["failing"], error_code=code)).needs for code in ("not-found", "forbidden", "timeout")
    }
    assert needs == {"not-found": ("find",), "forbidden": ("open",), "timeout": ()}
    assert told(replace(GOOD, wants=("ends",))).needs == ("ends",)
