"""Small invented worlds of look-alikes, one habit of sources each, for fitting and measuring beside the labelled ones.

A town by the sea with eight sources that tell the same events in different words: parallel workshops of a festival,
a market and the concert on it, open houses of one day, council and committees of one evening, a source whose clock is
an hour off, stale listings of moved events, exhibitions with their opening and tours, branches of one library.
"""

# ruff: noqa: E501 - rows of cases are read across, not down

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from worlds import SEEN, SWEDEN, World

from aggregator.model import Geo, Key, Listing, Location, Place, Role, Source, Stated, Status, StoredListing, When

FIRST = date(2027, 9, 1)
TOWNS = ("Strandby", "Ljunghult", "Norrskog")
SOURCES = (
    "kommunen",
    "biblioteket",
    "biljettluckan",
    "kusttidningen",
    "turistbyran",
    "foreningarna",
    "kulturhuset",
    "anslaget",
)
HOUR_OFF = "foreningarna"  # its clock is an hour behind, all year
PLACES = tuple(
    Place(id=f"h{n:02}", name=name, address=f"{street}, {town}", aliases=tuple(aliases), geo=Geo(56.1 + n / 300, 12.9 + n / 250))
    for n, (name, street, town, aliases) in enumerate([
        ("Kulturhuset Fyren", "Hamngatan 2", "Strandby", ["Fyren", "Kulturhuset"]), ("Strandby bibliotek", "Skolvägen 1", "Strandby", ["Biblioteket"]),
        ("Ljunghults bibliotek", "Bygatan 9", "Ljunghult", ["Biblioteket"]), ("Norrskogs bibliotek", "Stationsgatan 4", "Norrskog", ["Biblioteket"]),
        ("Strandby rådhus", "Torget 1", "Strandby", ["Rådhuset", "Stadshuset"]), ("Torget", "Torget 3", "Strandby", ["Stora torget"]),
        ("Strandby kyrka", "Kyrkbacken 1", "Strandby", ["Kyrkan"]), ("Ljunghults kyrka", "Prästgatan 2", "Ljunghult", ["Kyrkan"]),
        ("Biograf Kometen", "Kungsgatan 7", "Strandby", ["Kometen"]), ("Strandby konsthall", "Hamngatan 12", "Strandby", ["Konsthallen"]),
        ("Brandstationen", "Industrivägen 5", "Strandby", []), ("Reningsverket", "Strandvägen 80", "Strandby", []),
        ("Norrskogs sporthall", "Idrottsvägen 2", "Norrskog", ["Sporthallen"]), ("Ljunghults bygdegård", "Storvägen 30", "Ljunghult", ["Bygdegården"]),
        ("Sjöfartsmuseet", "Kajen 3", "Strandby", ["Museet"]), ("Strandbadet", "Badvägen 1", "Strandby", ["Simhallen", "Badhuset"]),
    ])
)  # fmt: skip
ACTS = (
    "Duo Tistel",
    "Kvartetten Lyktan",
    "Kören Havsklang",
    "Storbandet Kajen",
    "Trio Malört",
    "Visgruppen Sälgen",
    "Orkester Nordan",
    "Bandet Rostigt",
)
TOPICS = (
    "sjöfåglar",
    "vikingatida grav",
    "klimat vid kusten",
    "fiskets historia",
    "giftiga växter",
    "sömn och stress",
    "svamp i trädgården",
    "gamla kartor",
)
CRAFTS = ("lergods", "grafik", "linoleum", "skrivande", "korgar", "näverslöjd", "serieteckning", "trumma")
FILMS = ("Sista bussen hem", "Vinter i hamnen", "Måsarnas ö", "Den tysta granen", "Två bröder och en båt", "Saltstänk")


@dataclass(frozen=True)
class Happening:
    """One true event. `ways` are titles that sources use for it; `odds` how likely each source tells it."""

    ways: tuple[str, ...]
    start: datetime
    hours: float | None
    place: Place
    tag: str
    group: int
    kind: str
    organizer: str = ""
    days: int = 1
    room: str = ""
    ticketed: bool = False
    old_start: datetime | None = None
    page: str = ""


