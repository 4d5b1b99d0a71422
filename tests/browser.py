"""A real browser for the tests: Chromium, driven by Playwright, without a profile and without any traffic of its own.

Playwright's loop runs in the thread of the test, so a module that uses `page` has no async tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.machine import chromium, chromium_environment, node_program
from tests.postgres import missing

FLAGS = [
    "--headless",
    "--no-sandbox",  # CI runs as root, where Chromium's sandbox does not start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module of tests."""
    program = chromium()
    if program is None:
        missing("there is no Chromium (python -m tests.machine brings it)")
    with pytest.MonkeyPatch.context() as patch, _driver(patch) as playwright:
        environment: dict[str, str | float | bool] = {**chromium_environment()}
        started = playwright.chromium.launch(executable_path=program, args=FLAGS, env=environment)
        yield started
        started.close()


@contextmanager
def _driver(patch: pytest.MonkeyPatch) -> Iterator[Playwright]:
    """Playwright, run by the node of our wheel: its own one needs a library that a bare Debian lacks."""
    patch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node_program()))
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with an empty profile, in Swedish; what takes longer than ten seconds has failed."""
    context = browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
