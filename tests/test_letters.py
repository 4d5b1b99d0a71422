"""Letters: both languages alike, nothing of a stranger's in markup or headers, nothing typed to an unknown address."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser

import pytest

from aggregator.letters import TEXTS, letter
from aggregator.letters.text import Text
from aggregator.model import Letter

BLANK = re.compile(r"{(\w+)}")
KINDS = [kind for kind in TEXTS["sv"] if not kind.startswith("foot")]
UNCONFIRMED = ("confirm-submission", "login", "staff-invitation", "staff-reset")
NASTY = "<script>alert(1)</script>\"'&\u202e\r\nBcc: b@x.example\r\n\r\nhttp://evil.example"


def parts(text: Text) -> list[str]:
    return [text.subject, *text.paragraphs]


def blanks(text: Text) -> list[set[str]]:
    return [set(BLANK.findall(part)) for part in parts(text)]


def filled(kind: str, language: str, value: str = "Julkonsert") -> Letter:
    names = set().union(*blanks(TEXTS[language][kind])) - {"town"}
    return letter(
        kind,
        key="k",
        to="kansliet@sockenhuset.example",
        language=language,
        town="Evenemang i Byn",
        contact="kansliet@byn.example",
        link="https://byn.example/x?a=1&b=2",
        **dict.fromkeys(names, value),
    )


class Links(HTMLParser):
    """Tags and addresses of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def test_both_languages_have_the_same_letters_with_the_same_blanks() -> None:
    assert TEXTS["sv"].keys() == TEXTS["en"].keys()
    for kind, swedish in TEXTS["sv"].items():
        assert blanks(swedish) == blanks(TEXTS["en"][kind]), kind
        assert bool(swedish.link) == bool(TEXTS["en"][kind].link), kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_plain_and_html_say_the_same(kind: str, language: str) -> None:
    made = filled(kind, language)
    shown = Links(made.html)
    assert made.subject
    assert "{" not in made.subject + made.plain + made.html
    assert shown.links == ["https://byn.example/x?a=1&b=2"]
    assert made.plain.count("https://byn.example/x?a=1&b=2\n") == 1
    words = set(re.findall(r"\w{3,}", made.plain))
    assert words <= set(re.findall(r"\w{3,}", shown.text)), "HTML leaves a word out"
    assert made.plain.endswith("kansliet@byn.example\n")


@pytest.mark.parametrize("kind", KINDS)
def test_F01_what_a_stranger_typed_is_never_markup_nor_a_header(kind: str) -> None:
    made = filled(kind, "sv", NASTY)
    assert "script" not in Links(made.html).tags
    assert Links(made.html).links == ["https://byn.example/x?a=1&b=2"]
    assert "\n" not in made.subject
    assert "\u202e" not in made.subject + made.plain + made.html
    message = EmailMessage(policy=SMTP)
    message["Subject"] = made.subject
    assert message.keys() == ["Subject"]


@pytest.mark.parametrize("kind", UNCONFIRMED)
def test_F06_nothing_that_a_stranger_typed_goes_to_an_address_that_nobody_confirmed(kind: str) -> None:
    for language in TEXTS:
        assert set().union(*blanks(TEXTS[language][kind])) <= {"town"}


def test_a_quotation_without_words_goes_with_what_leads_to_it() -> None:
    with_note, without = filled("approved", "sv", "Fint!"), filled("approved", "sv", "")
    assert "Så här skrev redaktionen:\n\n> Fint!" in with_note.plain
    assert "skrev redaktionen" not in without.plain


def test_a_quotation_keeps_its_lines() -> None:
    made = filled("rejected", "en", "One\nTwo")
    assert "> One\n> Two" in made.plain
    assert "<blockquote>One<br>Two</blockquote>" in made.html
