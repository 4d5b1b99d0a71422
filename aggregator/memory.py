"""Units prepared for matching, remembered from one commit of this process to the next. It prepares and reads nothing.

What is remembered holds for one revision of the catalogue and one set of rules; whatever else writes the catalogue
makes all of it forgotten. So a neighbour of a change need not be read and prepared again, and can't be stale.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from aggregator.match import Features, Rules
from aggregator.model import StoredListing

MOST = 20_000  # units: some 60 MB


@dataclass(frozen=True, slots=True)
class _Proposal:
    revision: int
    units: Mapping[int, Features]
    gone: frozenset[int]


@dataclass(slots=True)
class Memory:
    """One for a process, used by one thread at a time (`Kit.deciding`)."""

    most: int = MOST
    _rules: Rules | None = None
    _revision: int = -1
    _units: dict[int, Features] = field(default_factory=dict)
    _proposal: _Proposal | None = None
    _foreseen: dict[int, tuple[StoredListing, Features]] = field(default_factory=dict)

    def foresee(self, rules: Rules, told: Iterable[tuple[StoredListing, Features]]) -> None:
        """Listings of a first fill, prepared under the ids and in the runs that they will have."""
        self._rules, self._foreseen = rules, {stored.id: (stored, features) for stored, features in told}

    def foreseen(self, rules: Rules, stored: StoredListing) -> Features | None:
        """What was prepared of a listing before it was stored, if it came to be as it was foreseen; once."""
        before, features = self._foreseen.pop(stored.id, (None, None))
        same = (
            before is not None and rules is self._rules and (before.run, before.listing) == (stored.run, stored.listing)
        )
        return features if same else None

    def units(self, rules: Rules, revision: int) -> Mapping[int, Features]:
        """What is remembered of the catalogue as it is at that revision, by unit."""
        if rules is not self._rules or revision != self._revision:
            self._units, self._rules, self._revision = {}, rules, revision
        return self._units

    def propose(self, revision: int, units: Mapping[int, Features], gone: Iterable[int]) -> None:
        """What will hold once the changes computed at that revision are written."""
        self._proposal = _Proposal(revision, units, frozenset(gone))

    def written(self, revision: int, *, moved: bool) -> None:
        """The changes computed at that revision are written; `moved` tells whether they were any."""
        proposal, self._proposal = self._proposal, None
        if proposal is None or proposal.revision != revision or revision != self._revision:
            self._units, self._revision = {}, -1
            return
        self._revision = revision + moved
        for id in proposal.gone:
            self._units.pop(id, None)
        self._units |= proposal.units
        for id in list(islice(self._units, max(0, len(self._units) - self.most))):
            del self._units[id]
