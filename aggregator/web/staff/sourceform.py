"""The form of a source that is entered here: the keys of `sources.yaml`, checked by the same rules as the file's.

What was typed becomes a block of a file that is read as the town's own is, so both say yes and no alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from aggregator import codec, config, vocabulary
from aggregator.config import Config
from aggregator.errors import ConfigError
from aggregator.model import Coverage, Entry, Layer, Role, Source
from aggregator.web.forms import Form
from aggregator.web.staff.clerk import Clerk

NAME = 120
SUBMITTED = "submitted"  # sources of single events have no address
TEXTS = {"url": 2000, "format": 20, "interval": 12, "zone": 60, "organizer": 200, "licence": 120, "map": 10_000}
CHOICES = ("role", "coverage", "layer", "place")
FLAGS = ("images", "trusted")
LISTS = ("category", "policy")
_NOWHERE = "https://submitted.example/"


def seen(entry: Entry) -> str:
    """What is edited, in a word that changes with it (F25)."""
    return hashlib.blake2b(codec.dumps(entry.source).encode(), digest_size=10).hexdigest()


def read(form: Form, id: str, old: Source | None, town: Config) -> Source | None:
    """The source that was typed; None where something has to be mended, which the form then says."""
    submitted = old is not None and old.format == SUBMITTED
    block = _block(form, id, submitted=submitted)
    if not block["name"]:
        form.refuse("name", "form-missing")
    if not submitted and not block.get("url"):
        form.refuse("url", "form-missing")
    if form.refused:
        return None
    found, errors = config.read(json.dumps(_file(block, town)).encode(), town.file)
    for error in errors:
        _refused(form, error)
    if found is None or form.refused:
        return None
    made = replace(found.sources[0], policy=tuple(block.get("policy", ())), vocabulary=None)
    return replace(made, url=None, format=SUBMITTED) if submitted else made


def _block(form: Form, id: str, *, submitted: bool) -> dict[str, Any]:
    """The keys that were filled in; what is empty has its default."""
    told: dict[str, Any] = {name: form.text(name, longest) for name, longest in TEXTS.items()}
    told |= {name: form.text(name, 64) for name in CHOICES}
    told |= {name: True for name in FLAGS if form.flag(name)}
    told |= {name: [value for value in form.many(name, 64) if value] for name in LISTS}
    block = {name: value for name, value in told.items() if value}
    if "map" in block:
        try:
            block["map"] = json.loads(block["map"])
        except ValueError:
            form.refuse("map", "source-not-map")
    if submitted:
        block |= {"url": _NOWHERE}
        block.pop("format", None)
    return {**block, "id": id, "name": form.text("name", NAME)}


def _file(block: Mapping[str, Any], town: Config) -> dict[str, Any]:
    """A town with that one source."""
    places = [{"id": place.id, "name": place.name} for place in town.places]
    policies = [json.loads(rule) for rule in town.policies.values()]
    calendar = {"name": town.calendar.name, "timezone": town.calendar.timezone}
    return {"calendar": calendar, "places": places, "policies": policies, "sources": [dict(block)]}


def _refused(form: Form, error: ConfigError) -> None:
    """The error of a key beside its field; one that belongs to no field stands above the form."""
    key = (error.key or "").partition("].")[2].partition(".")[0].partition("[")[0]
    known = {*TEXTS, *CHOICES, *LISTS}
    form.refuse(key if key in known else "", f"source-not-{key}" if key in known else "source-not")


def changed(entry: Entry, made: Source) -> Entry:
    """The entry with another reading; what the form does not ask stays."""
    return replace(entry, source=replace(made, enabled=entry.source.enabled, was=entry.source.was))


def choices(source: Source | None, town: Config, clerk: Clerk) -> dict[str, Any]:
    """What the form begins with, and what can be chosen in it."""
    first = source or Source(id="", name="")
    words = vocabulary.entries(town.vocabulary) if town.vocabulary else ()
    language = clerk.language
    return {
        "first": {
            **{
                name: getattr(first, name) or ""
                for name in ("name", "url", "format", "zone", "organizer", "licence", "map")
            },
            "interval": interval(first.interval),
            "role": first.role.value,
            "coverage": first.coverage.value,
            "layer": first.layer.value,
            "place": first.place or "",
            "images": first.images,
            "trusted": first.trusted,
            "category": first.category,
            "policy": first.policy,
        },
        "submitted": first.format == SUBMITTED,
        "roles": [(role.value, clerk.t(f"role-{role.value}")) for role in Role],
        "coverages": [(c.value, clerk.t(f"coverage-{c.value}")) for c in Coverage],
        "layers": [(layer.value, clerk.t(f"layer-{layer.value}")) for layer in Layer],
        "places": [("", "–"), ("online", clerk.t("online")), *((p.id, p.name) for p in town.places)],
        "categories": [(w.id, w.sv if language == "sv" else w.en) for w in words if w.kind == "category"],
        "policies": sorted(town.policies),
        "formats": [name for name in clerk.office.formats if name != SUBMITTED],
    }


def interval(length: timedelta) -> str:
    """A length as it is typed: 30m, 1h, 7d."""
    minutes = int(length.total_seconds()) // 60
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    return "".join(f"{n}{unit}" for n, unit in ((days, "d"), (hours, "h"), (left, "m")) if n)
