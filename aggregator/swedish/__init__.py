"""Swedish (and English) prose of notices: times, ages, prices, statuses, stop phrases. A grammar of its own, pure.

It reads what is told, not what is meant to be sold: no event is made here, and nothing is looked up.
"""

from aggregator.swedish.facts import ages_told, read_age, read_price, read_status, strip_stops
from aggregator.swedish.reading import read_when, without_times
from aggregator.swedish.rules import Weekly
from aggregator.swedish.told import Told, occurrences

__all__ = [
    "Told",
    "Weekly",
    "ages_told",
    "occurrences",
    "read_age",
    "read_price",
    "read_status",
    "read_when",
    "strip_stops",
    "without_times",
]
