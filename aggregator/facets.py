"""How many of some events answer to each value of a filter's key: the numbers beside the choices of the bar. Pure.

What is found and what answers to a value are sets of one bit an entry; a count is the number of bits that they share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

from aggregator.found import Found

_FEW = 200  # entries up to which counting them is cheaper than sharing
_MOST = 2000  # values of a key for which sets are shared; beyond, the entries are counted one by one


def counts(found: Found, keys: Sequence[str]) -> dict[str, Mapping[str, int]]:
    """For each key: value → how many of `found` answer to it. Values of none are left out."""
    return {key: _counted(found, key) for key in keys}


def _counted(found: Found, key: str) -> Mapping[str, int]:
    values = found.shelf.index.values(key)
    if len(found) <= _FEW or len(values) > _MOST:
        return Counter(chain.from_iterable([entry.ids[key] for entry in found]))
    shared = {str(v): (found.shelf.index.bearing(key, v) & found.set).bit_count() for v in values}
    return {value: count for value, count in shared.items() if count}
