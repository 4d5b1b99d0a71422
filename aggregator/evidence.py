"""The evidence that two listings tell one event: named log-odds, and vetoes. Pure; it forms no clusters.

Every part is a named measure of the pair times a frozen weight (`lexicons/weights.yaml`), so "why?" is a table.
A veto forbids a merge whatever the score.
"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.fuzz import ratio

from aggregator.features import Features, Rules, days_apart
from aggregator.lexicon import rivals
from aggregator.model import Evidence, Reason
from aggregator.offsets import season
from aggregator.places import metres
from aggregator.slips import slips, written_apart
from aggregator.statistics import Statistics, showing
from aggregator.vetoes import veto

NEAR_MINUTES = 20  # a rounded time
NEAR_DAYS = 2  # dates of one market or festival lie at most so far apart
DOORS_MINUTES = 90  # doors open at most so long before
DOORS_OF_A_CLASS = 45  # what is attended one by one has no foyer: an hour earlier is another class
RARE_ENOUGH = 12.0  # log-odds of shared words above which more of them say nothing new
HIDDEN_ENOUGH = 5.0  # rarity of hidden words from which on two listings are alike in something
GEO_NEAR = 200.0  # metres
ALIKE = 88.0  # of 100: the whole titles are slips of one another
TELLING = frozenset({"age", "grade", "months", "team", "part", "level"})  # editions that few events share by chance
ALIKE_IN = frozenset(
    {"words-shared", "words-hidden", "title-same", "title-alike", "kind-same", "kind-wider"}
    | {"page-same", "page-same-other-day", "uid-same", "image-same"}
)
ZONE_SLIP = 120  # minutes that a summer's UTC is off; so far apart are two showings too, and in winter only those
Measure = tuple[str, float, str]


def compare(a: Features, b: Features, stats: Statistics, rules: Rules) -> Evidence:
    """The evidence that `a` and `b` tell one event; the order of the two changes nothing."""
    if (b.source, b.id) < (a.source, a.id):
        a, b = b, a
    weights = rules.weights
    reasons = [Reason("prior", weights.get("prior", 0.0))]
    for name, value, detail in measures(a, b, stats, rules):
        weight = weights.get(name, 0.0)
        if weight and value:
            reasons.append(Reason(name, round(weight * value, 3), detail))
    return Evidence(score=round(sum(reason.weight for reason in reasons), 3), reasons=tuple(reasons), veto=veto(a, b))


def measures(a: Features, b: Features, stats: Statistics, rules: Rules) -> Iterator[Measure]:
    """What can be said of a pair: name, size, detail. Weights are fitted to these."""
    yield from _time(a, b, stats)
    yield from _place(a, b)
    what = [*_words(a, b, stats), *_kind(a, b, stats, rules), *_links(a, b, stats)]
    yield from what
    if not any(name in ALIKE_IN and (name != "words-hidden" or size > HIDDEN_ENOUGH) for name, size, _ in what):
        yield "nothing-alike", 1.0, ""
    yield from _edition(a, b, minutes_apart(a, b, stats))
    yield from _who(a, b)


# --- time -------------------------------------------------------------------------------------------------


def minutes_apart(a: Features, b: Features, stats: Statistics) -> int | None:
    """The distance of two known clock times, each put right by the known offset of its source."""
    if a.clock is None or b.clock is None:
        return None
    return abs(a.clock - stats.offsets.get(season(a), 0) - b.clock + stats.offsets.get(season(b), 0))


def _time(a: Features, b: Features, stats: Statistics) -> Iterator[Measure]:
    days = days_apart(a, b)
    if days and (a.first in b.elsewhen or b.first in a.elsewhen):
        yield "day-told", 1.0, f"{a.first} / {b.first}"
    elif days:
        near = "day-next" if days == 1 else "day-other"
        yield (f"{near}-span" if a.span and b.span and days <= NEAR_DAYS else near), 1.0, f"{a.first} / {b.first}"
        if "moved" in a.title.status | b.title.status:
            yield "moved-day", 1.0, ""
        return
    if (a.last - a.first).days != (b.last - b.first).days:
        yield from _span(a, b)
    apart = minutes_apart(a, b, stats)
    if (apart is None or apart > NEAR_MINUTES) and stats.repeated.intersection((showing(a), showing(b))):
        yield ("showing-unknown" if apart is None else "showing-other"), 1.0, ""
    if apart and "moved" in a.title.status | b.title.status:
        yield "moved", 1.0, ""
    if apart is not None:
        yield from _clocks(a, b, apart)
    else:
        yield from _untimed(a, b)


def _span(a: Features, b: Features) -> Iterator[Measure]:
    long = max((a.last - a.first).days, (b.last - b.first).days)
    edge = a.first == b.first or a.last == b.last
    name = "span-inside" if long > 3 else "span-short"
    yield (f"{name}-edge" if edge else name), 1.0, f"{a.first}..{a.last} / {b.first}..{b.last}"


def _clocks(a: Features, b: Features, apart: int) -> Iterator[Measure]:
    told = f"{_hhmm(a.clock)} / {_hhmm(b.clock)}"
    if apart == 0:
        yield "start-same", 1.0, told
    elif apart <= NEAR_MINUTES:
        yield "start-near", 1.0, told
    elif apart <= DOORS_MINUTES and (a.attended or b.attended):
        yield ("start-class" if apart <= DOORS_OF_A_CLASS else "start-class-hour"), 1.0, told
    elif apart <= DOORS_MINUTES:
        yield ("start-hour" if apart == 60 and not _sellers_doors(a, b) else "start-doors"), 1.0, told
    elif apart == ZONE_SLIP and a.summer and not (a.attended or b.attended):
        yield "start-hours", 1.0, told
    else:
        yield "start-other", 1.0, told
    if apart and (a.told == b.clock or b.told == a.clock):
        yield "said-same", 1.0, f"{_hhmm(a.told)} / {_hhmm(b.told)}"
    if a.ending is not None and b.ending is not None:
        yield from _ends(a, b, apart)


def _sellers_doors(a: Features, b: Features) -> bool:
    """Whether the earlier of the two is told by who sells the tickets, and so by the doors."""
    return a.seller if (a.clock or 0) < (b.clock or 0) else b.seller


def _ends(a: Features, b: Features, apart: int) -> Iterator[Measure]:
    told = f"{_hhmm(a.ending)} / {_hhmm(b.ending)}"
    if apart and max(a.clock or 0, b.clock or 0) >= min(a.ending or 0, b.ending or 0) > min(a.clock or 0, b.clock or 0):
        yield "hours-apart", 1.0, told
    if a.ending == b.ending:
        yield ("end-same" if apart == 0 else "end-same-only"), 1.0, told
    elif apart and _length(a) == _length(b):
        yield "length-same-only", 1.0, told
    else:
        yield ("end-other" if apart == 0 else "end-other-too"), 1.0, told


def _length(f: Features) -> int:
    return (f.ending or 0) - (f.clock or 0)


def _untimed(a: Features, b: Features) -> Iterator[Measure]:
    if a.clock is None and b.clock is None:
        yield "start-unknown-both", 1.0, ""
    else:
        yield "start-unknown", 1.0, ""
    left, right = (a.clock if a.clock is not None else a.told), (b.clock if b.clock is not None else b.told)
    if left is not None and right is not None:
        apart = abs(left - right)
        told = f"{_hhmm(left)} / {_hhmm(right)}"
        yield ("told-same" if apart == 0 else "told-near" if apart <= DOORS_MINUTES else "told-other"), 1.0, told
    if a.ending is not None and b.ending is not None and (a.clock is None) != (b.clock is None):
        yield ("told-end-same" if a.ending == b.ending else "told-end-other"), 1.0, ""


def _hhmm(minutes: int | None) -> str:
    return "?" if minutes is None else f"{minutes // 60:02}.{minutes % 60:02}"


# --- place ------------------------------------------------------------------------------------------------


def _place(a: Features, b: Features) -> Iterator[Measure]:
    if a.places and b.places:
        yield from _places(a, b)
    elif a.town and b.town and a.town != b.town:
        yield "town-other", 1.0, f"{a.town} / {b.town}"
    elif (a.places or b.places) and _named_unlike(a, b):
        yield "place-unlike", 1.0, f"{' '.join(sorted(a.spot_names)[:3])} / {' '.join(sorted(b.spot_names)[:3])}"
    elif a.places or b.places:
        yield ("place-unknown-town" if a.town and a.town == b.town else "place-unknown"), 1.0, ""
    elif a.spot and b.spot:
        yield from _spots(a, b)
    else:
        yield "place-unknown", 1.0, ""
    if a.room and b.room:
        yield ("room-same" if a.room == b.room else "room-other"), 1.0, f"{a.room} / {b.room}"


def _places(a: Features, b: Features) -> Iterator[Measure]:
    both = a.places & b.places
    told = f"{' '.join(sorted(a.places)[:3])} / {' '.join(sorted(b.places)[:3])}"
    if both and len(a.places) == len(b.places) == 1:
        yield "place-same", 1.0, told
    elif both:
        yield "place-maybe", 1.0 / max(len(a.places), len(b.places)), told
    elif a.town and b.town and a.town != b.town:
        yield "town-other", 1.0, f"{a.town} / {b.town}"
    else:
        yield ("place-other" if len(a.places) == len(b.places) == 1 else "place-other-maybe"), 1.0, told


def _named_unlike(a: Features, b: Features) -> bool:
    """Whether a place that the registry knows and one that it doesn't share no word of their names."""
    left, right = a.spot_names, b.spot_names
    return bool(left and right and not left & right and not slips(left, right))


