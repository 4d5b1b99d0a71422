"""What a filter found: a set of entries that is read in order of start, and only as far as somebody looks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import overload

from aggregator.index import members, picked
from aggregator.shelf import Entry, Shelf

_FEW = 500  # entries up to which they are sorted; more are picked out of all of them, which are in order


class Found(Sequence[Entry]):
    """Some entries of a shelf, in order of start, then id. `set` holds their slots."""

    __slots__ = ("set", "shelf")

    def __init__(self, shelf: Shelf, wanted: int) -> None:
        self.shelf = shelf
        self.set = wanted

    def __len__(self) -> int:
        return self.set.bit_count()

    def __iter__(self) -> Iterator[Entry]:
        shelf = self.shelf
        if len(self) > _FEW:
            return picked(self.set, shelf.entries, shelf.slots, len(shelf.index.things))
        return iter(sorted((shelf.index.things[slot] for slot in members(self.set)), key=_order))

    @overload
    def __getitem__(self, at: int) -> Entry: ...

    @overload
    def __getitem__(self, at: slice) -> list[Entry]: ...

    def __getitem__(self, at: int | slice) -> Entry | list[Entry]:
        if isinstance(at, slice):
            start, stop, step = at.indices(len(self))
            return list(islice(self, start, stop, step)) if step > 0 else list(self)[at]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return next(islice(self, at % len(self), None))

    def bearing(self, kind: str, value: bool) -> Found:
        """Those that bear a mark."""
        return Found(self.shelf, self.set & self.shelf.index.bearing(kind, value))

    def without(self, those: int) -> Found:
        """Those that are not in a set."""
        return Found(self.shelf, self.set & ~those)


def _order(entry: Entry) -> tuple[float, str]:
    return entry.order
