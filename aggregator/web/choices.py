"""What the filter's form offers, each choice with how many events it would show. Pure.

A number beside a choice tells what the rest of the filter leaves: its own key is left out of the count, since several
values of one key mean *or*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aggregator.facets import counts
from aggregator.found import Found
from aggregator.model import Layer
from aggregator.selection import Filter, Span, all_of, at_times, list_span, unplaced, wishes
from aggregator.shelf import Shelf
from aggregator.web import tongue
from aggregator.web.site import Site
from aggregator.web.words import label, say

MOST = 24  # values of a key that are offered, the commonest; each is some 150 octets of the page
TIMES = ("morning", "day", "evening", "weekend")
LAYERS = ("leisure", "civic", "all")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a key: how many events it would show, and whether it is taken; `lang` where it is not the page's."""

    value: str
    label: str
    count: int
    taken: bool
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """A field of the form with its choices, of which one is taken."""

    key: str
    label: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose beside a filter in a span of days."""

    shelf: Shelf
    wanted: Filter
    span: Span
    site: Site
    language: str
    wished: Mapping[str, int]

    def of_ids(self, key: str) -> list[Choice]:
        """The values of a key whose values are ids, by label."""
        found = counts(self._rest(key), [key])[key]
        taken = self.wanted.ids.get(key, ())
        values = sorted(found, key=lambda value: (-found[value], value))[:MOST]
        values += [value for value in taken if value not in values]
        told = [self._choice(key, value, found.get(value, 0), value in taken) for value in values]
        return sorted(told, key=lambda choice: swedish_order(choice.label))

    def times(self) -> list[Choice]:
        """The hours of a day, and the weekend."""
        found = self._rest("time").set
        counted = {name: (found & at_times(self.shelf, name, self.span)).bit_count() for name in TIMES}
        return [Choice(n, say(self.language, f"time-{n}"), counted[n], n in self.wanted.time) for n in TIMES]

    def layers(self) -> list[Choice]:
        """Leisure, the civic calendar, both."""
        found, index = self._rest("layer").set, self.shelf.index
        counted = {layer.value: (found & index.bearing("layer", layer)).bit_count() for layer in Layer}
        counted["all"] = found.bit_count()
        return [Choice(n, say(self.language, f"layer-{n}"), counted[n], n == self.wanted.layer) for n in LAYERS]

    def flag(self, key: str) -> Choice:
        """A key that is there or not."""
        count = len(self._rest(key).bearing(key, True))
        return Choice("1", say(self.language, key), count, getattr(self.wanted, key))

    def unplaced(self) -> int:
        """How many are left out only because nobody told where they are."""
        return unplaced(self.shelf, self.wanted, self.span)

    def _choice(self, key: str, value: str, count: int, taken: bool) -> Choice:
        site, language = self.site, self.language
        words = key in ("category", "audience")
        name = self.shelf.labels.get(f"{key}-{value}", value)
        lang = tongue.of_word(name, site, language) if words else tongue.of_town(site, language)
        return Choice(value, label(key, value, site, self.shelf.labels, language), count, taken, lang)

    def _rest(self, key: str) -> Found:
        """What is found by all of the filter but one key."""
        return all_of(self.shelf, self.wished, without=key)


def offered(shelf: Shelf, wanted: Filter, site: Site, language: str, today: date) -> Offer:
    """What there is to choose from a day on."""
    span = list_span(wanted, today)
    return Offer(shelf, wanted, span, site, language, wishes(shelf, wanted, span))


def swedish_order(text: str) -> str:
    """å ä ö sort last, in this order."""
    return text.casefold().translate(str.maketrans("åäö", "{|}"))
