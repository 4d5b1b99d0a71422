# ruff: noqa: E501 - a step is one line, so that two languages can be read side by side
"""How an organizer mends what `quality` asks for, step by step in the system that they use. Words only.

A step that a system does not have is told in general. The steps name menus as their makers do; where a menu has moved,
the general step says what to look for.
"""

from __future__ import annotations

from collections.abc import Mapping

Steps = tuple[str, ...]

# need → what is wrong, in a sentence
WANTS: Mapping[str, Mapping[str, str]] = {
    "sv": {
        "open": "Adressen är inte öppen för alla.",
        "news": "Adressen leder till nyheter, och i dem står det inte när något händer.",
        "find": "Adressen leder inte till en kalender.",
        "zone": "Tidszonen är inte angiven så att den går att lita på. Då kan tiderna bli en timme fel.",
        "hour": "Tiderna ligger fel med hela timmar jämfört med vad andra berättar om samma evenemang.",
        "past": "Alla evenemang i kalendern har redan varit.",
        "uids": "Flera evenemang har samma nummer (UID). Då är det svårt att se vilket som har ändrats.",
        "renumbered": "Evenemangen får nya nummer (UID) fast de är desamma. Då ser andra kalendrar dem som nya.",
        "ends": "De flesta evenemang saknar sluttid.",
        "places": "De flesta evenemang saknar plats.",
        "markup": "Några rubriker innehåller HTML-kod.",
        "kinds": "De flesta evenemang saknar kategori. Då hittas de inte av den som väljer till exempel barn eller musik.",
    },
    "en": {
        "open": "The address is not open to everybody.",
        "news": "The address leads to news, and they don't tell when anything happens.",
        "find": "The address does not lead to a calendar.",
        "zone": "The time zone is not told in a way that can be relied on. Times may be an hour wrong.",
        "hour": "The times are whole hours off from what others tell of the same events.",
        "past": "All events of the calendar are over.",
        "uids": "Several events have the same number (UID). It is then hard to see which one has changed.",
        "renumbered": "Events get new numbers (UID) although they are the same. Other calendars take them for new ones.",
        "ends": "Most events have no end.",
        "places": "Most events have no place.",
        "markup": "Some titles hold HTML.",
        "kinds": "Most events have no category. Whoever chooses children or music, say, does not find them.",
    },
}