def _spots(a: Features, b: Features) -> Iterator[Measure]:
    """Places that the registry does not know, by what names them; a sort of house alone ("gård") names none."""
    left, right = (a.spot_names, b.spot_names) if a.spot_names and b.spot_names else (a.spot, b.spot)
    shared = left & right
    share = len(shared) / min(len(left), len(right))
    told = " ".join(sorted(shared)[:4])
    if share >= 0.99:
        yield "spot-same", 1.0, told
    elif share >= 0.5:
        yield "spot-alike", 1.0, told
    elif shared or (a.geo and b.geo and metres(a.geo, b.geo) <= GEO_NEAR):
        yield "spot-near", 1.0, told
    else:  # a hall within a centre is told by either; where no name is shared the place is all that tells two apart
        named = set(a.title.name) & set(b.title.name)
        told = f"{' '.join(sorted(left)[:3])} / {' '.join(sorted(right)[:3])}"
        yield ("spot-other" if named else "spot-other-plain"), 1.0, told


# --- words ------------------------------------------------------------------------------------------------


def _words(a: Features, b: Features, stats: Statistics) -> Iterator[Measure]:
    left, right = set(a.title.name), set(b.title.name)
    shared = left & right
    meant = _meant_alike(a, b)
    weight = sum(stats.rarity(word) for word in shared) + sum(0.8 * stats.rarity(word) for word in meant)
    alike = shared.union(meant, *meant.values())
    if alike:
        yield "words-shared", min(weight, RARE_ENOUGH), " ".join(sorted({*shared, *meant}))
    only_a, only_b = _unexplained(left - alike, b, stats), _unexplained(right - alike, a, stats)
    if fewer := min(only_a, only_b):
        yield "words-both-other", min(fewer, RARE_ENOUGH), ""
        if not alike:
            same_kind = a.title.kinds & b.title.kinds
            yield ("names-apart-kind" if same_kind else "names-apart"), 1.0, " ".join(sorted(same_kind))
        else:
            yield "names-differ", 1.0, ""
    if a.frame and b.frame:
        yield from _part(a, b, (left ^ right) - alike, stats)
    elif _within(a, b) or _within(b, a):
        yield "part-within", 1.0, ""
    if more := abs(only_a - only_b):
        yield ("words-one-more" if alike else "words-one-alone"), min(more, RARE_ENOUGH), ""
    if _other_tail(a, b):
        yield "tail-other", 1.0, f"{' '.join(sorted(a.title.tail))} / {' '.join(sorted(b.title.tail))}"
    yield from _hidden(a, b, shared, stats)
    yield from _whole(a, b, bool(left), bool(right))


