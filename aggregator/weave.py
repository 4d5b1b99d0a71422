"""From the actions of one source to a changed catalogue: rows, edges, clusters, events. Reads through a `View`.

It writes nothing: the result is a `Changeset`, computed on one catalogue version, that `store.commit` writes in
one transaction or refuses. Rules live in `match`, `merge`, `runs`, `identity` and `publish`; here is only the
order in which they are asked, and which listings a change touches.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator import identity, match, merge, publish, runs
from aggregator.loom import Ground, Loom, View, components, connects, linked, pinned
from aggregator.match import Clustering, Pair, Statistics
from aggregator.model import Event, Listing, StoredListing
from aggregator.plan import Insert, Plan, Update, Withdraw
from aggregator.publish import Change, Kind

HIDDEN = "hidden"  # the reason of an event that staff hid
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeset:
    """All that one commit writes; `version` is the version of the `View` that it was computed on."""

    version: int
    listings: tuple[StoredListing, ...] = ()
    blocks: Mapping[int, frozenset[str]] = field(default_factory=dict)
    unlinked: frozenset[int] = frozenset()  # listings whose edges are dropped before `edges` are written
    edges: tuple[Pair, ...] = ()
    events: tuple[Event, ...] = ()
    redirects: Mapping[str, str] = field(default_factory=dict)
    moves: frozenset[tuple[str, str]] = frozenset()  # (event that a listing told before, event that it tells now)
    changes: tuple[Change, ...] = ()
    crowded: tuple[str, ...] = ()
    statistics: Statistics | None = None  # replace those in force


def weave(plan: Plan, stored: Sequence[StoredListing], view: View, ground: Ground, *, anew: bool = False) -> Changeset:
    """The changes that a plan brings to the catalogue. `stored` is everything kept of the plan's source.

    `anew`: what the town's file says of the source has changed, so all it tells is matched and merged again.
    """
    before = {s.id: s for s in stored}
    after, quiet = _applied(plan, before, view.next_listing(), ground)
    after = _labelled(after, ground)
    changed = {id for id, s in after.items() if before.get(id) != s or (anew and s.withdrawn is None)}
    loom = Loom(view, ground, dict(after))
    woven = _woven(loom, before, changed, quiet, first=plan.first)
    return _filled(woven, plan.state.id, ground) if plan.first and woven.events else woven


def reweave(listings: Iterable[int], view: View, ground: Ground) -> Changeset:
    """Match and merge some listings again although no source changed: a decision, other rules, other statistics."""
    ids = set(listings)
    loom = Loom(view, ground, {})
    loom.load(ids)
    return _woven(loom, dict(loom.stored), ids & loom.stored.keys(), frozenset(), first=False)


def _woven(
    loom: Loom, before: Mapping[int, StoredListing], changed: set[int], quiet: frozenset[int], *, first: bool
) -> Changeset:
    units = _units(loom, before, changed)
    loom.fresh = frozenset(changed | units)
    blocks = {u: match.block_keys(loom.prepared(u), loom.ground.statistics) for u in units}
    blocks |= {id: frozenset() for id in changed if id not in units}
    dropped = loom.fresh
    old_links = loom.view.links(dropped)
    edges, crowded = linked(loom, units, blocks)
    loom.ground.memory.propose(loom.view.version, loom.joined, dropped)
    fresh = {id for p in edges if connects(p) for id in (p.a, p.b)}
    pins = pinned(loom.ground.decisions)
    partners = {other for id in changed for other in pins.get(id, ())}
    touched = units | fresh | partners | {u for link in old_links for u in link} | _siblings(loom, changed)
    loom.load(touched)
    clusterings = components(loom, touched, edges, dropped)
    returned = {id for id in changed if (s := before.get(id)) and s.withdrawn and not loom.stored[id].withdrawn}
    events, redirects, changes, listings = _events(loom, clusterings, changed, returned, quiet, first=first)
    pairs = {(p.a, p.b): p for p in edges} | {(p.a, p.b): p for c in clusterings for p in c.pairs}
    known = {**loom.loaded, **before}
    written = tuple(s for s in listings if known.get(s.id) != s)
    return Changeset(
        version=loom.view.version,
        listings=written,
        blocks=blocks,
        unlinked=dropped,
        edges=tuple(pairs[key] for key in sorted(pairs)),
        events=events,
        redirects=redirects,
        moves=_moves(known, written),
        changes=changes,
        crowded=crowded,
    )


def _filled(woven: Changeset, source: str, ground: Ground) -> Changeset:
    """The first fill of a source is told as one line, by the source and how many events it brought."""
    count = sum(event.created == ground.now for event in woven.events)
    line = Change(source, Kind.FILLED, ground.sources[source].name, "", str(count))
    return replace(woven, changes=(*woven.changes, line))


def _siblings(loom: Loom, changed: Iterable[int]) -> set[int]:
    """The listings of the same events: one that returns may be linked with none of those that kept its event's id."""
    held = {s.event for id in changed if (s := loom.stored.get(id)) and s.event}
    return {s.id for s in loom.view.members(held)}