_SV: Mapping[str, Mapping[str, Steps]] = {
    "": {
        "open": (
            "Dela kalendern offentligt, så att den går att öppna utan att logga in.",
            "Prova adressen i ett privat fönster i webbläsaren. Kommer en inloggning är den inte öppen.",
        ),
        "news": (
            "Finns det en sida med kalender eller evenemang? Klistra in dess adress i stället.",
            "Finns bara nyheterna: skriv dag och klockslag i rubriken, till exempel ”Vårkonsert lördag 24 april kl. 15”.",
            "Du kan också lämna evenemangen ett och ett.",
        ),
        "find": (
            "Öppna sidan med din kalender och leta efter ”Prenumerera”, ”Exportera”, ”iCal” eller ”RSS”.",
            "Högerklicka på länken, kopiera dess adress och klistra in den här.",
            "Finns ingen sådan länk kan du lämna evenemangen ett och ett i stället.",
        ),
        "zone": ("Ställ in kalenderns tidszon på Europa/Stockholm.",),
        "hour": (
            "Ställ in kalenderns tidszon på Europa/Stockholm, inte på UTC eller ”UTC+1”.",
            "Öppna ett evenemang i er egen kalender och jämför klockslaget med det som står här.",
        ),
        "past": (
            "Lägg in det som kommer, så läses det av sig självt.",
            "Har ni bytt kalender sedan dess? Då har den nya en egen adress.",
        ),
        "renumbered": (
            "Be den som sköter webbplatsen att stänga av inställningen som skapar nya UID vid varje export, eller att uppdatera tillägget.",
        ),
        "markup": ("Skriv rubriken som vanlig text, utan taggar som <b> eller <br>.",),
        "kinds": ("Välj en kategori för varje evenemang, till exempel Barn, Musik eller Föreläsning.",),
        "uids": ("Exportera om kalendern, eller be den som har gjort exporten att ge varje evenemang ett eget UID.",),
        "ends": ("Fyll i när evenemanget slutar. Då ser alla hur länge det håller på.",),
        "places": ("Fyll i fältet Plats med lokalens namn, gärna med gatuadress.",),
    },
    "google": {
        "open": (
            "Öppna calendar.google.com på en dator. Peka på kalendern till vänster, välj de tre prickarna och ”Inställningar och delning”.",
            "Kryssa i ”Gör tillgänglig för alla” under ”Åtkomstbehörigheter för händelser”.",
            "Kopiera ”Offentlig adress i iCal-format” under ”Integrera kalender”. Den hemliga adressen ska inte användas.",
        ),
        "find": (
            "Öppna calendar.google.com på en dator. Peka på kalendern till vänster, välj de tre prickarna och ”Inställningar och delning”.",
            "Kopiera ”Offentlig adress i iCal-format” under ”Integrera kalender”. Den slutar på basic.ics.",
        ),
        "zone": ("Välj ”Inställningar och delning” för kalendern och sätt tidszonen till Stockholm.",),
    },
    "outlook": {
        "open": (
            "Öppna Outlook på webben: Inställningar, Kalender, Delade kalendrar.",
            "Välj kalendern under ”Publicera en kalender” och ”Kan visa all information”, och tryck på Publicera.",
            "Kopiera ICS-länken, inte HTML-länken.",
        ),
        "find": (
            "Öppna Outlook på webben: Inställningar, Kalender, Delade kalendrar, ”Publicera en kalender”.",
            "Kopiera ICS-länken, inte HTML-länken. Den slutar på .ics.",
        ),
        "zone": ("Inställningar, Kalender, Vy: sätt tidszonen till Stockholm.",),
    },
    "apple": {
        "open": (
            "Öppna icloud.com/calendar, tryck på delningssymbolen bredvid kalendern och välj ”Offentlig kalender”.",
            "Kopiera länken. Den börjar med webcal://.",
        ),
        "find": ("Öppna icloud.com/calendar, tryck på delningssymbolen bredvid kalendern och kopiera länken.",),
    },
    "wordpress": {
        "find": (
            "Öppna sidan med era evenemang och tryck på ”Prenumerera på kalender” längst ner. Kopiera adressen under ”Exportera .ics-fil”.",
            "Saknas knappen: prova att lägga till ?ical=1 sist i sidans adress.",
        ),
        "zone": (
            "Inställningar, Allmänt, Tidszon: välj staden Stockholm. Väljer man ”UTC+1” blir sommarens tider en timme fel.",
        ),
        "ends": ("Öppna evenemanget och fyll i sluttiden under ”Tid och datum”.",),
        "places": ("Öppna evenemanget och välj eller skapa en plats under ”Plats”.",),
    },
    "laget": {
        "find": (
            "Öppna lagets eller föreningens sida på laget.se och välj Kalender.",
            "Tryck på ”Prenumerera” och kopiera adressen. Varje lag har en egen.",
        ),
        "places": ("Öppna aktiviteten i laget.se och fyll i Plats.",),
    },
    "sportadmin": {
        "find": (
            "Öppna gruppens kalender på er webbplats och tryck på ”Prenumerera på kalendern”.",
            "Kopiera adressen. Den börjar ofta med webcal://.",
        ),
        "places": ("Öppna aktiviteten i SportAdmin och fyll i Plats.",),
    },
    "svenskalag": {
        "find": ("Öppna lagets kalender på svenskalag.se, tryck på ”Prenumerera” och kopiera adressen.",),
    },
    "tickster": {
        "find": (
            "Klistra in adressen till sidan med alla era evenemang på er egen webbplats.",
            "Eller be er kontakt på Tickster om adressen till ert flöde av evenemang.",
        ),
    },
    "facebook": {
        "open": (
            "Facebook lämnar inte ut evenemang till andra kalendrar.",
            "Lägg evenemangen även i en kalender, till exempel Google Kalender, och klistra in dess adress. Eller lämna dem ett och ett här.",
        ),
        "find": (
            "Facebook lämnar inte ut evenemang till andra kalendrar.",
            "Lägg evenemangen även i en kalender, till exempel Google Kalender, och klistra in dess adress. Eller lämna dem ett och ett här.",
        ),
    },
    "sitevision": {
        "find": (
            "Be den som sköter webbplatsen om adressen till evenemangslistans RSS-flöde eller JSON.",
            "I SiteVision slås RSS på i inställningarna för den arkiv- eller listmodul som visar evenemangen.",
        ),
    },
}

