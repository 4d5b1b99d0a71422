"""A town of a desk served on loopback, and a real browser in which the member is logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext

from aggregator.sandbox import Sandbox
from tests.loopback import Loopback
from tests.town import open_town
from tests.web.desk import Desk, staffed
from tests.web.served import base_of, listening, serving

T = TypeVar("T")


@contextmanager
def served_desk(folder: Path, readers: Sandbox, fill: Callable[[Desk], T]) -> Iterator[tuple[Desk, str, T]]:
    """A desk over a town that `fill` has filled, where it is served, and what `fill` gave.

    The public address is that of the server, since pages lead on by it. Playwright's loop runs in the thread of the
    test, so the town is filled in another.
    """
    with (
        listening() as listener,
        Loopback() as site,
        pytest.MonkeyPatch.context() as patch,
        ThreadPoolExecutor(1) as aside,
    ):
        patch.setenv("EVENEMANG_BASE_URL", base_of(listener))
        with open_town(folder, site, readers, f"sqlite:///{folder}/evenemang.db", patch.setenv) as town:
            desk = staffed(town)
            found = aside.submit(fill, desk).result()
            with serving(desk.app, listener):
                yield desk, base_of(listener), found


def member(browser: Browser, desk: Desk, base: str, **options: Any) -> BrowserContext:
    """A browser in which the member is logged in."""
    context = browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm", **options)
    context.set_default_timeout(10_000)
    secret = desk.browser.cookies["evenemang-staff"]
    context.add_cookies([{"name": "evenemang-staff", "value": secret, "url": base}])
    return context
