"""The look of the pages in figures: colours that can be read in both schemes, and the page that shows them all."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from aggregator.web.style import COLOURS, contrast, schemes
from tests.web.memory import World

CSS = (files("aggregator.web") / "static" / "evenemang.css").read_text(encoding="utf-8")
TEXT = [("ink", "paper"), ("ink", "card"), ("soft", "paper"), ("soft", "card"), ("green-ink", "paper")]
TEXT += [("green-ink", "card"), ("paper", "green"), ("warn", "warn-paper"), ("note", "note-paper")]
EDGES = [("edge", "paper"), ("edge", "card"), ("green", "paper"), ("green", "card")]
PAIRS = [*((one, other, 7.0) for one, other in TEXT), *((one, other, 3.0) for one, other in EDGES)]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("one", "other", "least"), PAIRS)
def test_contrast_is_enough(one: str, other: str, least: float, scheme: int) -> None:
    told = schemes(CSS)[scheme]
    assert contrast(told[one], told[other]) >= least


def test_contrast_is_what_the_guideline_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_frame_that_is_dark_for_everybody_has_the_colours_of_the_dark_scheme() -> None:
    asked, always = (
        re.search(rf"{re.escape(selector)} \{{(.*?)\}}", CSS, re.DOTALL)
        for selector in (":root:not(.light)", ":root.dark")
    )
    assert asked
    assert always
    assert asked[1].split() == always[1].split()


def test_every_colour_of_the_style_is_told_and_used() -> None:
    light, _ = schemes(CSS)
    assert set(light) == set(COLOURS)
    assert [name for name in COLOURS if f"var(--{name})" not in CSS] == []


@pytest.mark.anyio
async def test_style_page_shows_every_class_that_pages_share() -> None:
    text = (await World().get("/om/stil")).text
    shown = set(re.findall(r"[a-z-]+", " ".join(re.findall(r'class="([^"]+)"', text))))
    wanted = {"badge", "banner", "button", "quiet", "choice", "count", "empty", "event", "events", "facts", "field"}
    wanted |= {"fields", "filter", "help", "over", "panel", "place", "quick", "summary", "tags", "taken", "wide"}
    assert wanted - shown == set()
    assert '<meta name="robots" content="noindex">' in text
    assert "Inställt" in text
    assert "Cancelled" in (await World().get("/en/om/stil")).text