@dataclass
class Teller:
    """Turns happenings into listings with the habits of each source."""

    rng: random.Random
    listings: list[StoredListing] = field(default_factory=list)
    clusters: dict[str, str] = field(default_factory=dict)
    noise: dict[str, list[str]] = field(default_factory=dict)
    events: dict[str, dict[str, object]] = field(default_factory=dict)

    def tell(self, happening: Happening) -> None:
        """Let one to five sources tell it."""
        event = f"E{len(self.events):05d}"
        self.events[event] = {"kind": happening.kind, "tag": happening.tag, "group": happening.group, "series": None}
        for source in self.rng.sample(SOURCES, self.rng.choice([1, 2, 2, 3, 3, 4, 5])):
            title, noise = self._title(happening, source)
            for told in self._dates(happening, source):
                self._add(event, source, told, title, noise)

    def _dates(self, happening: Happening, source: str) -> Iterator[Happening]:
        if happening.days > 1 and source in ("turistbyran", "anslaget"):
            yield from (
                replace(happening, start=happening.start + timedelta(days=n), days=1) for n in range(happening.days)
            )
        elif happening.old_start and source in ("kusttidningen", "anslaget"):
            yield replace(happening, start=happening.old_start)
        else:
            yield happening

    def _add(self, event: str, source: str, h: Happening, title: str, noise: list[str]) -> None:
        number = len(self.listings) + 1
        record = f"{source}:{number}"
        url = f"https://{source}.example/program/{h.page or 'post'}-{number}"
        ticket = (
            f"https://biljettluckan.example/e/{abs(hash_of(event)) % 9973}"
            if h.ticketed and self.rng.random() < 0.5
            else None
        )
        when, how = self._when(h, source)
        listing = Listing(
            key=Key(source, str(number)), title=title, when=when, stated=Stated(f"{number}@{source}.example", url, str(when.start)), digest=record,
            status=Status.SCHEDULED, location=self._where(h, source), organizer=h.organizer if self.rng.random() < 0.6 else None,
            description=self.rng.choice([None, "Fika finns att köpa. Varmt välkommen!", f"Plats: {h.place.name}. Begränsat antal platser."]),
            url=url, ticket_url=ticket if source != "biljettluckan" else f"https://biljettluckan.example/e/{abs(hash_of(event)) % 9973}",
        )  # fmt: skip
        self.listings.append(StoredListing(id=number, listing=listing, first_seen=SEEN, changed=SEEN))
        self.clusters[record], self.noise[record] = event, [*noise, *how]

    def _title(self, h: Happening, source: str) -> tuple[str, list[str]]:
        way = self.rng.choice(h.ways) if self.rng.random() < 0.45 else h.ways[0]
        roll = self.rng.random()
        if roll < 0.08:
            return f"Välkommen till {way}", ["stop"]
        if roll < 0.16:
            return f"{way}, {h.place.name}", ["place"]
        if roll < 0.22:
            return f"{way} {h.start.day}/{h.start.month}", ["date"]
        if roll < 0.27:
            return way.upper(), ["caps"]
        if roll < 0.32 and h.old_start and source not in ("kusttidningen", "anslaget"):
            return f"Nytt datum: {way}", ["moved"]
        return (f"{way} – biljetter", ["ticket"]) if source == "biljettluckan" and roll > 0.7 else (way, [])

    def _when(self, h: Happening, source: str) -> tuple[When, list[str]]:
        start = h.start - timedelta(hours=1) if source == HOUR_OFF else h.start
        if h.days > 1:
            return When(h.start.date(), h.start.date() + timedelta(days=h.days - 1)), ["range"]
        if source == "kusttidningen" and self.rng.random() < 0.25:
            return When(h.start.date()), ["all-day"]
        if source == "biljettluckan" and h.ticketed and self.rng.random() < 0.3:
            start -= timedelta(minutes=30)
        end = start + timedelta(hours=h.hours) if h.hours and self.rng.random() < 0.55 else None
        return When(start, end), ["hour-off"] if source == HOUR_OFF else []

    def _where(self, h: Happening, source: str) -> Location | None:
        town = (h.place.address or "").rsplit(", ", 1)[-1]
        street = (h.place.address or "").split(",")[0]
        roll = self.rng.random()
        room = h.room or None if self.rng.random() < 0.6 else None
        if source == "kusttidningen" and roll < 0.25:
            return Location(name=town) if roll < 0.15 else None
        if roll < 0.5:
            return Location(name=h.place.name, address=street, locality=town, room=room)
        if roll < 0.7:
            return Location(name=f"{h.place.name}, {street}, {town}", room=room)
        if roll < 0.85 and h.place.aliases:
            return Location(name=h.place.aliases[0], locality=town if self.rng.random() < 0.7 else None, room=room)
        return Location(name=h.place.name, room=room)


def hash_of(text: str) -> int:
    """A number that a text always gives; the built-in hash changes from run to run."""
    return sum(ord(c) * 31**n for n, c in enumerate(text))


