"""What forbids that two listings are one event, whatever else speaks for it. Pure; `evidence` weighs the rest."""

from __future__ import annotations

from aggregator.features import Features, days_apart
from aggregator.slips import slips

RUN_DAYS = 4  # a span so long is a run, within which a day can be an event of its own
CHILD = 16  # years


def veto(a: Features, b: Features) -> str | None:
    """What forbids a merge of the two, in a word; None when nothing does."""
    if a.title.marked and b.title.marked and (conflict := _marks_apart(a, b)):
        return conflict
    if a.room and b.room and a.room != b.room and a.room not in b.room and b.room not in a.room:
        return f"room: {a.room} / {b.room}"
    if _run_against_part(a, b):
        return "run: a day of its own within it"
    return _source_apart(a, b) if a.source == b.source else None


def _marks_apart(a: Features, b: Features) -> str | None:
    if conflict := _dimension(a.title.editions, b.title.editions):
        return f"edition: {conflict}"
    if a.title.roles and b.title.roles and not (a.title.roles & b.roles or b.title.roles & a.roles):
        return f"role: {' '.join(sorted(a.title.roles))} / {' '.join(sorted(b.title.roles))}"
    if a.title.numbers and b.title.numbers and not a.title.numbers & b.title.numbers:
        return f"number: {' '.join(sorted(a.title.numbers))} / {' '.join(sorted(b.title.numbers))}"
    return None


def _source_apart(a: Features, b: Features) -> str | None:
    """What one source says in two entries that can't be one event."""
    if _listed_apart(a, b):
        return "source: lists both at different times"
    if not (a.places or b.places) and a.spot_names and b.spot_names and not a.spot_names & b.spot_names:
        return "source: lists both at different places"
    names = _named_apart(a, b)
    return f"source: lists both under different names: {names}" if names else None


def _dimension(left: frozenset[str], right: frozenset[str]) -> str | None:
    """The first dimension in which both say something and nothing fits."""
    told_left, told_right = _by_dimension(left), _by_dimension(right)
    for dimension in sorted(told_left.keys() & told_right.keys() - {"day"}):
        if not any(_fits(dimension, x, y) for x in told_left[dimension] for y in told_right[dimension]):
            return f"{' '.join(sorted(told_left[dimension]))} / {' '.join(sorted(told_right[dimension]))}"
    return _grown(told_left, told_right) or _grown(told_right, told_left)


def _by_dimension(editions: frozenset[str]) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for edition in editions:
        dimension, _, value = edition.partition(":")
        told.setdefault(dimension, set()).add(value)
    return told


def _fits(dimension: str, x: str, y: str) -> bool:
    if x == y:
        return True
    if dimension == "audience":
        return {x, y} <= {"children", "families"} or {x, y} <= {"adults", "seniors"}
    if dimension == "age" and (x.endswith("-") or y.endswith("-")):
        return x.split("-")[0] == y.split("-")[0]
    return False


def _grown(ages: dict[str, set[str]], audience: dict[str, set[str]]) -> str | None:
    """Ages of children on one side and adults on the other."""
    young = [age for age in ages.get("age", ()) if not age.endswith("-") and int(age.split("-")[1]) < CHILD]
    young += [*ages.get("grade", ()), *ages.get("months", ())]
    grown = audience.get("audience", set()) & {"adults", "seniors"}
    children = "children" in audience.get("audience", set())
    return f"{young[0]} / {min(grown)}" if young and grown and not children else None


def _run_against_part(a: Features, b: Features) -> bool:
    """A run against a single day that has a role of its own, or hours when the run has others."""
    long, short = (a, b) if a.last - a.first >= b.last - b.first else (b, a)
    if (long.last - long.first).days < RUN_DAYS or short.last != short.first:
        return False
    if short.title.roles != long.title.roles and short.title.roles:
        return True
    return short.attended or long.attended


def _named_apart(a: Features, b: Features) -> str | None:
    """Names of one source that share words and differ in one on each side: "Kurs i keramik", "Kurs i grafik"."""
    left, right = set(a.title.name), set(b.title.name)
    only_left, only_right = left - right, right - left
    if not (left & right and only_left and only_right) or slips(only_left, only_right):
        return None
    return f"{min(only_left)} / {min(only_right)}"


def _listed_apart(a: Features, b: Features) -> bool:
    """One source lists both at different times, and they are not days of one market or run."""
    if a.first == b.first and a.last == b.last:
        return a.clock is not None and b.clock is not None and a.clock != b.clock
    if a.span and b.span and days_apart(a, b) <= 1:
        return False
    return a.first != b.first
