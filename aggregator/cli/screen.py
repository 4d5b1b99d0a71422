"""What an address gives, on one screen, in words that whoever announces events understands. Pure; prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aggregator import outages, remedies
from aggregator.cli.words import KINDS, tell
from aggregator.model import Event, Listing, Problem
from aggregator.pasting import pasted
from aggregator.plan import Insert
from aggregator.problems import SENTENCES, sentence
from aggregator.quality import needs
from aggregator.render.prose import day, time_line
from aggregator.render.view import place_line
from aggregator.report import Report
from aggregator.state import Suggestion
from aggregator.systems import system_of

EVENTS, PROBLEMS, WAITING = 8, 5, 4  # lines of each; all together are one screen
_CHOICE = "chosen-link"
_UNREACHED = ("dns", "connect", "timeout", "not-found")  # a slip of the pen explains them more often than anything else


def failure(address: str, told: Report, language: str) -> list[str]:
    """Why an address gives nothing, and what to do about it."""
    why = reason(told.code, told.detail, language)
    check = [tell(language, "check")] if told.code in _UNREACHED else []
    return [tell(language, "failed", address=address), why, *check, *_steps(address, told, (), language)]


def reason(code: str, plain: str, language: str) -> str:
    """Why an answer could not be had or read, by its code; `plain` where the code is nobody's."""
    known = SENTENCES.get(code) and sentence(Problem(code), language)
    return outages.sentence(code, language) or known or plain


def lines(
    address: str, told: Report, shown: Sequence[Event], names: Mapping[str, str], now: datetime, language: str
) -> list[str]:
    """The screen of an address that was read. `shown` are its events in order, `names` those of the sources.

    `now` is in the calendar's zone.
    """
    zone = now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    coming = [event for event in shown if event.content.when.over(zone) >= now]
    listings = tuple(action.listing for action in told.actions if isinstance(action, Insert))
    kind = KINDS[language].get(told.format) or tell(language, "kind-other", name=told.format)
    parts: list[list[str]] = [
        [
            tell(language, "is", name=told.name or urlsplit(pasted(address)).hostname or address, kind=kind),
            *_choice(told, language),
        ],
        [*_count(told, shown, zone, language)],
        [*_events(coming, zone, language)],
        [*_merged(shown, names, language)],
        [*_problems(told, language)],
        [*_waiting(told.suggestions, zone, language)],
        _steps(address, told, listings, language),
    ]
    return [line for part in parts if part for line in ("", *part)][1:]


def _choice(told: Report, language: str) -> Iterator[str]:
    yield from (sentence(problem, language) for problem in told.problems if problem.code == _CHOICE)


def _count(told: Report, shown: Sequence[Event], zone: ZoneInfo, language: str) -> Iterator[str]:
    if told.detail and told.result == "held":
        code, _, detail = told.detail.partition(" ")
        yield tell(language, "held", why=sentence(Problem(code, detail=detail), language))
    days = [day(event.content.when.first_day(zone), language, year=True) for event in shown]
    if not days:
        yield tell(language, "none")
    elif len(days) == 1:
        yield tell(language, "one", first=days[0])
    else:
        yield tell(language, "many", count=len(days), first=days[0], last=days[-1])
    counts = told.counts
    if counts and (counts.past or counts.beyond):
        yield tell(language, "outside", past=counts.past, beyond=counts.beyond)
    if counts and counts.refused:
        yield tell(language, "refused", count=counts.refused)


def _events(shown: Sequence[Event], zone: ZoneInfo, language: str) -> Iterator[str]:
    if shown:
        yield tell(language, "next")
    for event in shown[:EVENTS]:
        place = place_line(event.content)
        when = time_line(event.content.when, zone, language)
        yield "  " + " · ".join([when, event.content.title, *([place] if place else [])])
    if len(shown) > EVENTS:
        yield "  " + tell(language, "more", count=len(shown) - EVENTS)


def _merged(shown: Sequence[Event], names: Mapping[str, str], language: str) -> Iterator[str]:
    others = [[id for id in event.content.sources if id in names] for event in shown]
    ids = dict.fromkeys(id for each in others for id in each)
    if ids:
        told = ", ".join(names[id] for id in ids)
        yield tell(language, "merged", count=sum(map(bool, others)), names=told)


def _problems(told: Report, language: str) -> Iterator[str]:
    """Each sentence once, with the first item that it is about."""
    groups: dict[str, list[str]] = {}
    for problem in told.problems:
        if problem.code != _CHOICE:
            groups.setdefault(sentence(problem, language), []).append(problem.item)
    if groups:
        yield tell(language, "mend")
    for text, items in list(groups.items())[:PROBLEMS]:
        item = items[0] if len(items) == 1 else tell(language, "alike", item=items[0], count=len(items) - 1)
        yield f"  {item}: {text}" if items[0] else f"  {text}"
    if len(groups) > PROBLEMS:
        yield "  " + tell(language, "more", count=len(groups) - PROBLEMS)


def _waiting(suggestions: Sequence[Suggestion], zone: ZoneInfo, language: str) -> Iterator[str]:
    if suggestions:
        yield tell(language, "waits")
    for one in suggestions[:WAITING]:
        why = sentence(Problem(one.reason, one.title, one.detail), language)
        yield f"  {one.title}, {moment(one.start, zone, language)}: {why}"
    if len(suggestions) > WAITING:
        yield "  " + tell(language, "more", count=len(suggestions) - WAITING)


def moment(start: str, zone: ZoneInfo, language: str) -> str:
    """The start of a suggestion as people write it; `start` is ISO text, "" where none is told."""
    try:
        told = datetime.fromisoformat(start.partition("[")[0])
    except ValueError:
        return start or tell(language, "no-time")
    if "T" not in start:
        return day(told.date(), language, year=True)
    local = told.astimezone(zone) if told.tzinfo else told
    clock = f"{local.hour:02}{'.' if language == 'sv' else ':'}{local.minute:02}"
    return f"{day(local.date(), language, year=True)} {'kl. ' if language == 'sv' else ''}{clock}"


def _steps(address: str, told: Report, listings: Sequence[Listing], language: str) -> list[str]:
    """What to do next: of all that would be better the most urgent."""
    system = system_of(address, told.maker)
    for need in needs(told.code, told.problems, listings)[:1]:
        steps = remedies.steps(system.id if system else "", need, language)
        return [remedies.WANTS[language][need], *(f"  – {step}" for step in steps)]
    return []
