"""Towns for the tests of the runners, each with readers of its own: a runner that ends closes them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aggregator.sandbox import Sandbox
from tests.town import small_town, town  # noqa: F401 (fixtures)


@pytest.fixture
def readers() -> Iterator[Sandbox]:
    """A child of one test's own."""
    sandbox = Sandbox(size=1)
    yield sandbox
    sandbox.close()
