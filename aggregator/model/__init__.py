"""The words of the program as frozen values: sources, drafts, listings, events. No I/O, no library types.

A thing has one name for each moment: `Draft` (what a format read, all optional) → `Listing` (valid, aware
times, hashed) → `StoredListing` (has an identity) → `Event` (what we publish). Instants are aware; a day is
a `date`, never a midnight.
"""

from aggregator.model.event import Conflict, Content, Event, Provenance
from aggregator.model.evidence import Decision, Evidence, Reason
from aggregator.model.listing import Draft, Key, Listing, Stated, StoredListing
from aggregator.model.people import (
    Entry,
    Letter,
    Mistake,
    Noted,
    OfferedEvent,
    OfferedSource,
    Person,
    PlaceEdit,
    Staff,
    Standing,
    Submission,
    SubmissionKind,
)
from aggregator.model.picture import Picture
from aggregator.model.problem import Problem
from aggregator.model.reading import Chunk, Counts, Linked, Reading
from aggregator.model.source import Context, Snapshot, Source, Window
from aggregator.model.vocabulary import PRODID, SUBMITTED, UID_PATTERN, Coverage, Layer, Role, Status
from aggregator.model.when import When
from aggregator.model.where import Geo, Location, Place, Price

__all__ = [
    "PRODID",
    "SUBMITTED",
    "UID_PATTERN",
    "Chunk",
    "Conflict",
    "Content",
    "Context",
    "Counts",
    "Coverage",
    "Decision",
    "Draft",
    "Entry",
    "Event",
    "Evidence",
    "Geo",
    "Key",
    "Layer",
    "Letter",
    "Linked",
    "Listing",
    "Location",
    "Mistake",
    "Noted",
    "OfferedEvent",
    "OfferedSource",
    "Person",
    "Picture",
    "Place",
    "PlaceEdit",
    "Price",
    "Problem",
    "Provenance",
    "Reading",
    "Reason",
    "Role",
    "Snapshot",
    "Source",
    "Staff",
    "Standing",
    "Stated",
    "Status",
    "StoredListing",
    "Submission",
    "SubmissionKind",
    "When",
    "Window",
]
