"""What pages say of a search: what it could have asked instead, and what of a filter is not taken."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "sv": {
        "instead-label": "Andra sätt att söka",
        "instead-all": "allt",
        "instead-today": "i dag",
        "instead-tomorrow": "i morgon",
        "instead-days": "Visa {what} {when} ({count})",
        "instead-days-one": "Visa {what} {when} (1)",
        "instead-word": "Menade du {what}? ({count} träffar)",
        "instead-word-one": "Menade du {what}? (1 träff)",
        "instead-layer": "{count} träffar i {layer} – visa dem",
        "instead-layer-one": "1 träff i {layer} – visa den",
        "ignored": "”{named}={value}” i adressen går inte att läsa och räknas inte.",
        "ignored-day": "”{value}” är inget datum som går att läsa och räknas inte. Skriv som 2027-01-16.",
        "ignored-age": "”{value}” är ingen ålder som går att läsa och räknas inte. Skriv hela år, från 0 till 150.",
        "ignored-text": "”{value}” räknas inte: sök på högst tio ord och hundra tecken.",
        "ignored-place": "Platsen ”{value}” finns inte på kartan, så avståndet räknas inte.",
        "unknown-category": "I kalendern finns inget i kategorin ”{value}”.",
        "unknown-audience": "I kalendern finns inget för ”{value}”.",
        "unknown-place": "I kalendern finns ingen plats som heter ”{value}”.",
        "unknown-organizer": "I kalendern finns inget av arrangören ”{value}”.",
        "unknown-source": "I kalendern finns ingen källa som heter ”{value}”.",
        "unknown-series": "I kalendern finns ingen serie som heter ”{value}”.",
    },
    "en": {
        "instead-label": "Other ways to search",
        "instead-all": "everything",
        "instead-today": "today",
        "instead-tomorrow": "tomorrow",
        "instead-days": "Show {what} {when} ({count})",
        "instead-days-one": "Show {what} {when} (1)",
        "instead-word": "Did you mean {what}? ({count} hits)",
        "instead-word-one": "Did you mean {what}? (1 hit)",
        "instead-layer": "{count} hits in {layer} – show them",
        "instead-layer-one": "1 hit in {layer} – show it",
        "ignored": "“{named}={value}” in the address can’t be read and doesn’t count.",
        "ignored-day": "“{value}” is no date that can be read and doesn’t count. Write it as 2027-01-16.",
        "ignored-age": "“{value}” is no age that can be read and doesn’t count. Write whole years, from 0 to 150.",
        "ignored-text": "“{value}” doesn’t count: search for at most ten words and a hundred characters.",
        "ignored-place": "The place “{value}” is not on the map, so the distance doesn’t count.",
        "unknown-category": "The calendar has nothing in the category “{value}”.",
        "unknown-audience": "The calendar has nothing for “{value}”.",
        "unknown-place": "The calendar has no place called “{value}”.",
        "unknown-organizer": "The calendar has nothing by the organizer “{value}”.",
        "unknown-source": "The calendar has no source called “{value}”.",
        "unknown-series": "The calendar has no series called “{value}”.",
    },
}
