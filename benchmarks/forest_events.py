"""What happens in the forest town of `forest.py`: its places, and its habits, each with events that look alike.

A habit gives the events of one round. `voices` are titles: `full` as its organizer says it, `short` the act or the
thing alone, `plain` in general words, `english`, `chatty`.
"""

# ruff: noqa: E501 - rows of events are read across, not down

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import Geo
from aggregator.model import Place as KnownPlace


@dataclass(frozen=True)
class Place:
    """A place; `sort` is whose house it is. One that is not `registered` is unknown to the town's file."""

    name: str
    street: str
    town: str
    short: str = ""
    sort: str = ""
    registered: bool = True
    lat: float = 0.0
    lon: float = 0.0

    def known(self) -> KnownPlace:
        """As the town's file has it."""
        return KnownPlace(
            id=self.name.lower().replace(" ", "-"), name=self.name, address=f"{self.street}, {self.town}",
            aliases=(self.short,) if self.short else (), geo=Geo(self.lat, self.lon),
        )  # fmt: skip


@dataclass(frozen=True)
class Happening:
    """One true event; `start` is a wall time, `minutes` its length where anyone knows it."""

    voices: dict[str, str]
    start: datetime
    minutes: int
    place: Place
    tag: str
    kind: str
    organizer: str = ""
    room: str = ""
    text: str = ""
    days: int = 1
    ticketed: bool = False
    moved_from: datetime | None = None


_TOLD = [
    ("Björkfors Folkets hus", "Storgatan 12", "Björkfors", "Folkan", "stage"), ("Björkfors stadsbibliotek", "Biblioteksgränd 2", "Björkfors", "Stadsbiblioteket", "library"),
    ("Tallnäs bibliotek", "Skolvägen 4", "Tallnäs", "Biblioteket", "library"), ("Åsmons bibliotek", "Byvägen 31", "Åsmon", "Biblioteket", "library"),
    ("Björkfors kyrka", "Kyrkogatan 1", "Björkfors", "Kyrkan", "church"), ("Tallnäs kyrka", "Kyrkvägen 9", "Tallnäs", "Kyrkan", "church"),
    ("Åsmons kapell", "Kapellstigen 3", "Åsmon", "Kapellet", "church"), ("Kommunhuset", "Torggatan 1", "Björkfors", "Kommunhuset", ""),
    ("Björkfors ishall", "Arenavägen 6", "Björkfors", "Ishallen", "sport"), ("Björkfors sporthall", "Arenavägen 8", "Björkfors", "Sporthallen", "sport"),
    ("Tallnäs sporthall", "Skolvägen 6", "Tallnäs", "Sporthallen", "sport"), ("Gammelgården", "Hembygdsvägen 40", "Björkfors", "Hembygdsgården", ""),
    ("Åsmons bygdegård", "Byvägen 60", "Åsmon", "Bygdegården", ""), ("Järnvägsmuseet", "Stationsgatan 22", "Björkfors", "Museet", ""),
    ("Silvergruvan", "Gruvvägen 100", "Västerbränna", "Gruvan", ""), ("Konsthuset Glimmer", "Ågatan 5", "Björkfors", "Glimmer", ""),
    ("Stora torget", "Torget 1", "Björkfors", "Torget", ""), ("Simhallen Böljan", "Arenavägen 2", "Björkfors", "Simhallen", "sport"),
]  # fmt: skip
PLACES = tuple(
    [Place(*told, lat=62.4 + n / 170, lon=15.2 + n / 130) for n, told in enumerate(_TOLD)]
    + [
        Place(f"{farm} gård", f"{farm}vägen {n + 3}", "Västerbränna", registered=False, lat=62.2 + n / 90, lon=15.6)
        for n, farm in enumerate(["Nordan", "Sörlid", "Myrbacka", "Kvarnhult", "Ängersta"])
    ]
)
BY_NAME = {place.name: place for place in PLACES}
STAGE, LIBRARIES, CHURCHES, HALL = PLACES[0], PLACES[1:4], PLACES[4:7], PLACES[7]
FARMS = PLACES[18:]
ACTS = (
    "Lena & Stålvingarna", "Nordanvind", "Granbarr Blues", "Myggen Band", "Sven-Åkes orkester", "Älvdrottningarna", "Ruska", "Trion Tjärn",
    "Pelle Näver", "Hjortronsystrarna", "Kvintett Kåda", "Fjällklang", "Dragspelsklubben", "Karin Lodjur",
)  # fmt: skip
SPEAKERS = (
    ("vargens återkomst", "wolves"), ("nybyggarliv på 1700-talet", "settlers"), ("norrsken", "northern lights"), ("sömnens gåta", "sleep"),
    ("järnvägens barn", "railways"), ("samiska ortnamn", "place names"), ("att odla i kallt klimat", "gardening"), ("flottarnas sånger", "log drivers"),
)  # fmt: skip
CRAFTS = (
    "tälja smörkniv",
    "växtfärga garn",
    "smida krokar",
    "fläta korg",
    "brodera fritt",
    "binda bok",
    "tova tofflor",
    "svarva skål",
)
PLAYS = ("Spelmannens dröm", "Tant Gröns testamente", "Björnen sover inte", "Ett dockhem i snö", "Fångarna på fjället")
SHOWS = ("Kråkan Kalas", "Trollet Tott", "Lilla Sotaren", "Ugglan Ulla")
ARTWORKS = ("Spår i snö", "Kroppens kartor", "Ljus ur mörker", "Rost och ros", "Mellan träden")