def world(seed: int, rounds: int = 12) -> World:
    """An invented world; equal seeds give equal worlds."""
    rng = random.Random(seed)
    teller = Teller(rng)
    for at, habit in enumerate(HABITS):
        days = rng.sample(range(0, 12 * rounds, 12), rounds)  # so far apart that no two rounds of a habit meet
        for number, offset in enumerate(days):
            for happening in habit(rng, FIRST + timedelta(days=offset + at % 7), number * len(HABITS) + at):
                teller.tell(happening)
    roles = {
        "kommunen": Role.MUNICIPALITY,
        "biblioteket": Role.ORGANIZER,
        "biljettluckan": Role.TICKETS,
        "kulturhuset": Role.VENUE,
    }
    sources = {s: Source(id=s, name=s.capitalize(), path=f"{s}.ics", role=roles.get(s, Role.MEDIA)) for s in SOURCES}
    truth = {"clusters": teller.clusters, "noise": teller.noise, "events": teller.events}
    records = {stored.id: stored.listing.digest for stored in teller.listings}
    return World(f"habits-{seed}", SWEDEN, tuple(teller.listings), sources, PLACES, records, truth)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SWEDEN)


def _festival(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    start, place = _at(day, rng.choice([11, 13])), PLACES[0]
    yield Happening(
        ("Kulturdagen i Strandby", "Kulturdagen", "Strandby kulturdag", "Culture day in Strandby"),
        _at(day, 10),
        6,
        place,
        "festival",
        group,
        "festival",
        "Strandby kommun",
    )
    for craft, room in zip(rng.sample(CRAFTS, 4), ("Ateljén", "Stora salen", "Verkstaden", "Lilla salen"), strict=True):
        ways = (
            f"Kulturdagen: prova på {craft}",
            f"Workshop i {craft}",
            f"Prova på {craft}",
            f"Prova på {craft} – Kulturdagen",
        )
        yield Happening(ways, start, 1.5, place, "festival", group, "workshop", "Strandby kommun", room=room)


def _market(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    name, english = rng.choice(
        [("Höstmarknad", "Autumn market"), ("Julmarknad", "Christmas market"), ("Hantverksmarknad", "Craft fair")]
    )
    act = rng.choice(ACTS)
    yield Happening(
        (f"{name} i Strandby", name, f"{name} på Torget", english),
        _at(day, 10),
        5,
        PLACES[5],
        "market",
        group,
        "market",
        "Strandby handel",
    )
    yield Happening(
        (f"Konsert med {act} på {name.lower()}en", f"{act} spelar på {name.lower()}en", f"{name}: konsert med {act}"),
        _at(day, rng.choice([10, 12])),
        1,
        PLACES[5],
        "market",
        group,
        "concert",
        "Strandby handel",
    )
    yield Happening(
        (f"Ponnyridning på {name.lower()}en", "Ponnyridning för barn"),
        _at(day, 11),
        2,
        PLACES[5],
        "market",
        group,
        "pony",
        "Ryttarna",
    )


def _open_houses(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    for place in rng.sample([PLACES[10], PLACES[11], PLACES[4], PLACES[9], PLACES[2]], 4):
        yield Happening(
            ("Öppet hus", f"Öppet hus på {place.name}", "Open house", f"Kom på öppet hus: {place.name}"),
            _at(day, 12),
            3,
            place,
            "open-house",
            group,
            "open-house",
            "Strandby kommun",
        )


def _council(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    for name in rng.sample(
        [
            "Kommunfullmäktige",
            "Socialnämnden",
            "Miljö- och byggnadsnämnden",
            "Kommunstyrelsen",
            "Kultur- och fritidsnämnden",
        ],
        3,
    ):
        yield Happening(
            (name, f"{name} sammanträder", f"Sammanträde: {name}", f"{name} – sammanträde"),
            _at(day, 18, 30),
            None,
            PLACES[4],
            "council",
            group,
            "meeting",
            "Strandby kommun",
        )


def _concerts(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    place = rng.choice([PLACES[0], PLACES[6], PLACES[13]])
    for act in rng.sample(ACTS, 2):
        ways = (f"Konsert: {act}", act, f"{act} i konsert", f"{act} – Höstens sånger", f"Concert: {act}")
        yield Happening(
            ways,
            _at(day, 19),
            2,
            place,
            "concerts-at-once",
            group,
            "concert",
            "Strandby musikförening",
            ticketed=rng.random() < 0.5,
            page=act.lower().replace(" ", "-"),
        )


def _services(_: random.Random, day: date, group: int) -> Iterator[Happening]:
    for place in (PLACES[6], PLACES[7]):
        yield Happening(
            ("Gudstjänst", "Högmässa", f"Gudstjänst i {place.name}"),
            _at(day, 11),
            1,
            place,
            "services",
            group,
            "service",
            "Svenska kyrkan",
        )


def _lectures(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    place = rng.choice([PLACES[1], PLACES[0], PLACES[14]])
    for topic in rng.sample(TOPICS, 2):
        yield Happening(
            (
                f"Föreläsning om {topic}",
                f"Föreläsning: {topic}",
                f"{topic.capitalize()} – en föreläsning",
                f"Lär dig mer om {topic}",
            ),
            _at(day, 18),
            1.5,
            place,
            "lectures",
            group,
            "lecture",
            "Folkuniversitetet",
        )


def _films(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    first, second = rng.sample(FILMS, 2)
    for film, hour in ((first, 18), (second, 18), (first, 20)):
        yield Happening(
            (film, f"Film: {film}", f"Bio: {film}", f"Vi visar {film}"),
            _at(day, hour),
            1.8,
            PLACES[8],
            "films",
            group,
            "film",
            "Kometen",
            ticketed=True,
            page=f"film-{FILMS.index(film)}",
        )


def _branches(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    name, other = rng.choice(
        [
            ("Sagostund", "Sagor för små"),
            ("Språkcafé", "Öva svenska på språkcafé"),
            ("Stickcafé", "Sticka tillsammans"),
            ("Läxhjälp", "Hjälp med läxan"),
        ]
    )
    for place in PLACES[1:4]:
        yield Happening(
            (name, f"{name} på biblioteket", other, f"{name} i {(place.address or '').rsplit(', ', 1)[-1]}"),
            _at(day, 10),
            1,
            place,
            "branches",
            group,
            "library",
            "Biblioteken",
        )


def _matches(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    for team in rng.sample(["F13", "P13", "P15", "dam", "herr"], 3):
        ways = (
            f"Norrskogs IF – Havsvikens HK ({team})",
            f"Handboll: Norrskogs IF mot Havsvikens HK {team}",
            f"Hemmamatch {team}: Norrskog-Havsviken",
        )
        yield Happening(
            ways, _at(day, rng.choice([11, 12, 13])), 1.5, PLACES[12], "matches", group, "match", "Norrskogs IF"
        )


def _levels(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    name = rng.choice(["Simskola", "Crawlkurs", "Vattengympa"])
    for at, level in enumerate(
        rng.choice([("nybörjare", "fortsättning"), ("4–6 år", "7–9 år"), ("för barn", "för vuxna")])
    ):
        yield Happening(
            (f"{name} {level}", f"{name} ({level})", f"{name}, {level}"),
            _at(day, 16 + at),
            1,
            PLACES[15],
            "levels",
            group,
            "course",
            "Strandby sim",
        )


def _moved(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    act, old = rng.choice(ACTS), day - timedelta(days=rng.choice([7, 14]))
    yield Happening(
        (f"Konsert med {act}", f"{act} på Fyren", act),
        _at(day, 19),
        2,
        PLACES[0],
        "moved",
        group,
        "concert",
        "Strandby musikförening",
        ticketed=True,
        old_start=_at(old, 19),
    )


def _exhibition(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    name = rng.choice(["Blå timmar", "Tång och tegel", "Huset vid havet", "Hundra stolar"])
    yield Happening(
        (f"Utställning: {name}", name, f"Exhibition: {name}"),
        _at(day, 11),
        None,
        PLACES[9],
        "exhibition",
        group,
        "exhibition",
        "Konsthallen",
        days=rng.choice([6, 9]),
    )
    yield Happening(
        (f"Vernissage: {name}", f"Invigning av {name}", f"Vernissage {name}"),
        _at(day, 13),
        2,
        PLACES[9],
        "exhibition",
        group,
        "opening",
        "Konsthallen",
    )
    yield Happening(
        (f"Visning av {name}", f"Guidad visning: {name}"),
        _at(day + timedelta(days=1), 14),
        1,
        PLACES[9],
        "exhibition",
        group,
        "tour",
        "Konsthallen",
    )


def _plain(rng: random.Random, day: date, group: int) -> Iterator[Happening]:
    choices: list[tuple[str, ...]] = [
        ("Loppis", "Loppmarknad", "Flea market"), ("Pubquiz", "Quizkväll", "Quiz på puben"), ("Fågelskådning vid Näset", "Morgonvandring med fågelskådarna"),
        ("Släktforskardag", "Släktforskning – öppen hjälp", "Forska om släkten"), ("Barnteater: Räven och månen", "Räven och månen", "Räven och månen – familjeföreställning"),
        ("Strandstädning", "Städdag på stranden", "Beach clean-up"), ("Digital hjälp", "It-hjälp på drop-in", "Hjälp med mobilen"),
        ("Årsmöte för hembygdsföreningen", "Hembygdsföreningen håller årsmöte"), ("Schackkväll", "Schack för alla"), ("Sopplunch", "Soppa och musik"),
    ]  # fmt: skip
    yield Happening(
        rng.choice(choices),
        _at(day, rng.choice([9, 14, 18])),
        2,
        rng.choice(PLACES),
        "plain",
        group,
        f"plain{group}",
        "Föreningen",
    )


HABITS: tuple[Callable[[random.Random, date, int], Iterator[Happening]], ...] = (
    _festival, _market, _open_houses, _council, _concerts, _services, _lectures, _films, _branches, _matches, _levels, _moved, _exhibition,
    _plain, _plain, _plain,
)  # fmt: skip
