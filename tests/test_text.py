"""Text, HTML and addresses of strangers: what comes out, whatever went in."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from aggregator import text

CLEANED = {
    "plain": ("Rock & Roll", "Rock & Roll"),
    "spaces": ("  två\t ord \r\n", "två ord"),
    "A17_controls": ("a\x00b\x07c\x1fd\x9fe", "abcde"),
    "A17_vertical_tab_is_a_space": ("a\x0bb", "a b"),
    "A18_lone_surrogate": ("a\ud800b", "a\ufffdb"),
    "A19_separators": ("a\u2028b\u2029c\x85d", "a b c d"),
    "A21_bidi": ("abc\u202edef\u2066", "abcdef"),
    "A21_zero_width": ("a\u200bb\ufeffc\u2060d\u00ade", "abcde"),
    "A21_zalgo": ("Z" + "\u0301\u0302\u0303\u0304\u0305\u0306", "Ź\u0302\u0303"),
    "A21_emoji_family_stays": ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
    "joiner_between_letters_goes": ("a\u200db", "ab"),
    "A23_markup_in_plain_fields": ("<script>alert(1)</script>Dans <i>ute</i>", "Dans ute"),
    "A22_escaped_markup": ("&lt;b&gt;Dans&lt;/b&gt; ute", "Dans ute"),
    "comparison_is_no_markup": ("a < b och c > d", "a < b och c > d"),
    "double_escape": ("Små &amp;amp; stora", "Små & stora"),
    "entity_without_end_stays": ("A&B &co; R&D", "A&B &co; R&D"),
    "mojibake": ("FÃ¶rskola â€“ Ã…ngest", "Förskola – Ångest"),
    "mojibake_twice": ("SÃƒÂ¶der", "Söder"),
    "capital_and_ellipsis_is_no_mojibake": ("CAFÉ… ÉN", "CAFÉ… ÉN"),
    "composed": ("A\u030angstro\u0308m", "Ångström"),
    "noncharacters": ("a\ufffeb\uffffc", "abc"),
}


@pytest.mark.parametrize(("value", "expected"), CLEANED.values(), ids=CLEANED.keys())
def test_clean_text(value: str, expected: str) -> None:
    assert text.clean_text(value) == expected


def test_lines_are_kept_where_they_are_wanted() -> None:
    assert text.clean_text("a \r\n\n\n\n b<br>c", lines=True) == "a\n\nb\nc"


FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff\ufeff]")


@given(st.text(st.characters(codec=None), max_size=300))
def test_no_control_ever_comes_out(value: str) -> None:
    cleaned = text.clean_text(value, lines=True)
    assert FORBIDDEN.search(cleaned) is None
    cleaned.encode()
    assert text.clean_text(cleaned, lines=True) == cleaned or "&" in value or "<" in value or max(value) > "\xc2"


@given(st.text("ab👩\u200d🎤\u0301é ", max_size=200), st.integers(4, 60))
def test_A21_cut_is_short_enough_and_on_a_grapheme_border(value: str, limit: int) -> None:
    kept = text.cut(value, limit)
    assert len(kept.encode()) <= limit
    if kept != value:
        clusters = regex.findall(r"\X", value)
        bare = kept.removesuffix("…")
        assert any("".join(clusters[:number]).rstrip() == bare for number in range(len(clusters) + 1))


HTML = {
    "A22_script": ("<p>Hej<script>alert(1)</script></p>", "<p>Hej</p>"),
    "A22_handler": ('<b onclick="x()">Hej</b>', "<b>Hej</b>"),
    "A22_image": ("<img src=x onerror=alert(1)>Hej", "Hej"),
    "A22_svg": ("<svg onload=alert(1)><circle/></svg>Hej", "Hej"),
    "A22_math": ("<math><mi><style><img src=x onerror=alert(1)></style></mi></math>Hej", "Hej"),
    "A22_frame": ("<iframe srcdoc='<script>x</script>'></iframe>Hej", "Hej"),
    "A22_style": ("<style>body{display:none}</style>Hej", "Hej"),
    "A22_base_and_meta": ("<base href=//evil><meta http-equiv=refresh content=0>Hej", "Hej"),
    "A22_form": ("<form action=/x><input name=y>Hej</form>", "Hej"),
    "A24_script_address": ('<a href="java\tscript:alert(1)">x</a>', '<a rel="nofollow noopener noreferrer ugc">x</a>'),
    "relative": ('<a href="//evil.example/x">x</a>', '<a rel="nofollow noopener noreferrer ugc">x</a>'),
    "escaped_once_too_often": ("&lt;p&gt;Hej &lt;b&gt;du&lt;/b&gt;&lt;/p&gt;", "<p>Hej <b>du</b></p>"),
}


@pytest.mark.parametrize(("value", "expected"), HTML.values(), ids=HTML.keys())
def test_clean_html(value: str, expected: str) -> None:
    assert text.clean_html(value) == expected


@given(st.text("<>&/=\"' abimgscriptonerrorsvg:()", max_size=200))
def test_A22_no_tag_outside_the_list_comes_out(value: str) -> None:
    tags = re.findall(r"<\s*/?([a-z0-9]+)([^>]*)>", text.clean_html(value), re.IGNORECASE)
    assert all(
        name in {"p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "a", "h3", "h4", "blockquote"}
        for name, _ in tags
    )
    assert not any(re.search(r"\bon\w+\s*=", attributes) for _, attributes in tags)


ADDRESSES = {
    "plain": ("https://exempel.se/a?b=1", "https://exempel.se/a?b=1"),
    "space_around": (" https://exempel.se/ ", "https://exempel.se/"),
    "bare_host": ("www.exempel.se/x", "https://www.exempel.se/x"),
    "letters": ("https://exempel.se/å ä?q=ö", "https://exempel.se/%C3%A5%20%C3%A4?q=%C3%B6"),
    "percent_that_escapes_nothing": (
        "https://exempel.se/100%?q=5%&r=%C3%A5#a#b",
        "https://exempel.se/100%25?q=5%25&r=%C3%A5#a%23b",
    ),
    "swedish_host": ("https://räksmörgås.se/", "https://xn--rksmrgs-5wao1o.se/"),
    "default_port": ("HTTPS://Exempel.SE:443/", "https://exempel.se/"),
    "A24_homograph_is_shown_as_what_it_is": ("https://аррӏе.com/", "https://xn--80ak6aa92e.com/"),
    "A24_javascript": ("javascript:alert(1)", None),
    "A24_mixed_case": ("JaVaScRiPt:alert(1)", None),
    "A24_tab": ("java\tscript:alert(1)", None),
    "A24_leading_control": ("\x01javascript:alert(1)", None),
    "A24_data": ("data:text/html,<script>", None),
    "A24_vbscript": ("vbscript:x", None),
    "A24_file": ("file:///etc/passwd", None),
    "A24_no_scheme": ("//evil.example/x", None),
    "B35_user_and_password": ("https://user:pw@exempel.se/", None),
    "B35_backslash": ("https://exempel.se\\@127.0.0.1/", None),
    "mail_is_no_page": ("mailto:info@exempel.se", None),
    "prose": ("se hemsidan", None),
    "empty": ("", None),
    "bad_port": ("https://exempel.se:99999/", None),
    "huge": ("https://exempel.se/" + "x" * 5000, None),
    "surrogate": ("https://exempel.se/\ud800", None),
}


@pytest.mark.parametrize(("value", "expected"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_clean_url(value: str, expected: str | None) -> None:
    assert text.clean_url(value) == expected


def test_mail_address_where_it_is_wanted() -> None:
    assert text.clean_url("mailto:info@exempel.se", mail=True) == "mailto:info@exempel.se"


@given(st.text(max_size=100))
def test_no_address_with_another_scheme_comes_out(value: str) -> None:
    clean = text.clean_url(value)
    assert clean is None or re.match(r"https?://[a-z0-9.\[\]:-]+", clean)


@pytest.mark.parametrize(
    "other",
    [
        "http://exempel.se/e/1?a=1&b=2",
        "https://www.exempel.se/e/1/?b=2&a=1",
        "https://exempel.se/e/1?a=1&b=2&utm_source=x&fbclid=y",
        "https://exempel.se/e/1?token=abc&a=1&b=2&ts=123",
        "https://EXEMPEL.se:443/e/1?a=1&b=2#top",
    ],
)
def test_C20_canonical_url_sees_through_spelling_and_tokens(other: str) -> None:
    assert text.canonical_url(other) == text.canonical_url("https://exempel.se/e/1?a=1&b=2")


@pytest.mark.parametrize("other", ["https://exempel.se/e/2", "https://exempel.se/e/1?a=2", "https://exempel.se/e/1#/b"])
def test_canonical_url_keeps_pages_apart(other: str) -> None:
    assert text.canonical_url(other) != text.canonical_url("https://exempel.se/e/1?a=1")