def _at(day: datetime, hour: int, minute: int = 0) -> datetime:
    return day.replace(hour=hour, minute=minute)


def culture_night(rng: random.Random, day: datetime) -> Iterator[Happening]:
    org = "Björkfors kommun"
    yield Happening(
        {"full": "Kulturnatten i Björkfors", "short": "Kulturnatten", "english": "Björkfors Culture Night"},
        _at(day, 17),
        360,
        PLACES[16],
        "culture-night",
        "culture-night",
        org,
    )
    for craft, room in zip(rng.sample(CRAFTS, 3), ("Hörsalen", "Röda rummet", "Vävsalen"), strict=True):
        voices = {
            "full": f"Kulturnatten: lär dig {craft}",
            "short": craft.capitalize(),
            "plain": "Prova på hantverk",
            "english": f"Culture Night: craft workshop, {craft}",
        }
        yield Happening(voices, _at(day, 18), 90, PLACES[11], "culture-night", "craft", "Hemslöjden", room)
    act = rng.choice(ACTS)
    yield Happening(
        {
            "full": f"Kulturnatten: {act}",
            "short": act,
            "plain": "Konsert på Kulturnatten",
            "english": f"{act} live at Culture Night",
        },
        _at(day, 19),
        60,
        STAGE,
        "culture-night",
        "concert",
        org,
    )


def winter_market(rng: random.Random, day: datetime) -> Iterator[Happening]:
    name, english = rng.choice(
        [
            ("Vintermarknaden", "Winter market"),
            ("Distingsmarknaden", "February market"),
            ("Hantverkarnas marknad", "Makers' market"),
        ]
    )
    place, org, act = PLACES[16], "Björkfors köpmän", rng.choice(ACTS)
    yield Happening(
        {"full": f"{name} på Stora torget", "short": name, "plain": "Marknad", "english": f"{english} in Björkfors"},
        _at(day, 10),
        360,
        place,
        "market",
        "market",
        org,
        days=rng.choice([1, 2]),
    )
    yield Happening(
        {
            "full": f"{act} spelar på {name}",
            "short": act,
            "plain": "Musik på marknaden",
            "english": f"Live music: {act}",
        },
        _at(day, 12),
        45,
        place,
        "market",
        "concert",
        org,
    )
    yield Happening(
        {"full": f"Renkapplöpning på {name}", "short": "Renkapplöpning", "english": "Reindeer race"},
        _at(day, 13),
        60,
        place,
        "market",
        "race",
        org,
    )
    yield Happening(
        {"full": "Fyrverkeri över torget", "short": "Fyrverkeri", "english": "Fireworks"},
        _at(day, 17),
        20,
        place,
        "market",
        "fireworks",
        org,
    )


def open_farms(rng: random.Random, day: datetime) -> Iterator[Happening]:
    for farm in rng.sample(FARMS, 4):
        voices = {
            "full": f"Öppen gård hos {farm.name}",
            "plain": "Öppen gård",
            "short": "Öppen gård",
            "english": "Open farm day",
            "chatty": f"öppen gård på {farm.name}",
        }
        yield Happening(voices, _at(day, 11), 240, farm, "open-farms", "open-house", "LRF Västerbränna")


