"""`/staff/dubbletter`: possible duplicates side by side, the likeliest first: same, different, or later."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from aggregator import decisions
from aggregator.doubts import Doubt, Side
from aggregator.match import Pair
from aggregator.reasons import words
from aggregator.web.forms import Form
from aggregator.web.respond import in_thread
from aggregator.web.staff import facts
from aggregator.web.staff.clerk import Clerk, missing, vain, work

PATH = "/staff/dubbletter"
LISTED = 50
_NAME = re.compile(r"(\d{1,18})-(\d{1,18})")


async def listing(clerk: Clerk) -> Response:
    """The list."""
    found = await _waiting(clerk)
    rows = [_line(doubt, clerk) for doubt in found[:LISTED]]
    return clerk.page("pairs.html", {"rows": rows, "total": len(found)})


async def show(clerk: Clerk) -> Response:
    """One pair, what speaks for and against it, and what may be said of it."""
    doubt = await _asked(clerk)
    found = await _waiting(clerk)
    since = await in_thread(clerk.store.ledger.newest_decision)
    return clerk.page("pair.html", {**_both(doubt, clerk), **_place(doubt, found, clerk), "since": since})


async def decide(clerk: Clerk, form: Form) -> Response:
    """Same or different; then the next pair."""
    doubt, kind = await _asked(clerk), form.text("do", 20)
    if kind not in ("same", "different"):
        raise missing()
    found = await _waiting(clerk)
    names = [other.name for other in found]
    if doubt.name not in names or form.text("seen", 100) != seen(doubt):
        return vain(clerk, form, "overtaken", 409)
    after = _after(names, doubt.name)
    desk = clerk.office.desk(clerk.by, form.number("since"))
    decision = await in_thread(decisions.pair, desk, kind, _named(doubt.first), _named(doubt.second))
    await clerk.note(kind, f"listing:{doubt.pair.a}", f"listing:{doubt.pair.b}")
    return clerk.next(f"{PATH}/{after}" if after else PATH, kind, f"decision:{decision.id}")


def seen(doubt: Doubt) -> str:
    """What a decision is about, in a word that changes when any of it does (F25)."""
    told = sorted(s.listing.digest[:8] for s in (*doubt.first, *doubt.second))
    return "-".join(told)[:100]


async def _waiting(clerk: Clerk) -> list[Doubt]:
    found: list[Doubt] = await in_thread(clerk.office.doubts)
    return found


async def _asked(clerk: Clerk) -> Doubt:
    """The pair of the address. One that is decided can be looked at; one that is gone is a 404."""
    name = _NAME.fullmatch(clerk.request.path_params["pair"])
    doubt = await in_thread(clerk.office.doubt, int(name[1]), int(name[2])) if name else None
    if not isinstance(doubt, Doubt):
        raise missing()
    return doubt


def _named(side: Side) -> str:
    """A side as decisions name it: its event, so that all that tell it are meant."""
    return side[0].event or str(side[0].id)


def _after(names: Sequence[str], name: str) -> str | None:
    rest = names[names.index(name) + 1 :] if name in names else names
    return next(iter(rest or [other for other in names if other != name]), None)


def _line(doubt: Doubt, clerk: Clerk) -> dict[str, Any]:
    first, second = doubt.first[0], doubt.second[0]
    return {
        "name": doubt.name,
        "titles": (first.listing.title, second.listing.title),
        "when": facts.texts(first.listing, clerk)["when"],
        "sources": (facts.told_by(first, clerk), facts.told_by(second, clerk)),
    }


def _place(doubt: Doubt, found: Sequence[Doubt], clerk: Clerk) -> dict[str, Any]:
    """Where in the list it stands, and its neighbours."""
    names = [other.name for other in found]
    waits = doubt.name in names
    at = names.index(doubt.name) if waits else 0
    after = _after(names, doubt.name)
    return {
        "waits": waits,
        "number": at + 1,
        "total": len(names),
        "after": clerk.url(f"{PATH}/{after}") if after else "",
        "before": clerk.url(f"{PATH}/{names[at - 1]}") if at else "",
    }


def _both(doubt: Doubt, clerk: Clerk) -> dict[str, Any]:
    sides = (doubt.first, doubt.second)
    return {
        "name": doubt.name,
        "seen": seen(doubt),
        "heads": [facts.told_by(side[0], clerk) for side in sides],
        "rows": facts.compared([side[0].listing for side in sides], clerk),
        "others": [[_other(s, clerk) for s in side[1:]] for side in sides],
        "events": [clerk.url(f"/staff/evenemang/{side[0].event}") if side[0].event else "" for side in sides],
        "both": [clerk.site.names.get(id, id) for id in sorted(doubt.both)],
        "reasons": reasons(doubt.pair, clerk),
    }


def _other(stored: Any, clerk: Clerk) -> str:
    told = facts.texts(stored.listing, clerk)
    return f"{told['title']}, {told['when']} ({facts.told_by(stored, clerk)})"


def reasons(pair: Pair, clerk: Clerk) -> list[dict[str, Any]]:
    """What speaks for the two being one, and against it, what weighs most first."""
    ordered = sorted(pair.evidence.reasons, key=lambda reason: -abs(reason.weight))
    return [
        {
            "words": words(reason.name, clerk.language),
            "detail": reason.detail,
            "weight": f"{reason.weight:+.1f}".replace("-", "−"),
            "speaks": clerk.t("pair-for" if reason.weight > 0 else "pair-against"),
        }
        for reason in ordered
        if reason.name != "prior" and reason.weight
    ]


ROUTES = [*work(PATH, listing), *work(PATH + "/{pair:str}", show, decide)]
