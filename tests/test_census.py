"""The first fill of an empty catalogue is matched once, by statistics counted over all its answers."""

from __future__ import annotations

import pytest

from aggregator import rounds
from tests.town import Town, at, evenings, readers, town, vevent  # noqa: F401 (fixtures)


@pytest.fixture
def filled(town: Town) -> Town:  # noqa: F811
    town.add("kyrkan")
    town.add("klubben")
    town.add("borta")
    town.tell("kyrkan", *evenings(12))
    town.tell("klubben", *evenings(6), vevent("Öppen scen", at(9), uid="scen"))
    town.site.page("/borta.ics", b"", status=503)
    town.refresh()
    return town


def test_the_first_fill_is_counted_before_it_is_matched(filled: Town) -> None:
    counted = filled.program.kit.ledger.statistics()
    assert counted.version == 1
    assert counted.total == filled.program.kit.ledger.active()


def test_counting_again_after_the_first_fill_finds_nothing_new(filled: Town) -> None:
    assert not rounds.renew(filled.program.kit, filled.now)


def test_a_source_that_fails_keeps_the_first_fill_not_waiting(filled: Town) -> None:
    assert filled.state("borta").failures == 1
    assert "Öppen scen" in filled.titles()