def politics(rng: random.Random, day: datetime) -> Iterator[Happening]:
    org = "Björkfors kommun"
    yield Happening(
        {"full": "Kommunfullmäktige", "plain": "Kommunfullmäktige möts", "english": "Municipal council meeting"},
        _at(day, 18),
        180,
        HALL,
        "politics",
        "council",
        org,
        "Sessionssalen",
    )
    yield Happening(
        {"full": "Allmänhetens frågestund före kommunfullmäktige", "short": "Allmänhetens frågestund"},
        _at(day, 17, 30),
        30,
        HALL,
        "politics",
        "questions",
        org,
        "Sessionssalen",
    )
    for board in rng.sample(["Utbildningsnämnden", "Vård- och omsorgsnämnden", "Tekniska nämnden", "Valnämnden"], 2):
        yield Happening(
            {"full": board, "plain": f"Möte i {board.lower()}", "chatty": f"{board} sammanträder"},
            _at(day, 18),
            120,
            HALL,
            "politics",
            "board",
            org,
        )


def services(rng: random.Random, day: datetime) -> Iterator[Happening]:
    for church in rng.sample(CHURCHES, 3):
        voices = {
            "full": "Gudstjänst",
            "plain": f"Gudstjänst i {church.town}",
            "short": "Mässa",
            "english": "Church service",
        }
        yield Happening(voices, _at(day, 11), 60, church, "services", "service", "Björkfors församling")
    yield Happening(
        {"full": "Kyrkkaffe", "chatty": "kyrkkaffe efter mässan"},
        _at(day, 12),
        60,
        CHURCHES[0],
        "services",
        "coffee",
        "Björkfors församling",
    )
    yield Happening(
        {"full": "Musik i vinterkvällen", "plain": "Konsert i kyrkan", "english": "Winter evening music"},
        _at(day, 18),
        60,
        CHURCHES[0],
        "services",
        "concert",
        "Björkfors församling",
    )


def opera(rng: random.Random, day: datetime) -> Iterator[Happening]:
    name = rng.choice(["Tosca", "Carmen", "La Bohème", "Trollflöjten", "Rusalka"])
    page = {"ticketed": True}
    yield Happening(
        {
            "full": f"Opera på bio: {name}",
            "short": name,
            "plain": "Livesänd opera",
            "english": f"Opera live in HD: {name}",
        },
        _at(day, 19),
        200,
        STAGE,
        "opera",
        "opera",
        "Folkets hus",
        **page,
    )
    yield Happening(
        {"full": f"Introduktion till {name}", "short": f"Introduktion: {name}", "plain": "Operaintroduktion"},
        _at(day, 18),
        30,
        STAGE,
        "opera",
        "introduction",
        "Folkets hus",
    )
    yield Happening(
        {"full": f"Opera på bio: {name} (repris)", "short": f"{name} – repris", "english": f"Encore: {name}"},
        _at(day + timedelta(days=6), 15),
        200,
        STAGE,
        "opera",
        "opera",
        "Folkets hus",
        **page,
    )


def childrens_theatre(rng: random.Random, day: datetime) -> Iterator[Happening]:
    name = rng.choice(SHOWS)
    for hour in (13, 15):
        voices = {
            "full": f"Barnteater: {name}",
            "short": name,
            "plain": "Barnteater på Folkan",
            "english": f"Children's theatre: {name}",
            "chatty": f"teater för de minsta – {name}",
        }
        yield Happening(voices, _at(day, hour), 45, STAGE, "two-shows", "theatre", "Teaterföreningen", ticketed=True)


def matches(rng: random.Random, day: datetime) -> Iterator[Happening]:
    guest = rng.choice(["Ljusdals IBK", "Ånge HC", "Sveg IF", "Timrå U"])
    for team, hour in zip(rng.sample(["A-lag herr", "A-lag dam", "J18", "P15", "F14"], 3), (13, 15, 18), strict=True):
        voices = {
            "full": f"Björkfors IK – {guest} ({team})",
            "short": f"Björkfors–{guest.split(' ')[0]} {team}",
            "plain": f"Hockey: Björkfors mot {guest}, {team}",
            "english": f"Ice hockey: Björkfors vs {guest} ({team})",
        }
        yield Happening(voices, _at(day, hour), 120, PLACES[8], "matches", "match", "Björkfors IK")


