"""How a page is looked at in the browser: by axe, by the keyboard, by its size, and as a picture for people to see."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.machine import NODE_FOLDER

AXE = NODE_FOLDER / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SHOTS = Path(os.environ.get("SHOTS", Path(__file__).parents[2] / ".test-output" / "pages"))
_SMALL = """() => [...document.querySelectorAll('main a, button, input, select, summary, nav a')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && getComputedStyle(e).display !== 'inline' && (box.height < 24 || box.width < 24)
      && !e.closest('label');
}).map(e => e.outerHTML.slice(0, 80))"""


def violations(page: Page) -> list[str]:
    """What axe finds, all rules of its tags on."""
    page.evaluate(AXE.read_text())  # not as a script of the page: its policy allows none but ours
    found: Any = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [f"{v['id']}: {v['help']} at {[n['html'][:200] for n in v['nodes'][:3]]}" for v in found["violations"]]


def small_targets(page: Page) -> list[str]:
    """What is smaller than 24 by 24 px (WCAG 2.2, 2.5.8), but for links within a sentence."""
    found: list[str] = page.evaluate(_SMALL)
    return found


def shot(page: Page, name: str, look: str) -> None:
    """A picture of the whole page, named for it and for how it was looked at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    label = re.sub("[^A-Za-z0-9]+", "-", name).strip("-") or "list"
    page.screenshot(path=SHOTS / f"{label}-{look}.png", full_page=True)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, and see that it shows."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert style != "none"
            return
    raise AssertionError(f"the focus never reached {selector}")
