"""Every page of work opens, in both languages, on an empty town and on one with something in every pile."""

from __future__ import annotations

import pytest

from aggregator.web.staff import ROUTES
from tests.web.desk import Desk
from tests.web.staff.full import fill

LISTS = sorted({route.path for route in ROUTES if "{" not in route.path and "GET" in (route.methods or ())})


@pytest.mark.parametrize("path", LISTS)
def test_a_page_of_an_empty_town_opens(desk: Desk, path: str) -> None:
    answer = desk.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    if not path.endswith(".csv"):
        assert f'<html lang="{"en" if path.startswith("/en") else "sv"}">' in answer.text


def test_every_page_of_a_full_town_opens(desk: Desk) -> None:
    for path in fill(desk):
        for language in ("", "/en"):
            answer = desk.get(language + path)
            assert answer.status_code == 200, (language + path, answer.text[:2000])
