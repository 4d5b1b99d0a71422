"""The letters in Swedish; the same kinds with the same blanks as in English. See the package."""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.letters.text import Text

TEXTS: Mapping[str, Text] = {
    "foot": Text("", "{town}", "Frågor? {contact}"),
    "foot-without-contact": Text("", "{town}"),
    "confirm-submission": Text(
        "Bekräfta det du lämnade till {town}",
        "Hej!",
        "Någon, förmodligen du, har lämnat något till {town} och angett den här adressen. Öppna länken och tryck på "
        "knappen där, så tar redaktionen hand om det.",
        "Länken gäller i två dygn. Bekräftar du inte tas allt bort, även din adress.",
        "Var det inte du? Då behöver du inte göra något.",
        link="Se och bekräfta",
    ),
    "confirm-report": Text(
        "Vill du ha svar från {town}?",
        "Hej!",
        "Någon, förmodligen du, har berättat om ett fel i {town} och vill ha svar till den här adressen. Öppna länken "
        "och tryck på knappen där, så kan redaktionen svara.",
        "Länken gäller i två dygn. Bekräftar du inte tas adressen bort. Tipset tittar redaktionen på ändå.",
        "Var det inte du? Då behöver du inte göra något.",
        link="Ja, jag vill ha svar",
    ),
    "login": Text(
        "Din länk till {town}",
        "Hej!",
        "Här är länken till din sida, där du ser hur det går för det du har lämnat och kan ändra eller ta bort det.",
        "Länken fungerar en gång, inom en timme. Har du inte bett om den behöver du inte göra något.",
        link="Öppna min sida",
    ),
    "staff-invitation": Text(
        "Välkommen till redaktionen för {town}",
        "Hej!",
        "Du har fått ett konto i redaktionen för {town}. Öppna länken och välj ett lösenord, så är du inne.",
        "Länken fungerar en gång, inom två dygn. Dela den inte med någon.",
        link="Välj lösenord",
    ),
    "staff-reset": Text(
        "Nytt lösenord till redaktionen för {town}",
        "Hej!",
        "Någon, förmodligen du, vill välja ett nytt lösenord till ditt konto i redaktionen. Länken fungerar en "
        "gång, inom två dygn.",
        "Har du inte bett om den behöver du inte göra något: ditt lösenord gäller som förut.",
        link="Välj nytt lösenord",
    ),
    "approved": Text(
        "Nu visas det i {town}: {title}",
        "Hej!",
        "{title} är godkänt och finns nu i {town}. Du behöver inte göra något mer. Skulle något gå fel hör vi av oss.",
        "Så här skrev redaktionen:",
        "> {note}",
        link="Så här ser det ut",
    ),
    "rejected": Text(
        "{title} visas inte i {town}",
        "Hej!",
        "Redaktionen har tittat på {title} och tar inte med det.",
        "Skälet:",
        "> {note}",
        "Vill du ändra något och försöka igen går det bra.",
        link="Öppna min sida",
    ),
    "asked-back": Text(
        "En fråga om {title}",
        "Hej!",
        "Redaktionen för {town} behöver veta lite mer om {title} innan det kan visas.",
        "> {note}",
        "Svara på din sida. Tills dess ligger det kvar och väntar.",
        link="Svara på frågan",
    ),
    "source-failing": Text(
        "Vi kan inte läsa {source}",
        "Hej!",
        "{town} har inte kunnat läsa {source} sedan {since}. Det som fanns visas tills vidare, men inget nytt "
        "kommer med.",
        "Det här är felet:",
        "> {reason}",
        "Så här brukar det gå att rätta:",
        "> {remedy}",
        "När adressen fungerar igen märker vi det själva. Har den flyttat kan du ändra den på din sida.",
        link="Se hur det går",
    ),
    "source-odd": Text(
        "Stämmer allt i {source}?",
        "Hej!",
        "{town} läser {source}, men sedan {since} är det något som inte ser rätt ut:",
        "> {reason}",
        "Så här brukar det gå att rätta:",
        "> {remedy}",
        "Stämmer det som det är behöver du inte göra något.",
        link="Se hur det går",
    ),
    "term-reminder": Text(
        "Stämmer allt om {source}?",
        "Hej!",
        "Du har lämnat {source} till {town}. En gång per termin frågar vi om allt fortfarande stämmer. Ett klick "
        "räcker.",
        "> {summary}",
        "Vill du inte ha den här frågan kan du stänga av den på din sida.",
        link="Se efter och svara",
    ),
    "answer-to-report": Text(
        "Tack, vi har tittat på {title}",
        "Hej!",
        "Du berättade om ett fel i {title}. Redaktionen för {town} har tittat på det.",
        "> {note}",
        "Tack för hjälpen! Din adress sparas inte längre än vad som behövs för det här svaret.",
        link="Se evenemanget",
    ),
}
