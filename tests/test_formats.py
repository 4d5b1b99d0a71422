"""Every file of tests/data/<format> reads as the .json beside it says; the file is the case."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aggregator import formats, readers
from aggregator.model import Context, Reading
from aggregator.sandbox import Sandbox
from tests.reading import NOW, context, told

DATA = Path(__file__).parent / "data"
FORMATS = tuple(name for name in formats.FORMATS if name != "ical")  # whose files `test_ical.py` reads
CASES = [
    path
    for name in FORMATS
    for path in sorted((DATA / name).iterdir())
    if not path.name.endswith((".expected.json", ".map.json"))
]
TYPES = {".html": "text/html", ".json": "application/json", ".xml": "application/rss+xml", ".csv": "text/csv"}


def asked(path: Path, **source: Any) -> Context:
    """The context of a file: an address whose format is not told, with the map beside the file if there is one."""
    rules = path.with_name(path.name + ".map.json")
    told_map = {"map": rules.read_text("utf-8")} if rules.exists() else {}
    told_map |= {"format": "submitted"} if path.parent.name == "submitted" else {}  # never found by its content
    url = f"https://exempel.se/{path.name}"
    return context(NOW, TYPES.get(path.suffix, ""), url=url, **told_map, **source)


def read(path: Path, **source: Any) -> Reading:
    """The file, read as an answer."""
    return formats.read_answer(path.read_bytes(), asked(path, **source))


def shown(reading: Reading) -> dict[str, Any]:
    """A reading as the expectation files hold it, with what only pages and feeds have."""
    rest = {
        "format": reading.format,
        "name": reading.name,
        "next": reading.next_url,
        "linked": [f"{link.format} {link.url}" for link in reading.linked],
        "follow": list(reading.follow),
        "suggestions": [f"{draft.title} | {draft.start}" for draft in reading.suggestions],
    }
    return {name: value for name, value in {**rest, **told(reading)}.items() if value not in (None, [], False)}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_reads_as_expected(path: Path) -> None:
    beside = path.with_name(path.name + ".expected.json")
    found = shown(read(path, images=True))
    if os.environ.get("GOLDEN"):
        beside.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert found == json.loads(beside.read_text("utf-8"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_second_reading_parses_nothing(path: Path) -> None:
    first = read(path)
    known = {chunk.key: chunk.hash for chunk in first.chunks}
    again = formats.read_answer(path.read_bytes(), asked(path), known)
    assert all(chunk.listings is None for chunk in again.chunks)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(size=1) as sandbox:
        yield sandbox


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_child_without_files_and_network_reads_the_same(box: Sandbox, path: Path) -> None:
    assert readers.read_answer(box, path.read_bytes(), asked(path), {}) == read(path)


def test_every_format_has_a_case() -> None:
    assert {read(path).format for path in CASES} >= set(formats.FORMATS) - {"ical"}