def mine_tours(rng: random.Random, day: datetime) -> Iterator[Happening]:
    for hour in (11, 13, 15):
        voices = {
            "full": "Guidad tur i Silvergruvan",
            "short": "Gruvtur",
            "plain": "Visning av gruvan",
            "english": "Guided mine tour",
            "chatty": "turen ner i gruvan",
        }
        yield Happening(
            voices, _at(day, hour), 60, PLACES[14], "tours", "tour", "Gruvföreningen", ticketed=rng.random() < 0.5
        )
    yield Happening(
        {"full": "Guidad tur i Silvergruvan på engelska", "english": "Guided mine tour in English"},
        _at(day, 13),
        60,
        PLACES[14],
        "tours",
        "tour",
        "Gruvföreningen",
    )


def skating(_: random.Random, day: datetime) -> Iterator[Happening]:
    for hour, title in (
        (9, "Allmänhetens åkning"),
        (12, "Allmänhetens åkning"),
        (12, "Åkning med klubba"),
        (17, "Skridskodisco"),
    ):
        voices = {
            "full": title,
            "english": {
                "Allmänhetens åkning": "Public skating",
                "Åkning med klubba": "Stick and puck",
                "Skridskodisco": "Ice disco",
            }[title],
        }
        yield Happening(voices, _at(day, hour), 90, PLACES[8], "skating", "skating", "Björkfors kommun")


def swimming(rng: random.Random, day: datetime) -> Iterator[Happening]:
    for at, level in enumerate(
        rng.choice([("Baddaren", "Silverfisken", "Hajen"), ("nybörjare", "fortsättning"), ("5–6 år", "7–8 år")])
    ):
        yield Happening(
            {"full": f"Simskola {level}", "short": f"Simskola – {level}", "english": f"Swimming lessons {level}"},
            _at(day, 16 + at),
            40,
            PLACES[17],
            "levels",
            "swimming",
            "Simhallen",
        )


def lectures(rng: random.Random, day: datetime) -> Iterator[Happening]:
    for (topic, english), (place, room) in zip(
        rng.sample(SPEAKERS, 2), ((LIBRARIES[0], "Hörsalen"), (LIBRARIES[0], "Lilla salen")), strict=True
    ):
        voices = {
            "full": f"Onsdagsföreläsning: {topic}",
            "short": topic.capitalize(),
            "plain": "Onsdagsföreläsning",
            "english": f"Lecture on {english}",
            "chatty": f"föreläsning om {topic}",
        }
        yield Happening(
            voices,
            _at(day, 18),
            90,
            place,
            "lectures",
            "lecture",
            "Folkuniversitetet",
            room,
            f"Ett föredrag om {topic}.",
        )


def two_churches(rng: random.Random, day: datetime) -> Iterator[Happening]:
    act = rng.choice(ACTS)
    for church, hour in ((CHURCHES[1], 15), (CHURCHES[0], 18)):
        voices = {
            "full": f"Konsert med {act}",
            "short": act,
            "plain": "Konsert i kyrkan",
            "english": f"Concert: {act}",
            "chatty": f"{act} spelar",
        }
        yield Happening(
            voices,
            _at(day, hour),
            75,
            church,
            "same-act-twice",
            "concert",
            "Björkfors församling",
            ticketed=rng.random() < 0.5,
        )


def two_stages(rng: random.Random, day: datetime) -> Iterator[Happening]:
    for act, room in zip(rng.sample(ACTS, 2), ("Stora scen", "Källaren"), strict=True):
        voices = {
            "full": f"{act} på Folkets hus",
            "short": act,
            "plain": "Konsert",
            "english": f"{act} in concert",
            "chatty": f"spelning med {act}",
        }
        yield Happening(voices, _at(day, 20), 120, STAGE, "two-stages", "concert", "Folkets hus", room, ticketed=True)


def moved(rng: random.Random, day: datetime) -> Iterator[Happening]:
    play = rng.choice(PLAYS)
    voices = {
        "full": f"Teater: {play}",
        "short": play,
        "plain": "Teater på Folkan",
        "english": f"Theatre: {play}",
        "chatty": f"pjäsen {play}",
    }
    yield Happening(
        voices,
        _at(day, 19),
        120,
        STAGE,
        "moved",
        "theatre",
        "Riksteatern",
        ticketed=True,
        moved_from=_at(day - timedelta(days=rng.choice([2, 7])), 19),
    )


