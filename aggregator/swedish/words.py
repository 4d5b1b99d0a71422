"""The words of time in Swedish and English, as data: names, numbers, times of day. No rule stands here.

Names of months and weekdays are CLDR's (a test holds them to Babel's) with the short forms of notices added.
"""


def _each(names: str) -> list[str]:
    return names.split()


MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february febr feb",
            "mars march mar",
            "april apr",
            "maj may",
            "juni june jun",
            "juli july jul",
            "augusti august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in _each(names)
}

WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "måndag monday månd mån mon må",
            "tisdag tuesday tisd tis tues tue ti",
            "onsdag wednesday onsd ons wed",
            "torsdag thursday torsd tors tor thurs thur thu",
            "fredag friday fred fre fri",
            "lördag saturday lörd lör sat lö",
            "söndag sunday sönd sön sun sö",
        )
    )
    for name in _each(names)
}

FULL_WEEKDAYS: dict[str, int] = {name: day for name, day in WEEKDAYS.items() if name.endswith(("dag", "day"))}

# Two letters are a weekday only with a capital and a numeric date behind: "To 21/1", "On 20.1."
SHORTEST: dict[str, int] = {"Må": 0, "Ti": 1, "On": 2, "To": 3, "Fr": 4, "Lö": 5, "Sö": 6}

ORDINALS: dict[str, int] = {
    name: number
    for number, name in enumerate(
        _each(
            "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte tolfte trettonde fjortonde "
            "femtonde "
            "sextonde sjuttonde artonde nittonde tjugonde "
            "tjugoförsta tjugoandra tjugotredje tjugofjärde tjugofemte "
            "tjugosjätte tjugosjunde tjugoåttonde tjugonionde trettionde trettioförsta"
        ),
        start=1,
    )
}

HOURS: dict[str, int] = {
    name: number
    for number, name in enumerate(
        _each(
            "ett två tre fyra fem sex sju åtta nio tio elva tolv "
            "tretton fjorton femton sexton sjutton arton nitton tjugo"
        ),
        start=1,
    )
}

# The part of the day decides between the two readings of a spoken hour.
PARTS: dict[str, str] = {
    "på morgonen": "am",
    "på förmiddagen": "am",
    "fm": "am",
    "på eftermiddagen": "pm",
    "em": "pm",
    "på kvällen": "pm",
    "på natten": "night",
    "a.m.": "am",
    "p.m.": "pm",
    "am": "am",
    "pm": "pm",
}

RELATIVE: dict[str, int] = {
    "i dag": 0,
    "idag": 0,
    "i kväll": 0,
    "ikväll": 0,
    "i eftermiddag": 0,
    "today": 0,
    "tonight": 0,
    "i morgon": 1,
    "imorgon": 1,
    "i morgon kväll": 1,
    "tomorrow": 1,
    "i övermorgon": 2,
}

# Preterites that tell of what was. Adjectives with the same ending ("begränsade platser") are not among them.
PAST: frozenset[str] = frozenset(
    _each(
        "träffades hölls höll ägde invigdes invigde samlades samlade besökte spelades spelade slutade bröt "
        "fick beslutade beslutades firades firade byggdes grundades startade startades öppnade öppnades genomfördes "
        "genomförde arrangerades arrangerade anordnades visades uppmärksammades diskuterades diskuterade deltog "
        "gick blev vann förlorade besegrade inträffade skedde föddes avled dog lämnade "
        "presenterades presenterade berättade informerade konstaterade sade skrev skrevs delades "
        "valdes avslutades avslutade uppträdde bjöds bjöd hedrades drabbades larmades rapporterades antogs godkändes "
        "röstade welcomed took visited celebrated won gathered attended"
    )
)
