"""What a VEVENT says besides its times → a draft. It judges nothing; its times are read in `eventtimes`.

What RFC 5545 and 7986 carry, and what producers add: Apple's structured places, Outlook's HTML, The Events
Calendar's images, LiveWhale's and Bedework's prices. Alarms, attendees and contacts are never read (A10, A36).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import NamedTuple

from aggregator import contacts, prices, text
from aggregator.formats.contentlines import Properties, Property, first
from aggregator.formats.whereabouts import location
from aggregator.model import Draft, Price, Problem, Status
from aggregator.recurrence import Moment
from aggregator.swedish import ages_told

_STATUS = {"CANCELLED": Status.CANCELLED, "CANCELED": Status.CANCELLED, "TENTATIVE": Status.TENTATIVE}
_CLOSED = {"PRIVATE", "CONFIDENTIAL"}
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|\Z)", re.IGNORECASE)


class Told(NamedTuple):
    """When a draft is: start and end, the start as stated, and for a date of a series its slot and series."""

    start: Moment | None = None
    end: Moment | None = None
    stated: str | None = None
    slot: str | None = None
    series: str | None = None
    override: bool = False


def draft(props: Properties, notes: tuple[Problem, ...], told: Told) -> Draft:
    """One occurrence as the properties and its times tell it."""
    description, html = _description(props)
    return Draft(
        uid=first(props, "UID"),
        start=told.start,
        end=told.end,
        end_exclusive=True,
        stated_start=told.stated,
        recurrence_id=told.slot,
        series=told.series,
        override=told.override,
        title=first(props, "SUMMARY"),
        status=_status(props),
        private=(first(props, "CLASS") or "").strip().upper() in _CLOSED,
        location=location(props),
        organizer=_organizer(props),
        description=description,
        html=html,
        url=first(props, "URL"),
        links=_links(props),
        image=_image(props),
        categories=_categories(props),
        price=_price(props),
        language=_language(props),
        notes=notes,
    )


_KEPT = ("location", "organizer", "url", "image", "categories", "price")
_PROSE = 4000  # characters of a description that are looked at


def completed(own: Draft, series: Draft) -> Draft:
    """What a component for one date says, and where it is silent what its series says.

    RFC 5545 would have it whole (3.8.4.4), but a date that was cancelled by hand often carries no more than its title.
    Without the category and the ages of its series it would vanish from the feed of those whom it concerns.
    """
    names = [*_KEPT, *(("description", "html") if own.description is None and own.html is None else ())]
    told = replace(own, **{name: getattr(series, name) for name in names if not getattr(own, name)})
    if own.status is not Status.CANCELLED:
        return told
    prose = text.clean_text((series.description or series.html or "")[:_PROSE], lines=True)
    ages = ages_told(prose)
    return replace(
        told,
        price=told.price or prices.find(prose),
        age="-".join([str(age) for age in ages if age is not None]) if ages else None,
    )


def _status(props: Properties) -> Status | None:
    told = (first(props, "STATUS") or "").upper()
    if (first(props, "X-LIVEWHALE-CANCELED") or "").lower() in ("1", "true", "yes"):
        return Status.CANCELLED
    return _STATUS.get(told)


def _description(props: Properties) -> tuple[str | None, str | None]:
    html = next((prop for prop in props.get("X-ALT-DESC", ()) if "html" in prop.raw_params.lower()), None)
    return first(props, "DESCRIPTION"), html.text if html else None


def _organizer(props: Properties) -> str | None:
    """The CN where it names an organisation. A person's name is nobody's business (G04)."""
    found = props.get("ORGANIZER")
    if not found:
        return None
    name = text.clean_text(found[0].params.get("CN", ""))
    return name if name and "@" not in name and not _person(name, found[0].value) else None


_ORGANISATION = re.compile(
    r"bibliotek|kommun|förening|klubb|församling|kyrka|museum|museet|teater|studie|hembygd|sällskap|förbund|stiftelse|centrum|kultur"
    r"|fritid|skola|idrott|scout|orkester|kör\b|musik|galleri|konsthall|hotell|krog|restaurang|café|\b(?:ab|if|ik|bk|ff|hk|abf|sv|pro"
    r"|spf|ideell|inc|llc|ltd|gmbh)\b|librar|museum|theat|church|club|society|association|council|cent(?:er|re)|foundation"
    r"|universit|college|school|department|office|team|group|gallery|park|city|county|town|orchestra|festival|committee|events?\b"
    r"|calendar|kalender|arena|services?|project|network|institute|studios?|house|hall|company|union|alliance|program",
    re.IGNORECASE,
)


def _person(name: str, address: str) -> bool:
    """Two or three capitalised words, unless a word, the mailbox or its domain shows that an organisation is meant."""
    words = name.split()
    if not (2 <= len(words) <= 3 and all(word[:1].isupper() for word in words)) or _ORGANISATION.search(name):
        return False
    box, _, domain = address.lower().removeprefix("mailto:").partition("@")
    squashed = "".join(character for character in unicodedata.normalize("NFKD", name.lower()) if character.isalnum())
    return not contacts.functional(box) and squashed not in domain.replace("-", "")


def _price(props: Properties) -> Price | None:
    for name in ("X-COST", "X-LIVEWHALE-COST", "X-BEDEWORK-COST", "X-TICKET-PRICE", "X-PRICE"):
        told = first(props, name)
        if told is not None:
            return prices.stated(told[:200])
    return None


def _language(props: Properties) -> str | None:
    """LANGUAGE of the title (RFC 5545 3.2.10): the first subtag."""
    found = props.get("SUMMARY")
    told = found[0].params.get("LANGUAGE", "") if found and found[0].raw_params else ""
    return told[:2].lower() if re.fullmatch(r"[A-Za-z]{2}(?:[-_].*)?", told) else None


def _links(props: Properties) -> tuple[str, ...]:
    names = ("ATTACH", "X-GOOGLE-CONFERENCE", "CONFERENCE", "X-LIVEWHALE-CUSTOM-REGISTRATION-LINK")
    values = [prop.value for name in names for prop in props.get(name, ()) if not _is_image(prop)]
    return tuple(value for value in values if value.lower().startswith(("http:", "https:")))


def _is_image(prop: Property) -> bool:
    return "image/" in prop.raw_params.lower() or _IMAGE_NAME.search(prop.value[-200:]) is not None


def _image(props: Properties) -> str | None:
    """IMAGE (RFC 7986 5.10), else an attached image, else what producers invented. Inline data is never read."""
    for name in ("IMAGE", "ATTACH", "X-TKF-FEATURED-IMAGE", "X-LIVEWHALE-IMAGE", "X-WP-IMAGES-URL"):
        for prop in props.get(name, ()):
            if prop.value[:5].lower().startswith("http") and (name != "ATTACH" or _is_image(prop)):
                return prop.value
    return None


def _categories(props: Properties) -> tuple[str, ...]:
    names = [name.strip() for prop in props.get("CATEGORIES", ())[:200] for name in prop.texts[:200]]
    return tuple(name for name in names if name)[:200]
