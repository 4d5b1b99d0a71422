"""`/staff/logg`: who did what, to what, when; filtered, and as a table for other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from aggregator.model import Noted
from aggregator.render.table import cell
from aggregator.web.respond import in_thread
from aggregator.web.security import private
from aggregator.web.staff.clerk import Clerk, work
from aggregator.web.words import TABLES

PATH, TABLE = "/staff/logg", "/staff/logg.csv"
PAGE, EXPORTED = 100, 50_000
_PAGES = {"submission": "/staff/ko", "source": "/staff/kallor", "place": "/staff/platser", "event": "/staff/evenemang"}
_LONGEST = 200


async def show(clerk: Clerk) -> Response:
    """The newest lines."""
    asked = _asked(clerk)
    found = await _found(clerk, asked, PAGE + 1, clerk.number("fore"))
    names = await clerk.names()
    query = "&".join(f"{name}={value}" for name, value in _query(asked).items())
    older = f"{clerk.url(PATH)}?{query}&fore={found[PAGE - 1].id}" if len(found) > PAGE else ""
    told = {
        "rows": [_line(one, names, clerk) for one in found[:PAGE]],
        "asked": asked,
        "who": sorted(names.items(), key=lambda pair: pair[1]),
        "actions": sorted(((a, _action(a, clerk)) for a in await _actions(clerk)), key=lambda pair: pair[1]),
        "older": older,
        "table": f"{clerk.url(TABLE)}?{query}",
    }
    return clerk.page("log.html", told)


async def table(clerk: Clerk) -> Response:
    """The same as CSV; nothing in it begins as a formula does (F14)."""
    found = await _found(clerk, _asked(clerk), EXPORTED, None)
    names = await clerk.names()
    head = [clerk.t(f"log-{name}") for name in ("at", "by", "action", "subject", "detail")]
    lines = [head, *([_stamp(one), names.get(one.by, one.by), one.action, one.subject, one.detail] for one in found)]
    body = "".join(",".join(cell(value) for value in line) + "\r\n" for line in lines)
    answer = Response(body.encode("utf-8-sig"), media_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="logg.csv"'
    return private(answer)


def _stamp(one: Noted) -> str:
    return one.at.isoformat(timespec="seconds")


def _asked(clerk: Clerk) -> dict[str, str]:
    given = clerk.request.query_params
    return {name: given.get(name, "").strip()[:_LONGEST] for name in ("vem", "vad", "om")}


def _query(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: quote(value, safe="") for name, value in asked.items() if value}


async def _found(clerk: Clerk, asked: Mapping[str, str], limit: int, before: int | None) -> Sequence[Noted]:
    found: Sequence[Noted] = await in_thread(
        lambda: clerk.store.audit.newest(
            limit, before, subject=asked["om"] or None, by=asked["vem"] or None, action=asked["vad"] or None
        )
    )
    return found


async def _actions(clerk: Clerk) -> Sequence[str]:
    found: Sequence[str] = await in_thread(clerk.store.audit.actions)
    return found


def _action(action: str, clerk: Clerk) -> str:
    return clerk.t(f"action-{action}") if f"action-{action}" in TABLES[clerk.language] else action


def _who(by: str, names: Mapping[str, str], clerk: Clerk) -> str:
    """A member by name; of whoever sent something in no name stands in a log (G05)."""
    return clerk.t("log-person") if by.startswith("person:") else names.get(by, by)


def _line(one: Noted, names: Mapping[str, str], clerk: Clerk) -> dict[str, Any]:
    kind, _, id = one.subject.partition(":")
    return {
        "at": clerk.moment(one.at),
        "by": _who(one.by, names, clerk),
        "action": _action(one.action, clerk),
        "subject": one.subject,
        "url": clerk.url(f"{_PAGES[kind]}/{quote(id, safe='')}") if kind in _PAGES and id else "",
        "detail": one.detail,
    }


ROUTES = [*work(PATH, show), *work(TABLE, table)]
