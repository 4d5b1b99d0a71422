"""What the fields of forms are called, for a list of what is to be mended, and for what was typed in vain.

A field is named in its template beside its box; here it stands once more, since the list comes before the fields. A
test holds one to the other. A box that is ticked has no name here: the sentence about it says what it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.web.forms import Form
from aggregator.web.words import say

# Field → key of its name: what people type.
LABELS: Mapping[str, str] = {
    "adress": "offer-address",
    "kalla": "offer-source-name",
    "rubrik": "event-title",
    "dag": "event-day",
    "fran": "event-from",
    "till": "event-to",
    "sista": "event-until",
    "plats": "event-place",
    "gata": "event-street",
    "arrangor": "event-organizer",
    "beskrivning": "event-text",
    "pris": "event-price",
    "alder": "event-age",
    "lank": "event-link",
    "meddelande": "offer-note",
    "namn": "offer-name",
    "epost": "offer-email",
    "svar": "mine-answer",
    "email": "login-email",
    "name": "source-name",
    "url": "field-url",
    "organizer": "field-organizer",
    "interval": "source-interval",
    "licence": "sources-licence",
    "zone": "source-zone",
    "map": "source-map",
    "address": "place-address",
    "locality": "place-locality",
    "aliases": "place-aliases",
    "geo": "place-geo",
    "title": "field-title",
    "day": "entering-day",
    "begins": "entering-begins",
    "ends": "entering-ends",
    "last": "entering-last",
    "place": "field-location",
    "description": "field-description",
    "price": "field-price",
    "age": "field-age",
    "audience": "field-audience",
    "note": "queue-own-words",
    "text": "report-text",
    "value": "correct-own",
}
# What they choose, and what is never shown again.
OTHERS: Mapping[str, str] = {
    "roll": "offer-role",
    "role": "source-role",
    "layer": "field-layer",
    "coverage": "source-coverage",
    "format": "source-format",
    "category": "source-category",
    "kategori": "key-category",
    "malgrupp": "key-audience",
    "sprak": "members-language",
    "language": "members-language",
    "password": "password-new",
    "present": "password-old",
}
# Where one name is two things: template → field → key.
ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    "login.html": {"password": "login-password"},
    "members.html": {"name": "members-name"},
    "staff/place.html": {"name": "place-name"},
    "staff/source.html": {"url": "sources-address", "place": "source-place"},
    "staff/newsource.html": {"url": "sources-address", "place": "source-place"},
    "offer_source.html": {"arrangor": "offer-source-organizer"},
    "own_edit.html": {"arrangor": "offer-source-organizer"},
}


def label(name: str, language: str, template: str = "") -> str:
    """What a field of a template is called; empty for one without a name of its own."""
    row = name.removeprefix("dag-")
    if row != name:
        return say(language, "event-date-number", number=row)
    key = ELSEWHERE.get(template, {}).get(name) or LABELS.get(name) or OTHERS.get(name)
    return say(language, key) if key else ""


def summary(sentences: Mapping[str, str], language: str, template: str) -> list[tuple[str, str]]:
    """What is to be mended, field by field: its name in the page, and “Ditt namn: fyll i det här.”."""
    return [(name, _of(label(name, language, template), told)) for name, told in sentences.items()]


def _of(called: str, told: str) -> str:
    if not called or called.endswith("?"):  # a field that asks is followed by a sentence, not by a colon
        return f"{called} {told}".lstrip()
    return f"{called}: {told[:1].lower()}{told[1:]}"


def typed(form: Form, language: str) -> list[tuple[str, str]]:
    """What was typed, name and text, to be shown where the form itself can't be."""
    told = ((name, "\n".join(text for text in form.all(name) if text)) for name in LABELS)
    return [(label(name, language), text) for name, text in told if text]
