"""What every endpoint needs to know of the town and of the program around it. Holds values; answers nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aggregator import vocabulary
from aggregator.catalogue import Catalogue, Readable
from aggregator.config import Config
from aggregator.model import Place, Source
from aggregator.office import Office
from aggregator.render.view import View
from aggregator.settings import Settings
from aggregator.slugs import slug
from aggregator.swedish import school

_ALWAYS = frozenset({"127.0.0.1", "localhost", "[::1]"})  # a health check asks here; no link is made from it (F16)
QUARTER = 15  # minutes; a finer clock would make every page anew more often, and tell nobody more


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The town as `sources.yaml` and the settings tell it. `base` ends without a slash; `hosts` are in lower case."""

    name: str
    language: str
    zone: ZoneInfo
    base: str
    hosts: frozenset[str]
    region: str
    contact: str | None
    names: Mapping[str, str]
    places: Mapping[str, Place]
    sources: Mapping[str, Source]
    warnings: tuple[str, ...]
    holidays: school.Told
    english: Mapping[str, str]  # slug of a category or an audience → its English name

    def view(self, language: str, cancelled: str = "marked") -> View:
        """How events are looked at in a language."""
        mode = "confirmed" if cancelled == "confirmed" else "marked"
        return View(self.base, self.zone, language, mode, self.names)

    def word(self, name: str, language: str) -> str:
        """A category or an audience in a language; what the vocabulary does not know stays as its source wrote it."""
        told = self.english.get(slug(name)) if language == "en" else None
        if told is None:
            return name
        return told[0].upper() + told[1:] if name[:1].isupper() else told

    def link(self, path: str, language: str | None = None) -> str:
        """The public address of a page: the Swedish path, or its English twin."""
        return f"{self.base}{twin(path, language or 'sv')}"


@dataclass(slots=True)
class Desk:
    """Where endpoints find what they answer from. `site` is replaced whole when the town changes."""

    site: Site
    store: Readable
    catalogue: Catalogue
    clock: Callable[[], datetime]
    office: Office | None = None

    def today(self) -> date:
        """The local date."""
        return self.clock().astimezone(self.site.zone).date()

    def quarter(self) -> datetime:
        """The local instant at which this quarter of an hour began: as fine as a page looks at the clock."""
        now = self.clock().astimezone(self.site.zone)
        return now.replace(minute=now.minute - now.minute % QUARTER, second=0, microsecond=0)


def site_of(config: Config, settings: Settings) -> Site:
    """The site of a configuration and its settings."""
    host = urlsplit(settings.base_url).hostname or ""
    return Site(
        name=config.calendar.name,
        language=config.calendar.language,
        zone=ZoneInfo(config.calendar.timezone),
        base=settings.base_url.rstrip("/"),
        hosts=_ALWAYS | {f"[{host}]" if ":" in host else host},
        region=config.calendar.region,
        contact=settings.contact,
        names={source.id: source.name for source in config.sources},
        places={place.id: place for place in config.places},
        sources={source.id: source for source in config.sources},
        warnings=settings.warnings(),
        holidays=config.calendar.holidays,
        english=vocabulary.english(config.vocabulary) if config.vocabulary else {},
    )


def twin(path: str, language: str) -> str:
    """The path of a page in a language: English stands behind `/en`."""
    if language == "sv":
        return path
    return f"/{language}" if path == "/" else f"/{language}{path}"
