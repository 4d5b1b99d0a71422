"""The town hall that tests of pages behind a login share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.town import readers, small_town  # noqa: F401 (fixtures)
from tests.web.desk import desk  # noqa: F401 (fixture)
from tests.web.people import Hall, hall


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    """A town hall on SQLite."""
    monkeypatch.chdir(tmp_path)
    with hall(tmp_path) as opened:
        yield opened
