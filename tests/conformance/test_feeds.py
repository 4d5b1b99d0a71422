"""RSS, Atom, JSON Feed and JSON-LD held to their specifications by checkers of our own, over all that we publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings

from aggregator.compose import Program
from aggregator.model import Event
from tests.conformance import atom, bodies, json_feed, json_ld, rss
from tests.conformance.report import Violation, told


@dataclass(frozen=True, slots=True)
class Checker:
    """How one format is checked."""

    check: Callable[[bytes], list[Violation]]
    rules: Mapping[str, str]

    def breaches(self, body: bytes) -> list[str]:
        """What a body breaks, in lines."""
        return told(self.check(body), self.rules)


CHECKERS = {
    "rss": Checker(rss.check, rss.RULES),
    "atom": Checker(atom.check, atom.RULES),
    "json": Checker(json_feed.check, json_feed.RULES),
    "jsonld": Checker(json_ld.check, json_ld.RULES),
}
HAND_MADE = [(form, name) for form in CHECKERS for name in bodies.hand_made(form)]


@pytest.mark.parametrize(("form", "name"), HAND_MADE)
def test_golden_case_conforms(form: str, name: str) -> None:
    assert CHECKERS[form].breaches(bodies.hand_made(form)[name]) == []


@pytest.mark.parametrize("form", CHECKERS)
@settings(max_examples=60, deadline=None)
@given(bodies.feeds_of_events())
def test_any_events_conform(form: str, made: list[Event]) -> None:
    assert CHECKERS[form].breaches(bodies.written(form, made)) == []


@pytest.mark.slow
@pytest.mark.parametrize("form", CHECKERS)
def test_example_town_conforms(example: Program, form: str) -> None:
    paths = [f"/events.{form}?{query}" for query in bodies.QUERIES]
    for path, body in bodies.served(example, paths).items():
        assert CHECKERS[form].breaches(body) == [], path


@pytest.mark.corpus
@pytest.mark.slow
@bodies.needs_corpus
@pytest.mark.parametrize("form", CHECKERS)
def test_every_event_of_the_corpus_conforms(form: str) -> None:
    wrong = {name: CHECKERS[form].breaches(bodies.written(form, made)) for name, made in bodies.of_the_corpus()}
    assert {name: lines for name, lines in wrong.items() if lines} == {}
