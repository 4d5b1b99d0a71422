"""The words of the program as frozen values: sources, drafts, listings, events. No I/O, no library types.

A thing has one name for each moment: `Draft` (what a format read, all optional) → `Listing` (valid, aware
times, hashed) → `StoredListing` (has an identity) → `Event` (what we publish). Instants are aware; a day is
a `date`, never a midnight.
"""

from aggregator.model.event import Conflict, Content, Event, Provenance
from aggregator.model.evidence import Decision, Evidence, Reason
from aggregator.model.listing import Draft, Key, Listing, Stated, StoredListing
from aggregator.model.problem import Problem
from aggregator.model.reading import Chunk, Counts, Linked, Reading
from aggregator.model.source import Context, Snapshot, Source, Window
from aggregator.model.vocabulary import PRODID, UID_PATTERN, Coverage, Layer, Role, Status
from aggregator.model.when import When
from aggregator.model.where import Geo, Location, Place, Price

__all__ = [
    "PRODID",
    "UID_PATTERN",
    "Chunk",
    "Conflict",
    "Content",
    "Context",
    "Counts",
    "Coverage",
    "Decision",
    "Draft",
    "Event",
    "Evidence",
    "Geo",
    "Key",
    "Layer",
    "Linked",
    "Listing",
    "Location",
    "Place",
    "Price",
    "Problem",
    "Provenance",
    "Reading",
    "Reason",
    "Role",
    "Snapshot",
    "Source",
    "Stated",
    "Status",
    "StoredListing",
    "When",
    "Window",
]
