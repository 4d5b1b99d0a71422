"""Every way in which an address can fail to give a readable answer, in words for whoever runs the address.

Beside `problems`, which is about the content. Keyed by the `code` of `FetchError` and of `ReaderDied`; the English
sentence of the error itself has the figures and hosts, these are for pages in either language. Fetches nothing.
"""

from __future__ import annotations

# code → (Swedish, English)
SENTENCES: dict[str, tuple[str, str]] = {
    "address": (
        "Adressen är inte skriven som en webbadress. Kopiera den igen, utan mellanslag och lösenord.",
        "The address is not written as a web address. Copy it again, without spaces and passwords.",
    ),
    "scheme": (
        "Adressen måste börja med https:// eller http://.",
        "The address must begin with https:// or http://.",
    ),
    "port": (
        "Adressen anger en port som vi inte frågar på. Använd den vanliga adressen till webbplatsen.",
        "The address names a port that we don't ask. Use the ordinary address of the site.",
    ),
    "local-file": (
        "Det är en fil på en dator, inte en webbadress. Lägg upp filen på webben och klistra in dess adress. "
        "Den som sköter kalendern kan lägga filen bredvid sources.yaml och skriva path: i stället för url: där.",
        "That is a file on a computer and no web address. Put the file on the web and paste its address. "
        "Whoever runs the calendar can put the file beside sources.yaml and write path: instead of url: there.",
    ),
    "mail-address": (
        "Det är en e-postadress. Klistra in adressen till en kalender, ett flöde eller en webbsida.",
        "That is a mail address. Paste the address of a calendar, a feed or a web page.",
    ),
    "no-calendars": (
        "Facebook och Instagram lämnar inte ut evenemang till andra kalendrar, så där går inget att läsa.",
        "Facebook and Instagram give no events to other calendars, so nothing can be read there.",
    ),
    "private-address": (
        "Adressen leder in i ett internt nät och går inte att nå från internet.",
        "The address leads into a private network and can't be reached from the internet.",
    ),
    "own-address": (
        "Adressen leder till den här tjänsten själv.",
        "The address leads to this service itself.",
    ),
    "downgrade": (
        "Adressen skickar vidare från https till http. Rätta vidarekopplingen.",
        "The address redirects from https to http. Mend the redirect.",
    ),
    "ration": (
        "En första titt på en adress går bara igenom några få sidor.",
        "A first look at an address goes through a few pages only.",
    ),
    "redirects": (
        "Adressen skickar vidare för många gånger. Använd den slutliga adressen.",
        "The address redirects too many times. Use the final address.",
    ),
    "redirect-loop": (
        "Adressen skickar vidare i en cirkel.",
        "The address redirects in a circle.",
    ),
    "bad-redirect": (
        "Adressen skickar vidare till något som inte är en adress.",
        "The address redirects to something that is no address.",
    ),
    "dns": (
        "Namnet i adressen finns inte, eller så svarar inte namnservrarna. Är domänen kvar?",
        "The name in the address does not exist, or the name servers don't answer. Is the domain still there?",
    ),
    "connect": (
        "Webbplatsen svarar inte: ingen tar emot på den adressen.",
        "The site does not answer: nobody listens at that address.",
    ),
    "timeout": ("Servern svarade inte i tid.", "The server did not answer in time."),
    "cut": (
        "Servern avbröt mitt i svaret. Inget tas bort på grund av det.",
        "The server broke off in the middle of its answer. Nothing is removed because of it.",
    ),
    "protocol": (
        "Serverns svar följer inte HTTP.",
        "The server's answer does not follow HTTP.",
    ),
    "too-large": (
        "Svaret är för stort. Exportera en kortare tid.",
        "The answer is too large. Export a shorter span.",
    ),
    "encoding": (
        "Svaret är komprimerat på ett sätt som inte går att läsa.",
        "The answer is compressed in a way that can't be read.",
    ),
    "tls-expired": (
        "Webbplatsens certifikat har gått ut, eller gäller inte än. Be den som sköter webbplatsen att förnya det.",
        "The site's certificate has expired, or is not valid yet. Ask whoever runs the site to renew it.",
    ),
    "tls-untrusted": (
        "Webbplatsens certifikat är inte utfärdat av någon som webbläsare litar på, eller så saknas en del av kedjan.",
        "The site's certificate is issued by nobody that browsers trust, or a part of its chain is missing.",
    ),
    "tls-wrong-name": (
        "Webbplatsens certifikat gäller ett annat namn än adressens.",
        "The site's certificate is for another name than the address has.",
    ),
    "tls-version": (
        "Webbplatsen kan bara en gammal, osäker version av TLS.",
        "The site speaks only an old, unsafe version of TLS.",
    ),
    "tls-client": ("Webbplatsen kräver ett certifikat av den som frågar.", "The site asks for a certificate of ours."),
    "tls-failed": ("Det gick inte att upprätta en säker anslutning.", "No secure connection could be made."),
    "not-found": (
        "Det finns inget på adressen längre (404). Har kalendern flyttat?",
        "There is nothing at the address any more (404). Has the calendar moved?",
    ),
    "gone": (
        "Webbplatsen säger att adressen är borttagen för gott (410).",
        "The site says that the address is gone for good (410).",
    ),
    "forbidden": (
        "Webbplatsen släpper inte in oss. Dela kalendern offentligt, eller släpp fram oss.",
        "The site does not let us in. Share the calendar publicly, or let us through.",
    ),
    "asked-too-often": (
        "Webbplatsen vill bli frågad mer sällan. Vi väntar så länge som den ber om.",
        "The site wants to be asked less often. We wait as long as it asks.",
    ),
    "server-error": (
        "Webbplatsen har ett eget fel. Vi försöker igen.",
        "The site has a fault of its own. We try again.",
    ),
    "status": ("Servern svarade med en status som inte är ett flöde.", "The server's status is not that of a feed."),
    "unasked": (
        "Servern säger att inget har ändrats, fast vi inte frågade det.",
        "The server says that nothing has changed, though we did not ask that.",
    ),
    "reader-cpu": ("Det tog för lång tid att läsa svaret.", "Reading the answer took too long."),
    "reader-wall": ("Det tog för lång tid att läsa svaret.", "Reading the answer took too long."),
    "reader-memory": ("Svaret kräver för mycket minne för att läsas.", "The answer takes too much memory to be read."),
    "reader-output": ("Svaret innehåller för mycket.", "The answer holds too much."),
    "reader-deep": ("Svaret är för djupt nästlat för att läsas.", "The answer is nested too deep to be read."),
    "reader-crash": (
        "Läsningen kraschade på innehållet. Vi har noterat det.",
        "Reading crashed on the content. We have taken note.",
    ),
    "reader-bug": (
        "Läsningen misslyckades genom ett fel hos oss. Vi har noterat det.",
        "Reading failed by a fault of ours. We have taken note.",
    ),
}


def sentence(code: str, language: str = "sv") -> str | None:
    """What the code means in Swedish or English; None for a code of `problems` or of nobody."""
    words = SENTENCES.get(code)
    return words[1 if language == "en" else 0] if words else None
