"""What feeds and pages say in Swedish and English: one plain table, and the few sentences made from it. Pure.

Every key has both languages; a test compares them. Times and facts of events are written by `render.prose`.
"""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.selection import Filter
from aggregator.web.locale import accounts, en, journal, manual, offers, own, registry, searching, sv, work
from aggregator.web.site import Site

# Each holds both languages; no key is in two.
_AREAS = tuple(area.WORDS for area in (accounts, offers, own, work, registry, journal, manual, searching))


def _whole(language: str, words: Mapping[str, str]) -> Mapping[str, str]:
    return {key: text for table in (words, *(area[language] for area in _AREAS)) for key, text in table.items()}


TABLES: Mapping[str, Mapping[str, str]] = {"sv": _whole("sv", sv.WORDS), "en": _whole("en", en.WORDS)}


def say(language: str, key: str, **values: object) -> str:
    """The sentence of that key; `values` fill its blanks."""
    text = TABLES[language][key]
    return text.format(**values) if values else text


def filter_label(wanted: Filter, site: Site, language: str, labels: Mapping[str, str]) -> str:
    """The filter in a few words, for titles: "barn, bibliotek, fri entré"; empty without a filter."""
    told = [label(key, value, site, labels, language) for key, values in wanted.ids.items() for value in values]
    told += [" ".join(group) for group in wanted.text]
    told += [say(language, f"time-{name}") for name in wanted.time]
    told += [say(language, key) for key in ("free", "accessible") if getattr(wanted, key)]
    told += [say(language, f"layer-{wanted.layer}")] if wanted.layer != "leisure" else []
    told += [say(language, f"status-{name}") for name in wanted.status]
    told += [say(language, "age-label", age=age) for age in wanted.ages]
    told += [say(language, "near-label", km=f"{near.km:g}") for near in wanted.near]
    return ", ".join(told)


def label(key: str, value: str, site: Site, labels: Mapping[str, str], language: str) -> str:
    """What an id of the filter is called; `labels` are those of the shelf."""
    if key == "place" and value in site.places:
        return site.places[value].name
    if key == "source":
        return site.names.get(value, value)
    told = labels.get(f"{key}-{value}", value.replace("-", " "))
    return site.word(told, language) if key in ("category", "audience") else told


def feed_description(site: Site, language: str, limit: int | None, *, news: bool) -> str:
    """What a feed says of itself."""
    count = sum(source.enabled for source in site.sources.values())
    text = say(language, "feed-description", name=site.name, count=count)
    if news and limit:
        text += " " + say(language, "feed-newest", limit=limit)
    return text
