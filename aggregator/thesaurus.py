"""The words that a search knows: which only look alike, which go together, what English readers ask for. A value.

Everything here is folded (`search.folded`): lower case, without accents but for å ä ö. A line is an entry; whoever adds
one adds a pair to `tests/search_pairs.py` that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping

_SMALL = (
    "en ett den det de som och eller i på av med till för från hos vid om under är vi man finns något några "
    "a an the of for in on at and or to with by from"
)
_WHOLE = (
    "afton alban annan banan barock cabaret center children computer december dekan dinner doktor easter fader fan "
    "faster fönster garden gitarr human humor innan italien ivan jan johan junior kabaret kabarett kaftan kan kitchen "
    "kontor kran lager letter läger man medan moder moster motor mäster november nummer nästan oktober opera organ "
    "orkan orkester paket pan paper papper pasta plan player poet poker poster program raket redan register rektor "
    "roman samba sedan semester senior september silver soccer sommar sponsor stadion staffan staket stefan sultan "
    "summer susan svan syster söder söner talman tan teater tenor titan tulpan under urban utan valborg van vatten "
    "vegan vinter vuxen väder väster water winter änder öppen öster"
)
# Left out of a query beside other words: "gratis för barn" asks for what "gratis barn" asks for.
SMALL = frozenset(_SMALL.split())
# Words that end as if they were inflected, and are not.
WHOLE = frozenset(_WHOLE.split())
# Short words that also end compounds: "kyrkokören", "sommarbio", "höstlovet".
ENDS = frozenset({"bad", "bal", "bio", "bok", "gym", "kör", "lek", "lov", "pub", "tåg"})
# Stem → beginnings of other words that hold its letters; with a full stop, that word alone.
FRIENDS: Mapping[str, str] = {
    "and": "andak andas ande andr",
    "art": "artig artik artis arton artur",
    "bad": "badmin",
    "bal": "balans balett balkong ball balsam balt global kannibal verbal",
    "bil": "bilag bild biljard biljett billig",
    "bio": "biodl biodyn biogas biografi biolog biotop symbio",
    "bok": "boka. bokad bokar. bokas. bokat. bokför bokni boksl bokst",
    "bröd": "bröder",
    "dag": "dagis dagord",
    "dans": "danska",
    "far": "fara. farl fart farvä",
    "fest": "manifest",
    "fot": "foto",
    "fri": "fridag friid frikyr frilu frisb friser frisk frist frisö frit friv",
    "får": "fåra. fårad",
    "gran": "granat granit grann gransk",
    "gym": "gymnas",
    "hand": "handbol handel handik handl",
    "hav": "havand havre",
    "hem": "hemli hemsk",
    "hund": "hundra",
    "jul": "julia julik julius",
    "katt": "skatt",
    "klass": "klassik klassisk",
    "konst": "konstat konstell konstig konstit konstr",
    "kort": "kortar kortas kortf",
    "kost": "kosta kostn kosty",
    "kul": "kulis kultu",
    "kurs": "diskurs konkurs",
    "kör": "chaufför köra. körb körd körf körk körle körn körs. kört likör",
    "lag": "laga. lagad lagar lager laglig lagni lagom",
    "lek": "lekam lekman lekmä lekt",
    "lopp": "galopp loppi loppm",
    "lov": "lova. lovad lovar lovat lovis lovor lovsån lovtal",
    "mark": "denmark marke markis markna markör",
    "mask": "maskin maskul",
    "mat": "mata. matad matar. matas. match matem materi matild matin matri mats. matt",
    "mode": "model modem moder",
    "mor": "moral mord morf morg morm moro morö",
    "mus": "muse musi musk musl muss must",
    "mäss": "mässing",
    "natur": "signatur",
    "opera": "operat operera",
    "ord": "ordent order ordför ordin ordn",
    "ost": "ostkus ostli ostro",
    "park": "parker parket parkin parkour",
    "pass": "kompass passa. passad passag passar. passas. passat passe passi passn",
    "pub": "pubert publi",
    "rap": "rapp raps",
    "rock": "barock rockad",
    "ros": "rosa. rosad rosl rosta rostf",
    "sal": "sala salo sals salt salu",
    "sol": "solid solis solo",
    "son": "sona sond sone",
    "spa": "spad span spar spat",
    "spel": "gospel",
    "sport": "passport transport",
    "stad": "bostad stadg stadi",
    "tal": "tala. talang talar. talas. talat talen tall",
    "test": "attest contest greatest latest protest testam",
    "tid": "tidig tidn tidsk",
    "trä": "träd träff träna träng träni träsk",
    "träd": "avträd beträd framträd företräd inträd sammanträd tillträd uppträd utträd överträd",
    "tåg": "tåga",
    "ung": "ungef unger",
    "val": "valborg valent valf vall valp vals valt valu valv",
    "vin": "vina. vind ving vink vinn vinst vinter vintr viny",
    "visa": "visas. visat",
    "vår": "våra. vård vårt.",
}
# Stem → words that are looked for too: what many call a thing whose announcement calls it otherwise.
ALSO: Mapping[str, str] = {
    "barnbarn": "barn familj",
    "bio": "film",
    "biograf": "film bio",
    "fika": "cafe kaffe",
    "film": "bio",
    "föredrag": "föreläsning",
    "föreläsning": "föredrag",
    "gudstjänst": "högmässa mässa",
    "gympa": "gymnastik träning",
    "jullov": "lovaktivitet lovprogram skollov",
    "kommunfullmäktige": "fullmäktige",
    "körsång": "kör",
    "loppis": "loppmarknad",
    "loppmarknad": "loppis",
    "lovaktivitet": "lov",
    "marknad": "torghandel",
    "pensionär": "senior daglediga äldre",
    "promenad": "vandring",
    "senior": "pensionär daglediga äldre",
    "släktforskning": "släktforskare släktforska",
    "stickning": "sticka stickcafe",
    "träning": "gympa motion",
    "vandring": "promenad",
    "äldre": "senior pensionär daglediga",
}
# What English readers look for among Swedish texts, also with an s; each is also looked for as it stands.
ENGLISH: Mapping[str, str] = {
    "art": "konst",
    "book": "bok",
    "child": "barn",
    "children": "barn",
    "choir": "kör",
    "christmas": "jul",
    "church": "kyrka",
    "cinema": "bio",
    "coffee": "kaffe",
    "concert": "konsert",
    "council": "kommunfullmäktige",
    "course": "kurs",
    "dance": "dans",
    "easter": "påsk",
    "exhibition": "utställning",
    "families": "familj",
    "family": "familj",
    "food": "mat",
    "football": "fotboll",
    "garden": "trädgård",
    "genealogy": "släktforskning",
    "grandchildren": "barnbarn",
    "history": "historia",
    "kids": "barn",
    "lecture": "föreläsning",
    "library": "bibliotek",
    "market": "marknad",
    "movie": "film",
    "music": "musik",
    "nature": "natur",
    "seniors": "seniorer",
    "singing": "sång",
    "song": "sång",
    "sports": "idrott",
    "stories": "saga",
    "storytime": "sagostund",
    "summer": "sommar",
    "theater": "teater",
    "theatre": "teater",
    "walk": "vandring",
    "winter": "vinter",
    "worship": "gudstjänst",
}
# Two spellings of one word, also inside others.
SPELLINGS = (("kaf", "caf"), ("caf", "kaf"))
# Plurals that change their vowel, as stems: singular and plural are looked for together.
PLURALS: Mapping[str, str] = {
    "and": "änder",
    "bok": "böck",
    "fot": "fött",
    "hand": "händ",
    "man": "män",
    "natt": "nätt",
    "rot": "rött",
    "son": "söner",
    "stad": "städ",
    "tand": "tänd",
}
# Words that a misspelt one may stand for, whether the town writes them alone or only in compounds.
COMMON = sorted({one for table in (ALSO, ENGLISH) for words in table.values() for one in words.split()} | {*ALSO})
