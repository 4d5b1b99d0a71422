"""What a listing is compared by. It compares nothing itself.

`prepare` costs one listing, never a look at another one; features are plain values that pickle and may be kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aggregator import titles
from aggregator.chosen_time import spans_days
from aggregator.frames import holds_others
from aggregator.lexicon import Lexicon
from aggregator.model import Geo, Listing, Location, Role, Source, Status, StoredListing, When
from aggregator.phrases import fold, stem, words
from aggregator.places import Found, Registry
from aggregator.slips import LONG, is_slip
from aggregator.text import canonical_url

TEXT_WORDS = 60  # the first words of a description, which name who and what
TEXT_LETTERS = 5
FARTHEST_DAYS = 60  # an event is moved by weeks; a title's day farther off is another year's or no day


@dataclass(frozen=True)
class Rules:
    """What the rules may know besides the listings; made once, at the edge (`matching.load`).

    `weights` are named log-odds; `version` names lexicon and weights together.
    """

    zone: ZoneInfo
    places: Registry = field(default_factory=Registry)
    lexicon: Lexicon = field(default_factory=Lexicon)
    weights: Mapping[str, float] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Features:
    """One listing, or all dates of one run. `id` is the listing's own (of a run: the smallest).

    `clock` and `ending` are minutes after local midnight, None where only the day is known; `told` is the clock
    time that title or description tell. `places` are ids of the registry (several: ambiguous).
    `pages` are canonical addresses with the source's own first.
    """

    id: int
    source: str
    title: titles.Title
    first: date
    last: date
    elsewhen: frozenset[date] = frozenset()  # other days that it tells: before a move, in the title
    clock: int | None = None
    ending: int | None = None
    told: int | None = None
    summer: bool = False  # whether daylight saving time holds on its first day
    places: frozenset[str] = frozenset()
    town: str | None = None
    spot: frozenset[str] = frozenset()  # words of the place as told, without town and house number
    spot_names: frozenset[str] = frozenset()  # those of them that name no sort of house
    room: str | None = None
    geo: Geo | None = None
    organizer: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    uid: str | None = None
    image: str | None = None
    slug: frozenset[str] = frozenset()
    text: frozenset[str] = frozenset()
    status: Status = Status.SCHEDULED
    run: str | None = None
    dates: int = 1
    span: bool = False  # a kind that is told as one event over its days
    implied: frozenset[str] = frozenset()  # editions that the kind says anyway
    frame: bool = False  # what holds many events within it: a festival, a market, a day of culture
    frame_words: frozenset[str] = frozenset()  # those of its name that say so
    attended: bool = False  # a kind whose dates are attended one by one
    roles: frozenset[str] = frozenset()  # those that title or kind say: a "gruvtur" is a tour without that word
    seller: bool = False  # told by who sells the tickets


def prepare(stored: StoredListing, source: Source, rules: Rules) -> Features:
    """The features of a listing; equal input gives equal output."""
    listing = stored.listing
    when, zone, lexicon = listing.when, rules.zone, rules.lexicon
    found = _found(listing, rules.places)
    named = rules.places.named(words(listing.title))
    spot = _spot(listing.location, found.town)
    title = titles.read(listing.title, lexicon, [*named, *_organizer_names(listing, source)])
    title = replace(title, name=tuple(word for word in title.name if not _misspelt(word, spot)))
    kinds = [lexicon.kinds[name] for name in title.kinds if name in lexicon.kinds]
    clock, ending = _clock(when.start, zone), _clock(when.end, zone)
    return Features(
        id=stored.id,
        source=source.id,
        title=title,
        first=when.first_day(zone),
        last=_last(when, zone),
        elsewhen=_elsewhen(listing, zone),
        clock=clock,
        ending=None if ending == clock else ending,
        told=_told(title, listing),
        summer=bool(when.begins(zone).astimezone(zone).dst()),
        places=found.places,
        town=found.town,
        spot=spot,
        spot_names=spot - lexicon.house_words,
        room=_room(listing.location, lexicon),
        geo=listing.location.geo if listing.location else None,
        organizer=_organizer(listing, lexicon),
        pages=_pages(listing),
        uid=_identifier(listing),
        image=_image(listing.image),
        slug=_slug(listing.url, lexicon),
        text=_text(listing.description),
        status=listing.status,
        run=stored.run,
        span=any(kind.span for kind in kinds),
        implied=frozenset(f"audience:{kind.audience}" for kind in kinds if kind.audience),
        frame=bool(title.setting) or any(kind.frame for kind in kinds) or bool(_frame_words(title, lexicon)),
        frame_words=_frame_words(title, lexicon),
        attended=any(kind.attended for kind in kinds),
        roles=title.roles | {kind.role for kind in kinds if kind.role},
        seller=source.role is Role.TICKETS,
    )


def _identifier(listing: Listing) -> str | None:
    """What the source calls this one occurrence: a UID of several starts names one of them with its start only."""
    uid, start = listing.stated.uid, listing.key.recurrence
    return f"{uid}#{start}" if uid and start else uid


def _found(listing: Listing, places: Registry) -> Found:
    """What the location means; the title narrows it ("Stickcafé i Norrskog") or names the place where it tells none."""
    found = places.find(listing.location)
    if len(found.places) == 1:
        return replace(found, town=found.town or places.town_of(min(found.places)))
    town = found.town or places.town_in(listing.title)
    if found.places:
        narrowed = places.find(replace(listing.location or Location(), locality=town)) if town else found
        return narrowed if narrowed.places else found
    hinted = places.find(Location(name=listing.title, locality=town))
    return hinted if hinted.places else replace(hinted, town=town)


def days_apart(a: Features, b: Features) -> int:
    """Days between the two; 0 where they touch."""
    return max(0, (b.first - a.last).days, (a.first - b.last).days)


def join(members: Sequence[Features]) -> Features:
    """The dates of one run as one unit that spans them; the words are those of its first date."""
    ordered = sorted(members, key=lambda member: (member.first, member.id))
    return replace(
        ordered[0],
        id=min(member.id for member in members),
        last=max(member.last for member in members),
        pages=frozenset().union(*(member.pages for member in members)),
        dates=len(members),
        span=True,
    )


def _last(when: When, zone: ZoneInfo) -> date:
    """The last day; what ends in the small hours belongs to the evening before."""
    return when.last_day(zone) if spans_days(when) else when.first_day(zone)


def _clock(moment: datetime | date | None, zone: ZoneInfo) -> int | None:
    """Minutes after local midnight; a start at midnight is a day whose hour nobody typed in."""
    if not isinstance(moment, datetime):
        return None
    local = moment.astimezone(zone)
    return (local.hour * 60 + local.minute) or None


def _elsewhen(listing: Listing, zone: ZoneInfo) -> frozenset[date]:
    """The day it was moved from, and a day in the title that is not its own; a far one is a mistake."""
    first = listing.when.first_day(zone)
    moved = listing.previous_start
    before = moved.astimezone(zone).date() if isinstance(moved, datetime) else moved
    told = (before, titles.day_in(listing.title, first))
    return frozenset(day for day in told if day and day != first and abs((day - first).days) <= FARTHEST_DAYS)


def _told(title: titles.Title, listing: Listing) -> int | None:
    return title.clock if title.clock is not None else titles.clock_in(fold((listing.description or "")[:600]))


def _frame_words(title: titles.Title, lexicon: Lexicon) -> frozenset[str]:
    """The words of the name that say that it holds other events."""
    return frozenset(word for word in title.name if holds_others(word, lexicon))


def _organizer_names(listing: Listing, source: Source) -> list[tuple[str, ...]]:
    told = (listing.organizer, source.organizer, source.name)
    return [name for text in told if text and (name := words(text)) and len("".join(name)) > 3]


def _organizer(listing: Listing, lexicon: Lexicon) -> frozenset[str]:
    told = frozenset(words(listing.organizer or ""))
    if told & lexicon.sellers:
        return frozenset()
    return frozenset(stem(word) for word in told - lexicon.organizer_filler) or told


def _spot(location: Location | None, town: str | None) -> frozenset[str]:
    """The words of a place without its town, which tells it from none of its neighbours."""
    if location is None:
        return frozenset()
    told = words(" ".join(part for part in (location.name, location.address) if part)[:200])
    around = {stem(word) for word in (*(town or "").split(), *words(location.locality or ""))}
    return frozenset(stem(word) for word in told if not word.isdigit() and len(word) > 2) - around


def _misspelt(word: str, spot: frozenset[str]) -> bool:
    """Whether a word of the title is its place's name with a slip of the keys."""
    return len(word) >= LONG and word not in spot and any(len(other) >= LONG and is_slip(word, other) for other in spot)


