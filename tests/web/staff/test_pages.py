"""Every page of work opens, in both languages, on an empty town and on one with something in every pile."""

from __future__ import annotations

import re

import pytest

from aggregator.web.staff import ROUTES
from aggregator.web.words import TABLES
from tests.design.tree import PACKAGE
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


def test_templates_say_nothing_that_no_table_holds() -> None:
    """A word that another page gave up is missed here, and not by whoever opens the page."""
    folder = PACKAGE / "web" / "templates"
    said = {
        (file.name, key)
        for file in folder.rglob("*.html")
        for key in re.findall(r"\bt\('([a-z0-9_-]+)'\s*[,)]", file.read_text())
    }
    assert len(said) > 300
    assert sorted((name, key) for name, key in said if key not in TABLES["sv"] or key not in TABLES["en"]) == []


def test_every_page_of_a_full_town_opens(desk: Desk) -> None:
    for path in fill(desk):
        for language in ("", "/en"):
            answer = desk.get(language + path)
            assert answer.status_code == 200, (language + path, answer.text[:2000])
