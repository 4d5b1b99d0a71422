"""What a checker says: which rule a text breaks, and where. The rules themselves stand in the checkers.

A checker takes bytes, knows nothing of how they were made, and imports nothing of `aggregator`: it would share our
mistakes. Its `RULES` name every rule with the section that it comes from; a test breaks each of them once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach: the key of the rule, and the place in words."""

    rule: str
    where: str


def told(found: Iterable[Violation], rules: Mapping[str, str]) -> list[str]:
    """Breaches as lines for people, each with its section; a few of each. An unknown rule is a KeyError."""
    lines: dict[str, list[str]] = {}
    for breach in found:
        lines.setdefault(f"{breach.rule} ({rules[breach.rule]})", []).append(breach.where)
    return [f"{rule}: {'; '.join(where[:3])} … {len(where)} in all" for rule, where in lines.items()]
