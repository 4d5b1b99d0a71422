"""Drafts → listings: zones, days and hours, ends, keys, cleaning, the digest. It reads no format and no clock.

One verdict for each draft: a listing, or where the draft falls instead, and what is to be told about it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

from aggregator import content, text
from aggregator.content import Said, hashed, stated_start
from aggregator.model import Context, Draft, Key, Listing, Problem, When
from aggregator.timing import TimeRefused, aware, when

UID_LENGTH = 255  # what databases and clients take; longer ones are hashed (A20)
_TIMES = {"uid", "recurrence_id", "series", "start", "end", "end_exclusive", "stated_start", "override", "notes"}
_WORDS = tuple(field.name for field in fields(Draft) if field.name not in _TIMES)


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
    judge = _Judge(context)
    return [judge.verdict(draft, key) for draft, key in zip(drafts, keys, strict=True)]


class _Judge:
    """Judges the drafts of one chunk; the dates of a series say the same, so that it is cleaned once for them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.zone = ZoneInfo(context.zone)
        self.known: tuple[Draft, Said, str] | None = None

    def verdict(self, draft: Draft, key: Key) -> Verdict:
        title = text.clean_text(draft.title or "", limit=text.TITLE_BYTES)
        item = title or draft.uid or ""
        if draft.private:
            return _refused("private", item)
        if draft.start is None:
            return Verdict(Fall.REFUSED, problems=draft.notes or (Problem("no-start", item),))
        if not title:
            return _refused("no-title", item)
        try:
            time, notes = when(draft, item, self.context)
        except TimeRefused as refused:
            return Verdict(Fall.REFUSED, problems=(refused.problem,))
        fall = self._fall(time)
        if fall is not Fall.INSIDE:
            return Verdict(fall)
        words, mark = self._said(draft, title)
        return Verdict(fall, content.listing(draft, key, time, words, mark), (*draft.notes, *notes, *words.notes))

    def _said(self, draft: Draft, title: str) -> tuple[Said, str]:
        if self.known is None or not _same_words(self.known[0], draft):
            words = content.said(draft, title, self.context)
            self.known = draft, words, content.digest(words)
        return self.known[1], self.known[2]

    def _fall(self, time: When) -> Fall:
        if time.last_day(self.zone) < self.context.window.first:
            return Fall.PAST
        return Fall.BEYOND if time.first_day(self.zone) > self.context.window.last else Fall.INSIDE


def _same_words(one: Draft, other: Draft) -> bool:
    """Whether two drafts are dates of one component: the very same values, compared by identity since it is cheap."""
    return all(getattr(one, name) is getattr(other, name) for name in _WORDS)


def _refused(code: str, item: str, detail: str = "") -> Verdict:
    return Verdict(Fall.REFUSED, problems=(Problem(code, item, detail),))


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
