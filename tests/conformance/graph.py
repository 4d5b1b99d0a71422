"""Our JSON-LD as a processor of others sees it: rdflib makes a graph of it, with schema.org's context kept here.

The context says of each term what schema.org's own says (an address, a date or a text); a term that it does not have is
dropped by the processor, as JSON-LD 1.1 has it, and so is missed.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rdflib import RDF, Graph, Namespace
from rdflib.term import Node

SCHEMA = Namespace("https://schema.org/")
_ADDRESSES = ("url", "image", "eventStatus", "eventAttendanceMode")
_DATES = ("startDate", "endDate", "doorTime", "previousStartDate", "dateModified")
_TEXTS = (
    *(
        "name",
        "description",
        "identifier",
        "location",
        "address",
        "geo",
        "latitude",
        "longitude",
        "organizer",
        "offers",
    ),
    *("price", "lowPrice", "highPrice", "priceCurrency", "keywords", "isAccessibleForFree", "typicalAgeRange"),
    *("audience", "audienceType", "inLanguage", "superEvent", "amenityFeature", "value"),
)
_TYPES = (
    *("Event", "Place", "VirtualLocation", "GeoCoordinates", "Organization", "Offer", "AggregateOffer", "Audience"),
    *("EventSeries", "Dataset", "LocationFeatureSpecification"),
)
CONTEXT: dict[str, Any] = {
    **{name: {"@id": SCHEMA[name], "@type": "@id"} for name in _ADDRESSES},
    **{name: {"@id": SCHEMA[name], "@type": SCHEMA.Date} for name in _DATES},
    **{name: {"@id": SCHEMA[name]} for name in (*_TEXTS, *_TYPES)},
}


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a graph, its values as texts; "" for what it does not tell."""

    id: str
    name: str
    start: str
    end: str
    place: str


def events(body: bytes) -> list[Told]:
    """The events of a graph, by their identifiers."""
    told = json.loads(body) | {"@context": CONTEXT}
    graph = Graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of its own classes, which it still uses itself
        graph.parse(data=json.dumps(told), format="json-ld")
    return sorted(_events(graph), key=lambda one: one.id)


def _events(graph: Graph) -> Iterator[Told]:
    for node in graph.subjects(RDF.type, SCHEMA.Event):
        location = graph.value(node, SCHEMA.location)
        yield Told(
            id=_text(graph, node, "identifier"),
            name=_text(graph, node, "name"),
            start=_text(graph, node, "startDate"),
            end=_text(graph, node, "endDate"),
            place="" if location is None else _text(graph, location, "name") or _text(graph, location, "url"),
        )


def _text(graph: Graph, node: Node, member: str) -> str:
    return str(graph.value(node, SCHEMA[member]) or "")
