"""The letters in English; the same kinds with the same blanks as in Swedish. See the package."""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.letters.text import Text

TEXTS: Mapping[str, Text] = {
    "foot": Text("", "{town}", "Questions? {contact}"),
    "foot-without-contact": Text("", "{town}"),
    "confirm-submission": Text(
        "Confirm what you sent to {town}",
        "Hello,",
        "Somebody, probably you, sent something to {town} and gave this address. Open the link and press the button "
        "there, and the editors will look at it.",
        "The link is good for two days. If you do not confirm, everything is removed, your address too.",
        "It wasn’t you? Then there is nothing you need to do.",
        link="Look and confirm",
    ),
    "confirm-report": Text(
        "Do you want an answer from {town}?",
        "Hello,",
        "Somebody, probably you, told of a mistake in {town} and wants an answer at this address. Open the link and "
        "press the button there, and the editors can answer.",
        "The link is good for two days. If you do not confirm, the address is removed. The editors look at the "
        "mistake all the same.",
        "It wasn’t you? Then there is nothing you need to do.",
        link="Yes, I want an answer",
    ),
    "login": Text(
        "Your link to {town}",
        "Hello,",
        "Here is the link to your page, where you see how things are with what you sent, and can change or remove it.",
        "The link works once, within an hour. If you did not ask for it, there is nothing you need to do.",
        link="Open my page",
    ),
    "staff-invitation": Text(
        "Welcome to the editors of {town}",
        "Hello,",
        "You have been given an account among the editors of {town}. Open the link, choose a password, and you are in.",
        "The link works once, within two days. Share it with nobody.",
        link="Choose a password",
    ),
    "staff-reset": Text(
        "A new password for the editors of {town}",
        "Hello,",
        "Somebody, probably you, wants to choose a new password for your account among the editors. The link "
        "works once, within two days.",
        "If you did not ask for it, there is nothing you need to do: your password is as it was.",
        link="Choose a new password",
    ),
    "approved": Text(
        "Now shown in {town}: {title}",
        "Hello,",
        "{title} has been approved and is now in {town}. There is nothing more to do. Should anything go wrong, "
        "we will write to you.",
        "The editors wrote:",
        "> {note}",
        link="See how it looks",
    ),
    "rejected": Text(
        "{title} is not shown in {town}",
        "Hello,",
        "The editors have looked at {title} and will not include it.",
        "The reason:",
        "> {note}",
        "You are welcome to change it and try again.",
        link="Open my page",
    ),
    "asked-back": Text(
        "A question about {title}",
        "Hello,",
        "The editors of {town} need to know a little more about {title} before it can be shown.",
        "> {note}",
        "Please answer on your page. Until then it stays and waits.",
        link="Answer the question",
    ),
    "source-failing": Text(
        "We can’t read {source}",
        "Hello,",
        "{town} has not been able to read {source} since {since}. What was there is shown for now, but nothing "
        "new gets in.",
        "This is what is wrong:",
        "> {reason}",
        "This is how it can usually be mended:",
        "> {remedy}",
        "When the address works again we notice it ourselves. If it has moved, you can change it on your page.",
        link="See how it goes",
    ),
    "source-odd": Text(
        "Is everything right with {source}?",
        "Hello,",
        "{town} reads {source}, but since {since} something does not look right:",
        "> {reason}",
        "This is how it can mostly be mended:",
        "> {remedy}",
        "If it is right as it is, you need not do anything.",
        link="See how it does",
    ),
    "term-reminder": Text(
        "Is everything about {source} still right?",
        "Hello,",
        "You gave {source} to {town}. Once a term we ask whether everything is still right. One click is enough.",
        "> {summary}",
        "If you do not want this question, you can turn it off on your page.",
        link="Look and answer",
    ),
    "answer-to-report": Text(
        "Thank you, we have looked at {title}",
        "Hello,",
        "You told us of a mistake in {title}. The editors of {town} have looked at it.",
        "> {note}",
        "Thank you for your help! Your address is kept no longer than this answer needs.",
        link="See the event",
    ),
}