def _room(location: Location | None, lexicon: Lexicon) -> str | None:
    if location is None:
        return None
    if location.room:
        return " ".join(words(location.room))
    hit = next(lexicon.rooms.find(words(f"{location.name or ''} , {location.address or ''}")), None)
    return hit.value if hit else None


def _pages(listing: Listing) -> frozenset[str]:
    told = (listing.url, listing.ticket_url, *listing.links)
    return frozenset(page for url in told if url and _names_something(page := canonical_url(url)))


def _names_something(page: str) -> bool:
    """Whether an address can be one event's own: the front page and a bare list page can't."""
    parts = urlsplit(page)
    return bool(parts.query or parts.fragment) or parts.path.count("/") > 1 or any(c.isdigit() for c in parts.path)


def _image(url: str | None) -> str | None:
    """The file's name without what image servers put before it; sizes and crops of one picture meet."""
    if not url:
        return None
    name = urlsplit(url).path.rsplit("/", 1)[-1].casefold()
    return name.split("-", 1)[1] if name[:1] == "w" and name[1:].split("-", 1)[0].isdigit() and "-" in name else name


def _slug(url: str | None, lexicon: Lexicon) -> frozenset[str]:
    """The words of the address's last part that name no kind; most systems make it of the first title."""
    last = urlsplit(url or "").path.rstrip("/").rsplit("/", 1)[-1]
    told = [word for word in words(last.replace("_", " ")) if not word.isdigit() and len(word) > 2]
    return frozenset(stem(word) for word in told if word not in lexicon.filler and not lexicon.kind_of(word))


def _text(description: str | None) -> frozenset[str]:
    told = words((description or "")[:1200])[:TEXT_WORDS]
    return frozenset(stem(word) for word in told if len(word) >= TEXT_LETTERS)
