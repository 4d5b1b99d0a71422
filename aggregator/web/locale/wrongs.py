# ruff: noqa: E501 - a sentence is one line, so that two languages can be read side by side
"""What is wrong in a query, in Swedish and English: for feeds and the API, and for whoever embeds a list."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "sv": {
        "wrong-key": "{key!r} finns inte i filtret; {meant}kända nycklar är {known}",
        "wrong-key-meant": "menas {near}? ",
        "wrong-theme": "theme: gäller bara ramen (iframe); komponenten och HTML från servern tar sidans egna färger",
        "wrong-date": "{key}: ska vara ett datum som 2027-01-16, från {first} till {last}",
        "wrong-whole": "{key}: ska vara ett heltal från {least} till {most}",
        "wrong-id": "{key}: ska vara ett id: bokstäver a–z, siffror och bindestreck; de finns i /api/v1/choices",
        "wrong-words": "{key}: ska vara ett till {most} ord, högst {longest} tecken",
        "wrong-flag": "{key}: ska vara 1, eller utelämnas",
        "wrong-choice": "{key}: ska vara {known}",
        "wrong-near": "{key}: ska vara latitud,longitud,kilometer, som 55.64,13.2,5, högst 100 km",
        "wrong-twice": "{key}: anges två gånger med olika värden",
        "wrong-many": "{key}: anges mer än {most} gånger",
        "wrong-turned": "from: {first} är efter to: {last}",
        "wrong-unknown": "{key}: inget evenemang har ”{given}”; {meant}",
        "wrong-unknown-near": "menas {near}?",
        "wrong-unknown-known": "de som finns är {known}",
        "wrong-unknown-listed": "de som finns står i /api/v1/choices",
        "wrong-left-out": "{told}. Det utelämnas.",
        "wrong-turned-round": "{told}. De läses i omvänd ordning.",
        "or": "eller",
    },
    "en": {
        "wrong-key": "{key!r} is no key of the filter; {meant}known keys are {known}",
        "wrong-key-meant": "is it {near}? ",
        "wrong-theme": "theme: is of the frame (iframe) alone; the component and the HTML from the server have the colours of the page",
        "wrong-date": "{key}: must be a date such as 2027-01-16, from {first} to {last}",
        "wrong-whole": "{key}: must be a whole number from {least} to {most}",
        "wrong-id": "{key}: must be an id: letters a–z, digits and hyphens; /api/v1/choices lists them",
        "wrong-words": "{key}: must hold one to {most} words, at most {longest} characters",
        "wrong-flag": "{key}: must be 1, or left out",
        "wrong-choice": "{key}: must be {known}",
        "wrong-near": "{key}: must be latitude,longitude,kilometres such as 55.64,13.2,5, at most 100 km",
        "wrong-twice": "{key}: is given twice with different values",
        "wrong-many": "{key}: is given more than {most} times",
        "wrong-turned": "from: {first} is after to: {last}",
        "wrong-unknown": "{key}: no event has “{given}”; {meant}",
        "wrong-unknown-near": "is it {near}?",
        "wrong-unknown-known": "there are {known}",
        "wrong-unknown-listed": "/api/v1/choices lists those that there are",
        "wrong-left-out": "{told}. It is left out.",
        "wrong-turned-round": "{told}. They are read the other way round.",
        "or": "or",
    },
}