def _meant_alike(a: Features, b: Features) -> dict[str, tuple[str, ...]]:
    """Word of one name → the word or words of the other that are meant by it: slips, and compounds written apart."""
    left, right = set(a.title.name) - set(b.title.name), set(b.title.name) - set(a.title.name)
    if not (left and right):
        return {}
    found: dict[str, tuple[str, ...]] = {word: (other,) for word, other in slips(left, right).items()}
    free = right.difference(*found.values())
    return found | written_apart(b.title.name, left - found.keys()) | written_apart(a.title.name, free)


def _part(a: Features, b: Features, alone: set[str], stats: Statistics) -> Iterator[Measure]:
    """Whether one is a festival, market or day and the other something within it."""
    if a.title.setting or b.title.setting:
        if bool(a.title.setting) != bool(b.title.setting):
            yield "part-of-it", 1.0, ""
        return
    frames = a.frame_words | b.frame_words
    more = [_unexplained(alone & set(f.title.name) - frames, other, stats) > 0 for f, other in ((a, b), (b, a))]
    if more[0] != more[1] and not set(a.title.name) & set(b.title.name) - frames:
        yield "part-maybe", 1.0, ""


def _within(part: Features, whole: Features) -> bool:
    """Whether one title tells something at what the other's names: "Tävling på Stora hoppdagarna" and the days."""
    return len(whole.title.name) > 1 and part.title.inside == whole.title.name


