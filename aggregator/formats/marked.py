"""The events that a page's own markup tells → the split of that page. How they are marked is each format's business."""

from __future__ import annotations

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser

from aggregator.errors import ReadError
from aggregator.formats.format import Split
from aggregator.formats.linked import linked_of
from aggregator.formats.pieces import Node, grouped
from aggregator.problems import SENTENCES


def split_of(nodes: Sequence[Node], page: LexborHTMLParser, base: str) -> Split:
    """One piece per identity, the page's title, and what the page links to. Raises `ReadError` without an event."""
    if not nodes:
        raise ReadError(SENTENCES["html-page"][1], code="html-page")
    name = page.css_first("title")
    return Split(
        pieces=grouped(nodes, base),
        name=name.text(strip=True) or None if name is not None else None,
        linked=linked_of(page, base),
    )
