"""A versioned snapshot of the catalogue that scores depend on, and the keys under which listings are looked for.

At one version every score is a pure function of two listings, so batch and one-by-one arrival agree. Renewing it
changes the version, and with it scores; the daily job renews it, and a refresh that brings very many listings may.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import log

from aggregator import offsets
from aggregator.features import Features

PRIOR = 40  # listings that an empty catalogue is taken to have, so that words are rare from the first day
SHORT_SPAN = 3  # days of which each is a blocking key by words; longer spans are looked for by their rarest words
LONG_SPAN = 92  # days of a long span that are keys by place
RARE_WORDS = 2
CROWD = 150  # listings under one key from which on the key is divided


@dataclass(frozen=True)
class Statistics:
    """`words` counts listings by word (those seen twice or more), `crowded` are block keys with more than `CROWD`.

    `shared` are addresses, UIDs and images that stand for several events, `offsets` minutes by source and season;
    `repeated` what one source tells at several hours of a day (`showing`).
    """

    version: int = 0
    total: int = 0
    words: Mapping[str, int] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    crowded: frozenset[str] = frozenset()
    offsets: Mapping[str, int] = field(default_factory=dict)
    repeated: frozenset[str] = frozenset()

    def rarity(self, word: str) -> float:
        """How much sharing the word says, in log-odds: the logarithm of how seldom it is."""
        return log((self.total + PRIOR) / (self.words.get(word, 1) + 1))

    @classmethod
    def build(cls, features: Collection[Features], version: int) -> Statistics:
        """Count over all active units (`match.units`). Their order changes nothing."""
        counts = Counter(word for f in features for word in {*f.title.name, *f.slug, *_kinds(f)})
        plain = cls(version, len(features), {w: n for w, n in sorted(counts.items()) if n > 1}, _shared(features))
        keys = Counter(key for f in features for key in block_keys(f, plain))
        crowded = frozenset(key for key, n in keys.items() if n > CROWD)
        return cls(
            version,
            plain.total,
            plain.words,
            plain.shared,
            crowded,
            offsets.by_season(offsets.find(features)),
            _repeated(features),
        )


def block_keys(features: Features, stats: Statistics) -> frozenset[str]:
    """Keys of which two listings must share one to be compared; store them in an index.

    Never the day alone: the day with a place, with a word, or with kind and hour; and page, UID and image. A key
    that the statistics found crowded is divided by the hour and by each further word.
    """
    keys = frozenset(_keys(features, stats))
    crowded = keys & stats.crowded
    if not crowded:
        return keys
    finer = [str(features.clock), *sorted(set(features.title.name))[:4]]
    return keys - crowded | {f"{key}|{detail}" for key in crowded for detail in finer}


def _keys(f: Features, stats: Statistics) -> Iterator[str]:
    names = sorted({*f.title.name, *_kinds(f)}, key=lambda word: (-stats.rarity(word), word))
    length = (f.last - f.first).days
    spots = f.places or {f"?{word}" for word in f.spot}
    for day in (*_days(f.first, length), *f.elsewhen):
        yield from (f"p|{day}|{place}" for place in spots)
        yield from (f"w|{day}|{word}" for word in (names if length < SHORT_SPAN else names[:RARE_WORDS]))
    yield from (f"u|{page}" for page in f.pages if page not in stats.shared)
    if f.image and f.image not in stats.shared:
        yield f"g|{f.image}"
    if f.uid and f.uid not in stats.shared:
        yield f"i|{f.uid}"


def _kinds(f: Features) -> set[str]:
    """Kinds count as words of their own."""
    return {f"~{kind}" for kind in f.title.kinds}


def _days(first: date, length: int) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range(min(length, LONG_SPAN) + 1))


def showing(f: Features) -> str:
    """What a listing shows on its day at its place, whatever the hour: its name, else its kinds."""
    what = sorted({*(f.title.name or _kinds(f)), *f.title.roles, *f.title.editions})
    return f"{f.first}|{' '.join(sorted(f.places))}|{' '.join(what)}"


def _repeated(features: Collection[Features]) -> frozenset[str]:
    """What one source tells at two hours of one day at one place: a second showing, tour or class."""
    clocks: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for f in features:
        if f.clock is not None:
            clocks[f.source, showing(f)].add(f.clock)
    return frozenset(key for (_, key), found in clocks.items() if len(found) > 1)


def _shared(features: Collection[Features]) -> frozenset[str]:
    """Identifiers that one source uses for several starts: series pages, list pages, stock pictures.

    Two sources that give one page two starts are no sign of it: so a moved event looks.
    """
    starts: defaultdict[str, defaultdict[str, set[tuple[date, int | None]]]] = defaultdict(lambda: defaultdict(set))
    for f in features:
        for identifier in (*f.pages, f.uid, f.image):
            if identifier:
                starts[identifier][f.source].add((f.first, f.clock))
    return frozenset(id for id, sources in starts.items() if _several(sources))


def _several(sources: Mapping[str, set[tuple[date, int | None]]]) -> bool:
    days = {day for starts in sources.values() for day, _ in starts}
    one_source = any(len({day for day, _ in starts}) > 1 or _clocks(starts) > 1 for starts in sources.values())
    return one_source or len(days) > 2


def _clocks(starts: set[tuple[date, int | None]]) -> int:
    return len({clock for _, clock in starts if clock is not None})
