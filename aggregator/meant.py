"""What somebody means who writes the town's file by heart: other words for its keys and values, coordinates in other
forms. Only what to suggest; nothing is read in this way.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

# our word: what others write for it, in Swedish, in English, or as another program calls it
OTHERS: dict[str, str] = {
    "address": "adress gatuadress street",
    "aliases": "alias alternativ smeknamn synonyms",
    "association": "förening club klubb idrottsförening",
    "calendar": "kalender kalendern settings inställningar",
    "category": "kategori kategorier categories tags taggar ämne",
    "civic": "kommunalt politik",
    "coverage": "täckning omfattning",
    "enabled": "aktiv aktiverad active on på disabled avstängd",
    "format": "typ type filtyp",
    "geo": "koordinater coordinates coords position lat lon latitud longitud latlng",
    "holidays": "lov skollov",
    "ical": "ics icalendar webcal kalenderfil",
    "images": "bilder bild image pictures",
    "interval": "intervall every refresh frequency hur-ofta",
    "language": "språk lang",
    "layer": "lager",
    "leisure": "fritid",
    "licence": "license licens",
    "locality": "ort stad city town",
    "map": "mapping fält fields karta",
    "media": "tidning newspaper",
    "municipality": "kommun kommunen",
    "name": "namn titel title",
    "organizer": "arrangör organiser organisatör",
    "path": "fil file sökväg",
    "place": "plats location venue ställe",
    "places": "platser ställen locations venues",
    "policies": "regler rules riktlinjer",
    "policy": "regel rule",
    "region": "kommunkod code",
    "role": "roll",
    "rss": "atom feed flöde",
    "sources": "källor källa source feeds kalendrar calendars",
    "tickets": "biljetter biljett ticket",
    "timezone": "tidszon tz time_zone zon",
    "trusted": "betrodd pålitlig",
    "url": "länk link adress address href feed webbadress uri",
    "venue": "lokal scen arena plats",
    "vocabulary": "ordlista ord words",
    "was": "hette tidigare old_id former",
    "zone": "tidszon timezone tz zon",
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{1,12})?(?!\d)")


def suggestion(word: str, known: Collection[str]) -> str:
    """ "; did you mean …?" where one known word is near or means the same, else ""."""
    other = next((ours for ours, words in OTHERS.items() if ours in known and word.casefold() in words.split()), None)
    near = [other] if other else difflib.get_close_matches(word, list(known), 1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def coordinates(told: str) -> str:
    """ "; write [55.64, 13.2]" where two numbers can be seen in what was told, latitude first; else ""."""
    found = [number.replace(",", ".") for number in _NUMBER.findall(told)]
    if len(found) != 2:
        return ""
    pair = found if abs(float(found[0])) <= 90 else found[::-1]  # beyond 90 it is a longitude
    fits = abs(float(pair[0])) <= 90 and abs(float(pair[1])) <= 180
    return f"; write [{pair[0]}, {pair[1]}]" if fits else ""