def exhibition(rng: random.Random, day: datetime) -> Iterator[Happening]:
    name, place = rng.choice(ARTWORKS), PLACES[15]
    yield Happening(
        {
            "full": f"{name} – utställning",
            "short": name,
            "english": f"Exhibition: {name}",
            "plain": "Utställning på Glimmer",
        },
        _at(day, 12),
        240,
        place,
        "exhibition",
        "exhibition",
        "Konstföreningen",
        days=rng.choice([8, 12]),
    )
    yield Happening(
        {
            "full": f"Vernissage för {name}",
            "short": f"Vernissage: {name}",
            "plain": "Vernissage",
            "english": f"Opening: {name}",
        },
        _at(day, 14),
        120,
        place,
        "exhibition",
        "opening",
        "Konstföreningen",
    )
    yield Happening(
        {"full": f"Konstnärssamtal kring {name}", "plain": "Konstnärssamtal", "english": f"Artist talk: {name}"},
        _at(day + timedelta(days=2), 14),
        60,
        place,
        "exhibition",
        "talk",
        "Konstföreningen",
    )


def national_day(_: random.Random, day: datetime) -> Iterator[Happening]:
    for place in (PLACES[11], PLACES[12], BY_NAME["Nordan gård"]):
        voices = {
            "full": "Valborgsfirande",
            "plain": f"Valborg i {place.town}",
            "english": "Walpurgis bonfire",
            "chatty": "majbrasa och körsång",
        }
        yield Happening(voices, _at(day, 20), 120, place, "same-holiday", "walpurgis", f"{place.town}s byförening")


SINGLES: tuple[tuple[dict[str, str], int, str], ...] = (
    ({"full": "Slöjdcafé", "chatty": "slöjdcaféet", "english": "Craft café"}, 180, "cafe"),
    ({"full": "Blodbussen kommer", "short": "Blodbussen", "english": "Blood donation bus"}, 240, "blood"),
    (
        {
            "full": "Företagsfrukost med näringslivskontoret",
            "short": "Företagsfrukost",
            "english": "Business breakfast",
        },
        90,
        "breakfast",
    ),
    ({"full": "Årsmöte Åsmons fiskevårdsförening", "short": "Årsmöte fiskevårdsföreningen"}, 90, "annual"),
    (
        {"full": "Pimpeltävling på Långsjön", "short": "Pimpeltävling", "english": "Ice fishing competition"},
        240,
        "fishing",
    ),
    ({"full": "Skidskola för barn", "short": "Skidskola", "english": "Ski school for kids"}, 90, "ski"),
    ({"full": "Stickkafé med garnbyte", "short": "Stickkafé", "english": "Knitting café"}, 120, "knitting"),
    ({"full": "Filmquiz på puben", "short": "Filmquiz", "english": "Movie quiz night"}, 120, "quiz"),
    ({"full": "Hjärtstartarkurs", "plain": "Kurs i hjärt- och lungräddning", "english": "CPR course"}, 120, "cpr"),
    ({"full": "Bingo i Folkets hus", "short": "Bingo"}, 120, "bingo"),
    (
        {"full": "Pysselonsdag: gör ditt eget fågelbord", "short": "Pysselonsdag", "english": "Crafts Wednesday"},
        120,
        "craft",
    ),
    (
        {
            "full": "Medborgardialog om nya skolan",
            "short": "Medborgardialog",
            "english": "Public consultation on the new school",
        },
        120,
        "dialogue",
    ),
    ({"full": "Skräpplockardag", "chatty": "vi plockar skräp", "english": "Community clean-up"}, 120, "cleanup"),
    ({"full": "Torsdagssoppa", "chatty": "soppa och bröd", "english": "Thursday soup lunch"}, 90, "soup"),
)


def singles(rng: random.Random, day: datetime) -> Iterator[Happening]:
    for offset, (voices, minutes, kind) in enumerate(rng.sample(SINGLES, 4)):
        place = rng.choice([PLACES[0], PLACES[11], PLACES[12], PLACES[13], *LIBRARIES])
        yield Happening(
            voices,
            _at(day + timedelta(days=offset), rng.choice([10, 13, 18])),
            minutes,
            place,
            "single",
            kind,
            rng.choice(["", "Studieförbundet", "Byalaget"]),
        )


