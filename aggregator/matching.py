"""Loads the rules of matching from the package's data files, once. An edge module: it decides nothing."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from aggregator import lexicon
from aggregator.features import Rules
from aggregator.model import Place
from aggregator.places import Registry

FILES = ("kinds", "titles", "places", "organizers", "weights")


def load(zone: ZoneInfo, places: tuple[Place, ...] = ()) -> Rules:
    """The rules for a calendar's zone and place registry. Raises OSError or YAMLError when the package is damaged."""
    folder = files("aggregator") / "lexicons"
    texts = {name: (folder / f"{name}.yaml").read_bytes() for name in FILES}
    read: dict[str, dict[str, Any]] = {name: yaml.safe_load(text) for name, text in texts.items()}
    weights = {name: float(weight) for name, weight in read["weights"]["weights"].items()}
    version = hashlib.sha256(b"\0".join(texts.values())).hexdigest()[:12]
    words = lexicon.build(read)
    return Rules(zone=zone, places=Registry(places, words.houses), lexicon=words, weights=weights, version=version)
