"""What is wrong in a query, as a value: said in English to programs, in either language to whoever embeds. Pure.

`filters` finds what can't be read; here is what it is called, what was meant instead, and which ids name nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from aggregator.selection import Filter
from aggregator.shelf import Shelf
from aggregator.slugs import slug
from aggregator.web.locale.wrongs import WORDS
from aggregator.web.site import Site

_NEAR = 0.6  # of difflib: "kategori" is as near to "category" as 0.625
_LISTED = 30  # ids that a sentence can hold
# What a Swede writes for a key whose own name looks otherwise.
_SWEDISH = {
    "antal": "limit", "plats": "place", "arrangor": "organizer", "kalla": "source", "sprak": "lang", "dagar": "days",
    "malgrupp": "audience", "fran": "from", "till": "to", "gratis": "free", "alder": "age", "tema": "theme",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing in a query that means nothing. `word` names its sentence, `values` fill the blanks of it."""

    key: str
    word: str
    values: tuple[tuple[str, object], ...] = ()

    @property
    def meant(self) -> bool:
        """Whether somebody meant our filter by it; addresses gather keys of others on their way."""
        return self.word != "key" or bool(dict(self.values)["near"])

    def said(self, language: str) -> str:
        """The sentence, without a full stop."""
        words, values = WORDS[language], dict(self.values)
        if "choices" in values:
            values["known"] = _listed(values["choices"], words["or"])
        near = values.get("near")
        if self.word == "key":
            values["meant"] = words["wrong-key-meant"].format(near=near) if near else ""
        elif self.word == "unknown":
            way = "near" if near else "known" if values["known"] else "listed"
            values["meant"] = words[f"wrong-unknown-{way}"].format(**values)
        return words[f"wrong-{self.word}"].format(**{"key": self.key, **values})


def no_key(given: str, known: Iterable[str]) -> Mistake:
    """A key that there is not, with the one that was meant as far as that can be told."""
    if given == "theme":
        return Mistake(given, "theme")
    names = sorted({*known})
    near = _SWEDISH.get(slug(given)) or next(iter(get_close_matches(given.lower(), names, 1, _NEAR)), "")
    near = near if given.isalpha() else ""  # `utm_source` is somebody else's
    told = (("near", near if near in names else ""), ("known", ", ".join(names)))
    return Mistake(given[:40], "key", told)


def naming_nothing(wanted: Filter, shelf: Shelf, site: Site) -> list[tuple[str, str]]:
    """The ids, each with its key, that no published event has, and no place, source or category of the town."""
    shown = shelf.alive & shelf.index.bearing("shown", True)
    told = [(key, value) for key, values in wanted.ids.items() for value in values]
    return [
        (key, value)
        for key, value in told
        if value not in _of_town(key, site) and not shelf.index.bearing(key, value) & shown
    ]


def unknown(wanted: Filter, shelf: Shelf, site: Site) -> list[Mistake]:
    """The same as mistakes. Such ids are left to find nothing, since they may come back."""
    return [_unknown(key, value, shelf, site) for key, value in naming_nothing(wanted, shelf, site)]


def told(found: Sequence[Mistake], language: str) -> list[str]:
    """The sentences for whoever made the code, with what became of each."""
    ends = {"turned": "turned-round", "unknown": ""}
    words = WORDS[language]
    said = [(one.said(language), ends.get(one.word, "left-out")) for one in found]
    return [words[f"wrong-{end}"].format(told=sentence) if end else sentence for sentence, end in said]


def _unknown(key: str, value: str, shelf: Shelf, site: Site) -> Mistake:
    ids = sorted(_ids(key, shelf, site))
    names = {slug(shelf.labels.get(f"{key}-{id}", id)): id for id in ids}
    names |= {slug(site.english[id]): id for id in ids if id in site.english} | {id: id for id in ids}
    near = next(iter(get_close_matches(value, names, 1, _NEAR)), "") if key != "series" else ""
    known = ", ".join(ids) if key != "series" and len(ids) <= _LISTED else ""
    return Mistake(key, "unknown", (("given", value), ("near", names.get(near, "")), ("known", known)))


def _ids(key: str, shelf: Shelf, site: Site) -> set[str]:
    return {str(value) for value in shelf.index.values(key)} | {*_of_town(key, site)}


def _of_town(key: str, site: Site) -> Collection[str]:
    known: Mapping[str, Collection[str]] = {"place": site.places, "source": site.sources, "category": site.english}
    return known.get(key, ())


def _listed(choices: object, last: str) -> str:
    """ "a, b or c"."""
    names = [*choices] if isinstance(choices, tuple) else [str(choices)]
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
