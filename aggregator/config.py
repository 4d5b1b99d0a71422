"""`sources.yaml`: the town's one file, as frozen values. Every error of the file is found, each with its line and key.

It fetches nothing, opens no source and no database; whether an address answers is the business of a refresh.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml

from aggregator import editorial, vocabulary
from aggregator.errors import ConfigError
from aggregator.formats import FORMATS
from aggregator.formats.mapping import wrong_rules
from aggregator.meant import coordinates, suggestion
from aggregator.model import SUBMITTED, Coverage, Geo, Layer, Place, Role, Source
from aggregator.pasting import calendar_of
from aggregator.slugs import slug
from aggregator.swedish import school
from aggregator.yamlread import (
    Read,
    Report,
    Wrong,
    canonical_json,
    choice,
    compose,
    flag,
    items,
    mapping,
    number,
    scalars,
    text,
    texts,
)

LANGUAGES = ("sv", "en")
ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
DURATION = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?")
SHORTEST = timedelta(minutes=1)  # below this a source is hammered, whatever its owner said
LONGEST = timedelta(days=31)  # an absence rule counts sightings; a source seen less often is no living source
WEEK = re.compile(r"v([1-9]|[1-4][0-9]|5[0-2])")  # of every year; the 53rd is not in all of them
LONGEST_HOLIDAY = timedelta(days=120)
ONLINE = "online"
AUTO = "auto"

T = TypeVar("T")
Entries = tuple[tuple[yaml.Node, T], ...]  # each value with the node it was read from, for errors that span entries
ReadOne = Callable[[yaml.Node, Report, str], T | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What the calendar is called, its language (sv, en), its IANA zone, the municipality's code.

    `holidays` are the school holidays that are not as the rule of `swedish.school` says.
    """

    name: str
    language: str = "sv"
    timezone: str = "Europe/Stockholm"
    region: str = ""
    holidays: school.Told = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One read of `sources.yaml`. `file` is where it was read; `path:` of a source is relative to its folder."""

    file: Path
    calendar: Calendar
    places: tuple[Place, ...] = ()
    sources: tuple[Source, ...] = ()
    policies: Mapping[str, str] = field(default_factory=dict)  # the editors' rules by id, each as canonical JSON
    vocabulary: str | None = None  # the calendar's words and sources' words for them, as canonical JSON text

    def source(self, id: str) -> Source | None:
        """The source of that id, enabled or not."""
        return next((source for source in self.sources if source.id == id), None)

    def local_file(self, source: Source) -> Path | None:
        """The file of a `path:` source; None for an address."""
        return self.file.parent / source.path if source.path is not None else None


def load(path: Path) -> Config:
    """The file as values. Raises `ConfigError`, the first of the file, with the further ones in its `also`."""
    config, errors = check(path)
    if config is None:
        errors[0].also = errors[1:]
        raise errors[0]
    return config


def check(path: Path) -> tuple[Config | None, tuple[ConfigError, ...]]:
    """The values, or None and all the errors of the file by line."""
    try:
        body = path.read_bytes()
    except OSError as error:
        return None, (ConfigError(f"can't be read: {error.strerror}", file=path),)
    return read(body, path)


def read(body: bytes, file: Path) -> tuple[Config | None, tuple[ConfigError, ...]]:
    """As `check`, of bytes that would stand in `file`; only the folder of `file` is looked at."""
    report = Report(file)
    root = compose(body, report)
    if root is None:
        return None, tuple(report.errors)
    values = mapping(root, _tables(report), ("calendar",), report, "")
    places: Entries[Place] = values.get("places", ())
    sources: Entries[Source] = values.get("sources", ())
    policies: dict[str, str] = values.get("policies", {})
    _check_policies(sources, policies, report)
    _check_ids(places, report, "places")
    _check_ids(sources, report, "sources")
    _check_links(places, sources, report)
    if report.errors:
        return None, tuple(sorted(report.errors, key=lambda error: error.line or 0))
    words = values.get("vocabulary") or _shipped()
    return Config(
        file=file,
        calendar=values["calendar"],
        places=tuple(place for _, place in places),
        sources=tuple(_ruled(source, policies, words) for _, source in sources),
        policies=policies,
        vocabulary=words,
    ), ()


def _ruled(source: Source, policies: dict[str, str], words: str) -> Source:
    """The source with its rules in full, so that a changed rule reads its answers again."""
    return replace(source, policy=tuple(policies[name] for name in source.policy), vocabulary=words)


@lru_cache(maxsize=1)
def _shipped() -> str:
    """The vocabulary that comes with the program, as canonical JSON."""
    body = (files("aggregator") / "lexicons" / "vocabulary.yaml").read_bytes()
    return _vocabulary(cast(yaml.Node, yaml.compose(body, Loader=yaml.SafeLoader)))


def _vocabulary(node: yaml.Node) -> str:
    told = canonical_json(node)
    try:
        vocabulary.entries(told)
    except ValueError as error:
        raise Wrong(str(error)) from None
    return told


def _policies(node: yaml.Node, report: Report) -> dict[str, str]:
    """Rules by id, each as canonical JSON."""
    found: dict[str, str] = {}
    for n, entry in enumerate(items(node), 1):
        told = canonical_json(entry)
        if mistake := editorial.wrong(json.loads(told)):
            report.add(entry, f"policies[{n}]", mistake)
        else:
            found[json.loads(told)["id"]] = told
    return found


def _check_policies(sources: Entries[Source], policies: dict[str, str], report: Report) -> None:
    for n, (node, source) in enumerate(sources, 1):
        for name in source.policy:
            if name not in policies:
                report.add(
                    node, f"sources[{n}].policy", f"{name!r} is no rule of `policies`{suggestion(name, policies)}"
                )


def _map(node: yaml.Node) -> str:
    """A mapping of fields to paths; every rule is checked."""
    told = canonical_json(node)
    if mistakes := wrong_rules(json.loads(told)):
        raise Wrong(": ".join(part for part in mistakes[0] if part))
    return told


def _tables(report: Report) -> dict[str, Read]:
    return {
        "calendar": lambda node: _calendar(node, report),
        "places": lambda node: _entries(node, "places", report, _place),
        "policies": lambda node: _policies(node, report),
        "vocabulary": _vocabulary,
        "sources": lambda node: _entries(node, "sources", report, _source),
    }


def _entries(node: yaml.Node, key: str, report: Report, read_one: ReadOne[T]) -> Entries[T]:
    found = ((entry, read_one(entry, report, f"{key}[{n}]")) for n, entry in enumerate(items(node), 1))
    return tuple((entry, value) for entry, value in found if value is not None)


def _calendar(node: yaml.Node, report: Report) -> Calendar | None:
    table: dict[str, Read] = {
        "name": _some_text,
        "language": _language,
        "timezone": _zone,
        "region": text,
        "holidays": lambda value: _holidays(value, report),
    }
    values = mapping(node, table, ("name",), report, "calendar")
    return Calendar(**values) if "name" in values else None


def _holidays(node: yaml.Node, report: Report) -> school.Told:
    """School holidays as this town has them: `v9` for every year, or `2027-03-29/2027-04-02` for one; or a list."""
    return mapping(node, dict.fromkeys(school.NAMES, _school_days), (), report, "calendar.holidays")


def _school_days(node: yaml.Node) -> tuple[int | school.Span, ...]:
    return tuple(_week_or_days(value) for value in texts(node))


def _week_or_days(value: str) -> int | school.Span:
    if week := WEEK.fullmatch(value):
        return int(week[1])
    try:
        first, last = (date.fromisoformat(part) for part in value.split("/"))
    except ValueError:
        first, last = date.max, date.min
    if first > last or last - first > LONGEST_HOLIDAY:
        raise Wrong(f"must be a week such as v8, or days such as 2027-03-29/2027-04-02, not {value!r}")
    return first, last


def _place(node: yaml.Node, report: Report, key: str) -> Place | None:
    table: dict[str, Read] = {
        "id": _id,
        "name": _some_text,
        "address": text,
        "locality": text,
        "aliases": texts,
        "geo": _geo,
    }
    values = mapping(node, table, ("id", "name"), report, key)
    return Place(**values) if {"id", "name"} <= values.keys() else None


def _source(node: yaml.Node, report: Report, key: str) -> Source | None:
    table: dict[str, Read] = {
        "id": _id,
        "name": _some_text,
        "url": _address,
        "path": lambda value: _inside(value, report.file.parent),
        "format": _format,
        "role": choice(Role),
        "interval": _duration,
        "coverage": choice(Coverage),
        "category": _slugs,
        "layer": choice(Layer),
        "enabled": flag,
        "zone": _zone,
        "place": _id,
        "organizer": text,
        "licence": text,
        "images": flag,
        "trusted": flag,
        "was": _id,
        "policy": texts,
        "map": _map,
    }
    values = mapping(node, table, ("id",), report, key)
    if isinstance(node, yaml.MappingNode):
        _check_one_address({str(name.value) for name, _ in node.value}, node, report, key)
    return Source(**{"name": values["id"], **values}) if "id" in values else None


def _check_one_address(given: set[str], node: yaml.Node, report: Report, key: str) -> None:
    if len(given & {"url", "path"}) != 1:
        report.add(node, key, "must have one of url and path" + (", not both" if {"url", "path"} <= given else ""))


def _check_ids(entries: Sequence[tuple[yaml.Node, Place | Source]], report: Report, key: str) -> None:
    first: dict[str, int] = {}
    for n, (node, value) in enumerate(entries, 1):
        line = node.start_mark.line + 1
        if value.id in first:
            report.add(node, f"{key}[{n}].id", f"{value.id!r} is also the id in line {first[value.id]}")
        first.setdefault(value.id, line)


def _check_links(places: Entries[Place], sources: Entries[Source], report: Report) -> None:
    known = {place.id for _, place in places}
    ids = {source.id for _, source in sources}
    former: set[str] = set()
    for n, (node, source) in enumerate(sources, 1):
        if source.place not in known | {None, ONLINE}:
            hint = suggestion(source.place or "", known)
            report.add(node, f"sources[{n}].place", f"{source.place!r} is no place of this file{hint}")
        if source.was is not None and (source.was in ids or source.was in former):
            report.add(node, f"sources[{n}].was", f"{source.was!r} is the id, or the former id, of another source here")
        former |= {source.was} if source.was is not None else set()


def _some_text(node: yaml.Node) -> str:
    value = text(node)
    if not value:
        raise Wrong("is empty")
    return value


def _id(node: yaml.Node) -> str:
    value = text(node)
    if not ID.fullmatch(value):
        fine = slug(value)[:64].strip("-")
        hint = f"; write {fine}" if fine else ""
        raise Wrong(f"must be made of the letters a–z, digits and hyphens, not {value!r}{hint}")
    return value


def _slugs(node: yaml.Node) -> tuple[str, ...]:
    return tuple(_id(entry) for entry in (items(node) if isinstance(node, yaml.SequenceNode) else [node]))


def _language(node: yaml.Node) -> str:
    value = text(node)
    if value not in LANGUAGES:
        raise Wrong(f"must be one of {', '.join(LANGUAGES)}, not {value!r}")
    return value


def _zone(node: yaml.Node) -> str:
    value = text(node)
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError, a folder such as "Europe" an OSError
        raise Wrong(f"must be an IANA zone such as Europe/Stockholm, not {value!r}") from None
    return value


def _duration(node: yaml.Node) -> timedelta:
    value = text(node)
    match = DURATION.fullmatch(value)
    days, hours, minutes = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    length = timedelta(days=days, hours=hours, minutes=minutes)
    if not match or not SHORTEST <= length <= LONGEST:
        raise Wrong(f"must be a time such as 30m, 1h or 7d, from one minute to 31 days, not {value!r}")
    return length


def _geo(node: yaml.Node) -> Geo:
    try:
        values = [number(entry) for entry in items(node)]
    except Wrong:
        values = []
    if len(values) != 2 or not (-90 <= values[0] <= 90 and -180 <= values[1] <= 180):
        raise Wrong(f"must be [latitude, longitude] in degrees{coordinates(scalars(node))}")
    return Geo(*values)


def _address(node: yaml.Node) -> str:
    value = calendar_of(re.sub(r"^webcals?://", "https://", text(node)))
    try:
        parts = urlsplit(value)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fine = False
    if not fine or " " in value or "\\" in value:
        raise Wrong(f"must be an http:// or https:// address, not {value!r}")
    if "@" in parts.netloc:
        raise Wrong("holds a user name or password; those can't be kept secret in this file")
    return value


def _inside(node: yaml.Node, folder: Path) -> str:
    value = text(node)
    root = folder.resolve()
    target = (root / value).resolve()
    if not value or Path(value).is_absolute() or target == root or not target.is_relative_to(root):
        raise Wrong(f"must be a file in the folder of this file, not {value!r}")
    return value


def _format(node: yaml.Node) -> str:
    value = text(node)
    known = [name for name in FORMATS if name != SUBMITTED]  # no address tells what was handed in on our own pages
    if value != AUTO and value not in known:
        raise Wrong(f"must be one of {AUTO}, {', '.join(known)}, not {value!r}{suggestion(value, known)}")
    return value
