"""Each file of `data/matching` is one way in which events look alike, or one event is told in other words."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.matching import clustered, listing

FOLDER = Path(__file__).parent / "data" / "matching"


def _cases(kind: str) -> list[Any]:
    files = sorted(FOLDER.glob("*.yaml"))
    told = [(file.stem, number, case) for file in files for number, case in enumerate(_read(file).get(kind, []), 1)]
    return [pytest.param(case, id=f"{stem}-{number}") for stem, number, case in told]


def _read(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("case", _cases("never"))
def test_lookalikes_are_never_merged(case: list[dict[str, Any]]) -> None:
    clusters = clustered([listing(number, **told) for number, told in enumerate(case, 1)]).clusters
    assert clusters == tuple((number,) for number in range(1, len(case) + 1))


@pytest.mark.parametrize("case", _cases("same"))
def test_one_event_told_differently_is_merged(case: list[dict[str, Any]]) -> None:
    listings = [listing(number, **told) for number, told in enumerate(case, 1)]
    assert clustered(listings).clusters == (tuple(range(1, len(case) + 1)),)
    for a, b in combinations(listings, 2):
        assert clustered([b, a]).clusters == clustered([a, b]).clusters
