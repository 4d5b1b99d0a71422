"""Fixtures of the command tests."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from aggregator.settings import PREFIX
from tests.cli.town import TOWN, Town, calendar


@pytest.fixture
def town(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town at a given moment, on SQLite; no setting of the machine reaches it."""
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EVENEMANG_NOW", "2026-11-23T12:00:00+01:00")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    made = Town(tmp_path, capsys)
    made.write(
        {"sources.yaml": TOWN, "biblioteket.ics": calendar(), "kommunen.ics": calendar(uid="2@provstad.example")}
    )
    yield made
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A town's folder."""
    files = {"sources.yaml": TOWN, "biblioteket.ics": calendar(), "kommunen.ics": calendar(uid="2@provstad.example")}
    for name, body in files.items():
        (tmp_path / name).write_text(body)
    return tmp_path
