"""What staff said of pairs of listings, as what holds for matching: which pairs are pinned, which dates leave a run.

Two dates of one run are one unit, which no pair can part; so where staff call them different, the later listing leaves
the run and is matched by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from aggregator.model import Decision


def pinned(decisions: Iterable[Decision], unit_of: Mapping[int, int]) -> dict[tuple[int, int], Decision]:
    """The decisions in force by pair of units; of two that contradict each other the later one holds."""
    pins: dict[tuple[int, int], Decision] = {}
    for decision in sorted(decisions, key=lambda d: (d.made, d.id)):
        if decision.kind in ("same", "different") and decision.undone is None:
            pairs = {tuple(sorted(pair)) for pair in _between(decision, unit_of)}
            pins.update({(a, b): decision for a, b in pairs if a != b})
    return pins


def parted(decisions: Sequence[Decision]) -> dict[int, frozenset[int]]:
    """Listing → the smaller ones that staff called different from it."""
    themselves = {id: id for decision in decisions for id in decision.listings}
    found: dict[int, set[int]] = {}
    for (a, b), decision in pinned(decisions, themselves).items():
        if decision.kind == "different":
            found.setdefault(b, set()).add(a)
    return {id: frozenset(others) for id, others in found.items()}


def leavers(runs: Mapping[int, str | None], decisions: Sequence[Decision]) -> frozenset[int]:
    """The listings that leave their run; `runs` are the labels of all that are matched together."""
    return frozenset(
        id
        for id, others in parted(decisions).items()
        if (run := runs.get(id)) is not None and any(runs.get(other) == run for other in others)
    )


def _between(decision: Decision, unit_of: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """The pairs that a decision is about: each listing of one side with each of the other.

    `value` tells how many listings the first side has (one where nothing is told).
    """
    told = decision.value or ""
    first = int(told) if told.isdigit() else 1
    sides = decision.listings[:first], decision.listings[first:]
    known = [[unit_of[id] for id in side if id in unit_of] for side in sides]
    yield from product(*known)