def parts(rng: random.Random, day: datetime) -> Iterator[Happening]:
    for part in (1, 2):
        voices = {
            "full": f"Skrivarkurs, del {part}",
            "short": f"Skrivarkurs {part}",
            "english": f"Writing course, part {part}",
        }
        yield Happening(
            voices, _at(day + timedelta(days=7 * part), 18), 120, LIBRARIES[0], "parts", "course", "Studieförbundet"
        )
    yield Happening(
        {"full": "Skrivarcafé", "english": "Writers' café"},
        _at(day + timedelta(days=7), 18),
        90,
        rng.choice(LIBRARIES[1:]),
        "parts",
        "writers",
        "Studieförbundet",
    )


def library_branches(rng: random.Random, day: datetime) -> Iterator[Happening]:
    voices = rng.choice([
        {"full": "Språkkafé", "chatty": "prata svenska med oss", "english": "Language café"}, {"full": "Bebisbokprat", "short": "Bokprat för bebisar", "english": "Baby books"},
        {"full": "Sagostund", "chatty": "sagor i läshörnan", "english": "Story time"}, {"full": "Digital drop-in", "plain": "Datorhjälp", "english": "IT help desk"},
    ])  # fmt: skip
    for library in LIBRARIES:
        yield Happening(voices, _at(day, 10), 60, library, "branches", "library", "Biblioteken i Björkfors")


def song_festival(rng: random.Random, day: datetime) -> Iterator[Happening]:
    org, acts = "Visans vänner", rng.sample(ACTS, 4)
    yield Happening(
        {"full": "Visfestivalen i Björkfors", "short": "Visfestivalen", "english": "Björkfors Song Festival"},
        _at(day, 16),
        420,
        STAGE,
        "festival",
        "festival",
        org,
        days=2,
    )
    for n, act in enumerate(acts):
        voices = {
            "full": f"{act} – Visfestivalen",
            "short": act,
            "plain": "Viskväll",
            "english": f"Song Festival: {act}",
            "chatty": f"{act} på festivalen",
        }
        yield Happening(
            voices,
            _at(day + timedelta(days=n // 2), 18 + 2 * (n % 2)),
            75,
            STAGE,
            "festival",
            "concert",
            org,
            ticketed=True,
        )


def workshops(rng: random.Random, day: datetime) -> Iterator[Happening]:
    for craft in rng.sample(CRAFTS, 3):
        voices = {
            "full": f"Prova på att {craft}",
            "short": craft.capitalize(),
            "plain": "Hantverksdag på Gammelgården",
            "english": f"Workshop: {craft}",
            "chatty": f"kom och {craft}",
        }
        yield Happening(voices, _at(day, 12), 120, PLACES[11], "workshops", "craft", "Hembygdsföreningen")


def flea_market(_: random.Random, day: datetime) -> Iterator[Happening]:
    for title, english, place in (
        ("Loppis", "Flea market", PLACES[12]),
        ("Barnloppis", "Children's flea market", PLACES[10]),
        ("Bakluckeloppis", "Car boot sale", PLACES[16]),
    ):
        yield Happening(
            {"full": title, "english": english, "chatty": f"fyndläge – {title.lower()}"},
            _at(day, 10),
            240,
            place,
            "flea-markets",
            "flea",
            "Byalaget",
        )


def blood_bus(_: random.Random, day: datetime) -> Iterator[Happening]:
    for place, hour in ((PLACES[16], 9), (PLACES[10], 14)):
        yield Happening(
            {"full": "Vaccinationsbussen", "chatty": "vaccinera dig på plats", "english": "Vaccination bus"},
            _at(day, hour),
            180,
            place,
            "tour-of-places",
            "bus",
            "Regionen",
        )


Habit = Callable[[random.Random, datetime], Iterator[Happening]]
HABITS: tuple[Habit, ...] = (
    culture_night, winter_market, open_farms, politics, services, opera, childrens_theatre, matches, mine_tours, skating, swimming, lectures, two_churches,
    two_stages, moved, exhibition, national_day, singles, singles, singles, parts, library_branches, library_branches, song_festival, workshops, flea_market, blood_bus,
)  # fmt: skip
