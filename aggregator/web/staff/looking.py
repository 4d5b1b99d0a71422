"""What an offered address gives, for staff: fetched when they ask, kept in memory for a while."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aggregator import outages, previews
from aggregator.model import Event, OfferedSource, Submission
from aggregator.problems import SENTENCES, sentence
from aggregator.report import Report
from aggregator.web.staff import facts
from aggregator.web.staff.clerk import Clerk

KEPT, FOR = 50, timedelta(hours=1)
SHOWN = 30  # events and problems of an address


@dataclass(frozen=True, slots=True)
class Look:
    """What an address gave, and when."""

    report: Report
    at: datetime


async def looked(found: Submission, clerk: Clerk, *, anew: bool) -> dict[str, Any] | None:
    """What the address of a submission gave, asked `anew` or at the last look; None where nobody looked."""
    if not isinstance(found.body, OfferedSource):
        return None
    looks: OrderedDict[str, Look] = clerk.request.app.state.looks
    address = found.body.address
    if anew:
        told = await clerk.office.preview(address, found.body.role)
        looks[address] = Look(told, clerk.now)
        looks.move_to_end(address)
        while len(looks) > KEPT:
            looks.popitem(last=False)
    look = looks.get(address)
    return _told(look, clerk) if look is not None and clerk.now - look.at < FOR else None


def _told(look: Look, clerk: Clerk) -> dict[str, Any]:
    report = look.report
    events = sorted(
        (e for e in report.events if e.withdrawn is None and previews.ID in e.content.sources),
        key=lambda e: e.content.when.begins(clerk.site.zone),
    )
    counts = report.counts
    return {
        "at": clerk.moment(look.at),
        "ok": report.ok,
        "error": _failure(report, clerk),
        "detail": report.detail,
        "format": report.format,
        "inside": counts.inside if counts else 0,
        "refused": counts.refused if counts else 0,
        "events": [_event(event, clerk) for event in events[:SHOWN]],
        "more": max(0, len(events) - SHOWN),
        "problems": [(p.item, sentence(p, clerk.language)) for p in report.problems[:SHOWN]],
        "suggestions": len(report.suggestions),
    }


def _failure(report: Report, clerk: Clerk) -> str:
    """Why it could not be read, in words."""
    if report.ok:
        return ""
    told = outages.sentence(report.code, clerk.language)
    if told is None and report.code in SENTENCES:
        told = SENTENCES[report.code][0 if clerk.language == "sv" else 1]
    return told or report.detail


def _event(event: Event, clerk: Clerk) -> dict[str, Any]:
    told = facts.texts(event.content, clerk)
    others = [clerk.site.names.get(s, s) for s in event.content.sources if s != previews.ID]
    return {
        "title": event.content.title,
        "when": told["when"],
        "place": told.get("location", ""),
        "merges": ", ".join(others),
        "link": facts.link(event.content.url, clerk) if event.content.url else None,
    }
