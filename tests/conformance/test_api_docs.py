"""The examples of docs/api.md are true: each request is asked of the example town, and its answer compared."""

from __future__ import annotations

import asyncio
import json
import re
from time import monotonic
from typing import Any

import httpx
import pytest

from aggregator.catalogue import Catalogue
from aggregator.compose import Program
from aggregator.web.app import create_app
from tests.design.tree import ROOT

PAIR = re.compile(r"```http\nGET (\S+)\n```\n\n```json\n(.*?)```", re.DOTALL)
EXAMPLES = PAIR.findall((ROOT / "docs" / "api.md").read_text(encoding="utf-8"))
MORE = "…"


def missing(told: Any, answer: Any, at: str = "") -> list[str]:
    """What of an example an answer does not hold. "…" in a list stands for any number of members."""
    if isinstance(told, dict) and isinstance(answer, dict):
        return [
            gap
            for key, value in told.items()
            for gap in (missing(value, answer[key], f"{at}/{key}") if key in answer else [f"{at}/{key}"])
        ]
    if isinstance(told, list) and isinstance(answer, list):
        return _of_list(told, answer, at)
    return [] if told == answer else [f"{at}: {answer!r}"]


def _of_list(told: list[Any], answer: list[Any], at: str) -> list[str]:
    wanted = [one for one in told if one != MORE]
    if MORE not in told:
        if len(told) != len(answer):
            return [f"{at}: {len(answer)} members"]
        return [gap for n, pair in enumerate(zip(told, answer, strict=True)) for gap in missing(*pair, f"{at}/{n}")]
    return [f"{at}: no {one}" for one in wanted if all(missing(one, other) for other in answer)]


async def asked(program: Program, path: str) -> httpx.Response:
    catalogue = Catalogue(program.store, program.zone, monotonic, lambda *_told: None)
    app = create_app(program.config, program.settings, program.store, catalogue, lambda: program.begun)
    base = program.settings.base_url
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base) as client:
        return await client.get(path)


def test_api_has_examples_of_every_address() -> None:
    paths = {path.partition("?")[0] for path, _ in EXAMPLES}
    assert {path for path in paths if not re.search("[0-9A-Z]{26}$", path)} == {
        f"/api/v1/{name}" for name in ("events", "sources", "places", "choices")
    }
    assert any(re.search("[0-9A-Z]{26}$", path) for path in paths)


@pytest.mark.parametrize(("path", "told"), EXAMPLES, ids=[path for path, _ in EXAMPLES])
def test_example_of_the_api_is_true(example: Program, path: str, told: str) -> None:
    answer = asyncio.run(asked(example, path))
    expected = json.loads(told)
    assert answer.status_code == (400 if "error" in expected else 200)
    assert missing(expected, answer.json()) == []


def test_gap_in_an_example_is_seen() -> None:
    assert missing({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2, "c": 3}], "d": 4}) == []
    assert missing({"a": [MORE, {"b": 2}]}, {"a": [0, {"b": 2}, 9]}) == []
    for wrong in ({"b": 1}, {"a": [1]}, {"a": [1, {"b": 3}]}, {"a": [MORE, {"b": 3}]}):
        assert missing(wrong, {"a": [1, {"b": 2}]}) != []
