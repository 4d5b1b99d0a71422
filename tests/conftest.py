"""Fixtures that more than one file of tests needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import browser, page  # noqa: F401 (fixtures)
from tests.loopback import Loopback
from tests.postgres import database_url, postgres_server, postgres_url  # noqa: F401 (fixtures)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the program does."""
    return "asyncio"


@pytest.fixture
def site() -> Iterator[Loopback]:
    """A web server on loopback, empty."""
    with Loopback() as server:
        yield server
