"""The example town, refreshed once for all conformance tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aggregator.compose import Program
from tests.conformance import bodies


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The town that ships, published."""
    with bodies.example_town(tmp_path_factory.mktemp("example")) as program:
        yield program