_EN: Mapping[str, Mapping[str, Steps]] = {
    "": {
        "open": (
            "Share the calendar publicly, so that it opens without a login.",
            "Try the address in a private window of the browser. If a login comes up, it is not open.",
        ),
        "news": (
            "Is there a page with a calendar or events? Paste its address instead.",
            "If there is only news: write day and time in the title, such as “Vårkonsert lördag 24 april kl. 15”.",
            "You can also enter the events one by one.",
        ),
        "find": (
            "Open the page with your calendar and look for “Subscribe”, “Export”, “iCal” or “RSS”.",
            "Right-click the link, copy its address and paste it here.",
            "If there is no such link you can enter the events one by one instead.",
        ),
        "zone": ("Set the calendar's time zone to Europe/Stockholm.",),
        "hour": (
            "Set the calendar's time zone to Europe/Stockholm, not to UTC or “UTC+1”.",
            "Open an event in your own calendar and compare its time with the one shown here.",
        ),
        "past": (
            "Enter what is to come, and it is read by itself.",
            "Have you changed calendars since? Then the new one has an address of its own.",
        ),
        "renumbered": (
            "Ask whoever runs the site to turn off what makes new UIDs at every export, or to update the plug-in.",
        ),
        "markup": ("Write the title as plain text, without tags such as <b> or <br>.",),
        "kinds": ("Choose a category for every event, such as children, music or lecture.",),
        "uids": ("Export the calendar again, or ask whoever made the export to give every event a UID of its own.",),
        "ends": ("Fill in when the event ends. Then everybody sees how long it takes.",),
        "places": ("Fill in the location with the name of the venue, and its street if you can.",),
    },
    "google": {
        "open": (
            "Open calendar.google.com on a computer. Point at the calendar on the left, choose the three dots and “Settings and sharing”.",
            "Tick “Make available to public” under “Access permissions for events”.",
            "Copy “Public address in iCal format” under “Integrate calendar”. Don't use the secret address.",
        ),
        "find": (
            "Open calendar.google.com on a computer. Point at the calendar on the left, choose the three dots and “Settings and sharing”.",
            "Copy “Public address in iCal format” under “Integrate calendar”. It ends with basic.ics.",
        ),
        "zone": ("Choose “Settings and sharing” of the calendar and set the time zone to Stockholm.",),
    },
    "outlook": {
        "open": (
            "Open Outlook on the web: Settings, Calendar, Shared calendars.",
            "Choose the calendar under “Publish a calendar” and “Can view all details”, and press Publish.",
            "Copy the ICS link, not the HTML link.",
        ),
        "find": (
            "Open Outlook on the web: Settings, Calendar, Shared calendars, “Publish a calendar”.",
            "Copy the ICS link, not the HTML link. It ends with .ics.",
        ),
        "zone": ("Settings, Calendar, View: set the time zone to Stockholm.",),
    },
    "apple": {
        "open": (
            "Open icloud.com/calendar, press the share symbol beside the calendar and choose “Public Calendar”.",
            "Copy the link. It begins with webcal://.",
        ),
        "find": ("Open icloud.com/calendar, press the share symbol beside the calendar and copy the link.",),
    },
    "wordpress": {
        "find": (
            "Open the page with your events and press “Subscribe to calendar” at the bottom. Copy the address of “Export .ics file”.",
            "If there is no such button: try adding ?ical=1 to the end of the page's address.",
        ),
        "zone": (
            "Settings, General, Timezone: choose the city Stockholm. With “UTC+1” the times of summer are an hour wrong.",
        ),
        "ends": ("Open the event and fill in the end under “Time & Date”.",),
        "places": ("Open the event and choose or create a venue under “Location”.",),
    },
    "laget": {
        "find": (
            "Open the team's or the club's page on laget.se and choose Kalender.",
            "Press “Prenumerera” and copy the address. Each team has one of its own.",
        ),
        "places": ("Open the activity on laget.se and fill in Plats.",),
    },
    "sportadmin": {
        "find": (
            "Open the group's calendar on your site and press “Prenumerera på kalendern”.",
            "Copy the address. It often begins with webcal://.",
        ),
        "places": ("Open the activity in SportAdmin and fill in Plats.",),
    },
    "svenskalag": {
        "find": ("Open the team's calendar on svenskalag.se, press “Prenumerera” and copy the address.",),
    },
    "tickster": {
        "find": (
            "Paste the address of the page with all your events on your own site.",
            "Or ask your contact at Tickster for the address of your feed of events.",
        ),
    },
    "facebook": {
        "open": (
            "Facebook gives no events to other calendars.",
            "Enter the events in a calendar as well, such as Google Calendar, and paste its address. Or enter them one by one here.",
        ),
        "find": (
            "Facebook gives no events to other calendars.",
            "Enter the events in a calendar as well, such as Google Calendar, and paste its address. Or enter them one by one here.",
        ),
    },
    "sitevision": {
        "find": (
            "Ask whoever runs the site for the address of the event list's RSS feed or JSON.",
            "In SiteVision RSS is turned on in the settings of the archive or list module that shows the events.",
        ),
    },
}
STEPS: Mapping[str, Mapping[str, Mapping[str, Steps]]] = {"sv": _SV, "en": _EN}


def steps(system: str, need: str, language: str) -> Steps:
    """What to do about a need in a system (its id, or "" where nobody knows which it is)."""
    table = STEPS[language]
    return table.get(system, {}).get(need) or table[""][need]
