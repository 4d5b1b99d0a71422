"""`/om/stil`: the look of the pages on one page, for who changes them: colours with their contrast, type, every part.

The colours are read from the style itself, so that what is told here is what is served.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from aggregator.shelf import Shelf
from aggregator.web import answer
from aggregator.web.cards import Card
from aggregator.web.choices import Choice
from aggregator.web.pages import both, language_of, render
from aggregator.web.respond import HTML, ready
from aggregator.web.words import say

PATH = "/om/stil"
# What each colour of the style is for, and on which ground it stands; "" for a ground.
COLOURS: Mapping[str, str] = {
    "paper": "",
    "card": "",
    "ink": "paper",
    "soft": "paper",
    "line": "paper",
    "edge": "paper",
    "green": "paper",
    "green-ink": "paper",
    "warn": "warn-paper",
    "warn-paper": "",
    "note": "note-paper",
    "note-paper": "",
}
_BLOCK = re.compile(r":root(?:\.dark|:not\(\.light\))? \{(.*?)\}", re.DOTALL)
_COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of the style in both schemes, and its contrast to the ground it stands on ("" for a ground)."""

    name: str
    light: str
    dark: str
    ground: str
    contrast: str


def schemes(css: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The colours of a style by name, light and dark; what is not told for the dark is as in the light."""
    light, dark = (dict(_COLOUR.findall(block)) for block in _BLOCK.findall(css)[:2])
    return light, light | dark


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def colours(css: str) -> list[Colour]:
    """Every colour of `COLOURS`."""
    light, dark = schemes(css)
    return [
        Colour(name, light[name], dark[name], ground, _told(name, ground, light, dark))
        for name, ground in COLOURS.items()
    ]


async def page(request: Request) -> Response:
    """`GET /om/stil`."""
    language = language_of(request)

    def build(_shelf: Shelf) -> bytes:
        css = (files("aggregator.web") / "static" / "evenemang.css").read_text(encoding="utf-8")
        own = "" if language == "sv" else "sv"
        states = ("", "cancelled", "moved", "postponed", "moved-online", "tentative")
        told: dict[str, Any] = {
            "colours": colours(css),
            "cards": [_card(state, language) for state in states],
            "choices": [Choice("barn", "Barn", 12, True, own), Choice("musik", "Musik", 7, False, own)],
        }
        return render(request, "style.html", PATH, language, told)

    return await ready(request, (PATH, language), HTML, build, cache=answer.PAGE, policy=answer.POLICY)


def _card(state: str, language: str) -> Card:
    """A made-up event in a state."""
    return Card(
        id="",
        url="#innehall",
        title="Sagostund",
        state=state,
        state_label=say(language, f"badge-{state}") if state else "",
        clock="18.30–20.30" if language == "sv" else "18:30–20:30",
        when="",
        iso="2027-01-16T18:30:00+01:00",
        place="Biblioteket",
        place_url="",
        price="" if state else say(language, "free").capitalize(),
        summary="",
        categories=() if state else tuple((name, "" if language == "sv" else "sv") for name in ("barn", "bibliotek")),
        series="",
        lang="" if language == "sv" else "sv",
        place_lang="" if language == "sv" else "sv",
    )


def _told(name: str, ground: str, light: Mapping[str, str], dark: Mapping[str, str]) -> str:
    if not ground:
        return ""
    return " / ".join(f"{contrast(scheme[name], scheme[ground]):.1f}" for scheme in (light, dark))


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


ROUTES = both(PATH, page)
