"""The mails that we write: a kind and its facts → subject, plain text and HTML, in Swedish or English. Sends nothing.

A new kind is a block in `letters/sv.py` and one in `letters/en.py`; nothing else changes::

    "paused": Text(
        "Din källa är pausad",                     # one line
        "{source} hämtas inte längre. Så här skrev redaktionen:",
        "> {note}",                                # somebody's own words, as a quotation; left out when empty
        link="Öppna din sida",                     # the words of the one link; without them the letter has none
    ),

Blanks are the facts that `letter` is given, and `town`. Both languages have the same ones. Whoever writes one::

    told = written(site, "paused", key=f"paused:{source}:{today}", to=person.email, language=person.language,
                   path="/min-sida", source=name, note=note)          # `web.post`; jobs call `letter` themselves
    outbox.write(connection, told, now)                               # inside the transaction that is its reason

The key names that reason: one reason never makes two mails.
What goes to an address that nobody has confirmed holds no word that a stranger
typed, since we would carry their advertisement to whomever they like (F06).
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from aggregator.letters import en, sv
from aggregator.letters.text import Text
from aggregator.model import Letter
from aggregator.text import typed

TEXTS: Mapping[str, Mapping[str, Text]] = {"sv": sv.TEXTS, "en": en.TEXTS}
_LONGEST_SUBJECT = 150
_QUOTED = "> "


def letter(
    kind: str,
    *,
    key: str,
    to: str,
    language: str,
    town: str,
    contact: str | None = None,
    link: str = "",
    **facts: str,
) -> Letter:
    """A letter of that kind. `to` is an address as `mailbox` gives it; `link` is absolute."""
    text = TEXTS[language][kind]
    told = {name: typed(fact, lines=True) for name, fact in {**facts, "town": town}.items()}
    subject = typed(text.subject.format(**told), lines=False)[:_LONGEST_SUBJECT]
    paragraphs = _filled(text, told)
    foot = TEXTS[language]["foot" if contact else "foot-without-contact"]
    ends = [part.format(town=town, contact=contact) for part in foot.paragraphs]
    return Letter(
        key=key,
        kind=kind,
        recipient=to,
        language=language,
        subject=subject,
        plain=_plain(paragraphs, text.link, link, ends),
        html=_html(language, subject, paragraphs, text.link, link, ends),
    )


def _filled(text: Text, told: Mapping[str, str]) -> list[tuple[str, bool]]:
    """The paragraphs, and whether each is a quotation; an empty one is left out, with the "…:" that leads to it."""
    found: list[tuple[str, bool]] = []
    for paragraph in text.paragraphs:
        quoted = paragraph.startswith(_QUOTED)
        filled = paragraph.removeprefix(_QUOTED).format(**told)
        if filled or not quoted:
            found.append((filled, quoted))
        elif found and found[-1][0].endswith(":"):
            found.pop()
    return found


def _plain(paragraphs: list[tuple[str, bool]], words: str, link: str, ends: list[str]) -> str:
    parts = [
        "\n".join(f"{_QUOTED}{line}" for line in told.split("\n")) if quoted else told for told, quoted in paragraphs
    ]
    parts += [f"{words}:\n{link}"] if words else []
    return "\n\n".join([*parts, "-- \n" + "\n".join(ends)]) + "\n"  # RFC 3676 4.3: what follows is a signature


def _html(
    language: str, subject: str, paragraphs: list[tuple[str, bool]], words: str, link: str, ends: list[str]
) -> str:
    """The same with markup; every word is escaped, nothing is fetched, nothing runs."""
    body = "".join(
        f"<blockquote>{_lines(told)}</blockquote>" if quoted else f"<p>{_lines(told)}</p>"
        for told, quoted in paragraphs
    )
    if words:
        body += f'<p><a href="{escape(link)}">{escape(words)}</a></p><p><small>{escape(link)}</small></p>'
    body += f"<hr><p><small>{'<br>'.join(escape(line) for line in ends)}</small></p>"
    head = f'<meta charset="utf-8"><title>{escape(subject)}</title>'
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>{body}</body></html>'


def _lines(told: str) -> str:
    return escape(told).replace("\n", "<br>")
