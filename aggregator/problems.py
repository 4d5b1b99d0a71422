"""Every problem a reader can meet, in words for the person who announces events: what, why, how to mend it.

The only place for these sentences. `{detail}` and `{item}` stand for the attributes of a `Problem`.
"""

from __future__ import annotations

from aggregator.model import Problem

# code → (Swedish, English). Formats add their codes here.
SENTENCES: dict[str, tuple[str, str]] = {
    # the whole answer
    "empty": (
        "Adressen svarade utan innehåll. Kontrollera att kalendern är delad och att adressen är rätt.",
        "The address answered with nothing. Check that the calendar is shared and that the address is right.",
    ),
    "not-a-feed": (
        "Svaret är ingen kalender och inget flöde. Klistra in adressen till en iCal- eller RSS-fil.",
        "The answer is neither a calendar nor a feed. Paste the address of an iCal or RSS file.",
    ),
    "html-page": (
        "Adressen leder till en vanlig webbsida utan evenemang som går att läsa. Leta efter länken "
        "”Prenumerera” eller ”Exportera”.",
        "The address leads to an ordinary web page without events that can be read. Look for a link like "
        "“Subscribe” or “Export”.",
    ),
    "refused-by-site": (
        "Webbplatsens skydd mot robotar stoppade oss. Be den som sköter webbplatsen att släppa fram kalenderns adress.",
        "The site's protection against robots stopped us. Ask whoever runs the site to let the calendar's "
        "address through.",
    ),
    "consent-page": (
        "Adressen visar en fråga om samtycke i stället för kalendern. Använd den direkta adressen till kalenderfilen.",
        "The address shows a consent question instead of the calendar. Use the direct address of the calendar file.",
    ),
    "login-page": (
        "Adressen leder till en inloggning. Dela kalendern offentligt och använd den offentliga adressen.",
        "The address leads to a login. Share the calendar publicly and use the public address.",
    ),
    "error-page": (
        "Adressen visar webbplatsens felsida. Kontrollera att adressen fortfarande gäller.",
        "The address shows the site's error page. Check that the address is still valid.",
    ),
    "pdf": (
        "Adressen leder till en PDF. Evenemang kan bara läsas ur en kalender, ett flöde eller en webbsida.",
        "The address leads to a PDF. Events can only be read from a calendar, a feed or a web page.",
    ),
    "image": ("Adressen leder till en bild.", "The address leads to an image."),
    "archive": (
        "Adressen leder till en komprimerad fil. Lägg ut kalenderfilen som den är.",
        "The address leads to a compressed file. Publish the calendar file as it is.",
    ),
    "json-unknown": (
        "Svaret är JSON som vi inte känner igen. Skriv en ”map” för källan i sources.yaml.",
        "The answer is JSON of a kind we don't know. Write a “map” for the source in sources.yaml.",
    ),
    "xml-unknown": (
        "Svaret är XML men inget flöde som vi känner till.",
        "The answer is XML but no feed that we know.",
    ),
    "unknown-format": (
        "Formatet som står i sources.yaml finns inte.",
        "There is no such format as sources.yaml says.",
    ),
    "too-many": (
        "Filen har fler än {detail} evenemang. Dela upp den eller exportera en kortare tid.",
        "The file has more than {detail} events. Split it or export a shorter span.",
    ),
    "damaged-cut": (
        "Kalenderfilen slutar för tidigt. Det som gick att läsa är läst, och inget tas bort på grund av den.",
        "The calendar file ends too early. What could be read was read, and nothing is removed because of it.",
    ),
    "damaged-unclosed": (
        "En del av kalenderfilen saknar sitt slut (END). Resten är läst, och inget tas bort på grund av den.",
        "A part of the calendar file lacks its end (END). The rest was read, and nothing is removed because of it.",
    ),
    "damaged-garbage": (
        "I kalenderfilen står text som inte hör dit, till exempel ett felmeddelande från webbplatsen. "
        "Evenemangen är lästa, "
        "men inget tas bort så länge texten står kvar.",
        "The calendar file holds text that does not belong there, such as an error message of the site. The "
        "events were "
        "read, but nothing is removed as long as the text is there.",
    ),
    "damaged-outside": (
        "Kalenderfilens ram (BEGIN:VCALENDAR) saknas. Evenemangen är lästa, men inget tas bort på grund av filen.",
        "The frame of the calendar file (BEGIN:VCALENDAR) is missing. The events were read, but nothing is removed.",
    ),
    "damaged-stray-end": (
        "Kalenderfilen har ett slut (END) utan början. Evenemangen är lästa, men inget tas bort på grund av filen.",
        "The calendar file has an end (END) without a beginning. The events were read, but nothing is removed.",
    ),
    "calls-off": (
        "Filen är ett återbud (METHOD:CANCEL). Det som står i den är inställt; inget annat ändras.",
        "The file calls events off (METHOD:CANCEL). What stands in it is cancelled; nothing else changes.",
    ),
    "unclosed": (
        "{detail} evenemang saknar sitt slut i filen och lästes inte. Filen är troligen avhuggen.",
        "{detail} events lack their end in the file and were not read. The file was probably cut off.",
    ),
    "charset-lost": (
        "Filens teckenkodning är fel: {detail} tecken gick inte att läsa. Spara den som UTF-8.",
        "The file's character encoding is wrong: {detail} characters could not be read. Save it as UTF-8.",
    ),
    "own-feed": (
        "Detta är vår egen kalender. Den kan inte vara sin egen källa.",
        "This is our own calendar. It cannot be its own source.",
    ),
    # one event
    "unreadable": (
        "Evenemanget går inte att läsa ({detail}). De andra är lästa.",
        "The event can't be read ({detail}). The others were read.",
    ),
    "no-title": ("Evenemanget saknar rubrik.", "The event has no title."),
    "title-markup": (
        "Rubriken innehåller HTML-kod. Den togs bort; skriv rubriken som vanlig text.",
        "The title holds HTML. It was taken out; write the title as plain text.",
    ),
    "no-start": (
        "Evenemanget saknar datum, eller så går det inte att läsa: {detail}.",
        "The event has no date, or one that can't be read: {detail}.",
    ),
    "out-of-range": (
        "Datumet {detail} ligger mer än tio år bort och är troligen fel.",
        "The date {detail} is more than ten years away and probably wrong.",
    ),
    "too-long": (
        "Evenemanget varar i {detail} dagar. Det är troligen ett fel i slutdatumet.",
        "The event lasts {detail} days. That is probably a mistake in its end date.",
    ),
    "long": (
        "Evenemanget varar i {detail} dagar. Stämmer slutdatumet?",
        "The event lasts {detail} days. Is the end date right?",
    ),
    "private": ("Evenemanget är märkt som privat och visas inte.", "The event is marked private and is not shown."),
    "end-before-start": (
        "Slutet ({detail}) ligger före början och togs bort.",
        "The end ({detail}) comes before the start and was left out.",
    ),
    "end-mixed": (
        "Början är en dag och slutet ett klockslag, eller tvärtom. Slutet togs bort.",
        "The start is a day and the end a time, or the other way round. The end was left out.",
    ),
    "end-unreadable": ("Sluttiden går inte att läsa: {detail}.", "The end can't be read: {detail}."),
    "end-twice": (
        "Evenemanget har både sluttid och längd. Sluttiden gäller.",
        "The event has both an end and a duration. The end counts.",
    ),
    "unknown-zone": (
        "Tidszonen ”{detail}” är okänd. Tiderna lästes i källans egen tidszon; stämmer de?",
        "The time zone “{detail}” is unknown. The times were read in the zone of the source; are they right?",
    ),
    "geo-invalid": ("Koordinaterna {detail} kan inte stämma.", "The coordinates {detail} can't be right."),
    "rule-too-often": (
        "Evenemanget upprepas flera gånger om dagen ({detail}). Bara första gången visas.",
        "The event repeats several times a day ({detail}). Only the first time is shown.",
    ),
    "rule-interval": (
        "Upprepningens intervall går inte att använda ({detail}). Bara första gången visas.",
        "The interval of the repetition can't be used ({detail}). Only the first time is shown.",
    ),
    "rule-too-many": (
        "Upprepningen har för många kombinationer ({detail}). Bara första gången visas.",
        "The repetition has too many combinations ({detail}). Only the first time is shown.",
    ),
    "rule-unreadable": (
        "Upprepningen går inte att läsa ({detail}). Bara första gången visas.",
        "The repetition can't be read ({detail}). Only the first time is shown.",
    ),
    "too-many-occurrences": (
        "Evenemanget upprepas fler än {detail} gånger. De första {detail} visas.",
        "The event repeats more than {detail} times. The first {detail} are shown.",
    ),
    "too-many-dates": (
        "Evenemanget räknar upp {detail} datum. Gränsen är 2 000.",
        "The event lists {detail} dates. The limit is 2,000.",
    ),
    "too-many-rules": (
        "Evenemanget har {detail} upprepningsregler. Gränsen är två.",
        "The event has {detail} repetition rules. The limit is two.",
    ),
    "dates-unreadable": (
        "Några av upprepningens datum går inte att läsa: {detail}.",
        "Some dates of the repetition can't be read: {detail}.",
    ),
    "never-happens": (
        "Upprepningen ger inget datum alls.",
        "The repetition gives no date at all.",
    ),
    "stray-override": (
        "En ändring gäller ett datum ({detail}) som upprepningen inte har. Den visas som ett eget evenemang.",
        "A change is for a date ({detail}) that the repetition does not have. It is shown as an event of its own.",
    ),
    "uid-shared": (
        "Flera olika evenemang har samma UID ({detail}). Ge varje evenemang ett eget.",
        "Several different events have the same UID ({detail}). Give each its own.",
    ),
    "told-twice": ("Samma evenemang står två gånger i filen.", "The same event stands twice in the file."),
    "own-event": (
        "Evenemanget kommer från vår egen kalender och räknas inte en gång till.",
        "The event comes from our own calendar and is not counted once more.",
    ),
    # what holds an answer back until staff release it
    "too-many-new": (
        "Svaret har {detail} nya evenemang på en gång. Det väntar tills någon har tittat på det.",
        "The answer has {detail} new events at once. It waits until somebody has looked at it.",
    ),
    "content-swapped": (
        "Ett evenemang har bytt både rubrik och länk: ”{detail}”. Svaret väntar tills någon har tittat på det.",
        "An event has another title and another link now: “{detail}”. It waits until somebody has looked at it.",
    ),
    "other-owner": (
        "Allt i kalendern är utbytt, som om adressen hade fått en ny ägare: ”{detail}”. Svaret väntar på granskning.",
        "Everything in the calendar is replaced, as if by a new owner: “{detail}”. The answer waits for a review.",
    ),
    # pages, feeds and APIs
    "no-events": (
        "Det finns inga evenemang i svaret.",
        "There are no events in the answer.",
    ),
    "feed-damaged": (
        "Flödet är skadat ({detail}). Det som gick att läsa är läst, och inget tas bort på grund av det.",
        "The feed is damaged ({detail}). What could be read was read, and nothing is removed because of it.",
    ),
    "bad-json": (
        "Ett block med data på sidan går inte att läsa ({detail}). De andra blocken är lästa.",
        "A block of data on the page can't be read ({detail}). The other blocks were read.",
    ),
    "bad-start": (
        "Datumet ”{detail}” går inte att läsa. Skriv det som 2027-01-16T18:30.",
        "The date “{detail}” can't be read. Write it as 2027-01-16T18:30.",
    ),
    "bad-rule": (
        "Upprepningen saknar ett datum att börja på.",
        "The repetition lacks a date to begin on.",
    ),
    "bad-json-answer": (
        "Svaret är trasig JSON och går inte att läsa. Kontrollera adressen, eller be leverantören rätta den.",
        "The answer is broken JSON and can't be read. Check the address, or ask the provider to mend it.",
    ),
    "map-wrong": (
        "Källans ”map” i sources.yaml är fel eller saknas.",
        "The source's “map” in sources.yaml is wrong or missing.",
    ),
    "map-items": (
        "Listan finns inte där källans ”map” säger.",
        "The list is not where the source's “map” says.",
    ),
    "csv-header": (
        "Tabellens första rad måste namnge kolumnerna, med minst rubrik och datum, eller så behövs en ”map”.",
        "The first row of the table must name its columns, with at least a title and a date, or a “map” is needed.",
    ),
    "csv-rows": (
        "{detail} rader har fler celler än rubrikraden. Sätt citattecken om texter som innehåller skiljetecknet.",
        "{detail} rows have more cells than the header. Put quotation marks around texts that hold the delimiter.",
    ),
    "series-only": (
        "Posten är en serie utan egen tid; dess datum läses för sig.",
        "The record is a series without a time of its own; its dates are read by themselves.",
    ),
    "not-published": (
        "Evenemanget är inte publicerat hos källan ({detail}).",
        "The event is not published at its source ({detail}).",
    ),
    "page-links": (
        "Sidan länkar till {detail}, men har själv inga evenemang som går att läsa.",
        "The page links to {detail}, but holds no events itself that can be read.",
    ),
    "chosen-link": (
        "Sidan länkar till {detail}, där samma evenemang är lättare att läsa. Den adressen läses i stället.",
        "The page links to {detail}, where the same events are easier to read. That address is read instead.",
    ),
    "page-failed": (
        "En av sidorna gick inte att läsa: {detail} Därför tas inget bort den här gången.",
        "One of the pages could not be read: {detail} So nothing is removed this time.",
    ),
    "robots": (
        "Webbplatsens robots.txt ber oss att inte läsa sidan. Tillåt den där, eller ge oss en kalenderadress.",
        "The site's robots.txt asks us not to read the page. Allow it there, or give us a calendar's address.",
    ),
    "no-event-pages": (
        "Det finns inga länkar till evenemangssidor här.",
        "There are no links to event pages here.",
    ),
    "too-many-pages": (
        "Webbplatsen har {detail} evenemangssidor. Bara de senast ändrade läses.",
        "The site has {detail} event pages. Only those changed last are read.",
    ),
    "notice-personal": (
        "Anslaget rör en enskild person och visas inte.",
        "The notice concerns a private person and is not shown.",
    ),
    "no-deadline": (
        "Annonsen säger inte när ansökningstiden går ut.",
        "The advertisement does not say when applications close.",
    ),
    "policy": (
        "Visas inte i den här kalendern: {detail}.",
        "Not shown in this calendar: {detail}.",
    ),
    "policy-ask": (
        "Kommunen avgör om det ska visas: {detail}.",
        "The municipality decides whether it is shown: {detail}.",
    ),
    "no-event-date": (
        "Inlägget berättar inte när något händer. Skriv dag och klockslag i rubriken eller i början av texten.",
        "The item does not tell when anything happens. Write day and time in its title or at the start of its text.",
    ),
    "date-unsure": (
        "Det är inte säkert när det händer: {detail}. Inlägget ligger som förslag hos kommunen.",
        "It is not certain when it happens: {detail}. The item waits as a suggestion for staff.",
    ),
    "notice-heading": (
        "Rubriken låter som ett meddelande och inte som ett evenemang. Inlägget ligger som förslag hos kommunen.",
        "The title reads like a notice and not like an event. The item waits as a suggestion for staff.",
    ),
    "told-past": (
        "Inlägget berättar om något som redan har varit.",
        "The item tells of something that is over.",
    ),
}


