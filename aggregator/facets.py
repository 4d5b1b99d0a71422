"""How many of some events answer to each value of a filter's key. Pure; the numbers beside the choices of the bar.

Over a large shelf counting one by one costs more than the page: each value is a mask with one octet an entry, worked
out once a version, and a count is the number of bits that two masks share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

from aggregator.shelf import Entry, Shelf

_VALUES = 200  # masks of one key, of its commonest values: what is rarer is not offered, and a mask takes memory
_FEW = 2000  # entries up to which counting them is cheaper than masks


def counts(shelf: Shelf, found: Sequence[Entry], keys: Sequence[str]) -> dict[str, Mapping[str, int]]:
    """For each key: value → how many of `found`, entries of this shelf, answer to it. Values of none are left out."""
    if len(found) <= _FEW:
        return {key: Counter(chain.from_iterable([entry.ids[key] for entry in found])) for key in keys}
    mask = _mask(shelf, found)
    return {key: _shared(mask, _masks(shelf, key)) for key in keys}


def _shared(mask: int, masks: Mapping[str, int]) -> dict[str, int]:
    told = {value: (mask & other).bit_count() for value, other in masks.items()}
    return {value: count for value, count in told.items() if count}


def _mask(shelf: Shelf, found: Sequence[Entry]) -> int:
    places: dict[str, int] | None = shelf.memo.get("places")
    if places is None:
        places = shelf.memo["places"] = {entry.event.id: n for n, entry in enumerate(shelf.entries)}
    octets = bytearray(len(shelf.entries))
    for entry in found:
        octets[places[entry.order[1]]] = 1
    return int.from_bytes(octets, "little")


def _masks(shelf: Shelf, key: str) -> Mapping[str, int]:
    known: dict[str, int] | None = shelf.memo.get(("masks", key))
    if known is None:
        common = Counter(chain.from_iterable([entry.ids[key] for entry in shelf.entries])).most_common(_VALUES)
        octets = {value: bytearray(len(shelf.entries)) for value, _ in common}
        for n, entry in enumerate(shelf.entries):
            for value in entry.ids[key]:
                if value in octets:
                    octets[value][n] = 1
        known = {value: int.from_bytes(row, "little") for value, row in octets.items()}
        shelf.memo["masks", key] = known
    return known
