"""What a search could have asked instead: days that it names, a word that was misspelt, hits in the other layer. Pure.

Each is a link that says what it shows and how many events that is; nothing is ever asked in place of what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from aggregator.render import prose
from aggregator.search import folded, meets, needles, telling, words
from aggregator.selection import Filter, list_span, select
from aggregator.shelf import Shelf
from aggregator.spelling import nearest
from aggregator.swedish.asked import Asked, days_asked
from aggregator.thesaurus import COMMON
from aggregator.web import filters
from aggregator.web.site import Site, twin
from aggregator.web.words import say

_WORD = re.compile(r"\w+")
_OTHER = {"leisure": "civic", "civic": "leisure"}


@dataclass(frozen=True, slots=True)
class Instead:
    """A link to another filter, and what it says."""

    label: str
    url: str


def instead(shelf: Shelf, wanted: Filter, total: int, site: Site, language: str, today: date) -> list[Instead]:
    """The links for a list that found `total` events; none for a filter without words."""
    if len(wanted.text) != 1:
        return []
    asker = _Asker(shelf, wanted, site, language, today)
    return [*asker.days(), *(asker.spelling() if not total else ()), *asker.layer()]


@dataclass(frozen=True, slots=True)
class _Asker:
    shelf: Shelf
    wanted: Filter
    site: Site
    language: str
    today: date

    def days(self) -> Iterator[Instead]:
        asked = days_asked(self._typed(), self.today, self.site.holidays)
        if asked is not None:
            other = replace(_about(self.wanted, asked.rest), first=asked.first, last=asked.last, days=None)
            what = asked.rest or say(self.language, "instead-all")
            yield self._link("instead-days", other, self._count(other), what=what, when=self._when(asked))

    def spelling(self) -> Iterator[Instead]:
        """The query with its unknown words as the town writes them, if that finds something."""
        known = [*{*self.shelf.index.words(), *COMMON}]
        vain = [word for word in telling(self.wanted.text[0]) if not self._said(word)]
        for near in nearest(vain[0], known) if vain else ():
            other = _about(self.wanted, self._mended({vain[0]: near} | self._nearest(vain[1:], known)))
            if count := self._count(other):
                yield self._link("instead-word", other, count, what=other.typed[other.text[0]])
                return

    def layer(self) -> Iterator[Instead]:
        other = replace(self.wanted, layer=_OTHER.get(self.wanted.layer, self.wanted.layer))
        if other != self.wanted and (count := self._count(other)):
            yield self._link("instead-layer", other, count, layer=say(self.language, f"layer-{other.layer}"))

    def _typed(self) -> str:
        group = self.wanted.text[0]
        return self.wanted.typed.get(group, " ".join(group))

    def _said(self, word: str) -> int:
        return self.shelf.index.saying(needles(word), lambda said: meets(said, word)) & self.shelf.alive

    def _nearest(self, vain: list[str], known: list[str]) -> dict[str, str]:
        return {word: near[0] for word in vain if (near := nearest(word, known, 1))}

    def _mended(self, others: dict[str, str]) -> str:
        return _WORD.sub(lambda found: others.get(folded(found[0]), found[0]), self._typed())

    def _count(self, other: Filter) -> int:
        return len(select(self.shelf, other, list_span(other, self.today)))

    def _when(self, asked: Asked) -> str:
        if asked.first != asked.last:
            return prose.short_span(asked.first, asked.last, self.language)
        near = {self.today: "today", self.today + timedelta(days=1): "tomorrow"}.get(asked.first)
        return say(self.language, f"instead-{near}") if near else prose.day(asked.first, self.language)

    def _link(self, key: str, other: Filter, count: int, **values: str) -> Instead:
        key = f"{key}-one" if count == 1 else key
        query = filters.address(other)
        action = twin("/", self.language)
        return Instead(say(self.language, key, count=count, **values), f"{action}?{query}" if query else action)


def _about(wanted: Filter, text: str) -> Filter:
    """The filter with other words."""
    group = words(text)
    return replace(wanted, text=(group,) if group else (), typed={group: text} if group else {})
