"""`/staff/platser`: the registry with its use; names that nobody knows yet; add, edit, merge, move, take back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from aggregator import codec, config
from aggregator.model import Geo, Place, PlaceEdit
from aggregator.phrases import words
from aggregator.shelf import Entry
from aggregator.slugs import slug
from aggregator.web.forms import Form
from aggregator.web.respond import in_thread
from aggregator.web.staff.clerk import Clerk, missing, vain, work

PATH, NEW = "/staff/platser", "/staff/plats-ny"
_TEXTS = {"name": 200, "address": 300, "locality": 100}
_ALIASES = 5000
_UNKNOWN = 30  # names that no place has, the most told first


async def listing(clerk: Clerk) -> Response:
    """All places, the most used first; then what is told and not known."""
    places = await _places(clerk)
    used, unknown = await _usage(clerk)
    edits = await _edits(clerk)
    twice = ambiguous(places)
    rows = [
        {
            "id": place.id,
            "name": place.name,
            "address": ", ".join(part for part in (place.address, place.locality) if part),
            "aliases": [(alias, _folded(alias) in twice) for alias in place.aliases],
            "geo": place.geo is not None,
            "used": used[place.id],
            "edited": place.id in edits,
        }
        for place in sorted(places, key=lambda place: (-used[place.id], place.name.casefold()))
    ]
    told = {
        "rows": rows,
        "unknown": unknown.most_common(_UNKNOWN),
        "merged": [(edit.place, edit.into) for edit in edits.values() if edit.into],
        "twice": [(name, [p.name for p in found]) for name, found in sorted(twice.items())],
        "places": [(place.id, place.name) for place in places],
    }
    return clerk.page("places.html", told)


async def name(clerk: Clerk, form: Form) -> Response:
    """A name that is told becomes another name of a known place."""
    edits = await _edits(clerk)
    alias, into = form.text("alias", 200), form.text("into", 64)
    place = next((place for place in await _places(clerk) if place.id == into), None)
    if place is None or not alias:
        raise missing()
    await _put(clerk, replace(place, aliases=tuple(dict.fromkeys((*place.aliases, alias)))), edits)
    await clerk.note("alias", f"place:{into}", alias)
    return clerk.next(PATH, "aliased", f"alias:{into}|{alias}")


async def blank(clerk: Clerk) -> Response:
    """An empty form; `?namn=` is a name that was told."""
    given = clerk.request.query_params.get("namn", "")[:200]
    return clerk.page("place.html", {**_begun(Place(id="", name=given)), "id": "", "seen": "", "others": []})


async def enter(clerk: Clerk, form: Form) -> Response:
    """A place of our own."""
    edits, places = await _edits(clerk), await _places(clerk)
    taken = {place.id for place in places} | edits.keys()
    base = slug(form.text("name", 200))[:50].strip("-") or "plats"
    id = next(i for i in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if i not in taken)
    made = read(form, id)
    if made is None:
        begun = {**_begun(Place(id="", name="")), "id": "", "seen": "", "others": []}
        return clerk.page("place.html", begun, form=form)
    await _put(clerk, made, edits)
    await clerk.note("enter", f"place:{id}")
    return clerk.next(f"{PATH}/{id}", "place-entered", f"place:{id}")


async def show(clerk: Clerk) -> Response:
    """One place."""
    return await _shown(clerk, Form())


async def take(clerk: Clerk, form: Form) -> Response:
    """Another reading of it, or its merge into another."""
    edits, place = await _edits(clerk), await _asked(clerk)
    if form.text("seen", 40) != seen(place):
        return vain(clerk, form, "overtaken", 409)
    if form.text("do", 20) == "merge":
        into = form.text("into", 64)
        if into == place.id or into not in {other.id for other in await _places(clerk)}:
            raise missing()
        await _put(clerk, place, edits, into)
        await clerk.note("merge", f"place:{place.id}", f"place:{into}")
        return clerk.next(f"{PATH}/{into}", "place-merged", f"place:{place.id}")
    made = read(form, place.id)
    if made is None:
        return await _shown(clerk, form)
    await _put(clerk, made, edits)
    await clerk.note("edit", f"place:{place.id}")
    return clerk.next(f"{PATH}/{place.id}", "saved")


def read(form: Form, id: str) -> Place | None:
    """The place that was typed; None where something has to be mended."""
    texts = {name: form.text(name, longest) for name, longest in _TEXTS.items()}
    if not texts["name"]:
        form.refuse("name", "form-missing")
    aliases = form.text("aliases", _ALIASES, lines=True).split("\n")
    told = form.text("geo", 60)
    geo = _geo(told) if told else None
    if told and geo is None:
        form.refuse("geo", "place-not-geo")
    if form.refused:
        return None
    names = tuple(dict.fromkeys(alias.strip() for alias in aliases if alias.strip()))
    return Place(
        id=id,
        name=texts["name"],
        address=texts["address"] or None,
        locality=texts["locality"] or None,
        aliases=names,
        geo=geo,
    )


def _geo(told: str) -> Geo | None:
    """ "55.6426, 13.2064", as maps give it when a point is copied."""
    parts = told.replace(";", ",").split(",") if "," in told or ";" in told else told.split()
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        return None
    return Geo(lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


def seen(place: Place) -> str:
    """What is edited, in a word that changes with it (F25)."""
    return hashlib.blake2b(codec.dumps(place).encode(), digest_size=10).hexdigest()


def ambiguous(places: Sequence[Place]) -> dict[str, list[Place]]:
    """Names that several places have: weak evidence, and worth to be told apart."""
    found: dict[str, list[Place]] = {}
    for place in places:
        for name in {_folded(name) for name in (place.name, *place.aliases)}:
            found.setdefault(name, []).append(place)
    return {name: those for name, those in found.items() if name and len(those) > 1}


def _folded(name: str) -> str:
    return " ".join(words(name))


async def _places(clerk: Clerk) -> tuple[Place, ...]:
    return (await clerk.town()).places


async def _edits(clerk: Clerk) -> Mapping[str, PlaceEdit]:
    found: Sequence[PlaceEdit] = await in_thread(clerk.store.town.places)
    return {edit.place.id: edit for edit in found}


async def _asked(clerk: Clerk) -> Place:
    place = next((p for p in await _places(clerk) if p.id == clerk.request.path_params["id"]), None)
    if place is None:
        raise missing()
    return place


async def _put(clerk: Clerk, place: Place, edits: Mapping[str, PlaceEdit], into: str | None = None) -> None:
    """Say it. `edits` were read before the place was judged, so that of two who do so at once the second is told."""
    told = edits.get(place.id)
    edit = PlaceEdit(place=place, into=into, changed=clerk.now, by=clerk.by)
    await in_thread(clerk.store.town.put_place, edit, told.place if told else place)
    await clerk.office_changed()


async def _usage(clerk: Clerk) -> tuple[Counter[str], Counter[str]]:
    """How many coming events each place has, and each name that no place is known for."""
    shelf, today = await clerk.desk.catalogue.shelf(), clerk.desk.today().toordinal()
    coming = [entry for entry in shelf.entries if entry.shown and entry.last >= today]
    used = Counter(place for entry in coming for place in entry.ids["place"])
    return used, Counter(told for entry in coming if (told := _untold(entry)))


def _untold(entry: Entry) -> str:
    where = entry.event.content.location
    return where.name or "" if where is not None and where.place is None and where.online is None else ""


def _begun(place: Place) -> dict[str, Any]:
    return {
        "first": {
            **{name: getattr(place, name) or "" for name in _TEXTS},
            "aliases": "\n".join(place.aliases),
            "geo": f"{place.geo.lat:g}, {place.geo.lon:g}" if place.geo else "",
        },
    }


async def _shown(clerk: Clerk, form: Form) -> Response:
    place = await _asked(clerk)
    others = [(p.id, p.name) for p in await _places(clerk) if p.id != place.id]
    twice = ambiguous(await _places(clerk))
    mine = [name for name in (place.name, *place.aliases) if _folded(name) in twice]
    told = {
        **_begun(place),
        "id": place.id,
        "title": place.name,
        "seen": form.typed("seen") or seen(place),
        "others": others,
        "mine": [(name, [p.name for p in twice[_folded(name)] if p.id != place.id]) for name in mine],
        "used": (await _usage(clerk))[0][place.id],
        "edited": place.id in await _edits(clerk),
        "of_file": place.id in {own.id for own in (await in_thread(config.load, clerk.office.kit.config.file)).places},
    }
    return clerk.page("place.html", told, form=form)


ROUTES = [*work(PATH, listing, name), *work(NEW, blank, enter), *work(PATH + "/{id:str}", show, take)]
