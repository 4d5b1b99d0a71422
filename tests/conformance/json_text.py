"""JSON by RFC 8259, strictly: UTF-8 without a mark, no key twice, no number that JSON does not know."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from tests.conformance.report import Violation

RULE = "RFC 8259 4, 8.1: UTF-8 without a byte order mark, names unique; 6: no NaN"


def parse(body: bytes) -> tuple[Any, list[Violation]]:
    """The value, or None with the reason; an answer that is no object is none."""
    try:
        told = json.loads(body.decode(), object_pairs_hook=_unique, parse_constant=_no)
    except ValueError as error:
        return None, [Violation("json", str(error))]
    return (told, []) if isinstance(told, dict) else (None, [Violation("json", "no object")])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if twice:
        raise ValueError(f"twice: {twice}")
    return dict(pairs)


def _no(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