def _other_tail(a: Features, b: Features) -> bool:
    """Whether both titles say behind one and the same beginning what it is, and say another thing."""
    left, right = a.title.tail, b.title.tail
    if not (left and right) or left & right or a.title.head != b.title.head:
        return False
    return not slips({*left}, {*right})


def _unexplained(alone: set[str], other: Features, stats: Statistics) -> float:
    """The rarity of words that stand in no part of the other listing."""
    return sum(
        stats.rarity(word)
        for word in alone
        if word not in other.slug and word not in other.organizer and word not in other.spot and word not in other.text
    )


def _hidden(a: Features, b: Features, shared: set[str], stats: Statistics) -> Iterator[Measure]:
    """Words of one name that stand in the other's address or text, and of both addresses."""
    seen = set(a.title.name) & (b.slug | b.text) | set(b.title.name) & (a.slug | a.text) | a.slug & b.slug
    hidden = seen - shared - a.spot - b.spot - a.organizer - b.organizer
    if hidden:
        weight = min(sum(stats.rarity(word) for word in hidden), RARE_ENOUGH)
        yield "words-hidden", weight, " ".join(sorted(hidden)[:6])


def _whole(a: Features, b: Features, named_a: bool, named_b: bool) -> Iterator[Measure]:
    if a.title.squashed == b.title.squashed:
        yield "title-same", 1.0, ""
    elif ratio(a.title.squashed, b.title.squashed, score_cutoff=ALIKE):
        yield "title-alike", 1.0, ""
    if not named_a and not named_b:
        said = a.title.kinds or b.title.kinds or a.title.squashed == b.title.squashed
        yield ("nameless-both" if said else "nothing-said"), 1.0, ""
    elif not (named_a and named_b):
        yield "nameless-one", 1.0, ""