# What is doubtful about a time in prose (`swedish.Told.doubts`, and "page"): `{detail}` of "date-unsure" in words.
_DOUBTS: dict[str, tuple[str, str]] = {
    "weekday": ("veckodagen är inte datumets", "the weekday is not that of the date"),
    "year": ("året är oklart", "the year is unclear"),
    "week": ("bara veckan eller helgen står", "only the week or the weekend is told"),
    "fraction": ("”6/3” är kanske inget datum", "“6/3” may be no date"),
    "date": ("bara veckodagen står, inget datum", "only the weekday is told, no date"),
    "hour": ("klockslaget är oklart", "the hour is unclear"),
    "start": ("bara slutet står", "only the end is told"),
    "rule": ("det står inte när det upphör", "it is not told when it ends"),
    "page": ("en webbsida säger inte när den skrevs", "a web page does not say when it was written"),
    "1": ("dagen står bara i texten, utan klockslag", "the day stands in the text alone, without an hour"),
}


def sentence(problem: Problem, language: str = "sv") -> str:
    """The problem in Swedish or English; an unknown code is told as it is, so that nothing is hidden."""
    words = SENTENCES.get(problem.code)
    if words is None:
        return f"{problem.code}: {problem.detail}".rstrip(": ")
    number = 1 if language == "en" else 0
    text = words[number]
    detail = _doubts(problem.detail, number) if problem.code == "date-unsure" else problem.detail
    return text.replace("{detail}", detail).replace("{item}", problem.item)


def _doubts(detail: str, number: int) -> str:
    """The doubts in words; a number is that of the times which are told."""
    if detail.isdecimal() and detail != "1":
        return f"{detail} {('tider står', 'times are told')[number]}"
    return ", ".join(_DOUBTS.get(word, (word, word))[number] for word in detail.split(", "))
