"""Pages of staff in a real browser: accessible, narrow, and quick by keyboard."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.town import readers  # noqa: F401 (fixture)
from tests.web.desk import Desk
from tests.web.looks import small_targets, violations
from tests.web.staff.full import fill
from tests.web.staff.shown import member, served_desk

pytestmark = pytest.mark.browser

SHOTS = Path(os.environ.get("SHOTS", Path(__file__).parents[3] / ".test-output" / "staff"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, readers: Any) -> Iterator[tuple[Desk, str, list[str]]]:  # noqa: F811
    """A full town, where it is served, and its pages."""
    with served_desk(tmp_path_factory.mktemp("town"), readers, fill) as found:
        yield found


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [
        ("sv", 320, "light"),
        ("en", 1280, "dark"),
        *[pytest.param(*which, marks=pytest.mark.slow) for which in (("en", 320, "dark"), ("sv", 1280, "light"))],
    ],
)
def test_every_page_of_work_is_accessible_and_fits(
    browser: Browser, full: tuple[Desk, str, list[str]], language: str, width: int, scheme: Any
) -> None:
    desk, base, pages = full
    context = member(browser, desk, base, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    told: list[str] = []
    wrong: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    SHOTS.mkdir(parents=True, exist_ok=True)
    for path in pages:
        page.goto(base + (path if language == "sv" else f"/en{path}"))
        label = re.sub("[^A-Za-z0-9]+", "-", path).strip("-")
        page.screenshot(path=SHOTS / f"{label}-{language}-{width}.png", full_page=True)
        wrong += [f"{path}: {found}" for found in (*violations(page), *small_targets(page))]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path}: wider than the screen")
        assert page.evaluate("document.documentElement.lang") == language, path
    assert (wrong, told) == ([], [])
    context.close()
