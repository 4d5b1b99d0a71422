"""Drafts → listings: zones, days and hours, ends, keys, cleaning, the digest. It reads no format and no clock.

One verdict for each draft: a listing, or where the draft falls instead, and what is to be told about it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

from aggregator import content, text
from aggregator.content import hashed, stated_start
from aggregator.model import Context, Draft, Key, Listing, Problem, When
from aggregator.timing import TimeRefused, aware, when

UID_LENGTH = 255  # what databases and clients take; longer ones are hashed (A20)


class Fall(IntEnum):
    """Where a component falls; of several occurrences the smallest value speaks for the component."""

    INSIDE = 0
    BEYOND = 1
    PAST = 2
    REFUSED = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one draft. `listing` is set if and only if it falls inside the window."""

    fall: Fall
    listing: Listing | None = None
    problems: tuple[Problem, ...] = ()


def listings(drafts: Sequence[Draft], context: Context) -> tuple[Listing | Problem, ...]:
    """Drafts of one chunk as listings and problems; drafts outside the window give nothing."""
    verdicts = judge(drafts, context)
    found = [verdict.listing for verdict in verdicts if verdict.listing is not None]
    return (*found, *(problem for verdict in verdicts for problem in verdict.problems))


def judge(drafts: Sequence[Draft], context: Context) -> list[Verdict]:
    """One verdict for each draft, in order. All drafts of a UID are judged together, since they share its key."""
    keys = _keys(drafts, context)
    return [_judged(draft, key, context) for draft, key in zip(drafts, keys, strict=True)]


def _judged(draft: Draft, key: Key, context: Context) -> Verdict:
    title = text.clean_text(draft.title or "", limit=text.TITLE_BYTES)
    item = title or draft.uid or ""
    if draft.private:
        return _refused("private", item)
    if draft.start is None:
        return Verdict(Fall.REFUSED, problems=draft.notes or (Problem("no-start", item),))
    if not title:
        return _refused("no-title", item)
    try:
        found, notes = when(draft, item, context)
    except TimeRefused as refused:
        return Verdict(Fall.REFUSED, problems=(refused.problem,))
    fall = _fall(found, context)
    if fall is not Fall.INSIDE:
        return Verdict(fall)
    listing, more = content.listing(draft, key, title, found, context)
    return Verdict(fall, listing, (*draft.notes, *notes, *more))


def _refused(code: str, item: str, detail: str = "") -> Verdict:
    return Verdict(Fall.REFUSED, problems=(Problem(code, item, detail),))


def _fall(time: When, context: Context) -> Fall:
    zone = ZoneInfo(context.zone)
    if time.last_day(zone) < context.window.first:
        return Fall.PAST
    return Fall.BEYOND if time.first_day(zone) > context.window.last else Fall.INSIDE


def _keys(drafts: Sequence[Draft], context: Context) -> list[Key]:
    """The key of each draft; see "Listing" in docs/design.md.

    The UID that is stated, else the event's address if it has one start only, else a hash of title, local date and
    place. Where one key would name several starts, the stated start is its recurrence.
    """
    if len(drafts) == 1 and drafts[0].uid:
        return [_key(drafts[0], _uid(drafts[0], {}, context), False, context)]
    starts: dict[str, set[str]] = defaultdict(set)
    for draft in drafts:
        if not draft.uid and draft.url:
            starts[text.canonical_url(draft.url)].add(stated_start(draft))
    uids = [_uid(draft, starts, context) for draft in drafts]
    shared = Counter(uids)
    keys = [_key(draft, uid, shared[uid] > 1, context) for draft, uid in zip(drafts, uids, strict=True)]
    times = Counter(keys)
    return [key if times[key] == 1 else _apart(key, draft) for key, draft in zip(keys, drafts, strict=True)]


def _apart(key: Key, draft: Draft) -> Key:
    """One UID, one start, several things: the title tells them apart (C07)."""
    return replace(key, recurrence=f"{key.recurrence}#{hashed(text.fold(text.clean_text(draft.title or '')))[:8]}")


def _uid(draft: Draft, starts: dict[str, set[str]], context: Context) -> str:
    uid = " ".join(text.verbatim(draft.uid or "").split())
    address = text.canonical_url(draft.url) if draft.url and not uid else ""
    if not uid and len(starts.get(address, ())) == 1:
        uid = address
    if not uid:
        place = draft.location.name or draft.location.address or "" if draft.location else ""
        day = _day(draft.start, context)
        uid = "listing-" + hashed(text.fold(text.clean_text(draft.title or "")), day, text.fold(place))
    return uid if len(uid) <= UID_LENGTH else "uid-" + hashed(uid)


def _key(draft: Draft, uid: str, shared: bool, context: Context) -> Key:
    recurrence = draft.recurrence_id or (stated_start(draft) if shared else None)
    return Key(context.source.id, uid, recurrence)


def _day(start: datetime | date | None, context: Context) -> str:
    if start is None:
        return ""
    return When(aware(start, ZoneInfo(context.zone)) or start).first_day(ZoneInfo(context.zone)).isoformat()
