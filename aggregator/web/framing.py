"""What a page that takes our list in may choose besides the filter: how many, long runs, light or dark. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.selection import Filter
from aggregator.web.choices import Choice, Select
from aggregator.web.mistakes import Mistake
from aggregator.web.words import say

# The first is what holds where nobody asks: most pages that take a frame in are light whatever the visitor's system is
# set to, and a frame that turns dark in them is a hole. `auto` is for pages that follow the visitor themselves.
THEMES = ("light", "dark", "auto")
SCHEMES = {"light": "light", "dark": "dark", "auto": "light dark"}  # of <meta name="color-scheme">
SHOWN = 10  # events where nobody asks for more or fewer
_LIMITS = (3, 5, 10, 20, 50)
# Pixels of a frame that can't be told its height: so much holds every event in a column of 280 px. One of more events
# than that is scrolled inside.
_AROUND, _EACH, _TALLEST = 100, 110, 10


def theme(given: Sequence[str]) -> tuple[str, tuple[Mistake, ...]]:
    """The theme that an address asks for, or the usual one and what is wrong with what it asks."""
    asked = {*given} or {THEMES[0]}
    if len(asked) == 1 and asked <= {*THEMES}:
        return asked.pop(), ()
    return THEMES[0], (Mistake("theme", "choice", (("choices", THEMES),)),)


def height(limit: int | None) -> int:
    """The height of a frame for so many events, until its page is told a better one."""
    return _AROUND + _EACH * min(limit or SHOWN, _TALLEST)


def selects(wanted: Filter, chosen: str, language: str) -> list[Select]:
    """The fields of the form that builds the code; an empty value is what holds anyway."""
    most = wanted.limit or SHOWN
    limits = [Choice("" if n == SHOWN else str(n), str(n), 0, n == most) for n in sorted({*_LIMITS, most})]
    runs = [
        Choice("" if name == "yes" else name, say(language, f"runs-{name}"), 0, name == wanted.ongoing)
        for name in ("yes", "no", "only")
    ]
    themes = [
        Choice("" if name == THEMES[0] else name, say(language, f"theme-{name}"), 0, name == chosen) for name in THEMES
    ]
    return [
        Select("limit", say(language, "embed-limit"), limits),
        Select("ongoing", say(language, "embed-runs"), runs),
        Select("theme", say(language, "embed-colours"), themes),
    ]