def _moves(known: Mapping[int, StoredListing], written: Iterable[StoredListing]) -> frozenset[tuple[str, str]]:
    pairs = ((known[s.id].event, s.event) for s in written if s.id in known)
    return frozenset((old, new) for old, new in pairs if old and new and old != new)


def _applied(
    plan: Plan, before: Mapping[int, StoredListing], next_id: int, ground: Ground
) -> tuple[dict[int, StoredListing], frozenset[int]]:
    """The source's listings after the actions; new ids follow the order of keys, so that arrival changes nothing."""
    after = dict(before)
    quiet = set()
    inserts = sorted((a for a in plan.actions if isinstance(a, Insert)), key=lambda a: str(a.listing.key))
    for id, new in enumerate(inserts, next_id):
        after[id] = StoredListing(
            id=id, listing=new.listing, chunk=new.chunk, first_seen=ground.now, changed=ground.now
        )
        if new.quiet:
            quiet.add(id)
    for action in plan.actions:
        if isinstance(action, Update):
            after[action.id] = _updated(after[action.id], action, ground.now)
        elif isinstance(action, Withdraw):
            after[action.id] = replace(after[action.id], withdrawn=ground.now, run=None)
    return after, frozenset(quiet)


def _updated(old: StoredListing, action: Update, now: datetime) -> StoredListing:
    """`changed` moves with the content only, since the younger of two equals wins a merge."""
    same = old.listing.digest == action.listing.digest
    return replace(
        old,
        listing=action.listing,
        chunk=action.chunk,
        changed=old.changed if same else now,
        withdrawn=None,
    )


def _labelled(after: Mapping[int, StoredListing], ground: Ground) -> dict[int, StoredListing]:
    labels = runs.group([s for s in after.values() if s.withdrawn is None], ground.rules)
    return {id: s if s.run == labels.get(id) else replace(s, run=labels.get(id)) for id, s in after.items()}


def _units(loom: Loom, before: Mapping[int, StoredListing], changed: set[int]) -> set[int]:
    """The units that a change touches: the changed ones, and what is left of a run that lost a date."""
    labels = {s.run for id in changed if (s := before.get(id)) and s.run}
    rest = {s.id for s in loom.stored.values() if s.run in labels} if labels else set()
    return {u for id in changed | rest if (u := loom.unit(id)) is not None}


