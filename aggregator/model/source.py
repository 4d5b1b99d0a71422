"""A source as `sources.yaml` tells it, and what a reader of its answers may know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from aggregator.model.vocabulary import Coverage, Layer, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An address that announces events, as `sources.yaml` says. Exactly one of `url` and `path` is set.

    Neither is where people hand in its events on our own pages (`format` is "submitted").
    """

    id: str
    name: str
    url: str | None = None
    path: str | None = None  # relative to the folder of sources.yaml
    format: str = "auto"
    role: Role = Role.MEDIA
    interval: timedelta = timedelta(hours=1)
    coverage: Coverage = Coverage.AUTO
    category: tuple[str, ...] = ()
    layer: Layer = Layer.LEISURE
    enabled: bool = True
    zone: str | None = None
    place: str | None = None  # a fixed place: id of the registry, or "online"
    organizer: str | None = None
    licence: str | None = None
    images: bool = False
    trusted: bool = False
    was: str | None = None
    policy: tuple[str, ...] = ()  # rules on what is published of it, each as canonical JSON text
    map: str | None = None  # the mapping of jsonmap and csv, as canonical JSON text
    vocabulary: str | None = None  # the calendar's words and sources' words for them, as canonical JSON text


@dataclass(frozen=True, slots=True)
class Window:
    """The local days, both included, of which listings are kept."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a reader may know besides the bytes. `zone` is the zone of times that state none."""

    source: Source
    url: str
    content_type: str
    zone: str
    language: str
    window: Window
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One raw answer, immutable, named by the SHA-256 of its bytes."""

    hash: str
    body: bytes = field(repr=False)
    content_type: str = ""
    url: str = ""
