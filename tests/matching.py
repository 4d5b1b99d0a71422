"""Listings for the tests of matching and merging, written as short as a person would tell them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator import match, matching, runs
from aggregator.match import Clustering, Features, Rules, Statistics
from aggregator.model import Decision, Geo, Key, Listing, Location, Place, Role, Source, Stated, StoredListing, When

ZONE = ZoneInfo("Europe/Stockholm")
SEEN = datetime(2027, 1, 1, tzinfo=UTC)
ROLES = {
    "kommunen": Role.MUNICIPALITY,
    "biljetter": Role.TICKETS,
    "teatern": Role.VENUE,
    "kyrkan": Role.ORGANIZER,
    "klubben": Role.ASSOCIATION,
}
PLACES = (
    Place(id="ladan", name="Ladan", address="Byvägen 3, Vik", aliases=("Huset",)),
    Place(id="teatern", name="Lilla teatern", address="Storgatan 8, Vik"),
    Place(id="bion", name="Bio Stjärnan", address="Storgatan 20, Vik"),
    Place(id="badet", name="Viksbadet", address="Badgatan 1, Vik"),
    Place(id="hamnplan", name="Hamnplan", address="Kajen 1, Vik"),
    Place(id="viks-kyrka", name="Viks kyrka", address="Kyrkvägen 1, Vik", aliases=("Kyrkan",)),
    Place(id="nas-kyrka", name="Näs kyrka", address="Prästvägen 5, Näs", aliases=("Kyrkan",)),
    Place(id="viks-bibliotek", name="Viks bibliotek", address="Strandgatan 4, Vik", aliases=("Biblioteket",)),
    Place(id="nas-bibliotek", name="Näs bibliotek", address="Skolvägen 2, Näs", aliases=("Biblioteket",)),
    Place(id="sporthallen", name="Sporthallen", address="Idrottsvägen 1, Vik", geo=Geo(56.0, 13.0)),
    Place(id="konsthallen", name="Konsthallen", address="Kajen 9, Vik"),
    Place(id="museet", name="Sjömuseet", address="Kajen 12, Vik", aliases=("Huset",)),
    Place(id="brandstationen", name="Brandstationen", address="Larmgatan 2, Vik", aliases=("Huset",)),
    Place(id="radhuset", name="Viks rådhus", address="Torget 1, Vik", aliases=("Rådhuset",)),
)
RULES: Rules = matching.load(ZONE, PLACES)
STATS = Statistics(version=1, total=1000, words={f"~{kind}": 30 for kind in RULES.lexicon.kinds})


def listing(id: int, **told: Any) -> StoredListing:
    """A stored listing; `start` and `end` are ISO text, a date or a time of Stockholm."""
    source = told.get("source", "kommunen")
    start = str(told.get("start", "2027-03-01T18:00"))
    location = Location(
        name=told.get("place"), address=told.get("address"), locality=told.get("town"), room=told.get("room")
    )
    made = Listing(
        key=Key(source, str(told.get("uid", id)), start),
        title=told.get("title", "Trollskogen"),
        when=When(moment(start), moment(told["end"]) if told.get("end") else None),
        stated=Stated(told.get("uid"), told.get("url"), start),
        digest=str(id),
        location=location if location != Location() else None,
        previous_start=moment(told["previous_start"]) if told.get("previous_start") else None,
        **{name: told[name] for name in FREE if name in told},
    )
    return StoredListing(id=id, listing=made, first_seen=SEEN, changed=told.get("changed", SEEN), run=told.get("run"))


FREE = (
    *("status", "organizer", "description", "html", "url", "links", "ticket_url", "image", "categories", "price"),
    *("doors", "age", "audience", "series", "accessible"),
)


def moment(value: Any) -> datetime | date:
    """An ISO date or time, as text or as YAML read it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=ZONE)
    if isinstance(value, date):
        return value
    told = str(value)
    return date.fromisoformat(told) if len(told) == 10 else datetime.fromisoformat(told).replace(tzinfo=ZONE)


def source(id: str, **told: Any) -> Source:
    """A source with the role that its name has in these tests."""
    return Source(id=id, name=id.capitalize(), path=f"{id}.ics", role=ROLES.get(id, Role.MEDIA), **told)


def sources(listings: Sequence[StoredListing]) -> Mapping[str, Source]:
    """The sources of some listings."""
    return {s.listing.key.source: source(s.listing.key.source) for s in listings}


def features(listings: Sequence[StoredListing], rules: Rules = RULES) -> dict[int, Features]:
    """The features of listings with their runs found."""
    labels = runs.group(listings, rules)
    labelled = [replace(stored, run=stored.run or labels.get(stored.id)) for stored in listings]
    return {s.id: match.prepare(s, source(s.listing.key.source), rules) for s in labelled}


def clustered(listings: Sequence[StoredListing], decisions: Sequence[Decision] = (), **told: Any) -> Clustering:
    """The clustering of listings at the tests' statistics."""
    return match.cluster(features(listings), told.get("stats", STATS), decisions, RULES)


def decision(kind: str, *listings: int, id: int = 1, **told: Any) -> Decision:
    """A decision of staff about listings."""
    made = told.pop("made", datetime(2027, 1, 2, tzinfo=UTC))
    return Decision(id=id, kind=kind, listings=listings, made=made, by="staff", **told)
