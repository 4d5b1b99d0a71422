"""What the pages that people open first weigh, pictures left out: as they are read, and on the wire."""

from __future__ import annotations

import gzip
from importlib.resources import files

import pytest

from aggregator.compose import Program
from aggregator.web.assets import tight
from tests.conformance import bodies

READ, WIRE = 60_000, 18_000  # octets of a page with its style: unpacked, and packed as it is sent
SCRIPT = 6 * 1024
STATIC = files("aggregator.web") / "static"


@pytest.fixture(scope="module")
def style() -> bytes:
    return tight((STATIC / "evenemang.css").read_bytes())


@pytest.mark.parametrize("path", ["/", "/en", "/?category=barn", "/en/vecka", "/manad", "/prenumerera", "/badda-in"])
def test_page_and_style_are_light(example: Program, style: bytes, path: str) -> None:
    page = bodies.served(example, [path])[path]
    assert len(page) + len(style) <= READ
    assert len(gzip.compress(page)) + len(gzip.compress(style)) <= WIRE


def test_scripts_are_light() -> None:
    for name in ("embed.js", "frame.js"):
        assert len(gzip.compress((STATIC / name).read_bytes())) <= SCRIPT


def test_style_is_served_without_comments_and_means_the_same(style: bytes) -> None:
    whole = (STATIC / "evenemang.css").read_bytes()
    assert b"/*" not in style
    for mark in (b"{", b"}", b"--green:", b"var(", b"@media", b'content: ": "'):
        assert whole.count(mark) == style.count(mark)
    assert 0.7 * len(whole) < len(style) < len(whole)