# --- kind, edition, role ----------------------------------------------------------------------------------


def _kind(a: Features, b: Features, stats: Statistics, rules: Rules) -> Iterator[Measure]:
    left, right = a.title.kinds, b.title.kinds
    if not left or not right:
        if left or right:
            yield "kind-one-side", 1.0, " ".join(sorted(left | right))
        return
    told = f"{' '.join(sorted(left))} / {' '.join(sorted(right))}"
    if rivals(left, right, rules.lexicon.kinds):
        yield "kind-rival", 1.0, told
        return
    if shared := left & right:
        yield "kind-same", max(stats.rarity(f"~{kind}") for kind in shared), told
    wide_left = frozenset().union(*(rules.lexicon.kinds[kind].wider for kind in left))
    wide_right = frozenset().union(*(rules.lexicon.kinds[kind].wider for kind in right))
    if shared:
        if any(not rules.lexicon.kinds[kind].wider & (wide_left & wide_right) for kind in left ^ right):
            yield "kind-more", 1.0, told
    elif wide_left & right or wide_right & left:
        yield "kind-wider", 1.0, told
    elif wide_left & wide_right:
        yield "kind-sibling", 1.0, told
    else:
        yield "kind-other", 1.0, told


def _edition(a: Features, b: Features, apart: int | None) -> Iterator[Measure]:
    if not (a.title.marked or b.title.marked):
        return
    left, right = (frozenset(e for e in f.title.editions if not e.startswith("day:")) for f in (a, b))
    implied = a.implied | b.implied
    if both := [edition for edition in left & right if edition.split(":")[0] in TELLING]:
        yield "edition-same", 1.0, " ".join(sorted(both))
    alone = (left ^ right) - implied
    told = f"{' '.join(sorted(left))} / {' '.join(sorted(right))}"
    if any(edition.startswith("language:") for edition in alone):
        yield "language-one-side", 1.0, told
    elif alone:
        yield "edition-one-side", 1.0, told
    if (a.title.roles - b.roles) | (b.title.roles - a.roles):
        yield "role-one-side", 1.0, f"{' '.join(sorted(a.title.roles))} / {' '.join(sorted(b.title.roles))}"
        if apart and apart > NEAR_MINUTES:
            yield "role-own-hour", 1.0, ""
    if a.title.numbers != b.title.numbers:
        yield "number-one-side", 1.0, f"{' '.join(sorted(a.title.numbers))} / {' '.join(sorted(b.title.numbers))}"
        if apart and apart > NEAR_MINUTES:
            yield "number-own-hour", 1.0, ""


# --- links, organizer -------------------------------------------------------------------------------------


def _links(a: Features, b: Features, stats: Statistics) -> Iterator[Measure]:
    other = days_apart(a, b) > 0
    if pages := (a.pages & b.pages) - stats.shared:
        yield ("page-same-other-day" if other else "page-same"), 1.0, min(pages)
    elif a.pages & b.pages and not other:
        yield "page-shared", 1.0, min(a.pages & b.pages)
    if a.uid and a.uid == b.uid and a.uid not in stats.shared and not other:
        yield "uid-same", 1.0, a.uid
    if a.image and a.image == b.image and a.image not in stats.shared:
        yield ("image-same-other-day" if other else "image-same"), 1.0, a.image


def _who(a: Features, b: Features) -> Iterator[Measure]:
    if a.organizer and b.organizer:
        both = a.organizer & b.organizer
        if not both or a.organizer <= b.organizer or b.organizer <= a.organizer:
            yield ("organizer-same" if both else "organizer-other"), 1.0, ""
    if a.source == b.source and not (a.span and b.span and days_apart(a, b)):
        own = set(a.title.name) - set(b.title.name), set(b.title.name) - set(a.title.name)
        name = "source-same-apart" if all(own) else "source-same-other-name" if any(own) else "source-same"
        yield name, 1.0, a.source
