"""The town as it runs: what `sources.yaml` says, with what staff approved and edited beside it. Pure.

A source of the file is never replaced by one that was entered; a place may be: its registry is grown by staff.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from aggregator.config import Config
from aggregator.model import Entry, Place, PlaceEdit


def assembled(file: Config, entries: Iterable[Entry], edits: Iterable[PlaceEdit] = ()) -> Config:
    """One configuration of both. Entered sources take the rules and words that the file has for all.

    An entry names its rules by their ids: what the file changes in a rule holds for it too.
    """
    known = {source.id for source in file.sources}
    shared = file.vocabulary or (file.sources[0].vocabulary if file.sources else None)
    added = [
        replace(entry.source, vocabulary=entry.source.vocabulary or shared, policy=_rules(entry, file))
        for entry in entries
        if entry.removed is None and entry.source.id not in known
    ]
    return replace(file, sources=(*file.sources, *added), places=_places(file.places, edits))


def _rules(entry: Entry, file: Config) -> tuple[str, ...]:
    return tuple(file.policies[name] for name in entry.source.policy if name in file.policies)


def _places(own: tuple[Place, ...], edits: Iterable[PlaceEdit]) -> tuple[Place, ...]:
    """The registry: a merged place lives on as names of the one that it merged into."""
    told = {edit.place.id: edit for edit in edits}
    found = {place.id: place for place in own}
    found |= {id: edit.place for id, edit in told.items() if edit.into is None}
    for id, edit in sorted(told.items()):
        if edit.into is not None:
            gone = found.pop(id, edit.place)
            target = _target(edit.into, told)
            if target in found:
                names = (*found[target].aliases, gone.name, *gone.aliases)
                found[target] = replace(found[target], aliases=tuple(dict.fromkeys(names)))
    return tuple(found.values())


def _target(id: str, told: Mapping[str, PlaceEdit]) -> str:
    """Where a chain of merges ends."""
    seen = {id}
    while (edit := told.get(id)) is not None and edit.into is not None and edit.into not in seen:
        id = edit.into
        seen.add(id)
    return id


def free_id(wanted: str, town: Config, entries: Iterable[Entry]) -> str:
    """An id like `wanted` that no source has or had."""
    taken = {source.id for source in town.sources} | {entry.source.id for entry in entries}
    taken |= {source.was for source in town.sources if source.was}
    names = (wanted if n == 1 else f"{wanted[:56]}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