def _events(
    loom: Loom,
    clusterings: Sequence[Clustering],
    changed: set[int],
    returned: set[int],
    quiet: frozenset[int],
    *,
    first: bool,
) -> tuple[tuple[Event, ...], dict[str, str], tuple[Change, ...], list[StoredListing]]:
    """The events of the new clusters, the redirects between ids, and the listings with the event they tell now."""
    clusters = [[loom.stored[id] for id in ids] for clustering in clusterings for ids in clustering.clusters]
    clusters.sort(key=lambda cluster: str(identity.founder(cluster).listing.key))
    held = {s.event for cluster in clusters for s in cluster if s.event}
    held |= {s.event for id in changed if (s := loom.stored[id]).event}
    known = loom.view.events(held)
    known |= loom.view.founded(s.id for cluster in clusters for s in cluster)
    likely = {identity.likely(loom.ground.calendar, identity.founder(cluster).listing.key) for cluster in clusters}
    given = loom.view.given(likely)
    assigned = identity.assign(
        clusters,
        known,
        loom.ground.calendar,
        lambda id: id in given if id in likely else loom.view.taken(id),
        returned,
    )
    events: dict[str, Event] = {}
    told: list[Change] = []
    moved: list[StoredListing] = []
    for id, cluster in zip(assigned.ids, clusters, strict=True):
        old = known.get(id)
        new = _event(loom, id, cluster, old, quiet)
        if new != old:
            events[id] = new
            told += publish.changes(old, new) if not _is_quiet(cluster, quiet, old, first=first) else ()
        moved += [s if s.event == id else replace(s, event=id) for s in cluster]
    for id in (*assigned.redirects, *sorted(_bare(loom, assigned.orphans, changed))):
        reason = identity.MERGED if id in assigned.redirects else WITHDRAWN
        if id in known and known[id].withdrawn is None:
            events[id] = publish.withdrawn(known[id], loom.ground.now, reason)
            told += publish.changes(known[id], events[id])
    there = {s.id for s in moved}
    rest = [loom.stored[id] for id in changed if id not in there]
    return tuple(events[id] for id in sorted(events)), dict(assigned.redirects), tuple(told), moved + rest


def _bare(loom: Loom, orphans: frozenset[str], changed: set[int]) -> set[str]:
    """Those of the events without a listing in the new clusters that have none left anywhere."""
    if not orphans:
        return set()
    left = {
        s.event
        for s in loom.view.members(orphans)
        if s.event and s.id not in changed and loom.stored.get(s.id, s).withdrawn is None
    }
    return {id for id in orphans if id not in left}


def _event(loom: Loom, id: str, cluster: Sequence[StoredListing], old: Event | None, quiet: frozenset[int]) -> Event:
    ground = loom.ground
    ids = {s.id for s in cluster}
    decisions = [d for d in ground.decisions if d.undone is None and ids & set(d.listings)]
    merged = merge.merge(cluster, ground.sources, ground.rules.places, decisions, ground.zone)
    series = _series(cluster, ground, old)
    if old is not None:
        new = publish.again(old, merged, series, ground.now, quiet=bool(ids & quiet))
    else:
        told = (loom.view.series_told(series) if ids <= quiet and series else None) or ground.now
        new = publish.first(id, merged, identity.founder(cluster).id, series, ground.now, told)
    if any(d.kind == "hide" for d in decisions):
        return old if old and old.reason == HIDDEN else publish.withdrawn(new, ground.now, HIDDEN)
    return new


def _series(cluster: Sequence[StoredListing], ground: Ground, old: Event | None) -> str | None:
    """The series that the event belongs to: the one it had, else that of the highest-ranking listing."""
    recurring = [s.listing for s in cluster if s.listing.series is not None]
    if not recurring:
        return None
    if old is not None and old.series is not None:
        return old.series

    def rank(listing: Listing) -> tuple[int, str]:
        return merge.RANK[ground.sources[listing.key.source].role], str(listing.key)

    best = min(recurring, key=rank)
    return identity.series_id(ground.calendar, best.key.source, best.series or "")


def _is_quiet(cluster: Sequence[StoredListing], quiet: frozenset[int], old: Event | None, *, first: bool) -> bool:
    """Whether nobody is told: the first fill of a source, or dates that only the moving window brought."""
    if old is None:
        return first or all(s.id in quiet for s in cluster)
    return old.withdrawn is None and any(s.id in quiet for s in cluster)
